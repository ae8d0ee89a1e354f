"""打印: the problem's whole life as one page, in a tab of its own; each is logged, so it is made by a press only."""

import streamlit as st

from actions.issue_print import print_to_fetch
from pages.frame.notice import attempt
from pages.frame.who import caller

PAPER = "_paper_to_open"
"""Key in session_state: the token of the page just made."""


def make_paper(issue_id: int) -> None:
    """Callback of the button."""
    st.session_state[PAPER] = attempt(lambda: print_to_fetch(caller(), issue_id))


def open_paper() -> None:
    """Open the page just made; a link beside it where the browser lets no page open another."""
    token = st.session_state.pop(PAPER, None)
    if not token:
        return
    address = f"/paper/{token}"
    st.caption(f":material/print: 打印页已备好。没有自动打开的，请[点这里打开]({address})，半小时内有效。")
    st.html(f"<script>window.open('{address}', '_blank')</script>", unsafe_allow_javascript=True)
