"""Who is behind a plain HTTP request: the same session cookie as the pages', looked up anew each time."""

from starlette.requests import HTTPConnection

import clock
from actions.transaction import Caller
from queries.signin import SESSION_COOKIE, token_hash, viewer_of_token
from queries.viewer import Viewer


def hashed_token(connection: HTTPConnection) -> str | None:
    """The hash of the session cookie's token; None without one."""
    token = connection.cookies.get(SESSION_COOKIE)
    return token_hash(token) if token else None


def caller(connection: HTTPConnection) -> Caller:
    """For actions, which look the person up themselves and raise SignedOut when nobody is there."""
    return Caller(clock.now(), clock.today(), clock.wall(), token_hash=hashed_token(connection))


def viewer(connection: HTTPConnection) -> Viewer | None:
    """For queries. None when nobody is signed in, or a one-time password has yet to be changed."""
    found = viewer_of_token(hashed_token(connection), clock.wall(), clock.today())
    return None if found is None or found.must_change_password else found
