"""The way to the search, on every page: a box beside the menu where there is room, a sign on a phone.

What is typed stays in the tab: names and numbers have no place in an address.
"""

import streamlit as st

from pages.frame.look import is_phone
from queries.ledger_search import LONGEST_SEARCH
from queries.search import SEARCHERS
from queries.viewer import Viewer

TYPED, BOX = "_search_typed", "frame_search"
"""Keys in session_state: what was typed last, and the widget of the box."""
PAGE, WIDTH = "pages/home/search.py", 200


def search_box(viewer: Viewer, shown: str) -> None:
    """For whoever may search anything; not on the search page itself, which `shown` names by its address."""
    if shown == "search" or viewer.must_change_password or not any(viewer.may(p) for p in SEARCHERS):
        return
    if is_phone():
        with st.container(key="search_link"):
            st.page_link(PAGE, label="搜索", icon=":material/search:")
        return
    st.text_input(
        "搜索", key=BOX, type="search", max_chars=LONGEST_SEARCH, placeholder="搜问题、村、户、单位",
        label_visibility="collapsed", width=WIDTH, on_change=_go,
    )  # fmt: skip


def _go() -> None:
    st.session_state[TYPED] = st.session_state.get(BOX) or ""
    if st.session_state[TYPED].strip():
        st.switch_page(PAGE)
