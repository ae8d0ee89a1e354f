"""The working-day calendar of the installation: overrides and published days in the database, the library for
the rest."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import CalendarDay
from models.workday import Calendar
from queries.reading import reading


def calendar_in(session: Session) -> Calendar:
    """The calendar as an open session sees it."""
    overrides: dict[date, bool] = {}
    published: dict[date, bool] = {}
    for row in session.scalars(sa.select(CalendarDay).order_by(CalendarDay.id)):
        (overrides if row.is_override else published)[row.day] = row.is_workday
    return Calendar(overrides, published or None)


def working_calendar() -> Calendar:
    """The calendar now in force."""
    with reading() as session:
        return calendar_in(session)
