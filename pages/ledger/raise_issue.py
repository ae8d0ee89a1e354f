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
    RAISED,
    amount_fields,
    file_fields,
    finding_fields,
    hand_in,
    prefill,
)
from pages.ledger.typed import Typed, keep_typing
from queries.line_finding import LineFinding, finding_of_line

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


if st.session_state.get(RAISED):
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
    file_fields(typed)
with right:
    with st.container(border=True):
        st.markdown("##### 钱、户数和来源")
        missing += amount_fields(typed, viewer, today)
    with st.container(border=True):
        if missing:
            st.markdown(f":small[:red[:material/error: 还差{'、'.join(missing)}]]")
        else:
            st.caption("提交后给出编号，编号不再改变；问题转办公室交办。")
        st.button(
            "提交", icon=":material/send:", type="primary", width="stretch", disabled=bool(missing),
            key="thumb_hand_in", on_click=hand_in, args=(typed, campaign.id, line),
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button("返回台账", icon=":material/arrow_back:", type="tertiary", on_click=back_to_list, key="back")
            st.button("清空重填", icon=":material/delete:", type="tertiary", on_click=typed.clear, key="throw_away")
keep_typing()
