"""Who holds a session cookie. The cookie's token is never stored; the record knows its hash."""

import hashlib
from datetime import date, datetime

import sqlalchemy as sa

from models.user import Session as SignIn
from models.user import User
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_session

SESSION_COOKIE = "xiaohaotai_session"


def token_hash(token: str) -> str:
    """What the record keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def has_users() -> bool:
    """Whether anybody can sign in at all, disabled accounts included."""
    with reading() as session:
        return session.scalar(sa.select(User.id).limit(1)) is not None


def viewer_of_token(hashed: str | None, wall: datetime, today: date) -> Viewer | None:
    """The person signed in with a token of this hash; None without one, or when the session is over."""
    if hashed is None:
        return None
    with reading() as session:
        return viewer_of_session(session, hashed, wall, today)


def is_known_token(hashed: str | None) -> bool:
    """Whether a session with this token ever was, alive or over.

    An open tab of a session that is over is let in as far as the page, which sends it to sign in; refused earlier, it
    would try to connect for ever.
    """
    if hashed is None:
        return False
    with reading() as session:
        return session.scalar(sa.select(SignIn.id).where(SignIn.token_hash == hashed)) is not None


def is_alive(hashed: str | None, wall: datetime) -> bool:
    """Whether the session is neither ended nor idle nor too old. Says nothing of rights."""
    if hashed is None:
        return False
    with reading() as session:
        found = session.scalar(sa.select(SignIn).where(SignIn.token_hash == hashed))
        return found is not None and found.is_alive(wall)
