"""More time asked for: the request that waits, and all of a problem's requests with what became of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.extension import ExtensionAnswer, ExtensionOutcome, ExtensionRequest
from models.issue_record import Issue
from models.masking import mask_text
from models.unit import Person
from queries.scope import Condition


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A request of the round that runs; `outcome` None while it waits. Texts masked."""

    asked_at: datetime
    asked_by: str
    deadline: date
    until: date
    reason: str
    progress: str
    outcome: ExtensionOutcome | None
    granted_until: date | None
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody decided yet."""
        return self.outcome is None


def waiting_request(session: Session, issue: Issue) -> ExtensionRequest | None:
    """The request of this round without an answer; there is at most one."""
    return session.scalars(
        sa.select(ExtensionRequest).where(
            ExtensionRequest.issue_id == issue.id, ExtensionRequest.round == issue.round, _unanswered()
        )
    ).one_or_none()


def waiting_requests(session: Session, issue_ids: Sequence[int]) -> Mapping[int, ExtensionRequest]:
    """By problem, the request that waits; nothing for those where none does."""
    rows = session.scalars(sa.select(ExtensionRequest).where(ExtensionRequest.issue_id.in_(issue_ids), _unanswered()))
    return {row.issue_id: row for row in rows}


def asks_for_time(but: Collection[int] = ()) -> Condition:
    """Problems whose request for more time waits for an answer; without those that one of `but` asked for."""
    others = sa.not_(sa.or_(ExtensionRequest.person_id.in_(but), _stood_in(but)))
    asked = sa.select(ExtensionRequest.issue_id, ExtensionRequest.round).where(_unanswered(), others)
    return sa.tuple_(Issue.id, Issue.round).in_(asked)


def extension_rows(session: Session, issue: Issue, names: Sequence[str]) -> tuple[ExtensionRow, ...]:
    """All requests of the round that runs, the last first."""
    asker, answerer = aliased(Person), aliased(Person)
    rows = session.execute(
        sa.select(ExtensionRequest, asker.name, ExtensionAnswer, answerer.name)
        .join(asker, asker.id == ExtensionRequest.person_id)
        .outerjoin(ExtensionAnswer, ExtensionAnswer.request_id == ExtensionRequest.id)
        .outerjoin(answerer, answerer.id == ExtensionAnswer.person_id)
        .where(ExtensionRequest.issue_id == issue.id, ExtensionRequest.round == issue.round)
        .order_by(ExtensionRequest.id.desc())
    )
    return tuple(
        ExtensionRow(
            asked.recorded_at, asked_by, asked.deadline, asked.until, mask_text(asked.reason, names),
            mask_text(asked.progress, names), answer.outcome if answer else None, answer.until if answer else None,
            mask_text(answer.reason, names) if answer else "", answered_by or "",
            answer.recorded_at if answer else None,
        )
        for asked, asked_by, answer, answered_by in rows
    )  # fmt: skip


def _stood_in(people: Collection[int]) -> Condition:
    asked_for = ExtensionRequest.stood_in_for_id
    return sa.and_(asked_for.is_not(None), asked_for.in_(people))


def _unanswered() -> Condition:
    answered = sa.select(ExtensionAnswer.id).where(ExtensionAnswer.request_id == ExtensionRequest.id)
    return sa.not_(answered.correlate(ExtensionRequest).exists())
