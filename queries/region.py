"""Places: whose figures one counts in, and the ones a person may choose from."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from queries.reading import reading


@dataclass(frozen=True, slots=True)
class ReportingUnitRow:
    """A reporting unit in the office's fixed order."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village with its town."""

    id: int
    code: str
    name: str
    short_name: str
    town_id: int
    town_code: str
    town_name: str
    town_short: str


def reporting_unit_of(session: Session, region: Region, day: date) -> ReportingUnit | None:
    """For whom a region counts on a day: the nearest ancestor's row wins; never by code prefix."""
    codes = [c for c in region.path.split("/") if c]
    found = session.execute(
        sa.select(ReportingUnit, Region.path)
        .join(ReportingUnitRegion, ReportingUnitRegion.reporting_unit_id == ReportingUnit.id)
        .join(Region, Region.id == ReportingUnitRegion.region_id)
        .where(Region.code.in_(codes), ReportingUnitRegion.valid_from <= day)
        .where(sa.or_(ReportingUnitRegion.valid_to.is_(None), ReportingUnitRegion.valid_to >= day))
    ).all()
    return max(found, key=lambda row: len(row[1]))[0] if found else None


def ancestor_id(session: Session, region: Region, level: RegionLevel) -> int:
    """The id of the ancestor at a level; the region itself if it is at that level."""
    codes = [c for c in region.path.split("/") if c]
    return session.scalars(sa.select(Region.id).where(Region.code.in_(codes), Region.level == level)).one()


def reporting_units() -> tuple[ReportingUnitRow, ...]:
    """All reporting units in their fixed order."""
    with reading() as session:
        rows = session.scalars(sa.select(ReportingUnit).order_by(ReportingUnit.position, ReportingUnit.id))
        return tuple(ReportingUnitRow(r.id, r.code, r.name) for r in rows)


def villages_in(session: Session, day: date) -> list[VillageRow]:
    """All villages in force on a day, with their towns, by code."""
    town = aliased(Region)
    rows = session.execute(
        sa.select(
            Region.id, Region.code, Region.name, Region.short_name, town.id, town.code, town.name, town.short_name
        )
        .join(town, town.id == Region.parent_id)
        .where(Region.level == RegionLevel.VILLAGE, Region.valid_from <= day)
        .where(sa.or_(Region.valid_to.is_(None), Region.valid_to >= day))
        .order_by(Region.code)
    )
    return [VillageRow(*row) for row in rows]
