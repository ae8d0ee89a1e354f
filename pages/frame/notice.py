"""What an action answered: a refusal stays until the next click, a success is a toast that survives a rerun."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import clock
from models.refusal import Refused, SignedOut, Stale
from pages.frame.incident import incident

T = TypeVar("T")
NOTICES = "_notices"
PAGE = "_page"
"""Key in session_state: the address of the page shown, set by app.py."""
RUN = "_run"
"""Key in session_state: counts full runs of app.py, so that a page and a fragment in it do not both say the same."""
_ONE_RUN = timedelta(seconds=2)


@dataclass(slots=True)
class Notice:
    """One sentence. `kind`: refused, stale, fault or done."""

    kind: str
    sentence: str
    page: str
    shown_at: datetime | None = None
    shown_in: int | None = None


def attempt(action: Callable[[], T], done: str | Callable[[T], str] = "") -> T | None:
    """Run an action in a callback. Its result, or None when it was refused; then the sentence stands on the page.

    A second click cuts a callback off wherever it touches session_state: what is to be said is put into a list taken
    beforehand, and after the action the rest of the callback (closing a dialog, emptying a form) runs to its end.
    """
    notices: list[Notice] = st.session_state.setdefault(NOTICES, [])
    page = st.session_state.get(PAGE, "")
    notices.clear()
    try:
        try:
            result = action()
        finally:
            _to_the_end()
    except SignedOut:
        st.rerun()  # the whole page, from a fragment too: app.py then sends the tab to sign in
    except Stale as refused:
        notices.append(Notice("stale", str(refused), page))
    except Refused as refused:
        notices.append(Notice("refused", str(refused), page))
    except Exception as error:
        notices.append(Notice("fault", incident(error), page))
    else:
        sentence = done(result) if callable(done) else done
        if sentence:
            notices.append(Notice("done", sentence, page))
        return result
    return None


def _to_the_end() -> None:
    """For the rest of this run touching session_state lets no second click in; it acts at the next element drawn."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        object.__setattr__(context.session_state, "_yield_callback", lambda: None)


def say(sentence: str) -> None:
    """A toast at the next run, for what was done without `attempt`."""
    st.session_state.setdefault(NOTICES, []).append(Notice("done", sentence, st.session_state.get(PAGE, "")))


def show_notices() -> None:
    """At the top of a page, of a dialog and of a fragment: what the last click was answered, once."""
    here, run, now = st.session_state.get(PAGE, ""), st.session_state.get(RUN, 0), clock.wall()
    left: list[Notice] = []
    for notice in st.session_state.get(NOTICES, []):
        if notice.kind == "done":
            st.toast(notice.sentence, icon=":material/check:")
        elif notice.page == here and (notice.shown_at is None or now - notice.shown_at < _ONE_RUN):
            if notice.shown_in != run:
                notice.shown_at, notice.shown_in = notice.shown_at or now, run
                _show(notice)
            left.append(notice)
    st.session_state[NOTICES] = left


def _show(notice: Notice) -> None:
    if notice.kind == "stale":
        st.warning(notice.sentence, icon=":material/sync_problem:")
    else:
        st.error(notice.sentence, icon=":material/block:")
