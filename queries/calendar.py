"""The working-day calendar of the installation: overrides and published days in the database, else the library."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import CalendarDay
from models.workday import Calendar
from queries.reading import reading


def calendar_in(session: Session) -> Calendar:
    """The calendar as an open session sees it. The table only grows: its last id says whether it is still the same."""
    last = session.scalar(sa.select(sa.func.max(CalendarDay.id))) or 0
    bind = session.get_bind()
    known = _KNOWN.get((str(bind.engine.url), last))
    if known is None:
        known = _read(session)
        _KNOWN.clear()
        _KNOWN[(str(bind.engine.url), last)] = known
    return known


_KNOWN: dict[tuple[str, int], Calendar] = {}
"""The calendar last read, by database and last id."""


def _read(session: Session) -> Calendar:
    overrides: dict[date, bool] = {}
    published: dict[date, bool] = {}
    rows = sa.select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.published_year).order_by(CalendarDay.id)
    for day, works, year in session.execute(rows):
        (overrides if year is None else published)[day] = works
    return Calendar(overrides, published or None)


def working_calendar() -> Calendar:
    """The calendar now in force."""
    with reading() as session:
        return calendar_in(session)
