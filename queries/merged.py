"""Villages that were merged: where new things of one go, which villages are one by now, and what places were called.

Merges are few, so that the whole list is read where one is asked for.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.region import Region, RegionChange, RegionEvent
from models.unit import Unit, UnitChange, UnitEvent


def survivor_id(session: Session, village_id: int) -> int:
    """The village in which new things of this one are written: itself, unless it was merged, however often."""
    return _end(_merges(session), village_id)


def one_by_now(session: Session, village_id: int) -> tuple[int, ...]:
    """The village with all that were merged with it: 回避 holds for neighbours of one village, whoever came first."""
    into = _merges(session)
    survivor = _end(into, village_id)
    return tuple(sorted({survivor, village_id, *(v for v in into if _end(into, v) == survivor)}))


def _merges(session: Session) -> dict[int, int]:
    rows = session.execute(sa.select(Region.id, Region.merged_into_id).where(Region.merged_into_id.is_not(None)))
    return {village: into for village, into in rows if into is not None}


def _end(into: dict[int, int], village_id: int) -> int:
    while village_id in into:
        village_id = into[village_id]
    return village_id


def unit_name_at(moment: Any) -> sa.ColumnElement[str]:
    """A unit's name as the record had it at a moment, a column too, for a statement that joins `Unit`."""
    later = (
        sa.select(UnitEvent.name_before)
        .where(UnitEvent.unit_id == Unit.id, UnitEvent.what == UnitChange.RENAMED, UnitEvent.recorded_at > moment)
        .order_by(UnitEvent.recorded_at, UnitEvent.id)
        .limit(1)
        .correlate_except(UnitEvent)
        .scalar_subquery()
    )
    return sa.func.coalesce(later, Unit.name)


def short_name_on(region: Any, day: Any) -> sa.ColumnElement[str]:
    """A place's short name as it was on a day, a column too; without a day, as it is now. `region` may be an alias."""
    later = (
        sa.select(RegionEvent.short_name_before)
        .where(RegionEvent.region_id == region.id, RegionEvent.what == RegionChange.RENAMED)
        .where(RegionEvent.effective_on > day)
        .order_by(RegionEvent.effective_on, RegionEvent.id)
        .limit(1)
        .correlate_except(RegionEvent)
        .scalar_subquery()
    )
    return sa.func.coalesce(later, region.short_name)
