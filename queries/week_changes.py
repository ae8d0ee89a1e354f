"""What changed in the seven days that end with the day asked for, each figure with its reason in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.issue import Verb
from models.issue_record import IssueEvent
from models.region import ReportingUnit
from queries.figure import Figure, percent
from queries.figures import answers
from queries.issue_figures import closed_of_counted
from queries.standing import Ask, standing
from queries.week_figures import DAYS, events, newly_overdue, still_reopened

NAMES = (
    "submitted_in_week", "closures_in_week", "returns_in_week", "overdue_since_week", "reopenings_in_week",
    "dismissals_in_week", "households_checked_in_week",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeekChange:
    """One line: the figure, the same of the seven days before, and why it matters."""

    figure: Figure
    before: int
    note: str


def week_changes(ask: Ask) -> tuple[WeekChange, ...]:
    """All lines in a fixed order, those without a change too."""
    found, earlier = answers(ask, NAMES), answers(ask.before(DAYS), NAMES)
    return tuple(WeekChange(found[name], int(earlier[name].value or 0), _note(ask, found[name])) for name in NAMES)


def _note(ask: Ask, figure: Figure) -> str:
    if not figure.value:
        return ""
    match figure.name:
        case "returns_in_week":
            return _where(ask, _units_of_events(ask, Verb.RETURN))
        case "overdue_since_week":
            return _where(ask, _units_of_overdue(ask))
        case "reopenings_in_week":
            return reopening_effect(still_reopened(ask), *closed_of_counted(ask))
        case "dismissals_in_week":
            return "不计入进度"
    return ""


def reopening_effect(reopened: int, closed: int, counted: int) -> str:
    """What the reopened problems take from the closure rate, in points of the rates as they are shown."""
    if not reopened:
        return "均已再次销号，销号率不受影响"
    points = round((percent(closed + reopened, counted) or 0) - (percent(closed, counted) or 0), 1)
    return f"销号率因此 −{points} 点" if points else "销号率因此下降不足 0.1 点"


def _where(ask: Ask, units: Iterable[tuple[str, int]]) -> str:
    """均在甲县; 甲县 2、乙市 1. Nothing where only one place was asked for."""
    listed = list(units)
    if not ask.spot.is_everything or not listed:
        return ""
    return f"均在{listed[0][0]}" if len(listed) == 1 else "、".join(f"{name} {count}" for name, count in listed)


def _units_of_events(ask: Ask, verb: Verb) -> list[tuple[str, int]]:
    return _by_unit(ask, events(ask, verb).with_only_columns(IssueEvent.reporting_unit_id))


def _units_of_overdue(ask: Ask) -> list[tuple[str, int]]:
    s = standing(ask)
    return _by_unit(ask, sa.select(s.c.reporting_unit_id).where(newly_overdue(s.c, ask)))


def _by_unit(ask: Ask, unit_ids: sa.Select[Any]) -> list[tuple[str, int]]:
    found = unit_ids.subquery()
    rows = ask.session.execute(
        sa.select(ReportingUnit.name, sa.func.count())
        .join(found, found.c.reporting_unit_id == ReportingUnit.id)
        .group_by(ReportingUnit.name, ReportingUnit.position)
        .order_by(ReportingUnit.position)
    )
    return [(name, int(count)) for name, count in rows]
