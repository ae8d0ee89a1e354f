"""Who held a problem, from when to when, for how many working days: one definition for pages, clocks and tests.

A stretch begins on the day of the act that handed it over and ends on the day of the act that took it away; counted are
the working days after the first of them through the last, so that stretches add up to the whole without a gap. What
waits for acceptance or approval is 审核用时 and nobody's delay; the rest under way is the responsible unit's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.issue_word import IssueStatus
from models.workday import Calendar


class Handed(NamedTuple):
    """How one act left the problem: on which local day, in which status, with which unit responsible."""

    on: date
    status: IssueStatus
    unit_id: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A stretch with one holder. `until` None: to this day; `workdays` so far then."""

    holder: str
    status: IssueStatus
    since: date
    until: date | None
    workdays: int


_HOLDERS = {
    IssueStatus.REGISTERED: "办公室",
    IssueStatus.ACCEPTANCE: "检查组或办公室",
    IssueStatus.APPROVAL: "审批人",
}


def holdings(acts: Iterable[Handed], calendar: Calendar, today: date) -> tuple[Holding, ...]:
    """The stretches in their order; drafts, and what was closed or dismissed, are with nobody."""
    found: list[Holding] = []
    first: Handed | None = None
    for act in acts:
        if first is not None and _place(act) == _place(first):
            continue
        found += _stretch(first, act.on, calendar, today)
        first = act
    return (*found, *_stretch(first, None, calendar, today))


def unit_workdays(stretches: Sequence[Holding]) -> int:
    """Working days on the responsible unit's own clock."""
    return sum(h.workdays for h in stretches if h.status is IssueStatus.RECTIFYING)


def review_workdays(stretches: Sequence[Holding]) -> int:
    """审核用时: working days requests waited for acceptance and approval."""
    return sum(h.workdays for h in stretches if h.status in IssueStatus.held())


def _place(act: Handed) -> tuple[IssueStatus, int | None]:
    """Where it is; while a request waits it does not matter who is responsible."""
    return act.status, act.unit_id if act.status is IssueStatus.RECTIFYING else None


def _stretch(first: Handed | None, until: date | None, calendar: Calendar, today: date) -> tuple[Holding, ...]:
    """What began with an act; nothing where nobody held it."""
    if first is None:
        return ()
    holder = first.unit if first.status is IssueStatus.RECTIFYING else _HOLDERS.get(first.status, "")
    if not holder:
        return ()
    days = max(0, calendar.workdays_between(first.on, until or today))
    return (Holding(holder, first.status, first.on, until, days),)
