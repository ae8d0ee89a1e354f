"""Before a village is merged: what stays with it, what goes to the survivor, what somebody has to see to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.household_check import CheckStatus, HouseholdCheck
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.region import Region, merge_refusal
from models.role import Permission
from models.roster import Household, HouseholdMember
from models.unit import Person, Unit
from models.user import Membership
from queries.reading import reading
from queries.region import reporting_unit_of
from queries.region_history import last_change
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class MergeOutlook:
    """What would happen, in sentences. `refusal`: why it cannot be; then the rest is empty.

    `stays`: what keeps the village it has; `goes`: what is written for the survivor; `to_do`: what people see to.
    """

    refusal: str | None
    stays: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    to_do: tuple[str, ...] = ()


def merge_outlook(viewer: Viewer, code: str, into_code: str, day: date, today: date) -> MergeOutlook:
    """Counts only, no case content. Who: admin."""
    if not viewer.may(Permission.MANAGE_REGIONS):
        return MergeOutlook("您没有“管理区划和填报单位”的权限。")
    with reading() as session:
        village, survivor = _region(session, code), _region(session, into_code)
        if village is None or survivor is None:
            return MergeOutlook("没有这个代码的村，请核对 12 位区划代码。")
        last = max((d for r in (village, survivor) if (d := last_change(session, r.id)) is not None), default=None)
        refusal = merge_refusal(village, survivor, day, today, last)
        if refusal is not None:
            return MergeOutlook(refusal)
        return MergeOutlook(
            None, tuple(_stays(session, village, day)), tuple(_goes(session, village, survivor, today)),
            tuple(_to_do(session, village, survivor)),
        )  # fmt: skip


def _region(session: Session, code: str) -> Region | None:
    return session.scalar(sa.select(Region).where(Region.code == code.strip()))


def _stays(session: Session, village: Region, day: date) -> list[str]:
    name, here = village.short_name, Issue.village_id == village.id
    all_of_them = _count(session, Issue.id, here, Issue.status != IssueStatus.DRAFT)
    unfinished = _count(session, Issue.id, here, Issue.status.in_(IssueStatus.open()))
    since = _count(session, Issue.id, here, Issue.registered_on >= day)
    lines = [
        f"已登记的 {all_of_them} 件问题（未销号 {unfinished} 件）仍列在{name}，编号、责任单位、时限不变，照常办到销号。"
        if all_of_them
        else f"{name}没有登记过问题。"
    ]
    if since:
        lines.append(f"其中 {since} 件是 {day.isoformat()} 以后登记的，不改到合并后的村。")
    lines.append(f"已封存的抽样框和抽样结果不变，抽中的照原名单入户；以后新封存的抽样框不再列{name}。")
    forms = _count(session, HouseholdCheck.id, HouseholdCheck.village_id == village.id)
    in_hand = HouseholdCheck.status != CheckStatus.SUBMITTED
    open_forms = _count(session, HouseholdCheck.id, HouseholdCheck.village_id == village.id, in_hand)
    if forms:
        lines.append(f"已有的 {forms} 份一户一表仍列在{name}，其中 {open_forms} 份没有提交，可以继续填。")
    return lines


def _goes(session: Session, village: Region, survivor: Region, today: date) -> list[str]:
    lines = [f"今后登记的问题，包括由{village.short_name}农户的一户一表登记的，都列在{survivor.short_name}。"]
    before, after = (reporting_unit_of(session, r, today) for r in (village, survivor))
    if before is not None and after is not None and before.id != after.id:
        lines.append(f"两个村的填报单位不同：今后由{before.name}改为{after.name}统计。")
    if village.parent_id != survivor.parent_id:
        lines.append(f"{survivor.short_name}在另一个镇（办），请确认没有选错。")
    lines.append("回避合并计算：本人住在其中一个村的检查人员，两个村都不能检查。")
    return lines


def _to_do(session: Session, village: Region, survivor: Region) -> list[str]:
    name, into = village.short_name, survivor.short_name
    lines = []
    homes = session.scalar(
        sa.select(sa.func.count(Household.id.distinct()))
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .where(Household.village_id == village.id, HouseholdMember.superseded_by_id.is_(None))
    )
    if homes:
        lines.append(f"名册里有 {homes} 户列在{name}。要重新封存抽样框，先把这些户改列到{into}，再导入一次名册。")
    units = _count(session, Unit.id, Unit.region_id == village.id, Unit.valid_to.is_(None))
    if units:
        lines.append(f"有 {units} 个单位设在{name}，请在“单位”里撤销或改设。")
    grants = _count(session, Membership.id, Membership.region_id == village.id, Membership.ended_at.is_(None))
    if grants:
        lines.append(f"有 {grants} 项授权只管{name}，看不到{into}的新问题，请另行授权。")
    people = _count(session, Person.id, Person.home_village_id == village.id)
    if people:
        lines.append(f"有 {people} 人登记住在{name}，不用改，回避照样有效。")
    return lines


def _count(session: Session, column: Any, *conditions: Any) -> int:
    return session.scalar(sa.select(sa.func.count(column)).where(*conditions)) or 0
