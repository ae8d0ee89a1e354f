"""第一次使用: the steps of a first campaign, which is next, who does it, and the way to its page."""

import streamlit as st

from models.role import Permission
from pages.frame.campaign import CHOSEN
from pages.frame.look import escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.campaign import current_campaign
from queries.first_steps import Step, first_steps

person = require_any(Permission.CREATE_CAMPAIGN, Permission.SET_RULE, Permission.MANAGE_PEOPLE)
campaign = current_campaign(st.session_state.get(CHOSEN))
steps = first_steps(person, campaign.id if campaign else None)


def badge(step: Step) -> str:
    """Where the step stands: symbol, word, tint."""
    if step.is_done:
        return ":green-badge[■ 已办]"
    return ":blue-badge[◆ 下一步]" if step.is_next else ":gray-badge[□ 待办]"


def show(step: Step) -> None:
    """One step: what, what the record holds or why it is needed, who does it, the way there."""
    with st.container(border=True, key=f"step_{step.number}"):
        facts, act = st.columns([6, 1], vertical_alignment="center")
        kind = "tertiary" if step.is_done else "primary" if step.is_next else "secondary"
        facts.markdown(
            f"{badge(step)} **{step.number}. {escape(step.title)}**  \n"
            f":gray[{escape(step.found or step.why)}　由{escape(step.who)}办]"
        )
        if not step.is_mine:
            act.caption(f"请{step.who.split('、')[0]}办理" if not step.is_done else "")
        elif act.button(
            "去看" if step.is_done else "去办", key=f"thumb_step_{step.number}", type=kind, width="stretch"
        ):
            st.switch_page(f"pages/{step.page}")


done = sum(step.is_done for step in steps)
title("第一次使用", right="按记录里已有的内容自动判断，不用打勾")
show_notices()
st.progress(done / len(steps), text=f"{len(steps)} 步已办 {done} 步")
if done == len(steps):
    st.success("都办过一遍了。以后每天从“我的待办”开始。", icon=":material/task_alt:")
for row in steps:
    show(row)
