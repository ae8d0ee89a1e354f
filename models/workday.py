"""Which days are worked: the State Council's yearly arrangement (chinesecalendar) and a county's own notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import chinese_calendar

ONE_DAY = timedelta(days=1)

# 《全国年节及纪念日放假办法》: the holidays with a fixed solar date. The lunar ones and the make-up days
# 调休 are unknown until the year is published, so a year answered from here is an estimate.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Certainty(StrEnum):
    """How sure an answer of the calendar is, the surest first."""

    PUBLISHED = "PUBLISHED"
    OVERRIDE = "OVERRIDE"
    ESTIMATED = "ESTIMATED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"PUBLISHED": "已公布", "OVERRIDE": "本地调整", "ESTIMATED": "预估"}[self.value]


_SUREST_FIRST = tuple(Certainty)


def weakest(first: Certainty, second: Certainty) -> Certainty:
    """A count is only as sure as the least sure day in it."""
    return max(first, second, key=_SUREST_FIRST.index)


@cache
def _library_year(year: int) -> Mapping[date, bool]:
    """Every day of a published year, else nothing. Kept, because the library scans all its years for each day asked."""
    days = (date(year, 1, 1) + ONE_DAY * n for n in range(366))
    try:
        return {day: bool(chinese_calendar.is_workday(day)) for day in days if day.year == year}
    except NotImplementedError:
        return {}


def is_published(year: int) -> bool:
    """Whether this installation's calendar library knows the State Council's arrangement of a year."""
    return bool(_library_year(year))


def published_days(year: int) -> list[tuple[date, bool]]:
    """Every day of a year with "is worked", to be copied into a dated table; empty until it is published."""
    return list(_library_year(year).items())


def _estimate(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


@dataclass(frozen=True)
class Calendar:
    """Working days as a county counts them.

    Each answer is the first of: `overrides` (the county's notice: date → is worked), `published` (the copy of a
    published year kept in the database), chinesecalendar, and last weekends with the fixed holidays, an estimate.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    published: Mapping[date, bool] | None = None

    def is_workday(self, day: date) -> tuple[bool, Certainty]:
        if day in self.overrides:
            return self.overrides[day], Certainty.OVERRIDE
        for source in (self.published or {}, _library_year(day.year)):
            if day in source:
                return source[day], Certainty.PUBLISHED
        return _estimate(day), Certainty.ESTIMATED

    def add_workdays(self, start: date, days: int) -> tuple[date, Certainty]:
        """The `days`-th working day after `start`, which itself is not counted. 0 gives `start` as it is."""
        if days < 0:
            raise ValueError("days must not be negative")
        day, certainty, left = start, Certainty.PUBLISHED, days
        while left:
            day += ONE_DAY
            worked, sure = self.is_workday(day)
            certainty = weakest(certainty, sure)
            left -= worked
        return day, certainty

    def workday_from(self, day: date) -> tuple[date, Certainty]:
        """`day` itself when it is worked, else the next day that is."""
        worked, certainty = self.is_workday(day)
        if worked:
            return day, certainty
        moved, sure = self.add_workdays(day, 1)
        return moved, weakest(certainty, sure)

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after `first` through `last`; negative when `last` is earlier."""
        if last < first:
            return -self.workdays_between(last, first)
        return sum(self.is_workday(first + ONE_DAY * n)[0] for n in range(1, (last - first).days + 1))
