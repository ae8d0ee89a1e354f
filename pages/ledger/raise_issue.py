"""登记问题: what was found, kept as it is typed; handing it in gives the number."""

import streamlit as st

import clock
from models.campaign_work import CampaignWork, work_refusal
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger.kept_list import back_to_list, open_issue
from pages.ledger.raise_form import (
    HANDING_IN,
    RAISED,
    amount_fields,
    begin_to_hand_in,
    file_fields,
    finding_fields,
    hand_in,
    is_handing_in,
    prefill,
)
from pages.ledger.repeat_panel import repeat_hint
from pages.ledger.typed import Typed, keep_typing
from queries.line_finding import LineFinding, finding_of_line

WIDTH = 860
"""Of the bar on a wide screen, px, as on a household form."""

viewer = require(Permission.RAISE)
campaign, today = current_campaign(), clock.today()


def asked_line() -> LineFinding | None:
    """The line of a household form the address names. Says so when it is not the viewer's."""
    asked = st.query_params.get("line", "")
    if not asked.isdecimal():
        return None
    try:
        return finding_of_line(viewer, int(asked[:18]), today)
    except NotFoundOrNotYours as refused:
        st.warning(str(refused))
        return None


def hand_in_bar(missing: list[str]) -> None:
    """At the foot: what is missing, back, 提交; while it is handed in the button says so and cannot be pressed."""
    sending = is_handing_in(missing)
    with st.bottom.container(horizontal_alignment="center").container(width=WIDTH, gap="small"):
        if missing:
            st.markdown(f":small[:red[:material/error: 还差{'、'.join(missing)}]]")
        else:
            st.caption("提交后给出编号，编号不再改变；问题转办公室交办。")
        with st.container(horizontal=True, wrap=False, gap="small"):
            st.button("返回台账", icon=":material/arrow_back:", on_click=back_to_list, key="thumb_back")
            st.button(
                "正在提交…" if sending else "提交", icon=":material/hourglass_top:" if sending else ":material/send:",
                type="primary", width="stretch", disabled=bool(missing) or sending,
                key="thumb_hand_in", on_click=begin_to_hand_in,
            )  # fmt: skip
    if sending:
        with st.spinner("正在提交…"):
            hand_in(typed, campaign.id, line)
        st.rerun()


if st.session_state.get(RAISED):
    st.session_state.pop(HANDING_IN, None)
    open_issue(st.session_state.pop(RAISED))
title("登记问题", escape(campaign.name))
st.caption("边填边存，随时可以离开；提交后才有编号，别人才能看到。")
show_notices()
if refused := work_refusal(campaign.name, campaign.state, CampaignWork.RAISE):
    st.warning(refused)
line = asked_line()
typed = Typed.form(viewer, "issue", f"line{line.check_line_id}" if line else "new")
if line is not None:
    prefill(typed, line)
    st.caption(":material/assignment: 已按一户一表的这一行起草，请核对后再提交；姓名已打码，代号区分同名的人。")
left, right = st.columns([3, 2], gap="medium")
with left, st.container(border=True):
    st.markdown("##### 发现了什么")
    missing = finding_fields(typed, viewer, today)
    repeat_hint(viewer, typed, line, today)
    file_fields(typed)
with right, st.container(border=True):
    st.markdown("##### 钱、户数和来源")
    missing += amount_fields(typed, viewer, today)
st.button("清空重填", icon=":material/delete:", type="tertiary", on_click=typed.clear, key="throw_away")
hand_in_bar(missing)
keep_typing()
