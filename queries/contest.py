"""申辩 of a problem: what the unit holds against it and what it was answered; which problems wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.contest import Contest, ContestAnswer, ContestVerdict
from models.issue_record import Issue
from models.masking import mask_text
from models.unit import Person, Unit
from queries.merged import unit_name_at
from queries.scope import Condition


@dataclass(frozen=True, slots=True)
class ContestRow:
    """One 申辩. Texts masked; `papers` are ids of evidence.

    `verdict`, `answer`, `answered_by` and `answered_at` are empty while it waits.
    """

    round: int
    unit: str
    ground: str
    papers: tuple[int, ...]
    person: str
    at: datetime
    verdict: ContestVerdict | None
    answer: str
    answered_by: str
    answered_at: datetime | None


def contests_of(session: Session, issue_id: int, names: Sequence[str]) -> tuple[ContestRow, ...]:
    """The latest first, of all rounds."""
    answerer = aliased(Person)
    rows = session.execute(
        sa.select(Contest, unit_name_at(Contest.recorded_at), Person.name, ContestAnswer, answerer.name)
        .join(Unit, Unit.id == Contest.unit_id)
        .join(Person, Person.id == Contest.person_id)
        .outerjoin(ContestAnswer, ContestAnswer.contest_id == Contest.id)
        .outerjoin(answerer, answerer.id == ContestAnswer.person_id)
        .where(Contest.issue_id == issue_id)
        .order_by(Contest.id.desc())
    )
    return tuple(
        ContestRow(
            c.round, unit, mask_text(c.ground, names), tuple(c.papers), who, c.recorded_at,
            a.verdict if a else None, mask_text(a.answer, names) if a else "", by or "", a.recorded_at if a else None,
        )
        for c, unit, who, a, by in rows
    )  # fmt: skip


def pending_contest(session: Session, issue: Issue) -> Contest | None:
    """The 申辩 of the running round that has no answer yet; there is never more than one."""
    return session.scalar(
        sa.select(Contest).where(Contest.issue_id == issue.id, Contest.round == issue.round, _unanswered())
    )


def waits_for_an_answer() -> Condition:
    """Problems with a 申辩 of the running round that nobody answered: a short list, found once."""
    return sa.tuple_(Issue.id, Issue.round).in_(sa.select(Contest.issue_id, Contest.round).where(_unanswered()))


def _unanswered() -> Condition:
    return sa.not_(sa.exists().where(ContestAnswer.contest_id == Contest.id))
