"""Reporting units 填报单位: zones beside the counties, and which town or village counts for which, by day."""

import re
from datetime import date, timedelta

import sqlalchemy as sa

from actions.grant import region_coded, reporting_unit_coded
from actions.issue_step import required_text
from actions.region_change import REASON, letters_free, next_position, write_change
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, CampaignState
from models.refusal import Refused
from models.region import Region, RegionChange, RegionLevel, ReportingUnit, ReportingUnitRegion
from models.role import Permission
from models.roster import Household
from queries.region import reporting_unit_of

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
RUNNING = (CampaignState.PREPARING, CampaignState.OPEN)


def create_reporting_unit(caller: Caller, code: str, name: str, letters: str = "") -> int:
    """Write a functional zone down that reports beside the counties; its id. Who: admin, terminal.

    `code`: its own letters such as ZGX, for grants and figures; `letters` stand inside a problem's number, the code
    where none are given. Counties come with their place. Refused: a code, name or letters taken.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_REGIONS)
        code, name = code.strip().upper(), required_text(name, "填报单位名称", most=60)
        if not _CODE.fullmatch(code):
            raise Refused("功能区代号用字母开头，2 到 8 位字母或数字，例如 ZGX。县（市、区）随区划增设，不用在这里建。")
        taken = sa.or_(ReportingUnit.code == code, ReportingUnit.name == name)
        if tx.session.scalar(sa.select(ReportingUnit.id).where(taken)) is not None:
            raise Refused(f"已有代号 {code} 或名称“{name}”的填报单位，没有重复登记。")
        unit = ReportingUnit(
            code=code, name=name, abbreviation=letters_free(tx, letters or code), position=next_position(tx)
        )
        tx.session.add(unit)
        tx.session.flush()
        tx.record("reporting_unit.create", f"reporting_unit:{unit.id}", code=code)
    return unit.id


def count_for(caller: Caller, region_code: str, unit_code: str, since: date, reason: str) -> None:
    """Let a town or village count for another reporting unit from a day on. Who: admin, terminal.

    Past days keep their unit: the day is today or later, unless the place counted for nobody yet. Refused while a
    campaign under way has households there: its figures do not change hands in the middle.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_REGIONS)
        region, unit = region_coded(tx, region_code), _unit(tx, unit_code)
        if region.level not in (RegionLevel.TOWN, RegionLevel.VILLAGE) or region.valid_to is not None:
            raise Refused("只有现有的镇（办）、村（居）可以改归填报单位；县随它自己填报。")
        before = reporting_unit_of(tx.session, region, since)
        if before is not None and before.id == unit.id:
            raise Refused(f"{region.short_name}自 {since.isoformat()} 起已归{unit.name}，没有需要更改的。")
        if before is not None and since < tx.today:
            raise Refused("改归的日期须是今天或以后：以前各日的统计不变。")
        _refuse_in_the_middle(tx, region)
        _close(tx, region, since)
        tx.session.add(ReportingUnitRegion(reporting_unit_id=unit.id, region_id=region.id, valid_from=since))
        reason = required_text(reason, "依据", least=2, most=REASON)
        write_change(tx, region, RegionChange.REPORTS, since, reason, reporting_unit_id=unit.id)
        tx.record("reporting_unit.count_for", f"region:{region.id}", unit=unit.code, day=since.isoformat())


def _unit(tx: Transaction, code: str) -> ReportingUnit:
    found = reporting_unit_coded(tx, code)
    if found is None:
        raise Refused(f"没有编号为“{code.strip()}”的填报单位。")
    return found


def _refuse_in_the_middle(tx: Transaction, region: Region) -> None:
    found = tx.session.execute(
        sa.select(Campaign.name, sa.func.count(Household.id))
        .join(Household, Household.campaign_id == Campaign.id)
        .where(Campaign.state.in_(RUNNING), sa.or_(Household.town_id == region.id, Household.village_id == region.id))
        .group_by(Campaign.name)
    ).first()
    if found is not None:
        raise Refused(
            f"“{found[0]}”正在进行，{region.short_name}已有 {found[1]} 户按原填报单位登记，中途不能改归。"
            "请在这项专项治理收尾以后再改。"
        )


def _close(tx: Transaction, region: Region, since: date) -> None:
    """The place's own row that holds on the day ends the day before; one that has not begun is refused."""
    for row in tx.session.scalars(
        sa.select(ReportingUnitRegion).where(
            ReportingUnitRegion.region_id == region.id,
            sa.or_(ReportingUnitRegion.valid_to.is_(None), ReportingUnitRegion.valid_to >= since),
        )
    ):
        if row.valid_from >= since:
            raise Refused(f"{region.short_name}自 {row.valid_from.isoformat()} 起的归属已经登记，请选更晚的日期。")
        row.valid_to = since - timedelta(days=1)
