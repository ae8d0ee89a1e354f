"""The one reader of the clock. Rules are handed `now` and `today`; nothing below pages, routes and manage asks."""

from datetime import UTC, date, datetime

from settings import Settings


def wall() -> datetime:
    """The real moment, UTC: for sessions, throttling, anything that must not follow a rehearsed date."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment to record, UTC: the wall clock, or its time of day on the day TODAY sets."""
    settings = Settings.read()
    moment = datetime.now(settings.timezone)
    if settings.today is not None:
        moment = moment.replace(year=settings.today.year, month=settings.today.month, day=settings.today.day)
    return moment.astimezone(UTC)


def today() -> date:
    """The local date a deadline is compared with."""
    return now().astimezone(Settings.read().timezone).date()
