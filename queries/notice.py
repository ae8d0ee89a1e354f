"""Notices of the person who looks: what they were told, of problems they may still see."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from models.deadline import LightReading
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.notice import Notice, NoticeKind
from models.unit import Person
from queries.ledger_light import LightRule, light_rule
from queries.reading import reading
from queries.scope import Condition, issue_visible
from queries.viewer import Viewer

SHOWN = 5
_PRESSING = Notice.kind.in_(NoticeKind.pressing())


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. Texts masked; `status` and `light` are the problem's of today."""

    id: int
    kind: NoticeKind
    text: str
    sender: str
    sent_at: datetime
    read_at: datetime | None
    reply_by: date | None
    issue_id: int
    number: str
    title: str
    status: IssueStatus
    light: LightReading
    deadline: date | None


@dataclass(frozen=True, slots=True)
class Notices:
    """The latest notices and how many there are."""

    rows: tuple[NoticeRow, ...]
    total: int


def unread_notices(viewer: Viewer, campaign_id: int, today: date, most: int = SHOWN) -> Notices:
    """催办 and 督办 that the viewer has not seen, of problems still open; the latest first.

    Who: whoever was told, and whoever stands in for them today.
    """
    unread = sa.and_(Notice.read_at.is_(None), Issue.status.in_(IssueStatus.open()), _PRESSING)
    return _notices(viewer, campaign_id, today, most, unread)


def unread_news(viewer: Viewer, campaign_id: int, today: date, most: int = SHOWN) -> Notices:
    """What became of the viewer's problems and they have not seen: assigned, given back, crossed off. Who: as above."""
    return _notices(viewer, campaign_id, today, most, sa.and_(Notice.read_at.is_(None), sa.not_(_PRESSING)))


def read_notices(viewer: Viewer, campaign_id: int, today: date, most: int = 4 * SHOWN) -> Notices:
    """What they have seen already, the latest first."""
    return _notices(viewer, campaign_id, today, most, Notice.read_at.is_not(None))


def read_by(viewer: Viewer) -> Condition:
    """Notices to the viewer, or to somebody they stand in for."""
    people = {viewer.person_id, *(g.stands_in_for for g in viewer.grants)}
    return Notice.person_id.in_({person for person in people if person is not None})


def _notices(viewer: Viewer, campaign_id: int, today: date, most: int, which: Condition) -> Notices:
    mine = sa.and_(read_by(viewer), Issue.campaign_id == campaign_id, issue_visible(viewer), which)
    with reading() as session:
        total = session.scalar(
            sa.select(sa.func.count()).select_from(Notice).join(Issue, Issue.id == Notice.issue_id).where(mine)
        )
        found = session.execute(
            sa.select(Notice, Issue, Person.name)
            .join(Issue, Issue.id == Notice.issue_id)
            .join(Person, Person.id == Notice.sender_id)
            .where(mine)
            .order_by(Notice.id.desc())
            .limit(most)
        ).all()
        rule = light_rule(session, campaign_id, today)
        return Notices(tuple(_row(*row, rule) for row in found), int(total or 0))


def _row(notice: Notice, issue: Issue, sender: str, rule: LightRule) -> NoticeRow:
    return NoticeRow(
        notice.id, notice.kind, mask_text(notice.text or ""), sender, notice.sent_at, notice.read_at, notice.reply_by,
        issue.id, issue.number or "未编号", mask_text(issue.title), issue.status, rule.of(issue), issue.deadline,
    )  # fmt: skip
