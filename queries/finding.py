"""Before a problem is raised: where the person may raise one, from what source, what a household form says already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import SubsidyItem
from models.household_check import CheckLayer, CheckLine, HouseholdCheck, Verdict
from models.identity import Identity
from models.issue import IssueSource
from models.local_time import day_text
from models.masking import mask_name
from models.money import yuan
from models.refusal import NotFoundOrNotYours
from models.region import Region, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission, Role
from models.roster import HouseholdMember
from models.unit import Unit
from queries.reading import reading
from queries.scope import check_visible
from queries.viewer import Grant, Place, Viewer


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A town or village to choose; `name` begins with the reporting unit whose number it will get."""

    id: int
    name: str
    is_town: bool


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A problem as a household form suggests it. Amounts in 分; the name masked, the pseudonym tells people apart."""

    check_line_id: int
    type_code: str | None
    title: str
    facts: str
    region_id: int
    source: IssueSource
    found_on: date | None
    item_code: str
    period: str
    amount_cents: int
    to_recover_cents: int
    to_pay_cents: int
    households: int = 1
    persons: int = 1


_SOURCES = {
    CheckLayer.SELF_CHECK: IssueSource.SELF_CHECK,
    CheckLayer.INSPECTION: IssueSource.INSPECTION,
    CheckLayer.SUPERVISION: IssueSource.SUPERVISION,
    CheckLayer.COVERT: IssueSource.COVERT,
}


def sources_for(viewer: Viewer) -> tuple[IssueSource, ...]:
    """What the person may give as 检查方式: a unit only what it found itself."""
    roles = {grant.role for grant in viewer.grants_with(Permission.RAISE)}
    if roles == {Role.UNIT}:
        return (IssueSource.SELF_CHECK,)
    if roles == {Role.INSPECTOR}:
        return (IssueSource.INSPECTION, IssueSource.SUPERVISION, IssueSource.COVERT)
    return tuple(IssueSource)


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
        if unit is None or region.id == viewer.home_village_id or not _is_covered(region, unit[0], covered):
            continue
        town = region.level is RegionLevel.TOWN
        path = (unit[1], region.short_name) if town else (unit[1], names.get(region.parent_id or 0), region.short_name)
        rows.append(PlaceRow(region.id, " ".join(p for p in path if p), town))
    return tuple(rows)


def finding_from_line(viewer: Viewer, line_id: int) -> FindingDraft:
    """Draft a problem from one line of a submitted household form. Raises NotFoundOrNotYours."""
    with reading() as session:
        row = session.execute(
            sa.select(
                CheckLine, HouseholdCheck, HouseholdMember.pseudonym, Identity.name, SubsidyItem.name, Region.short_name
            )
            .join(HouseholdCheck, HouseholdCheck.id == CheckLine.check_id)
            .join(HouseholdMember, HouseholdMember.id == CheckLine.member_id)
            .join(Identity, Identity.id == HouseholdMember.identity_id)
            .join(SubsidyItem, SubsidyItem.code == CheckLine.item_code)
            .join(Region, Region.id == HouseholdCheck.village_id)
            .where(CheckLine.id == line_id, check_visible(viewer, Permission.SEE_CHECKS))
        ).first()
    if row is None:
        raise NotFoundOrNotYours("一户一表")
    line, check, pseudonym, name, item, village = row
    recover, pay = _directions(line)
    what = f"{line.year}年度{item}"
    return FindingDraft(
        line.id, _type(line), f"{village}1户{what}{_short(line, recover, pay)}",
        _facts(line, check, f"{village}{mask_name(name or '')}（编号{pseudonym}）", what), check.village_id,
        _SOURCES[check.layer], check.visited_on, line.item_code, str(line.year), max(recover, pay), recover, pay,
    )  # fmt: skip


def _directions(line: CheckLine) -> tuple[int, int]:
    """分 to recover and 分 to pay, as the verdict says."""
    if line.verdict is Verdict.NOT_ENTITLED:
        return line.received_cents, 0
    if line.verdict in (Verdict.WRONG_AMOUNT, Verdict.NOT_RECEIVED, Verdict.ENTITLED_BUT_MISSING):
        got = 0 if line.verdict is Verdict.NOT_RECEIVED else line.received_cents
        return max(0, got - line.listed_cents), max(0, line.listed_cents - got)
    return 0, 0


def _type(line: CheckLine) -> str | None:
    """Paid above the register is P103, not the P102 a wrong amount usually is."""
    if line.verdict is Verdict.WRONG_AMOUNT and line.received_cents > line.listed_cents:
        return "P103"
    return line.verdict.suggested_type


def _short(line: CheckLine, recover: int, pay: int) -> str:
    if line.verdict is Verdict.NOT_ENTITLED:
        return "不符合条件领取"
    if pay:
        return f"少发{yuan(pay)}元"
    return f"多发{yuan(recover)}元" if recover else line.verdict.label


def _facts(line: CheckLine, check: HouseholdCheck, who: str, what: str) -> str:
    visited = f"{day_text(check.visited_on)}入户核对：" if check.visited_on else "入户核对："
    said = f"，本人自述收到 {yuan(line.said_cents)} 元" if line.said_cents is not None else ""
    note = f"{line.note.strip().rstrip('。')}。" if line.note and line.note.strip() else ""
    return (
        f"{visited}{who}{what}，清册应发 {yuan(line.listed_cents)} 元，到账 {yuan(line.received_cents)} 元{said}，"
        f"核实为“{line.verdict.label}”。{note}"
    )


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
