"""The working-day calendar of the installation: overrides and published days in the database, else the library."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import CalendarDay
from models.local_time import end_of_day
from models.workday import Calendar
from queries.reading import reading


def calendar_in(session: Session, as_of: date | None = None) -> Calendar:
    """The calendar as an open session sees it; `as_of`: without overrides recorded after that day.

    The table only grows: its last id, and that of the last override, say whether it is still the same.
    """
    overrides = sa.select(sa.func.max(CalendarDay.id)).where(CalendarDay.published_year.is_(None))
    if as_of is not None:
        overrides = overrides.where(CalendarDay.recorded_at < end_of_day(as_of))
    last = session.scalar(sa.select(sa.func.max(CalendarDay.id))) or 0
    last_override = session.scalar(overrides) or 0
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
