"""共性问题: group problems under one cause and one remedy, let them come and go, say that the remedy is done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from actions.batch import not_to_come
from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.campaign_work import CampaignWork
from models.common_problem import LEAST_MEMBERS, CommonMember, CommonProblem
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.local_time import day_text
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from models.unit import Unit
from queries.common_problem import members_as_of, members_by
from queries.scope import issue_visible


@dataclass(frozen=True, slots=True)
class CommonPlan:
    """What a common problem says: its name, the cause, what is mended for all, by whom, until when."""

    title: str
    cause: str
    remedy: str
    owner_unit_id: int
    deadline: date


def make_common_problem(caller: Caller, campaign_id: int, plan: CommonPlan, issue_ids: Collection[int]) -> int:
    """Group problems of one campaign; returns the number. Who: office; of two counties, the office of all regions.

    Refused: fewer than two problems, one that stands under another, a deadline in the past, a unit of another county.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_COMMON)
        working_campaign(tx, campaign_id, CampaignWork.HANDLE)
        issues = _groupable(tx, campaign_id, issue_ids)
        if len(issues) < LEAST_MEMBERS:
            raise Refused(f"至少要 {LEAST_MEMBERS} 件问题才成共性问题。")
        _one_county_or_all(tx, issues)
        last = tx.session.scalar(
            sa.select(sa.func.max(CommonProblem.number)).where(CommonProblem.campaign_id == campaign_id)
        )
        number = (last or 0) + 1
        facts = _facts(tx, plan, issues)
        if plan.deadline < tx.today:
            raise Refused(f"完成时限 {day_text(plan.deadline)}已经过去，请选今天或以后。")
        tx.session.add(CommonProblem(campaign_id=campaign_id, number=number, version=1, **facts, **_by(tx)))
        _move(tx, campaign_id, number, issues, True, None)
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number, rows=len(issues))
    return number


def edit_common_problem(
    caller: Caller, campaign_id: int, number: int, plan: CommonPlan, reason: str, version: int | None = None
) -> None:  # fmt: skip
    """Change what it says; the earlier version stays readable. Who: office that may open all its problems.

    Refused: nothing changed, no reason, a new deadline in the past, a remedy that is done.
    """
    with transaction(caller) as tx:
        old, issues = _found(tx, campaign_id, number, version)
        _refuse_done(old)
        facts = _facts(tx, plan, issues)
        if plan.deadline != old.deadline and plan.deadline < tx.today:
            raise Refused(f"完成时限 {day_text(plan.deadline)}已经过去，请选今天或以后。")
        if all(getattr(old, name) == value for name, value in facts.items()):
            raise Refused("内容与已记录的相同，没有需要保存的。")
        why = required_text(reason, "修改的理由", least=2, most=500)
        tx.session.add(_again(tx, old, **facts, reason=why))
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number)


def add_problems(caller: Caller, campaign_id: int, number: int, issue_ids: Collection[int], reason: str = "") -> None:
    """Let further problems come under it. Who: as for editing. Refused: none given, one that stands under another."""
    with transaction(caller) as tx:
        _, issues = _found(tx, campaign_id, number, None)
        more = _groupable(tx, campaign_id, issue_ids)
        if not more:
            raise Refused("请选择要列入的问题。")
        _one_county_or_all(tx, (*issues, *more))
        _move(tx, campaign_id, number, more, True, reason.strip() or None)
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number, rows=len(more))


def remove_problem(caller: Caller, campaign_id: int, number: int, issue_id: int, reason: str) -> None:
    """Let a problem leave it; that it stood there stays readable. Who: as for editing.

    Refused: no reason, a problem that is not under it, the last but one: what is met once is not common.
    """
    with transaction(caller) as tx:
        _, issues = _found(tx, campaign_id, number, None)
        leaving = [issue for issue in issues if issue.id == issue_id]
        if not leaving:
            raise NotFoundOrNotYours("问题")
        if len(issues) <= LEAST_MEMBERS:
            raise Refused(f"移出后只剩 {len(issues) - 1} 件，不成共性问题。请先列入别的问题。")
        why = required_text(reason, "移出的理由", least=2, most=500)
        _move(tx, campaign_id, number, leaving, False, why)
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number, rows=-1)


def finish_common_problem(
    caller: Caller, campaign_id: int, number: int, done_on: date, document_number: str, note: str,
    version: int | None = None,
) -> None:  # fmt: skip
    """Say that the remedy is done, by which document. Who: as for editing. Refused: a day to come, one done already."""
    with transaction(caller) as tx:
        old, _ = _found(tx, campaign_id, number, version)
        _refuse_done(old)
        not_to_come(done_on, tx.today, "完成")
        document = required_text(document_number, "文号", least=2, most=60)
        why = required_text(note, "完成情况", least=2, most=500)
        tx.session.add(_again(tx, old, done_on=done_on, document_number=document, reason=why))
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number, done_on=done_on.isoformat())


def take_back_finish(caller: Caller, campaign_id: int, number: int, reason: str, version: int | None = None) -> None:
    """The remedy is owed again. Who: as for editing. Refused: without a reason, and where it is not done."""
    with transaction(caller) as tx:
        old, _ = _found(tx, campaign_id, number, version)
        if old.done_on is None:
            raise Refused("整治措施还没有登记完成。")
        why = required_text(reason, "取消完成的理由", least=5, most=500)
        tx.session.add(_again(tx, old, done_on=None, document_number=None, reason=why))
        tx.record(Permission.MANAGE_COMMON.value, f"campaign:{campaign_id}", common=number, done_on=None)


def _found(
    tx: Transaction, campaign_id: int, number: int, version: int | None
) -> tuple[CommonProblem, list[Issue]]:  # fmt: skip
    """Its last version and its problems, for an office that may open all of them."""
    tx.require(Permission.MANAGE_COMMON)
    working_campaign(tx, campaign_id, CampaignWork.HANDLE)
    old = tx.session.scalars(
        sa.select(CommonProblem)
        .where(CommonProblem.campaign_id == campaign_id, CommonProblem.number == number)
        .order_by(CommonProblem.version.desc())
        .limit(1)
    ).first()
    ids = members_as_of(tx.session, campaign_id, tx.today).get(number, ())
    seen = list(tx.session.scalars(sa.select(Issue).where(Issue.id.in_(ids), issue_visible(tx.viewer))))
    if old is None or not seen:
        raise NotFoundOrNotYours("共性问题")
    if len(seen) < len(ids):
        raise Refused(f"其中 {len(ids) - len(seen)} 件不在您的权限范围内，须由覆盖全部地区的办公室办理。")
    if version is not None and old.version != version:
        raise Stale("刚才有人先改了这个共性问题。您填写的内容仍在下方，请看过最新情况再办。")
    return old, seen


def _groupable(tx: Transaction, campaign_id: int, issue_ids: Collection[int]) -> list[Issue]:
    """The problems asked for, each of this campaign, the caller's, counted, and under no common problem yet."""
    wanted = set(issue_ids)
    here = sa.and_(Issue.campaign_id == campaign_id, issue_visible(tx.viewer))
    found = list(tx.session.scalars(sa.select(Issue).where(Issue.id.in_(wanted), here).order_by(Issue.id)))
    if len(found) != len(wanted):
        raise NotFoundOrNotYours("问题")
    for issue in found:
        if issue.status not in IssueStatus.counted():
            raise Refused(f"{issue.number or '未编号的草稿'}是“{issue.status.label}”，不能列入共性问题。")
    taken = members_by(tx.today).subquery()
    other = tx.session.execute(
        sa.select(Issue.number, taken.c.number).join(taken, taken.c.issue_id == Issue.id).where(Issue.id.in_(wanted))
    ).first()
    if other is not None:
        raise Refused(f"{other[0]} 已列入共性问题 {other[1]}，一件问题只归一个原因。请先从那里移出。")
    return found


def _one_county_or_all(tx: Transaction, issues: Collection[Issue]) -> None:
    counties = {issue.reporting_unit_id for issue in issues}
    if len(counties) > 1 and not tx.viewer.is_everywhere(Permission.MANAGE_COMMON):
        raise Refused("这些问题分属几个县区，须由覆盖全部地区的办公室归为共性问题。")


def _facts(tx: Transaction, plan: CommonPlan, issues: Collection[Issue]) -> dict[str, Any]:
    """The checked words of a plan; the owner is in force, of the problems' one county or of the city."""
    unit = tx.session.get(Unit, plan.owner_unit_id)
    if unit is None or (unit.valid_to is not None and unit.valid_to < tx.today):
        raise Refused("请选择仍在运行的牵头单位。")
    counties = {issue.reporting_unit_id for issue in issues}
    if unit.reporting_unit_id is not None and {unit.reporting_unit_id} != counties:
        raise Refused(f"{unit.name}只管一个县区，这些问题不都在那里，请选市直单位。")
    return {
        "title": required_text(plan.title, "共性问题的名称", least=4, most=80),
        "cause": required_text(plan.cause, "共同原因", least=5, most=2000),
        "remedy": required_text(plan.remedy, "整治措施", least=5, most=2000),
        "owner_unit_id": unit.id, "owner_name": unit.name, "deadline": plan.deadline,
    }  # fmt: skip


def _refuse_done(old: CommonProblem) -> None:
    if old.done_on is not None:
        raise Refused("整治措施已登记完成。确需改动的，先取消完成。")


def _again(tx: Transaction, old: CommonProblem, **changed: Any) -> CommonProblem:
    """A further version."""
    kept = ("campaign_id", "number", "title", "cause", "remedy", "owner_unit_id", "owner_name", "deadline", "done_on",
            "document_number")  # fmt: skip
    values = {name: getattr(old, name) for name in kept} | changed
    return CommonProblem(version=old.version + 1, **values, **_by(tx))


def _move(
    tx: Transaction, campaign_id: int, number: int, issues: Collection[Issue], is_in: bool, reason: str | None
) -> None:  # fmt: skip
    for issue in issues:
        tx.session.add(
            CommonMember(
                campaign_id=campaign_id, number=number, issue_id=issue.id, is_in=is_in, reason=reason, **_by(tx)
            )
        )  # fmt: skip


def _by(tx: Transaction) -> dict[str, Any]:
    return {"person_id": tx.person_id, "recorded_at": tx.now}
