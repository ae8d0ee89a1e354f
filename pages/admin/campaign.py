"""专项治理: which campaigns there are, a new one; the state, the facts and the sampling rule of the current one."""

import streamlit as st

from models.local_time import day_text
from models.role import Permission
from pages.admin.campaign_edit import edit_form
from pages.admin.campaign_end import end_panel
from pages.admin.campaign_forms import campaign_form, rule_form
from pages.admin.campaign_state import state_panel
from pages.admin.escalation_form import escalation_form
from pages.admin.light_form import light_form
from pages.frame.campaign import CHOSEN
from pages.frame.look import empty, escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.campaign import campaigns, current_campaign

person = require_any(Permission.CREATE_CAMPAIGN, Permission.SET_RULE)
title("专项治理", right="年度、整改期限、抽样比例都在这里定")
show_notices()
may_move = person.is_everywhere(Permission.CREATE_CAMPAIGN)
found = campaigns()
current = current_campaign(st.session_state.get(CHOSEN))


def choose(campaign_id: int) -> None:
    """Work in another campaign, in this tab."""
    st.session_state[CHOSEN] = campaign_id


if not found:
    empty("还没有专项治理", "先新建一项，再导入区划和名册，封存抽样框，抽样。")
for row in found:
    is_current = current is not None and row.id == current.id
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        mark = " :blue-badge[正在办理]" if is_current and len(found) > 1 else ""
        st.markdown(
            f"**{escape(row.code)}　{escape(row.name)}**　:gray-badge[{row.state.label}]{mark}  \n"
            f"{escape(row.place)}，检查 {row.year_from}–{row.year_to} 年度，{day_text(row.rectify_by)}前整改到位"
        )
        if not is_current:
            st.button("转到这一项", key=f"choose_{row.id}", on_click=choose, args=(row.id,))

if current is not None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        state_panel(current, may_move)
        end_panel(person, current)
        light_form(person, current)
        escalation_form(person, current)
    with right:
        edit_form(current, may_move)
    rule_form(person, current)
if may_move:
    campaign_form(expanded=not found)
