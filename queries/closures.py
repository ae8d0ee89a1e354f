"""How problems came and went: by week, and how many stood open at the end of each day. Read from the events alone.

Reopened problems are open again; dismissed ones are neither open nor closed.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil

import sqlalchemy as sa

from models.campaign import Campaign
from models.database import UtcDateTime
from models.issue import Verb
from models.issue_record import IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day, local_day
from queries.standing import Ask, in_campaign

OPEN = frozenset(IssueStatus.open())
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekFlow:
    """What happened in one local week, counted as often as it was done (件次). `monday`: its first day."""

    monday: date
    registered: int
    closed: int
    reopened: int


@dataclass(frozen=True, slots=True)
class DayOpen:
    """How many problems stood open at the end of a local day."""

    day: date
    open: int


@dataclass(frozen=True, slots=True)
class BurnDown:
    """Open problems day by day from the first registration to the day asked for, and the day all should be closed by.

    The plan is a straight line from the highest point (its last day) to nothing on `rectify_by`.
    """

    days: tuple[DayOpen, ...]
    rectify_by: date

    @property
    def peak(self) -> DayOpen | None:
        """The last day with the highest count; None before the first problem."""
        return max(self.days, key=lambda d: (d.open, d.day), default=None)

    @property
    def has_plan(self) -> bool:
        """Whether there is a line to draw: something open before the day all should be closed by."""
        return self.peak is not None and self.peak.open > 0 and self.peak.day < self.rectify_by

    def planned(self, day: date) -> int:
        """How many may still be open on a day by the plan; nothing from `rectify_by` on."""
        if self.peak is None or day >= self.rectify_by:
            return 0
        left = (self.rectify_by - max(day, self.peak.day)) / (self.rectify_by - self.peak.day)
        return ceil(self.peak.open * left)

    @property
    def behind(self) -> int:
        """Open problems beyond the plan on the last day; negative: ahead of it."""
        return self.days[-1].open - self.planned(self.days[-1].day) if self.days else 0


@dataclass(frozen=True, slots=True)
class _Change:
    """So many problems that one verb took from one status to another on one day."""

    day: date
    verb: str
    source: IssueStatus
    target: IssueStatus
    count: int

    @property
    def opens(self) -> int:
        """What it adds to the open problems."""
        return self.count * ((self.target in OPEN) - (self.source in OPEN))


def closures_by_week(ask: Ask) -> tuple[WeekFlow, ...]:
    """Every week from the first registration to the day asked for, quiet ones too; the last may be unfinished."""
    changes = _changes(ask)
    if not changes:
        return ()
    done = Counter[tuple[date, str]]()
    for change in changes:
        done[monday_of(change.day), change.verb] += change.count
    first, last = monday_of(min(c.day for c in changes)), monday_of(ask.as_of)
    mondays = [first + n * WEEK for n in range((last - first).days // 7 + 1)]
    return tuple(WeekFlow(m, done[m, Verb.SUBMIT], done[m, Verb.APPROVE], done[m, Verb.REOPEN]) for m in mondays)


def open_by_day(ask: Ask) -> BurnDown:
    """The burn-down of the asked place."""
    changes = _changes(ask)
    added = Counter[date]()
    for change in changes:
        added[change.day] += change.opens
    rectify_by = ask.session.get_one(Campaign, ask.campaign_id).rectify_by
    if not changes:
        return BurnDown((), rectify_by)
    days = _days(min(added), ask.as_of)
    counts = accumulate(added[day] for day in days)
    return BurnDown(tuple(DayOpen(day, count) for day, count in zip(days, counts, strict=True)), rectify_by)


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _changes(ask: Ask) -> list[_Change]:
    return ask.once("status_changes", lambda: _found_changes(ask))


def _found_changes(ask: Ask) -> list[_Change]:
    first = ask.session.scalar(
        sa.select(sa.func.min(IssueEvent.recorded_at)).where(
            in_campaign(ask.campaign_id), IssueEvent.verb == Verb.SUBMIT
        )
    )
    if first is None or local_day(first) > ask.as_of:
        return []
    days = _bounds(local_day(first), ask.as_of)
    rows = ask.session.execute(
        sa.select(days.c.day, IssueEvent.verb, IssueEvent.from_status, IssueEvent.status, sa.func.count())
        .select_from(days)
        .join(IssueEvent, sa.and_(IssueEvent.recorded_at >= days.c.since, IssueEvent.recorded_at < days.c.until))
        .where(in_campaign(ask.campaign_id), IssueEvent.from_status != IssueEvent.status)
        .where(ask.here(IssueEvent.reporting_unit_id, IssueEvent.town_id, IssueEvent.village_id, IssueEvent.issue_id))
        .group_by(days.c.day, IssueEvent.verb, IssueEvent.from_status, IssueEvent.status)
        .order_by(days.c.day)
    )
    return [_Change(*row) for row in rows]


def _bounds(first: date, last: date) -> sa.CTE:
    """The local days as a table of UTC moments, so that the database groups by the day people mean in any zone."""
    columns = (sa.column("day", sa.Date), sa.column("since", UtcDateTime), sa.column("until", UtcDateTime))
    rows = [(day, end_of_day(day - timedelta(days=1)), end_of_day(day)) for day in _days(first, last)]
    return sa.values(*columns, name="bounds").data(rows).cte("days")
