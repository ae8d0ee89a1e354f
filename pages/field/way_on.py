"""After a form was handed in: its drafts that wait to be handed in too, and the next household."""

import streamlit as st

from actions.household_check import open_check
from models.issue_word import IssueStatus
from models.role import Permission
from pages.field.household_bar import WIDTH
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.household import NextHousehold, next_household
from queries.household_check import CheckView
from queries.viewer import Viewer

NEXT = "_next_form_to_open"
"""Key in session_state: the form of the household to go to."""
FORM, ISSUE = "pages/field/household.py", "pages/ledger/issue.py"


def way_on(viewer: Viewer, campaign_id: int, view: CheckView) -> None:
    """At the foot, for whoever visits households: a draft is not handed in by itself."""
    if st.session_state.get(NEXT):
        st.switch_page(FORM, query_params={"id": str(st.session_state.pop(NEXT))})
    if not viewer.may(Permission.FILL_CHECK):
        return
    drafts = [i.id for i in view.issues.values() if i.status is IssueStatus.DRAFT and i.id is not None]
    following = next_household(viewer, campaign_id, view.village_id, view.number)
    if not drafts and following is None:
        return
    narrow = st.bottom.container(horizontal_alignment="center").container(width=WIDTH)
    with narrow.container(horizontal=True, wrap=False, gap="small"):
        if drafts:
            st.button(
                f"去提交 {len(drafts)} 个草稿" if len(drafts) > 1 else "去提交草稿", key="thumb_drafts", type="primary",
                icon=":material/send:", width="stretch", on_click=_to_issue, args=(drafts[0],),
            )  # fmt: skip
        if following is not None:
            st.button(
                f"下一户 {following.number}", key="thumb_next_home", type="secondary" if drafts else "primary",
                icon=":material/chevron_right:", icon_position="right", width="content" if drafts else "stretch",
                on_click=_to_household, args=(following,),
            )  # fmt: skip


def _to_issue(issue_id: int) -> None:
    st.switch_page(ISSUE, query_params={"id": str(issue_id)})


def _to_household(following: NextHousehold) -> None:
    """Begins the form where nobody has, as 开始入户 in the list does; the page goes there on its next run."""
    st.session_state[NEXT] = following.check_id or attempt(lambda: open_check(caller(), following.household_id))
