"""Places: whose figures one counts in, and the ones a person may choose from."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission
from queries.reading import reading
from queries.viewer import Viewer


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


def villages_in(session: Session, day: date, *, merged_too: bool = False) -> list[VillageRow]:
    """All villages in force on a day, with their towns, by code; `merged_too`: and those merged before it."""
    town = aliased(Region)
    merged = [Region.merged_into_id.is_not(None)] if merged_too else []
    rows = session.execute(
        sa.select(
            Region.id, Region.code, Region.name, Region.short_name, town.id, town.code, town.name, town.short_name
        )
        .join(town, town.id == Region.parent_id)
        .where(Region.level == RegionLevel.VILLAGE, Region.valid_from <= day)
        .where(sa.or_(Region.valid_to.is_(None), Region.valid_to >= day, *merged))
        .order_by(Region.code)
    )
    return [VillageRow(*row) for row in rows]


def villages_for(viewer: Viewer, permission: Permission, day: date, *, merged_too: bool = False) -> list[VillageRow]:
    """The villages in which the viewer holds a permission; `merged_too`: and those merged before the day."""
    with reading() as session:
        villages = villages_in(session, day, merged_too=merged_too)
        if viewer.is_everywhere(permission):
            return villages
        units = reporting_unit_by_village(session, day)
    places = [place for grant in viewer.grants_with(permission) for place in grant.places]
    return [
        v
        for v in villages
        if any(
            p.reporting_unit_id in (None, units.get(v.id)) and p.region_id in (None, v.id, v.town_id) for p in places
        )
    ]


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """How many places a reporting unit has; towns and villages in force."""

    name: str
    towns: int
    villages: int


def unit_totals(day: date) -> tuple[UnitTotals, ...]:
    """Every reporting unit in its fixed order, those without villages too."""
    with reading() as session:
        villages, units = villages_in(session, day), reporting_unit_by_village(session, day)
    counted = Counter(units.get(v.id) for v in villages)
    towns = Counter(unit for unit, _ in {(units.get(v.id), v.town_id) for v in villages})
    return tuple(UnitTotals(u.name, towns[u.id], counted[u.id]) for u in reporting_units())


def village_labels(session: Session) -> dict[str, str]:
    """What to call each village in a file, by code: its name, or the code where town and name do not tell it."""
    town = aliased(Region)
    rows = session.execute(
        sa.select(Region.code, town.name, Region.name)
        .join(town, town.id == Region.parent_id)
        .where(Region.level == RegionLevel.VILLAGE)
    ).all()
    bearers = Counter((town_name, name) for _, town_name, name in rows)
    return {code: name if bearers[town_name, name] == 1 else code for code, town_name, name in rows}


def reporting_unit_by_village(session: Session, day: date) -> dict[int, int]:
    """For every village in force the id of the reporting unit it counts in; the nearest ancestor's row wins."""
    rows = session.execute(
        sa.select(Region.code, ReportingUnitRegion.reporting_unit_id)
        .join(Region, Region.id == ReportingUnitRegion.region_id)
        .where(ReportingUnitRegion.valid_from <= day)
        .where(sa.or_(ReportingUnitRegion.valid_to.is_(None), ReportingUnitRegion.valid_to >= day))
    )
    by_code = {code: unit_id for code, unit_id in rows}
    paths = session.execute(sa.select(Region.id, Region.path).where(Region.level == RegionLevel.VILLAGE))
    found = {}
    for region_id, path in paths:
        nearest = [by_code[code] for code in path.split("/") if code in by_code]
        if nearest:
            found[region_id] = nearest[-1]
    return found
