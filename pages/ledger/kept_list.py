"""Which list a problem was opened from, kept in the tab: the way back leads to the same place of the same list."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from queries.ledger import LedgerFilter

KEPT = "_ledger_list"
"""Key in session_state."""
LEDGER, ISSUE, RAISE = "pages/ledger/ledger.py", "pages/ledger/issue.py", "pages/ledger/raise_issue.py"


@dataclass(frozen=True, slots=True)
class Origin:
    """A page other than the ledger that a problem was opened from: its name, its file, its address."""

    name: str
    page: str
    query: Mapping[str, str | list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptList:
    """A filter, the address that shows it, and the problem that was opened from it last."""

    wanted: LedgerFilter = field(default_factory=LedgerFilter)
    query: Mapping[str, str | list[str]] = field(default_factory=dict)
    opened_id: int = 0
    origin: Origin | None = None


def kept_list() -> KeptList:
    """The list last seen in this tab; all of it where there was none."""
    found = st.session_state.get(KEPT)
    return found if isinstance(found, KeptList) else KeptList()


def keep_list(wanted: LedgerFilter, query: Mapping[str, str | list[str]]) -> None:
    """The ledger page says on each run what it shows."""
    st.session_state[KEPT] = KeptList(wanted, query, kept_list().opened_id)


def open_issue(issue_id: int) -> None:
    """Callback: to one problem, remembering from where."""
    found = kept_list()
    st.session_state[KEPT] = KeptList(found.wanted, found.query, issue_id)
    st.switch_page(ISSUE, query_params={"id": str(issue_id)})


def open_from(origin: Origin, issue_id: int) -> None:
    """Callback: to one problem from a page that is not the ledger; the way back leads there."""
    found = kept_list()
    st.session_state[KEPT] = KeptList(found.wanted, found.query, found.opened_id, origin)
    st.switch_page(ISSUE, query_params={"id": str(issue_id)})


def restore_after_back() -> None:
    """The browser's own Back brings the problem's id along instead of the list's conditions: put them back."""
    if "id" in st.query_params:
        back_to_list()


def back() -> None:
    """To where the problem was opened from."""
    origin = kept_list().origin
    if origin is None:
        back_to_list()
    else:
        st.switch_page(origin.page, query_params=dict(origin.query))


def back_to_list() -> None:
    """To the list, with its conditions and its page."""
    st.switch_page(LEDGER, query_params=dict(kept_list().query))
