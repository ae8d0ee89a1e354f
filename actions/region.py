"""Take in a region tree and the functional zones that report beside the counties."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from actions.importing import ImportResult, permitted
from actions.region_change import rename
from actions.transaction import Caller, Transaction, transaction
from files.region_file import KnownRegion, RegionFile, RegionRow, ZoneRow, read_regions
from files.storage import Storage
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission
from models.roster import Household
from models.row_fault import RowFault
from queries.reading import reading
from queries.viewer import Viewer

SINCE_ALWAYS = date(2000, 1, 1)
"""A file of codes does not say since when a place exists; figures of past days must find it."""
KNOWN_LETTERS = {"随县": "SX", "广水市": "GS", "曾都区": "ZD"}
"""Letters inside a problem's number where the file names none; else the county's own six digits."""


def import_regions(
    caller: Caller, path: Path, name: str, *, dry_run: bool = False, skip_faulty: bool = False
) -> ImportResult:
    """Take in places (or zones) not yet known; changed names are taken too. Who: admin, office, the terminal.

    Only who holds all regions. The same file twice changes nothing. A file never changes level, parent or
    reporting unit of a known place.
    """
    _of_the_whole_tree(permitted(caller, Permission.IMPORT_REGIONS))
    if dry_run:
        with reading() as session:
            return _Tree(session, path, name).answer(skip_faulty)
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_REGIONS)
        _of_the_whole_tree(tx.viewer)
        tree = _Tree(tx.session, path, name)
        result = tree.answer(skip_faulty)
        if result.taken:
            tree.write(tx)
            tx.record(
                Permission.IMPORT_REGIONS.value, "region:*", taken=result.taken, unchanged=result.unchanged,
                faulty=result.faulty,
            )  # fmt: skip
    return result


def _of_the_whole_tree(viewer: Viewer) -> None:
    if not viewer.is_everywhere(Permission.IMPORT_REGIONS):
        raise Refused("区划由管辖全部区域的办公室或系统管理员统一导入，您的权限只在部分区域。")


class _Tree:
    """The file beside the tree: what is new, what has another name, what cannot be."""

    def __init__(self, session: Session, path: Path, name: str) -> None:
        self.session = session
        self.regions = {r.code: r for r in session.scalars(sa.select(Region))}
        found = read_regions(path, name, _known(session), Storage.max_upload_bytes)
        self.found = _sifted(
            found, [*self._zones_that_cannot_be(found), *self._letters_taken(found), *self._merged(found)]
        )
        self.new_regions = [row for row in self.found.regions if self._says_something_new(row)]
        self.new_zones = [row for row in self.found.zones if self._held_by(row) is None]

    def answer(self, skip_faulty: bool) -> ImportResult:
        good = len(self.new_regions) + len(self.new_zones)
        faults = self.found.faults
        return ImportResult(
            taken=0 if faults and not skip_faulty else good,
            unchanged=len(self.found.regions) + len(self.found.zones) - good,
            faulty=len({fault.row for fault in faults}),
            faults=faults,
            skip_faulty=skip_faulty,
            good=good,
        )

    def write(self, tx: Transaction) -> None:
        order = list(RegionLevel)
        for row in sorted(self.new_regions, key=lambda row: (order.index(row.level), row.row)):
            self._write_region(row, tx)
        for zone in self.new_zones:
            self._report(self._unit(zone.code, zone.short_name, zone.code), self.regions[zone.town_code])

    def _says_something_new(self, row: RegionRow) -> bool:
        region = self.regions.get(row.code)
        if region is None:
            return True
        return (region.name, region.short_name, region.kind) != (row.name, row.short_name, row.kind or None)

    def _held_by(self, row: ZoneRow) -> str | None:
        return self.session.scalar(
            sa.select(ReportingUnit.code)
            .join(ReportingUnitRegion, ReportingUnitRegion.reporting_unit_id == ReportingUnit.id)
            .where(
                ReportingUnitRegion.region_id == self.regions[row.town_code].id, ReportingUnitRegion.valid_to.is_(None)
            )
        )

    def _zones_that_cannot_be(self, found: RegionFile) -> Iterator[RowFault]:
        """A town counts for one unit; households already written count for the one they were written under."""
        for row in found.zones:
            held, town = self._held_by(row), self.regions[row.town_code]
            if held is not None and held != row.code:
                message = f"{town.name}已归入另一个功能区，归属不能随导入更改。"
                yield found.fault(row.row, "member_town_code", row.town_code, message)
            elif held is None and self._has_households(town):
                message = f"{town.name}已导入名册，归属不能再随导入更改：已登记的户按原填报单位统计。"
                yield found.fault(row.row, "member_town_code", row.town_code, message)

    def _merged(self, found: RegionFile) -> Iterator[RowFault]:
        """A list of codes of another year still names villages merged since: as it was is no news, a new name is."""
        for row in found.regions:
            region = self.regions.get(row.code)
            if region is not None and region.valid_to is not None and self._says_something_new(row):
                message = (
                    f"{region.short_name}已于 {region.valid_to.isoformat()} 止撤并，不能随导入更名，请删去这一行。"
                )
                yield found.fault(row.row, "name_zh", row.name, message)

    def _has_households(self, town: Region) -> bool:
        return self.session.scalar(sa.select(Household.id).where(Household.town_id == town.id).limit(1)) is not None

    def _letters_taken(self, found: RegionFile) -> Iterator[RowFault]:
        """Letters stand inside a problem's number: no two units have the same."""
        held = {
            letters: code
            for letters, code in self.session.execute(sa.select(ReportingUnit.abbreviation, ReportingUnit.code))
        }
        units = [
            *((row.row, "abbreviation", row.code, _letters(row)) for row in found.regions if _is_new_county(row, self)),
            *((row.row, "zone_id", row.code, row.code) for row in found.zones),
        ]
        for number, column, code, letters in units:
            if held.setdefault(letters, code) != code:
                message = f"编号字母 {letters} 已被另一个填报单位使用，请另定字母。"
                yield found.fault(number, column, letters, message)

    def _write_region(self, row: RegionRow, tx: Transaction) -> None:
        region = self.regions.get(row.code)
        if region is not None:
            rename(tx, region, (row.name, row.short_name, row.kind or None), tx.today, "导入区划")
            return
        parent = self.regions.get(row.parent_code)
        region = Region(
            code=row.code, level=row.level, parent_id=parent.id if parent else None, name=row.name,
            short_name=row.short_name, kind=row.kind or None, valid_from=SINCE_ALWAYS,
            path=f"{parent.path if parent else ''}{row.code}/",
        )  # fmt: skip
        self.session.add(region)
        self.session.flush()
        self.regions[row.code] = region
        if row.level is RegionLevel.COUNTY:
            # A county reports for itself; of its towns, those of a zone report with the zone.
            self._report(self._unit(row.code, row.name, _letters(row)), region)

    def _unit(self, code: str, name: str, letters: str) -> ReportingUnit:
        unit = self.session.scalar(sa.select(ReportingUnit).where(ReportingUnit.code == code))
        if unit is None:
            position = (self.session.scalar(sa.select(sa.func.max(ReportingUnit.position))) or 0) + 1
            unit = ReportingUnit(code=code, name=name, abbreviation=letters, position=position)
            self.session.add(unit)
            self.session.flush()
        return unit

    def _report(self, unit: ReportingUnit, region: Region) -> None:
        self.session.add(ReportingUnitRegion(reporting_unit_id=unit.id, region_id=region.id, valid_from=SINCE_ALWAYS))
        self.session.flush()


def _known(session: Session) -> dict[str, KnownRegion]:
    parent = aliased(Region)
    rows = session.execute(
        sa.select(Region.code, Region.level, parent.code).outerjoin(parent, parent.id == Region.parent_id)
    )
    return {code: KnownRegion(level, above or "") for code, level, above in rows}


def _sifted(found: RegionFile, faults: list[RowFault]) -> RegionFile:
    """The file without the rows of these faults. A county that cannot be takes what lies below it along."""
    if not faults:
        return found
    wrong = {fault.row for fault in faults}
    left_out = {row.code for row in found.regions if row.row in wrong}
    parents = {row.code: row.parent_code for row in found.regions}
    below = [row for row in found.regions if row.row not in wrong and left_out.intersection(_above(row, parents))]
    faults += [
        found.fault(r.row, "parent_code", r.parent_code, "上级所在的行有误，改正那一行后再导入。") for r in below
    ]
    wrong |= {row.row for row in below}
    return replace(
        found,
        regions=tuple(row for row in found.regions if row.row not in wrong),
        zones=tuple(row for row in found.zones if row.row not in wrong),
        faults=(*found.faults, *faults),
    )


def _above(row: RegionRow, parents: Mapping[str, str]) -> list[str]:
    """Parent, grandparent, and the city: no tree is higher."""
    above = [row.parent_code]
    for _ in RegionLevel:
        above.append(parents.get(above[-1], ""))
    return above


def _is_new_county(row: RegionRow, tree: _Tree) -> bool:
    return row.level is RegionLevel.COUNTY and row.code not in tree.regions


def _letters(row: RegionRow) -> str:
    return row.abbreviation or KNOWN_LETTERS.get(row.name) or row.code[:6]
