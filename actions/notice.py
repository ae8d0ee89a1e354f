"""Notices are read: 知道了."""

from collections.abc import Collection

import sqlalchemy as sa

from actions.transaction import Caller, transaction
from models.issue_record import Issue
from models.notice import Notice, NoticeKind
from queries.notice import read_by


def mark_read(caller: Caller, notice_id: int) -> int:
    """Mark one notice as read; returns how many were unread: 0 on a second click.

    Who: whoever was told, or stands in for them; other people's are left as they are.
    """
    return _mark(caller, Notice.id == notice_id)


def mark_all_read(caller: Caller, campaign_id: int, kinds: Collection[NoticeKind] = tuple(NoticeKind)) -> int:
    """Mark all of one's own of these kinds in a campaign."""
    here = Notice.issue_id.in_(sa.select(Issue.id).where(Issue.campaign_id == campaign_id))
    return _mark(caller, sa.and_(here, Notice.kind.in_(kinds)))


def _mark(caller: Caller, which: sa.ColumnElement[bool]) -> int:
    with transaction(caller) as tx:
        mine = sa.and_(read_by(tx.viewer), Notice.read_at.is_(None))
        found = tx.session.execute(sa.update(Notice).where(mine, which).values(read_at=tx.now))
        return int(found.rowcount)  # type: ignore[attr-defined]
