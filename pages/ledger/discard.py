"""作废草稿: for whoever wrote it by mistake; asked once more before it is done."""

import streamlit as st

from actions.discarded_draft import discard_draft
from models.issue_word import IssueStatus
from pages.frame.notice import attempt
from pages.frame.who import caller
from pages.ledger.kept_list import back
from queries.issue import IssuePage

GONE = "_draft_discarded"
"""Key in session_state: the draft on this page is no more."""


def leave_discarded() -> None:
    """First on the page: after a draft was thrown away, back to where one came from."""
    if st.session_state.pop(GONE, False):
        back()


def discard_part(issue: IssuePage) -> None:
    """Only under a draft, which only its author sees."""
    if issue.status is not IssueStatus.DRAFT:
        return
    with st.popover("作废草稿", icon=":material/delete:", type="tertiary", key="thumb_discard_ask"):
        st.markdown("作废后草稿和已传的材料不再显示，**不能恢复**。草稿没有编号，不影响任何数字。")
        st.button("确认作废", key="thumb_discard", on_click=_discard, args=(issue.id,))


def _discard(issue_id: int) -> None:
    if attempt(lambda: discard_draft(caller(), issue_id) or True, "草稿已作废"):
        st.session_state[GONE] = True
