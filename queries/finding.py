"""Before a problem is raised: where the person may raise one, and from what source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_word import IssueSource
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission, Role
from models.unit import Unit
from queries.reading import reading
from queries.viewer import Grant, Place, Viewer


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A town or village to choose; `name` begins with the reporting unit whose number it will get."""

    id: int
    name: str
    is_town: bool
    reporting_unit_id: int


def sources_for(viewer: Viewer) -> tuple[IssueSource, ...]:
    """What the person may give as 检查方式: a unit only what it found itself."""
    roles = {grant.role for grant in viewer.grants_with(Permission.RAISE)}
    if roles == {Role.UNIT}:
        return (IssueSource.SELF_CHECK,)
    if roles == {Role.INSPECTOR}:
        return (IssueSource.INSPECTION, IssueSource.SUPERVISION, IssueSource.COVERT)
    return tuple(source for source in IssueSource if Role.OFFICE in roles or not source.comes_by_document)


def places_for(viewer: Viewer, day: date) -> tuple[PlaceRow, ...]:
    """Towns and villages where the person may raise a problem, by code; the own village is left out (回避)."""
    with reading() as session:
        units = _unit_of_region(session, day)
        covered = [p for g in viewer.grants_with(Permission.RAISE) for p in _places(session, g)]
        regions = list(
            session.scalars(
                sa.select(Region)
                .where(Region.level.in_([RegionLevel.TOWN, RegionLevel.VILLAGE]), Region.valid_from <= day)
                .where(sa.or_(Region.valid_to.is_(None), Region.valid_to >= day))
                .order_by(Region.code)
            )
        )
    names = {r.id: r.short_name for r in regions}
    rows = []
    for region in regions:
        unit = _nearest(region, units)
        if unit is None or region.id in viewer.home_villages or not _is_covered(region, unit[0], covered):
            continue
        town = region.level is RegionLevel.TOWN
        path = (unit[1], region.short_name) if town else (unit[1], names.get(region.parent_id or 0), region.short_name)
        rows.append(PlaceRow(region.id, " ".join(p for p in path if p), town, unit[0]))
    return tuple(rows)


def _places(session: Session, grant: Grant) -> tuple[Place, ...]:
    """A unit finds something itself in its own town or village, or anywhere in its reporting unit for a department."""
    if grant.role is not Role.UNIT:
        return grant.places
    unit = session.get_one(Unit, grant.unit_id)
    region = session.get(Region, unit.region_id) if unit.region_id else None
    local = region is not None and region.level in (RegionLevel.TOWN, RegionLevel.VILLAGE)
    return (Place(unit.reporting_unit_id, unit.region_id if local else None),)


def _is_covered(region: Region, reporting_unit_id: int, places: Iterable[Place]) -> bool:
    own = (None, region.id, region.parent_id if region.level is RegionLevel.VILLAGE else region.id)
    return any(p.reporting_unit_id in (None, reporting_unit_id) and p.region_id in own for p in places)


def _unit_of_region(session: Session, day: date) -> dict[str, tuple[int, str]]:
    """Region code → the reporting unit that row names."""
    rows = session.execute(
        sa.select(Region.code, ReportingUnit.id, ReportingUnit.name)
        .join(ReportingUnitRegion, ReportingUnitRegion.region_id == Region.id)
        .join(ReportingUnit, ReportingUnit.id == ReportingUnitRegion.reporting_unit_id)
        .where(ReportingUnitRegion.valid_from <= day)
        .where(sa.or_(ReportingUnitRegion.valid_to.is_(None), ReportingUnitRegion.valid_to >= day))
    )
    return {code: (unit_id, name) for code, unit_id, name in rows}


def _nearest(region: Region, units: dict[str, tuple[int, str]]) -> tuple[int, str] | None:
    """The nearest ancestor's row wins."""
    for code in reversed([c for c in region.path.split("/") if c]):
        if code in units:
            return units[code]
    return None
