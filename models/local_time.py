"""Local days and moments. Stored in UTC, shown in the zone the installation names (Asia/Shanghai)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class LocalTime:
    """The zone of the installation; set once at start by whoever reads the settings."""

    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """A recorded moment as the people here read it."""
    return moment.astimezone(LocalTime.zone)


def local_day(moment: datetime) -> date:
    """The local date of a recorded moment."""
    return local(moment).date()


def end_of_day(day: date) -> datetime:
    """The first moment after a local day, UTC: everything recorded before it is known at the end of that day."""
    return datetime.combine(day + timedelta(days=1), time(), LocalTime.zone).astimezone(UTC)


def day_text(day: date | None) -> str:
    """2022年9月16日, without zero padding, as official documents write it."""
    return "—" if day is None else f"{day.year}年{day.month}月{day.day}日"


def iso_day(day: date | None) -> str | None:
    """2022-09-16, as a step's detail keeps a day."""
    return None if day is None else day.isoformat()


def short_day(day: date) -> str:
    """9月16日, where the year is plain."""
    return f"{day.month}月{day.day}日"


def moment_text(moment: datetime | None) -> str:
    """2022年9月16日 10:30."""
    return "—" if moment is None else f"{day_text(local_day(moment))} {local(moment):%H:%M}"
