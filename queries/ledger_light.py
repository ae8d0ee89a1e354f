"""The lights of the ledger in SQL: the same answer as `models.deadline.light`, for filtering and sorting.

Each light is one or two bands of the ledger; a band holds rows with a deadline or rows without one, so that its order
(deadline, number) is the order of an index and a page reads no more rows than it shows. A test holds both in step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from models.deadline import DeadlineKind, DeadlineRule, Light, LightReading, LightThresholds, StatusGroup, light
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.workday import Calendar
from queries.calendar import calendar_in
from queries.light_setting import thresholds_in

Condition = sa.ColumnElement[bool]

STATUS_GROUPS: Mapping[IssueStatus, StatusGroup] = {
    IssueStatus.DRAFT: StatusGroup.NOT_STARTED,
    IssueStatus.REGISTERED: StatusGroup.NOT_STARTED,
    IssueStatus.RECTIFYING: StatusGroup.RUNNING,
    IssueStatus.ACCEPTANCE: StatusGroup.HELD,
    IssueStatus.APPROVAL: StatusGroup.HELD,
    IssueStatus.CLOSED: StatusGroup.DONE,
    IssueStatus.DISMISSED: StatusGroup.DISMISSED,
}
"""What each status means to the responsible unit's clock."""
_STILL = {
    StatusGroup.NOT_STARTED: Light.NOT_STARTED,
    StatusGroup.HELD: Light.REVIEW,
    StatusGroup.DONE: Light.CLOSED,
    StatusGroup.DISMISSED: Light.DISMISSED,
}


@dataclass(frozen=True, slots=True)
class LightDates:
    """The days between which the lights change, as seen on one day."""

    today: date
    soon_until: date
    """The last day with no more than `soon_workdays` working days left."""
    long_until: date
    """The last day of the warning of a long limit."""
    long_from: int

    @classmethod
    def on(cls, today: date, calendar: Calendar, thresholds: LightThresholds) -> "LightDates":
        """The days for `today`."""
        after = calendar.add_workdays(today, thresholds.soon_workdays + 1)[0]
        long_until = today + timedelta(days=thresholds.soon_days_long)
        return cls(today, after - timedelta(days=1), long_until, thresholds.long_limit_days)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the ledger under one light, all of it with a deadline or all of it without."""

    light: Light
    condition: Condition
    has_deadline: bool

    @property
    def order(self) -> tuple[Any, ...]:
        """Deadline, then number; drafts have neither. No more columns than that: an index holds this order."""
        if self.has_deadline:
            return (Issue.deadline, Issue.number)
        return (Issue.number, Issue.id) if self.light is Light.NOT_STARTED else (Issue.number,)


def bands(dates: LightDates) -> tuple[Band, ...]:
    """All bands in the ledger's order: what burns first."""
    due, undated = Issue.deadline.is_not(None), Issue.deadline.is_(None)
    running = Issue.status == IssueStatus.RECTIFYING
    later = Issue.deadline >= dates.today
    still = [
        Band(light, sa.and_(_in_group(group), due if dated else undated), dated)
        for group, light in _STILL.items()
        for dated in (True, False)
    ]
    under_way = [
        Band(Light.OVERDUE, sa.and_(running, Issue.deadline < dates.today), True),
        Band(Light.REVIEW_MISSED, sa.and_(running, undated, _step_before(dates.today)), False),
        Band(Light.SOON, sa.and_(running, later, sa.or_(_is_soon(dates), _step_is_near(dates))), True),
        Band(Light.SOON, sa.and_(running, undated, Issue.next_step_on.between(dates.today, dates.soon_until)), False),
        Band(Light.NORMAL, sa.and_(running, later, sa.not_(_is_soon(dates)), sa.not_(_step_is_near(dates))), True),
        Band(Light.NORMAL, sa.and_(running, undated, sa.not_(_step_is_near(dates))), False),
    ]
    order = tuple(Light)
    return tuple(sorted(under_way + still, key=lambda band: order.index(band.light)))


def band_number(parts: tuple[Band, ...]) -> sa.ColumnElement[int]:
    """Which band a row lies in, counted from 0."""
    return sa.case(*((band.condition, number) for number, band in enumerate(parts)), else_=len(parts))


_SUMMED = (sa.func.count(), sa.func.sum(Issue.amount_cents))


@dataclass(slots=True)
class BandTotal:
    """What lies in a band. Amount in 分; `open` leaves drafts out."""

    count: int = 0
    open: int = 0
    amount_cents: int = 0

    def add(self, count: int, is_open: bool, cents: int) -> None:
        """More rows, fewer with a negative count."""
        self.count += count
        self.open += count if is_open else 0
        self.amount_cents += cents


@dataclass(frozen=True, slots=True)
class DayTotal:
    """Problems of one status due on one day. Amount in 分."""

    status: IssueStatus
    deadline: date | None
    count: int
    cents: int


def day_totals(session: Session, condition: Condition) -> tuple[DayTotal, ...]:
    """Sums by status and day, which an index holds: a list's totals, lights and views are added up from them."""
    asked = sa.select(Issue.status, Issue.deadline, *_SUMMED).where(condition)
    return tuple(
        DayTotal(status, deadline, count, int(cents))
        for status, deadline, count, cents in session.execute(asked.group_by(Issue.status, Issue.deadline))
    )


def band_totals(
    session: Session, condition: Condition, dates: LightDates, kept: tuple[Band, ...], days: Sequence[DayTotal]
) -> tuple[BandTotal, ...]:
    """Totals of the kept bands, from the sums by status and day of the same condition.

    Only a long limit's warning and a step or review that is near ask for more; those few are asked for again.
    """
    totals: dict[tuple[Light, bool], BandTotal] = {}
    for day in days:
        key = (_light_of_day(day.status, day.deadline, dates), day.deadline is not None)
        totals.setdefault(key, BandTotal()).add(day.count, day.status in IssueStatus.open(), day.cents)
    in_window = Issue.deadline.between(dates.soon_until + timedelta(days=1), dates.long_until)
    running = Issue.status == IssueStatus.RECTIFYING
    warned = sa.and_(running, in_window, _limit_days() > dates.long_from, sa.not_(_step_is_near(dates)))
    count, cents = session.execute(sa.select(*_SUMMED).where(condition, warned)).one()
    if count:
        _moved(totals, Light.SOON, True, count, int(cents))
    for burning, dated, count, cents in _near(session, sa.and_(condition, running, _step_is_near(dates)), dates):
        _moved(totals, burning, dated, count, cents)
    return tuple(totals.get((band.light, band.has_deadline), BandTotal()) for band in kept)


def _near(session: Session, condition: Condition, dates: LightDates) -> Iterator[tuple[Light, bool, int, int]]:
    """What a step or a review that is near, or missed, takes from 正常: few, found by an index of their day."""
    missed = sa.case((Issue.next_step_on < dates.today, 1), else_=0)
    dated = sa.case((Issue.deadline.is_not(None), 1), else_=0)
    by_deadline = sa.and_(Issue.deadline.is_not(None), Issue.deadline <= dates.soon_until)
    asked = sa.select(missed.label("missed"), dated.label("dated"), *_SUMMED).where(condition, sa.not_(by_deadline))
    for is_missed, is_dated, count, cents in session.execute(asked.group_by(sa.text("missed"), sa.text("dated"))):
        burning = Light.REVIEW_MISSED if is_missed and not is_dated else Light.SOON
        yield burning, bool(is_dated), count, int(cents)


def _moved(totals: dict[tuple[Light, bool], BandTotal], light: Light, dated: bool, count: int, cents: int) -> None:
    """So many rows burn after all; by their day alone they were counted as 正常."""
    totals.setdefault((light, dated), BandTotal()).add(count, True, cents)
    totals.setdefault((Light.NORMAL, dated), BandTotal()).add(-count, True, -cents)


def _light_of_day(status: IssueStatus, deadline: date | None, dates: LightDates) -> Light:
    """The light but for the longer warning of long limits."""
    group = STATUS_GROUPS[status]
    if group is not StatusGroup.RUNNING:
        return _STILL[group]
    if deadline is None or deadline > dates.soon_until:
        return Light.NORMAL
    return Light.SOON if deadline >= dates.today else Light.OVERDUE


def is_overdue(today: date) -> Condition:
    """Under way and past the deadline in force."""
    return sa.and_(Issue.status == IssueStatus.RECTIFYING, Issue.deadline < today)


@dataclass(frozen=True, slots=True)
class LightRule:
    """All that decides a light besides the problem itself."""

    today: date
    calendar: Calendar
    thresholds: LightThresholds

    @property
    def dates(self) -> LightDates:
        """The days between which the lights change."""
        return LightDates.on(self.today, self.calendar, self.thresholds)

    def of(self, issue: Issue, own_due: date | None = None) -> LightReading:
        """The light of one row by the rule itself, with its words; of a place of it with a day of its own."""
        limit = None
        if issue.deadline_rule and issue.assigned_on:
            limit = DeadlineRule.parse(issue.deadline_rule).length(issue.assigned_on)
        group = STATUS_GROUPS[issue.status]
        due = own_due or issue.deadline
        return light(
            group, due, self.today, self.calendar, self.thresholds, issue.requested_on, limit, issue.next_step_on
        )


def light_rule(session: Session, campaign_id: int, today: date) -> LightRule:
    """The calendar and the campaign's thresholds now in force."""
    return LightRule(today, calendar_in(session), thresholds_in(session, campaign_id))


def _in_group(group: StatusGroup) -> Condition:
    statuses = [status for status, its in STATUS_GROUPS.items() if its is group]
    return Issue.status == statuses[0] if len(statuses) == 1 else Issue.status.in_(statuses)


def _is_soon(dates: LightDates) -> Condition:
    soon = Issue.deadline <= dates.soon_until
    if dates.long_until <= dates.soon_until:
        return soon
    return sa.or_(soon, sa.and_(Issue.deadline <= dates.long_until, _limit_days() > dates.long_from))


def _step_before(day: date) -> Condition:
    """Never unknown, so that it may be negated."""
    return sa.and_(Issue.next_step_on.is_not(None), Issue.next_step_on < day)


def _step_is_near(dates: LightDates) -> Condition:
    """The next step or review has passed or comes within the warning."""
    return _step_before(dates.soon_until + timedelta(days=1))


def _limit_days() -> sa.ColumnElement[int]:
    """`DeadlineRule.length` of the stored rule: the number behind W or C, the days up to the date behind D, else 0."""
    kind = sa.func.substr(Issue.deadline_rule, 1, 1)
    return sa.case(
        (
            kind.in_([DeadlineKind.WORKDAYS.value, DeadlineKind.CALENDAR_DAYS.value]),
            sa.cast(sa.func.substr(Issue.deadline_rule, 2), sa.Integer),
        ),
        (kind == DeadlineKind.DATE.value, _days_from(Issue.assigned_on, sa.func.substr(Issue.deadline_rule, 2))),
        else_=0,
    )


class _days_from(sa.sql.functions.GenericFunction[int]):
    """Days from a date column to an ISO date in a text."""

    type = sa.Integer()
    inherit_cache = True
    name = "days_from"


@compiles(_days_from, "sqlite")
def _days_on_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    first, last = (compiler.process(c, **kw) for c in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(_days_from, "postgresql")
def _days_on_postgresql(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    first, last = (compiler.process(c, **kw) for c in element.clauses)
    return f"(CAST({last} AS DATE) - {first})"
