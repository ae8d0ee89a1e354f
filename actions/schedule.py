"""The time table and the tasks of a campaign: set, change, take out, done. Each change is a new version of a row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.local_time import day_text
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission, Role
from models.schedule import Stage, Task
from models.unit import Unit
from queries.schedule import first_day, stages_in


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a stage is: its name, first and last day, both included."""

    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """What a task is. `person_in_charge` may be left empty: then the unit owes it."""

    what: str
    unit_id: int
    due: date
    person_in_charge: str = ""


def set_stage(
    caller: Caller, campaign_id: int, plan: StagePlan, number: int | None = None, version: int | None = None
) -> int:  # fmt: skip
    """Add a stage, or change the one of that number; returns the number. Who: office of all regions.

    Refused: the last day before the first, days that cross those of another stage, an archived campaign.
    """
    with transaction(caller) as tx:
        campaign = _planned(tx, campaign_id)
        old = _stage(tx, campaign_id, number, version) if number is not None else None
        name = required_text(plan.name, "阶段名称", most=40)
        if plan.ends_on < plan.starts_on:
            raise Refused(f"“{name}”的结束日期{day_text(plan.ends_on)}早于开始日期{day_text(plan.starts_on)}。")
        _refuse_crossing(tx, campaign, plan, number)
        new = _next_number(tx, Stage, campaign_id) if old is None else old.number
        tx.session.add(
            Stage(
                campaign_id=campaign_id, number=new, version=1 if old is None else old.version + 1, name=name,
                starts_on=plan.starts_on, ends_on=plan.ends_on, is_removed=False, **_by(tx),
            )
        )  # fmt: skip
        tx.record(Permission.SET_SCHEDULE.value, f"campaign:{campaign_id}", stage=new, name=name)
    return new


def remove_stage(caller: Caller, campaign_id: int, number: int, version: int | None = None) -> None:
    """Take a stage out of the time table; what it was stays readable. Who: office of all regions."""
    with transaction(caller) as tx:
        _planned(tx, campaign_id)
        old = _stage(tx, campaign_id, number, version)
        tx.session.add(
            Stage(
                campaign_id=campaign_id, number=number, version=old.version + 1, name=old.name, starts_on=old.starts_on,
                ends_on=old.ends_on, is_removed=True, **_by(tx),
            )
        )  # fmt: skip
        tx.record(Permission.SET_SCHEDULE.value, f"campaign:{campaign_id}", stage=number, removed=old.name)


def set_task(
    caller: Caller, campaign_id: int, plan: TaskPlan, number: int | None = None, version: int | None = None
) -> int:  # fmt: skip
    """Add a task, or change the one of that number; returns the number. Who: office of all regions.

    Refused: a unit no longer in force, a day before the first stage begins, a task already done.
    """
    with transaction(caller) as tx:
        _planned(tx, campaign_id)
        old = _task(tx, campaign_id, number, version) if number is not None else None
        if old is not None and old.done_on is not None:
            raise Refused("这项任务已经办结。确需改动的，先点“取消办结”。")
        facts = _task_facts(tx, campaign_id, plan)
        new = _next_number(tx, Task, campaign_id) if old is None else old.number
        version = 1 if old is None else old.version + 1
        by = _by(tx)
        tx.session.add(Task(campaign_id=campaign_id, number=new, version=version, is_removed=False, **facts, **by))
        tx.record(Permission.SET_SCHEDULE.value, f"campaign:{campaign_id}", task=new, due=plan.due.isoformat())
    return new


def remove_task(caller: Caller, campaign_id: int, number: int, version: int | None = None) -> None:
    """Take a task out of the list; what it was stays readable. Who: office of all regions."""
    with transaction(caller) as tx:
        _planned(tx, campaign_id)
        tx.session.add(_again(tx, _task(tx, campaign_id, number, version), is_removed=True))
        tx.record(Permission.SET_SCHEDULE.value, f"campaign:{campaign_id}", task=number, removed=True)


def finish_task(
    caller: Caller, campaign_id: int, number: int, done_on: date, note: str = "", version: int | None = None
) -> None:  # fmt: skip
    """Say that a task is done, on which day and by whom. Who: the unit that owes it; the office of all regions.

    Refused: a day to come, one done already, somebody else's task.
    """
    with transaction(caller) as tx:
        tx.require(Permission.FINISH_TASK)
        working_campaign(tx, campaign_id, CampaignWork.PLAN)
        old = _task(tx, campaign_id, number, version)
        if not _owes(tx, old):
            raise NotFoundOrNotYours("任务")
        if old.done_on is not None:
            raise Refused(f"这项任务已于{day_text(old.done_on)}办结。")
        if done_on > tx.today:
            raise Refused(f"办结日期{day_text(done_on)}还没有到。")
        text = note.strip()
        if len(text) > 300:
            raise Refused(f"办结情况太长：{len(text)} 个字，最多 300 个字。")
        done = _again(tx, old, done_on=done_on, done_by=tx.viewer.actor, done_note=text or None)
        tx.session.add(done)
        tx.record(Permission.FINISH_TASK.value, f"campaign:{campaign_id}", task=number, done_on=done_on.isoformat())


def unfinish_task(caller: Caller, campaign_id: int, number: int, reason: str, version: int | None = None) -> None:
    """Take "done" back, with the reason. Who: office of all regions."""
    with transaction(caller) as tx:
        _planned(tx, campaign_id)
        old = _task(tx, campaign_id, number, version)
        if old.done_on is None:
            raise Refused("这项任务还没有办结。")
        why = required_text(reason, "取消办结的理由", least=2, most=300)
        tx.session.add(_again(tx, old, done_on=None, done_by=None, done_note=None))
        tx.record(Permission.SET_SCHEDULE.value, f"campaign:{campaign_id}", task=number, reason=why)


def _planned(tx: Transaction, campaign_id: int) -> Campaign:
    tx.require(Permission.SET_SCHEDULE)
    if not tx.viewer.is_everywhere(Permission.SET_SCHEDULE):
        raise Refused("时间表和任务书对全部地区生效，您的权限只到部分地区，不能编排。")
    return working_campaign(tx, campaign_id, CampaignWork.PLAN)


def _owes(tx: Transaction, task: Task) -> bool:
    grants = tx.viewer.grants_with(Permission.FINISH_TASK)
    return any(g.unit_id == task.unit_id if g.role is Role.UNIT else g.is_everywhere for g in grants)


def _stage(tx: Transaction, campaign_id: int, number: int, version: int | None) -> Stage:
    found = tx.session.scalars(
        sa.select(Stage).where(Stage.campaign_id == campaign_id, Stage.number == number).order_by(Stage.version.desc())
    ).first()
    if found is None:
        raise NotFoundOrNotYours("阶段")
    if found.is_removed:
        raise Stale("这个阶段刚才已被删去。您填写的内容仍在下方。")
    if version is not None and found.version != version:
        raise Stale(
            f"刚才有人先改了这个阶段，现在是“{found.name}”，{day_text(found.starts_on)}至{day_text(found.ends_on)}。"
            "您填写的内容仍在下方，核对后可以再点一次。"
        )
    return found


def _task(tx: Transaction, campaign_id: int, number: int, version: int | None) -> Task:
    found = tx.session.scalars(
        sa.select(Task).where(Task.campaign_id == campaign_id, Task.number == number).order_by(Task.version.desc())
    ).first()
    if found is None:
        raise NotFoundOrNotYours("任务")
    if found.is_removed:
        raise Stale("这项任务刚才已被删去。您填写的内容仍在下方。")
    if version is not None and found.version != version:
        raise Stale(
            f"刚才有人先改了这项任务，现在是“{found.what}”，{day_text(found.due)}前完成。"
            "您填写的内容仍在下方，核对后可以再点一次。"
        )
    return found


def _refuse_crossing(tx: Transaction, campaign: Campaign, plan: StagePlan, number: int | None) -> None:
    for other in stages_in(tx.session, campaign.id):
        if other.number != number and plan.starts_on <= other.ends_on and other.starts_on <= plan.ends_on:
            raise Refused(
                f"日期与“{other.name}”（{day_text(other.starts_on)}至{day_text(other.ends_on)}）交叉。"
                "各阶段首尾相接、不重叠，请改正日期。"
            )


def _task_facts(tx: Transaction, campaign_id: int, plan: TaskPlan) -> dict[str, Any]:
    what = required_text(plan.what, "任务内容", least=2, most=200)
    unit = tx.session.get(Unit, plan.unit_id)
    if unit is None or (unit.valid_to is not None and unit.valid_to < tx.today):
        raise Refused("请选择仍在运行的责任单位。")
    person = plan.person_in_charge.strip()
    if len(person) > 40:
        raise Refused(f"责任人太长：{len(person)} 个字，最多 40 个字。")
    begins = first_day(tx.session, campaign_id)
    if begins is not None and plan.due < begins:
        raise Refused(f"完成期限{day_text(plan.due)}早于第一阶段开始的{day_text(begins)}，请改正。")
    return {"what": what, "unit_id": unit.id, "person_in_charge": person or None, "due": plan.due}


def _again(tx: Transaction, old: Task, **changes: Any) -> Task:
    """The next version of a task: all as it was but `changes`."""
    kept = ("campaign_id", "number", "what", "unit_id", "person_in_charge", "due", "done_on", "done_by", "done_note",
            "is_removed")  # fmt: skip
    return Task(**{**{name: getattr(old, name) for name in kept}, **changes}, version=old.version + 1, **_by(tx))


def _next_number(tx: Transaction, table: type[Stage] | type[Task], campaign_id: int) -> int:
    last = tx.session.scalar(sa.select(sa.func.max(table.number)).where(table.campaign_id == campaign_id))
    return (last or 0) + 1


def _by(tx: Transaction) -> dict[str, Any]:
    return {"recorded_by": tx.viewer.actor, "recorded_at": tx.now}
