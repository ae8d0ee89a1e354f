"""Figures of the visits: villages and households of the adopted sample, people verified, towns that meet the share.

What counts as checked is said in queries.coverage. 户 is never added to 户次: a household visited twice is one.
"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.identity import Identity
from models.masking import mask_name
from models.region import Region, ReportingUnit
from models.roster import Household, HouseholdMember
from models.sample import SampledHousehold, SampledVillage
from queries.coverage import (
    Coverage,
    TownCoverage,
    VillageCoverage,
    checked_households,
    checked_people,
    drawn_villages,
    household_coverage,
    required_households,
    village_coverage,
)
from queries.figure import Definition, Rows, Slice, percent
from queries.standing import Ask

Ids = Callable[[Ask], sa.Select[Any]]
DRAWN = "drawn_villages"
"""Under this name a question keeps its drawn villages."""


def villages_of(ask: Ask) -> Coverage:
    """Villages of the frame by town, in the asked place."""
    return ask.once(
        "village_coverage",
        lambda: village_coverage(ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place, drawn_of(ask)),
    )


def households_of(ask: Ask) -> Coverage:
    """Households of the drawn villages by town, in the asked place."""
    return ask.once(
        "household_coverage",
        lambda: household_coverage(ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place, drawn_of(ask)),
    )


# --- villages -------------------------------------------------------------------------------------------------------


def drawn_of(ask: Ask) -> Sequence[VillageCoverage]:
    """Drawn villages in the asked place."""
    return ask.once(DRAWN, lambda: drawn_villages(ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place))


def _village_rows(ask: Ask, part: Slice, checked_only: bool) -> Rows:
    listed = {v.sampled_village_id: v for v in drawn_of(ask) if v.is_checked or not checked_only}
    town, village = aliased(Region), aliased(Region)
    found = ask.session.execute(
        sa.select(SampledVillage.id, ReportingUnit.name, town.short_name, SampledVillage.kind)
        .join(ReportingUnit, ReportingUnit.id == SampledVillage.reporting_unit_id)
        .join(town, town.id == SampledVillage.town_id)
        .join(village, village.id == SampledVillage.region_id)
        .where(SampledVillage.id.in_(list(listed)))
        .order_by(ReportingUnit.position, village.code)
        .offset(part.offset)
        .limit(part.limit)
    )
    headers = ("填报单位", "镇（办）", "村（居）", "抽取方式", "应查户", "已查户", "缺口（户）", "是否已查")
    return Rows(headers, [_village_cells(listed[i], *named) for i, *named in found], len(listed))


def _village_cells(v: VillageCoverage, unit: str, town: str, kind: Any) -> tuple[Any, ...]:
    h = v.households
    return (unit, town, v.village, kind.label, h.required, h.done, h.missing, "已查" if v.is_checked else "未查")


# --- households and people ------------------------------------------------------------------------------------------


def _household_rows(ids: Ids, ask: Ask, part: Slice) -> Rows:
    town, village = aliased(Region), aliased(Region)
    asked = (
        sa.select(
            ReportingUnit.name,
            town.short_name,
            village.short_name,
            Household.number,
            Household.id,
            SampledHousehold.kind,
        )
        .select_from(SampledHousehold)
        .join(Household, Household.id == SampledHousehold.household_id)
        .join(ReportingUnit, ReportingUnit.id == Household.reporting_unit_id)
        .join(town, town.id == Household.town_id)
        .join(village, village.id == Household.village_id)
        .where(SampledHousehold.id.in_(ids(ask)))
        .order_by(ReportingUnit.position, Household.code)
    )
    found = ask.session.execute(asked.offset(part.offset).limit(part.limit)).all()
    heads = _heads(ask, [row[4] for row in found])
    headers = ("填报单位", "镇（办）", "村（居）", "户编号", "户主", "代号", "抽取方式")
    cells = [(*row[:4], *heads.get(row[4], ("—", "—")), row[5].label) for row in found]
    return Rows(headers, cells, _size(ids, ask))


def _heads(ask: Ask, household_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Masked name and pseudonym of each household's head: whoever is marked so, else the first written."""
    rows = ask.session.execute(
        sa.select(HouseholdMember.household_id, Identity.name, HouseholdMember.pseudonym)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.household_id.in_(household_ids), HouseholdMember.superseded_by_id.is_(None))
        .order_by(HouseholdMember.is_head, HouseholdMember.position.desc())
    )
    return {household: (_masked(name), pseudonym) for household, name, pseudonym in rows}


def _people_rows(ask: Ask, part: Slice) -> Rows:
    town, village = aliased(Region), aliased(Region)
    found = ask.session.execute(
        sa.select(
            ReportingUnit.name, town.short_name, village.short_name, Household.number, Identity.name,
            HouseholdMember.pseudonym, HouseholdMember.relation,
        )
        .select_from(HouseholdMember)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(ReportingUnit, ReportingUnit.id == Household.reporting_unit_id)
        .join(town, town.id == Household.town_id)
        .join(village, village.id == Household.village_id)
        .where(HouseholdMember.id.in_(_people(ask)))
        .order_by(ReportingUnit.position, Household.code, HouseholdMember.position, HouseholdMember.id)
        .offset(part.offset)
        .limit(part.limit)
    ).all()  # fmt: skip
    headers = ("填报单位", "镇（办）", "村（居）", "户编号", "姓名", "代号", "与户主关系")
    return Rows(headers, [(*r[:4], _masked(r[4]), *r[5:]) for r in found], _size(_people, ask))


def _masked(name: str | None) -> str:
    return mask_name(name) if name else "—"


def _required(ask: Ask) -> sa.Select[Any]:
    return required_households(ask.session, ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place)


def checked(ask: Ask) -> sa.Select[Any]:
    """Ids of `sampled_household` with a finished visit."""
    return checked_households(ask.session, ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place)


def _people(ask: Ask) -> sa.Select[Any]:
    return checked_people(ask.session, ask.viewer, ask.campaign_id, ask.as_of, ask.spot.place)


def _size(ids: Ids, ask: Ask) -> int:
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(ids(ask).subquery())) or 0)


def of_households(label: str, definition: str, ids: Ids) -> Definition:
    """A figure that counts drawn households."""
    return Definition(
        label, "户", definition, lambda ask: _size(ids, ask), lambda ask, part: _household_rows(ids, ask, part)
    )


# --- towns ----------------------------------------------------------------------------------------------------------


def _town_rows(coverage: Callable[[Ask], Coverage], unit: str, ask: Ask, part: Slice, met_only: bool = False) -> Rows:
    towns = [town for town in coverage(ask).towns if town.gap.meets_floor or not met_only]
    whole = "村（居）总数" if unit == "村" else "抽中村总户数"
    headers = (
        "填报单位",
        "镇（办）",
        whole,
        f"底线（{unit}）",
        f"应查（{unit}）",
        f"已查（{unit}）",
        "已查占比",
        "是否达标",
    )
    return Rows(headers, [_town_cells(town) for town in part.of(towns)], len(towns))


def _town_cells(town: TownCoverage) -> tuple[Any, ...]:
    g = town.gap
    share = percent(g.done, g.total)
    return (
        town.reporting_unit, town.town, g.total, g.floor, g.required, g.done, "—" if share is None else f"{share}%",
        "达标" if g.meets_floor else "未达标",
    )  # fmt: skip


def _meeting(coverage: Callable[[Ask], Coverage], unit: str, label: str, definition: str) -> Definition:
    return Definition(
        label, "个", definition, lambda ask: coverage(ask).towns_meeting,
        lambda ask, part: _town_rows(coverage, unit, ask, part, met_only=True),
    )  # fmt: skip


def _rate(coverage: Callable[[Ask], Coverage], unit: str, label: str, definition: str) -> Definition:
    def count(ask: Ask) -> float | None:
        overall = coverage(ask).overall
        return percent(overall.done, overall.total)

    return Definition(label, "%", definition, count, lambda ask, part: _town_rows(coverage, unit, ask, part))


COVERAGE_FIGURES: dict[str, Definition] = {
    "villages_required": Definition(
        "应查村数", "村", "采用的样本中的村，含必查村和登记在案的替补，被替换的不计。",
        lambda ask: len(drawn_of(ask)), lambda ask, part: _village_rows(ask, part, checked_only=False),
    ),
    "villages_checked": Definition(
        "已查村数", "村", "应查村中，已查户数达到该村底线（至少一户）的村。",
        lambda ask: sum(v.is_checked for v in drawn_of(ask)),
        lambda ask, part: _village_rows(ask, part, checked_only=True),
    ),
    "households_required": of_households(
        "应查户数", "应查村里抽中的户，含必查户和登记在案的替补，被替换的不计。", _required
    ),
    "households_checked": of_households(
        "已查户数", "应查户中，重点检查的一户一表已提交、入户见面或电话核实的户；一户只计一次。", checked
    ),
    "people_checked": Definition(
        "已核实人数", "人", "已查户中，至少有一项补贴得出结论（“未核实”不算）的人。",
        lambda ask: _size(_people, ask), _people_rows,
    ),
    "village_coverage_rate": _rate(
        villages_of, "村", "村覆盖率（总体）", "已查村数 ÷ 抽样框内的村（居）总数，截到一位小数、不进位。"
    ),
    "household_coverage_rate": _rate(
        households_of, "户", "户覆盖率（总体）", "已查户数 ÷ 抽中村在抽样框内的总户数，截到一位小数、不进位。"
    ),
    "towns_total": Definition(
        "抽样框内镇（办）数", "个", "采用的样本所据抽样框里的镇（办）。",
        lambda ask: len(villages_of(ask).towns), lambda ask, part: _town_rows(villages_of, "村", ask, part),
    ),
    "towns_meeting_floor": _meeting(
        villages_of, "村", "村覆盖逐镇达标数", "已查村数达到本镇底线的镇（办）；逐镇计算，与总体达标是两个数。"
    ),
    "towns_meeting_household_floor": _meeting(
        households_of, "户", "户覆盖逐镇达标数", "已查户数达到本镇各抽中村底线之和的镇（办）；逐镇计算。"
    ),
}  # fmt: skip
