"""The working-day calendar of the installation: overrides and published days in the database, else the library."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import CalendarDay
from models.local_time import end_of_day
from models.workday import Calendar, is_published
from queries.reading import reading
from queries.schedule import names_of


def calendar_in(session: Session, as_of: date | None = None) -> Calendar:
    """The calendar as an open session sees it; `as_of`: without overrides recorded after that day.

    The table only grows: its last id, and that of the last override, say whether it is still the same.
    """
    override: sa.ColumnElement[bool] = CalendarDay.published_year.is_(None)
    if as_of is not None:
        override = sa.and_(override, CalendarDay.recorded_at < end_of_day(as_of))
    last_ids = (sa.func.max(CalendarDay.id), sa.func.max(sa.case((override, CalendarDay.id))))
    last, last_override = session.execute(sa.select(*(sa.func.coalesce(last, 0) for last in last_ids))).one()
    key = (str(session.get_bind().engine.url), last, last_override)
    known = _KNOWN.get(key)
    if known is None:
        known = _read(session, last_override)
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = known
    return known


MOST_KNOWN = 8
_KNOWN: dict[tuple[str, int, int], Calendar] = {}
"""Calendars read lately, by database, last id and last override."""


def _read(session: Session, last_override: int) -> Calendar:
    overrides: dict[date, bool] = {}
    published: dict[date, bool] = {}
    rows = sa.select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.published_year)
    in_force = sa.or_(CalendarDay.published_year.is_not(None), CalendarDay.id <= last_override)
    for day, works, year in session.execute(rows.where(in_force).order_by(CalendarDay.id)):
        (overrides if year is None else published)[day] = works
    return Calendar(overrides, published or None)


def working_calendar() -> Calendar:
    """The calendar now in force."""
    with reading() as session:
        return calendar_in(session)


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What the installation knows of a year. `workdays` counts overrides too."""

    year: int
    is_kept: bool
    """Copied into the record."""
    is_published: bool
    """Known to the calendar library of this version."""
    workdays: int

    @property
    def words(self) -> str:
        """Symbol and sentence."""
        if self.is_kept:
            return "■ 已公布，已抄入本系统"
        return "◇ 已公布，下次升级时抄入" if self.is_published else "△ 尚未公布，工作日为预估"


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A local day as it was entered. `recorded_at` is UTC."""

    id: int
    day: date
    is_workday: bool
    reason: str
    document: str
    by: str
    recorded_at: datetime


def calendar_years(today: date) -> tuple[CalendarYear, ...]:
    """Last year, this year and the next."""
    with reading() as session:
        calendar = calendar_in(session)
        kept = set(session.scalars(sa.select(CalendarDay.published_year).distinct()))
    return tuple(
        CalendarYear(
            year,
            year in kept,
            is_published(year),
            calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)),
        )
        for year in range(today.year - 1, today.year + 2)
    )


def overrides() -> tuple[OverrideRow, ...]:
    """All local days ever entered, the last first; of two for one day the later one holds."""
    with reading() as session:
        rows = session.scalars(
            sa.select(CalendarDay).where(CalendarDay.published_year.is_(None)).order_by(CalendarDay.id.desc())
        ).all()
        names = names_of(session, (r.recorded_by for r in rows))
    return tuple(
        OverrideRow(
            r.id, r.day, r.is_workday, r.reason, r.document or "—", names.get(r.recorded_by or "", "—"), r.recorded_at
        )
        for r in rows
    )
