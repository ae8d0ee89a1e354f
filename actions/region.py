"""Take in a region tree and the functional zones that report beside the counties."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.importing import ImportResult, permitted
from actions.transaction import Caller, Transaction, transaction
from files.region_file import RegionFile, RegionRow, ZoneRow, read_regions
from files.storage import Storage
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission

SINCE_ALWAYS = date(2000, 1, 1)
"""A file of codes does not say since when a place exists; figures of past days must find it."""
KNOWN_LETTERS = {"随县": "SX", "广水市": "GS", "曾都区": "ZD"}
"""Letters inside a problem's number where the file names none; else the county's own six digits."""


def import_regions(
    caller: Caller, path: Path, name: str, *, dry_run: bool = False, skip_faulty: bool = False
) -> ImportResult:
    """Take in places (or zones) not yet known; changed names are taken too. Who: admin, office, the terminal.

    The same file twice changes nothing.
    """
    permitted(caller, Permission.IMPORT_REGIONS)
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_REGIONS)
        known = {code: level for code, level in tx.session.execute(sa.select(Region.code, Region.level))}
        found = read_regions(path, name, known, Storage.max_upload_bytes)
        faulty = len({fault.row for fault in found.faults})
        stops = bool(found.faults) and not skip_faulty
        taken, unchanged = _take(tx, found, write=not dry_run and not stops)
        if taken and not dry_run and not stops:
            tx.record(Permission.IMPORT_REGIONS.value, "region:*", taken=taken, unchanged=unchanged, faulty=faulty)
    return ImportResult(
        0 if stops else taken, unchanged, faulty, found.faults, skip_faulty=skip_faulty, good=taken
    )  # fmt: skip


def _take(tx: Transaction, found: RegionFile, *, write: bool) -> tuple[int, int]:
    regions = {r.code: r for r in tx.session.scalars(sa.select(Region))}
    taken = sum(_take_region(tx, row, regions, write=write) for row in _from_the_root(found.regions))
    taken += sum(_take_zone(tx, row, regions, write=write) for row in found.zones)
    return taken, len(found.regions) + len(found.zones) - taken


def _from_the_root(rows: tuple[RegionRow, ...]) -> list[RegionRow]:
    order = list(RegionLevel)
    return sorted(rows, key=lambda row: (order.index(row.level), row.row))


def _take_region(tx: Transaction, row: RegionRow, regions: dict[str, Region], *, write: bool) -> bool:
    region = regions.get(row.code)
    wanted = (row.name, row.short_name, row.kind or None)
    if region is not None and (region.name, region.short_name, region.kind) == wanted:
        return False
    if not write:
        return True
    if region is None:
        parent = regions.get(row.parent_code)
        region = Region(
            code=row.code, level=row.level, parent_id=parent.id if parent else None, name=row.name,
            short_name=row.short_name, kind=row.kind or None, valid_from=SINCE_ALWAYS,
            path=f"{parent.path if parent else ''}{row.code}/",
        )  # fmt: skip
        tx.session.add(region)
        tx.session.flush()
        regions[row.code] = region
        if row.level is RegionLevel.COUNTY:
            _county_reports(tx, row, region)
    region.name, region.short_name, region.kind = wanted
    return True


def _county_reports(tx: Transaction, row: RegionRow, county: Region) -> None:
    """A county reports for itself unless a zone says otherwise."""
    letters = row.abbreviation or KNOWN_LETTERS.get(row.name) or row.code[:6]
    unit = _unit(tx.session, row.code, row.name, letters)
    _report(tx, unit, county)


def _take_zone(tx: Transaction, row: ZoneRow, regions: dict[str, Region], *, write: bool) -> bool:
    town = regions[row.town_code]
    held = tx.session.scalar(
        sa.select(ReportingUnit.code)
        .join(ReportingUnitRegion, ReportingUnitRegion.reporting_unit_id == ReportingUnit.id)
        .where(ReportingUnitRegion.region_id == town.id, ReportingUnitRegion.valid_to.is_(None))
    )
    if held == row.code:
        return False
    if held is not None:
        raise Refused(f"{town.name}已经归入别的填报单位；调整归属请由系统管理员办理。")
    if write:
        _report(tx, _unit(tx.session, row.code, row.short_name, row.code), town)
    return True


def _unit(session: Session, code: str, name: str, letters: str) -> ReportingUnit:
    unit = session.scalar(sa.select(ReportingUnit).where(ReportingUnit.code == code))
    if unit is None:
        position = (session.scalar(sa.select(sa.func.max(ReportingUnit.position))) or 0) + 1
        unit = ReportingUnit(code=code, name=name, abbreviation=letters, position=position)
        session.add(unit)
        session.flush()
    return unit


def _report(tx: Transaction, unit: ReportingUnit, region: Region) -> None:
    tx.session.add(
        ReportingUnitRegion(reporting_unit_id=unit.id, region_id=region.id, valid_from=SINCE_ALWAYS)
    )
    tx.session.flush()
