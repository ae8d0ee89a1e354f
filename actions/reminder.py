"""Chase what is due: 催办 and 督办. The problem stays where it is; the people whose turn it is are told."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.issue_step import Step, required_text, step
from actions.telling import LONGEST, tell
from actions.transaction import Caller
from models.issue import Verb
from models.issue_record import IssueEvent
from models.local_time import local, local_day
from models.notice import NoticeKind
from models.refusal import Refused
from models.unit import Person
from queries.concerned import concerned
from queries.escalation import STEP, steps_to_take


@dataclass(frozen=True, slots=True)
class Told:
    """How many people of which units were told."""

    people: int
    units: tuple[str, ...]


def remind(caller: Caller, issue_id: int, text: str = "", version: int | None = None) -> Told:
    """催办: tell the people whose turn it is. Who: office, leader.

    Raises Refused for a second 催办 of the same problem on the same day, and where there is nobody to tell.
    """
    with step(caller, Verb.REMIND, issue_id, version) as now:
        _refuse_twice_a_day(now)
        now.note = required_text(text, "催办意见", most=LONGEST) if text.strip() else None
        return _tell(now, NoticeKind.REMIND)


def supervise(
    caller: Caller, issue_id: int, text: str, version: int | None = None, reply_by: date | None = None,
    escalation: str = "",
) -> Told:  # fmt: skip
    """督办: the same with a requirement of the leader's or the office's own. Who: office, leader.

    `reply_by`: the day by which an answer is owed, if one is; refused when it is past. `escalation`: the step of the
    campaign it takes (提醒函, 告诫书 …), told and written down by its name; refused before its day, and a second time.
    """
    with step(caller, Verb.SUPERVISE, issue_id, version) as now:
        now.note = required_text(text, "督办要求", least=5, most=LONGEST)
        if reply_by is not None and reply_by < now.tx.today:
            raise Refused(f"回复日期 {reply_by.isoformat()} 已经过去，请改为今天或以后的日期，或不填。")
        if escalation:
            if escalation not in steps_to_take(now.tx.session, now.issue, now.tx.today):
                raise Refused(f"“{escalation}”还没有到日子，或者本轮已经办过，不能再办。")
            now.note = f"【{escalation}】{now.note}"
        told = _tell(now, NoticeKind.SUPERVISE, reply_by)
        if escalation:
            now.detail[STEP] = escalation
        return told


def _tell(now: Step, kind: NoticeKind, reply_by: date | None = None) -> Told:
    all_of_them = concerned(now.tx.session, now.issue, now.case, now.tx.today)
    others = [one for one in all_of_them if one.person_id not in now.doer.people]
    if not others:
        raise Refused(_NOBODY[bool(all_of_them)].format(now.verb.label))
    tell(now, kind, [one.person_id for one in others], reply_by)
    units = tuple(dict.fromkeys(one.unit for one in others))
    now.detail = {"people": sorted(one.person_id for one in others), "units": list(units)}
    if reply_by is not None:
        now.detail["reply_by"] = reply_by.isoformat()
    return Told(len(others), units)


_NOBODY = {
    True: "这件正等您自己办理，没有别人可以{}。",
    False: "没有可以{}的人：该办理本件的单位还没有可用的账号，请系统管理员先建账号。",
}


def _refuse_twice_a_day(now: Step) -> None:
    last = now.tx.session.execute(
        sa.select(IssueEvent.recorded_at, Person.name)
        .join(Person, Person.id == IssueEvent.person_id)
        .where(IssueEvent.issue_id == now.issue.id, IssueEvent.verb == Verb.REMIND)
        .order_by(IssueEvent.position.desc())
        .limit(1)
    ).first()
    if last is not None and local_day(last[0]) == now.tx.today:
        raise Refused(
            f"今天 {local(last[0]):%H:%M} {last[1]}已经催办过这件，同一件一天只催一次；再催请明天，或用“督办”。"
        )
