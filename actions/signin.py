"""Signing in and out."""

from datetime import timedelta

import sqlalchemy as sa

from actions.transaction import Caller, transaction
from models.user import Session as SignIn
from queries.reading import reading

TOUCHED_EVERY = timedelta(minutes=1)


def touch(caller: Caller) -> None:
    """Note that the session is in use, at most once a minute. Outside the record: no audit entry."""
    with reading() as session:
        seen = session.scalar(sa.select(SignIn.seen_at).where(SignIn.token_hash == caller.token_hash))
    if seen is None or caller.wall - seen < TOUCHED_EVERY:
        return
    with transaction(caller) as tx:
        found = tx.session.scalar(sa.select(SignIn).where(SignIn.token_hash == caller.token_hash))
        if found is not None:
            found.seen_at = caller.wall
