"""Who is there. Looked up anew on each call, so that sign-out and a changed role act at once in every tab (law 3)."""

from collections.abc import Callable
from typing import NoReturn

import streamlit as st

import clock
from actions.signin import touch
from actions.transaction import Caller
from models.role import Permission
from queries.signin import SESSION_COOKIE, token_hash, viewer_of_token
from queries.viewer import Viewer

SIGNED_IN_AS = "_signed_in_as"
"""Key in session_state: the hash of the token this tab's contents belong to."""


def cookie_token() -> str | None:
    """The session cookie of this browser. The one seam for tests without a browser."""
    token = st.context.cookies.get(SESSION_COOKIE)
    return token if isinstance(token, str) and token else None


def viewer(before_leaving: Callable[[], None] | None = None) -> Viewer:
    """The person signed in, as the record sees them now. Sends the tab to sign in, and stops, when nobody is."""
    hashed = _hashed()
    if SIGNED_IN_AS in st.session_state and st.session_state[SIGNED_IN_AS] != hashed:
        leave(reload=True)
    found = viewer_of_token(hashed, clock.wall(), clock.today())
    if found is None or hashed is None:
        if before_leaving is not None:
            before_leaving()
        leave()
    st.session_state[SIGNED_IN_AS] = hashed
    return found


def person_at_the_door(before_leaving: Callable[[], None]) -> Viewer:
    """What app.py asks on each run. Another person in the same browser finds nothing of the former one's tab.

    `before_leaving` is called before a tab whose session is over is emptied.
    """
    if st.session_state.get(SIGNED_IN_AS, _hashed()) != _hashed():
        before_leaving()
        st.session_state.clear()
    found = viewer(before_leaving)
    touch(caller())
    return found


def caller() -> Caller:
    """For actions, which look the person up themselves. A tab whose contents are another person's calls as nobody."""
    hashed = _hashed()
    if st.session_state.get(SIGNED_IN_AS, hashed) != hashed:
        hashed = None
    return Caller(clock.now(), clock.today(), clock.wall(), token_hash=hashed)


def require(permission: Permission) -> Viewer:
    """First line of a page. Says plainly that it is not for this person, and stops; the action refuses all the same."""
    return require_any(permission)


def require_any(*permissions: Permission) -> Viewer:
    """As `require`, for a page that any of several permissions opens."""
    person = viewer()
    if not any(person.may(p) for p in permissions):
        st.title("这一页不对您开放", anchor=False)
        names = "、".join(f"“{p.label}”" for p in permissions)
        st.write(f"您没有{names}的权限。需要的话，请联系本单位的系统管理员。")
        st.html('<a href="/" target="_self">回到我的待办</a>')
        st.stop()
    return person


def leave(reload: bool = False, to_same_page: bool = True) -> NoReturn:
    """Empty this tab and send it to sign in; afterwards the person is back on the same page."""
    st.session_state.clear()
    here = "location.pathname+location.search"
    target = here if reload else f"'/signin?next='+encodeURIComponent({here})" if to_same_page else "'/signin'"
    st.html(f"<script>location.replace({target})</script>", unsafe_allow_javascript=True)
    st.stop()


def _hashed() -> str | None:
    token = cookie_token()
    return None if token is None else token_hash(token)
