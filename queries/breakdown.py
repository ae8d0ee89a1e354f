"""Problems as they stood, broken down: by the 14 types, and by place and light."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from models.deadline import DeadlineRule, Light, LightThresholds, StatusGroup, light
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day, local_day
from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.workday import Calendar
from queries.calendar import calendar_in
from queries.figure import percent
from queries.issue_figures import is_counted
from queries.ledger_light import STATUS_GROUPS, LightDates
from queries.light_setting import thresholds_in
from queries.standing import Ask, standing

LIGHTS = (Light.CLOSED, Light.REVIEW, Light.NORMAL, Light.SOON, Light.OVERDUE, Light.NOT_STARTED)
"""The parts of a bar: what is done first, what burns last; 未起算 waits for its assignment. By the deadline alone:
steps and reviews to come are in figures of their own."""
_STILL = {StatusGroup.NOT_STARTED: Light.NOT_STARTED, StatusGroup.HELD: Light.REVIEW, StatusGroup.DONE: Light.CLOSED}
_EITHER = "either"
"""Due within the warning of long limits only: the limit's own length decides."""


@dataclass(frozen=True, slots=True)
class TypeCount:
    """One of the 14 types. `cumulative`: percent of all problems in it and those above it, cut; None: no problem."""

    code: str
    label: str
    count: int
    cumulative: float | None


@dataclass(frozen=True, slots=True)
class LightCounts:
    """The problems of one place by light. `code`: what narrows the dashboard to it."""

    name: str
    code: str
    counts: Mapping[Light, int]

    @property
    def total(self) -> int:
        """All of them: the base of the place's closure rate."""
        return sum(self.counts.values())


def by_type(ask: Ask) -> tuple[TypeCount, ...]:
    """All 14 types, most problems first, those without any last in the source's order."""
    s = standing(ask)
    found = ask.session.execute(
        sa.select(s.c.type_code, sa.func.count()).where(is_counted(s.c, ask)).group_by(s.c.type_code)
    )
    counts = {code: int(count) for code, count in found}
    total, above, listed = sum(counts.values()), 0, []
    for code in sorted(problem_types(), key=lambda code: (-counts.get(code, 0), code)):
        above += counts.get(code, 0)
        listed.append(TypeCount(code, _label(code), counts.get(code, 0), percent(above, total)))
    return tuple(listed)


def _label(code: str) -> str:
    kind = problem_types()[code]
    return f"涉嫌{kind.label}" if kind.is_suspected_offence and "涉嫌" not in kind.label else kind.label


# --- place and light ------------------------------------------------------------------------------------------------


def by_unit_and_light(ask: Ask) -> tuple[LightCounts, ...]:
    """Counted problems of each reporting unit in the fixed order; of each town by code where one place is asked for."""
    s = standing(ask)
    column = s.c.reporting_unit_id if ask.spot.is_everything else s.c.town_id
    counts: dict[int, dict[Light, int]] = defaultdict(lambda: dict.fromkeys(LIGHTS, 0))
    for place, which, count in _clear(ask, s, column):
        counts[place][which] += count
    for place, which in _doubtful(ask, s, column):
        counts[place][which] += 1
    return tuple(LightCounts(name, code, counts[i]) for i, name, code in named_places(ask, counts))


def _clear(ask: Ask, s: sa.Subquery, column: Any) -> Iterable[tuple[int, Light, int]]:
    """What status and deadline alone decide, counted by the database."""
    dates = LightDates.on(ask.as_of, _calendar(ask), _thresholds(ask))
    due = s.c.deadline
    # Else SQLite reads the table in the order of the place, and not a covering index.
    place = sa.func.coalesce(column, 0)
    which = sa.case(
        (s.c.status != IssueStatus.RECTIFYING, s.c.status),
        (due < ask.as_of, Light.OVERDUE.value),
        (due <= dates.soon_until, Light.SOON.value),
        (due <= dates.long_until, _EITHER),
        else_=Light.NORMAL.value,
    )
    inner = (
        sa.select(place.label("place"), sa.type_coerce(which, sa.String).label("which"))
        .where(is_counted(s.c, ask))
        .subquery()
    )
    rows = ask.session.execute(sa.select(inner.c.place, inner.c.which, sa.func.count()).group_by(*inner.c))
    for place, found, count in rows:
        if found != _EITHER:
            yield place, _light(found), int(count)


def _calendar(ask: Ask) -> Calendar:
    """Working days as the record held them on the day asked for."""
    return calendar_in(ask.session, ask.as_of if ask.is_past else None)


def _thresholds(ask: Ask) -> LightThresholds:
    return thresholds_in(ask.session, ask.campaign_id, ask.as_of if ask.is_past else None)


def _light(found: str) -> Light:
    return _STILL[STATUS_GROUPS[IssueStatus(found)]] if found in set(IssueStatus) else Light(found)


def _doubtful(ask: Ask, s: sa.Subquery, column: Any) -> Iterable[tuple[int, Light]]:
    """Those few whose limit has to be looked at, by the rule itself."""
    calendar, thresholds = _calendar(ask), _thresholds(ask)
    dates = LightDates.on(ask.as_of, calendar, thresholds)
    rows = ask.session.execute(
        sa.select(s.c.issue_id, column, s.c.deadline)
        .where(s.c.status == IssueStatus.RECTIFYING, s.c.deadline > dates.soon_until)
        .where(s.c.deadline >= ask.as_of, s.c.deadline <= dates.long_until)
    ).all()
    limits = _limits(ask, [row[0] for row in rows])
    for issue_id, place, due in rows:
        limit = limits.get(issue_id)
        yield place, light(StatusGroup.RUNNING, due, ask.as_of, calendar, thresholds, limit_days=limit).light


def _limits(ask: Ask, issue_ids: Sequence[int]) -> dict[int, int | None]:
    """Days each limit gave, in its own unit, as it stood: from the last assignment or reopening by then.

    A round that was reopened over since does not say its rule any more; it counts as a short limit.
    """
    rows = ask.session.execute(
        sa.select(IssueEvent, Issue.round, Issue.deadline_rule)
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .where(IssueEvent.issue_id.in_(issue_ids), IssueEvent.verb.in_((Verb.ASSIGN, Verb.REOPEN)))
        .where(IssueEvent.recorded_at < end_of_day(ask.as_of))
        .order_by(IssueEvent.position)
    )
    limits: dict[int, int | None] = {}
    for event, round_now, rule_now in rows:
        rule = event.detail.get("rule") or (rule_now if event.round == round_now else None)
        limits[event.issue_id] = _length(rule, local_day(event.recorded_at))
    return limits


def _length(rule: str | None, assigned_on: date) -> int | None:
    return DeadlineRule.parse(rule).length(assigned_on) if rule else None


def named_places(ask: Ask, counts: Mapping[int, Any]) -> list[tuple[int, str, str]]:
    """Id, name and code. Reporting units without a problem are listed too, so that the bars keep their place."""
    if not ask.spot.is_everything:
        towns = sa.select(Region.id, Region.short_name, Region.code).where(Region.id.in_(list(counts)))
        return [(i, name, code) for i, name, code in ask.session.execute(towns.order_by(Region.code))]
    units = sa.select(ReportingUnit.id, ReportingUnit.name, ReportingUnit.code)
    rows = ask.session.execute(units.order_by(ReportingUnit.position, ReportingUnit.id))
    return [(i, name, code) for i, name, code in rows if i in counts or ask.covers_unit(i)]
