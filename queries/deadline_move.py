"""Which open deadlines a change of the calendar moves: an override entered, or an estimated year published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.deadline import DeadlineKind, DeadlineRule
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.workday import Calendar
from queries.calendar import calendar_in
from queries.reading import reading

COUNTED = (DeadlineKind.WORKDAYS.value, DeadlineKind.CALENDAR_DAYS.value)
"""Only these rules are counted in the calendar; a named date stays as it was named."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline as it would be. `first`: of the round, before the days the office held requests."""

    on: date
    first: date
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    """One open problem and where its deadline goes; the same day where only the estimate became sure."""

    issue_id: int
    number: str
    title: str
    unit: str
    rule: str
    old: date
    new: Moved


def moves_if(overrides: Mapping[date, bool], today: date) -> tuple[DeadlineMove, ...]:
    """What entering these days would move. Who asks has the right to enter them; the action looks again."""
    with reading() as session:
        return moves_between(session, *_before_and_after(session, overrides), today)


def moves_waiting(today: date) -> tuple[DeadlineMove, ...]:
    """Deadlines that were set on an estimate and whose year has been published since."""
    with reading() as session:
        return moves_of_estimates(session, today)


def moves_between(session: Session, before: Calendar, after: Calendar, today: date) -> tuple[DeadlineMove, ...]:
    """Open problems whose rule gives another day, or another certainty, under `after` than under `before`."""
    found = []
    for issue in _counted(session):
        old, new = _due(issue, before), _due(issue, after)
        if old != new:
            found.append(_move(issue, new, today))
    return tuple(m for m in found if m is not None)


def moves_of_estimates(session: Session, today: date) -> tuple[DeadlineMove, ...]:
    """Open problems with an estimated deadline that the calendar now gives for sure."""
    calendar = calendar_in(session)
    found = []
    for issue in _counted(session, Issue.deadline_is_estimate):
        new = _due(issue, calendar)
        if not new.is_estimate:
            found.append(_move(issue, new, today))
    return tuple(m for m in found if m is not None)


def _before_and_after(session: Session, overrides: Mapping[date, bool]) -> tuple[Calendar, Calendar]:
    before = calendar_in(session)
    return before, replace(before, overrides={**before.overrides, **overrides})


def _counted(session: Session, narrowed: Any = None) -> list[Issue]:
    """Open, assigned, with a counted rule; one with more time granted keeps the day it was granted."""
    return list(
        session.scalars(
            sa.select(Issue)
            .where(Issue.status.in_(IssueStatus.open()), Issue.deadline.is_not(None), Issue.assigned_on.is_not(None))
            .where(sa.func.substr(Issue.deadline_rule, 1, 1).in_(COUNTED), Issue.extensions == 0)
            .where(sa.true() if narrowed is None else narrowed)
            .order_by(Issue.number, Issue.id)
        )
    )


def _due(issue: Issue, calendar: Calendar) -> Moved:
    assert issue.deadline_rule is not None and issue.assigned_on is not None
    due = DeadlineRule.parse(issue.deadline_rule).due(issue.assigned_on, calendar)
    assert due.on is not None
    held = calendar.add_workdays(due.on, issue.held_workdays)[0]
    return Moved(held, due.on, bool(due.note))


def _move(issue: Issue, new: Moved, today: date) -> DeadlineMove | None:
    """A day that would come earlier never lies in the past: nobody becomes late by a paper. What is late stays."""
    assert issue.deadline is not None and issue.deadline_rule is not None
    if new.on < issue.deadline:
        if issue.deadline < today:
            return None
        new = Moved(max(new.on, today), max(new.first, min(issue.first_deadline or new.first, today)), new.is_estimate)
    unchanged = (issue.deadline, issue.deadline_is_estimate) == (new.on, new.is_estimate)
    if unchanged and issue.first_deadline == new.first:
        return None
    return DeadlineMove(
        issue.id, issue.number or "", mask_text(issue.title), issue.responsible_unit_name or "—",
        DeadlineRule.parse(issue.deadline_rule).text(), issue.deadline, new,
    )  # fmt: skip
