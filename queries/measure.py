"""Measures as they stand: the last version of each line; for the page of a problem, the rules and the to-do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_record import Issue
from models.issue_word import Nature
from models.masking import mask_text
from models.measure import IssueMeasure, next_step
from models.unit import Person
from queries.scope import Condition


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure as its problem shows it; texts masked. `is_late`: its day has passed and it is not done."""

    line: int
    number: int
    """1, 2, 3 … as the list stands now; lines leave gaps where a problem was assigned anew."""
    text: str
    due: date | None
    is_required: bool
    done_on: date | None
    done: str
    by: str
    """Who wrote the last version of it."""
    is_late: bool
    is_next: bool
    """The step of 分阶段整改 to be done next."""


def measures_of(session: Session, issue: Issue, number: int | None = None) -> list[IssueMeasure]:
    """The measures of a round, the running one unless told, by line."""
    return list(
        session.scalars(
            sa.select(IssueMeasure)
            .where(IssueMeasure.issue_id == issue.id, IssueMeasure.round == (number or issue.round))
            .where(is_last_version(), sa.not_(IssueMeasure.is_dropped))
            .order_by(IssueMeasure.line)
        )
    )


def measure_rows(session: Session, issue: Issue, names: Sequence[str], today: date) -> tuple[MeasureRow, ...]:
    """The list of the running round."""
    measures = measures_of(session, issue)
    asked = sa.select(Person.id, Person.name).where(Person.id.in_([m.person_id for m in measures]))
    people: dict[int, str] = {person_id: name for person_id, name in session.execute(asked)}
    step = next_step(measures) if issue.nature is Nature.STAGED else None
    return tuple(
        MeasureRow(
            m.line, number, mask_text(m.text, names), m.due, m.is_required, m.done_on, mask_text(m.done or "", names),
            people[m.person_id], m.is_open and m.due is not None and m.due < today, m is step,
        )
        for number, m in enumerate(measures, start=1)
    )  # fmt: skip


def next_steps(session: Session, issues: Iterable[Issue]) -> Mapping[int, IssueMeasure]:
    """By problem in stages, the step to be done next."""
    staged = {issue.id: issue for issue in issues if issue.nature is Nature.STAGED}
    rows = session.scalars(
        sa.select(IssueMeasure)
        .where(IssueMeasure.issue_id.in_(staged), is_last_version(), sa.not_(IssueMeasure.is_dropped))
        .order_by(IssueMeasure.line)
    ).all()
    found = {
        i: next_step([m for m in rows if m.issue_id == i and m.round == issue.round]) for i, issue in staged.items()
    }
    return {issue_id: step for issue_id, step in found.items() if step is not None}


def unfinished(session: Session, issue: Issue) -> int:
    """How many of the measures the office asked for are still to be done."""
    return sum(m.is_required and m.is_open for m in measures_of(session, issue))


@cache
def is_last_version() -> Condition:
    """No later version of the same line."""
    later = aliased(IssueMeasure)
    return sa.not_(
        sa.exists().where(
            later.issue_id == IssueMeasure.issue_id,
            later.line == IssueMeasure.line,
            later.version > IssueMeasure.version,
        )
    )
