"""What is done to put it right: report progress, ask for 销号, put it right on the spot; take the request back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.extension import void_extension
from actions.issue_fields import checked
from actions.issue_money import MoneyEntry, move
from actions.issue_place import cross_off, cross_off_all, open_chosen_again
from actions.issue_step import Step, required_text, step
from actions.transaction import Caller
from models.evidence import Evidence, EvidencePurpose
from models.issue import Verb
from models.issue_money import Direction, MoneyStanding
from models.issue_rule import FOR_THE_WHOLE, is_for_a_place_only
from models.issue_word import Handling, IssueStatus, Nature, listed
from models.money import yuan
from models.problem_type import problem_types
from models.refusal import Refused

UNIT_FIELDS = frozenset({"progress", "measures", "person_in_charge", "rule_mended", "remark"})
"""What the responsible unit fills in of a ledger: as `editable_by` of its columns says."""


@dataclass(frozen=True, slots=True)
class ClosureRequest:
    """What a request for 销号 must bring. Amounts are 分 done so far, in total; 0 is said, never left out."""

    result: str
    measures: str
    unit_head: str
    recovered_cents: int
    paid_cents: int
    voucher: str = ""
    """Number of the bank slip or payment voucher; needed when money moved since the last record."""
    rule_mended: str = ""
    is_reissued: bool = False
    """What is paid now comes out of what was recovered: then it is not owed to the treasury."""


@dataclass(frozen=True, slots=True)
class SpotFix:
    """What 立查立改 must bring. Amounts as in `ClosureRequest`."""

    measures: str
    recovered_cents: int
    paid_cents: int
    voucher: str = ""
    is_reissued: bool = False


def report(
    caller: Caller, issue_id: int, text: str, version: int | None = None, *, place_ids: Collection[int] = ()
) -> None:
    """Report progress; `place_ids`: what is put right by now, crossed off with it. Who: the responsible unit; the unit
    of a place for its own place."""
    with step(caller, Verb.REPORT, issue_id, version) as now:
        now.note = required_text(text, "进展", least=2)
        done = cross_off(now, place_ids)
        now.issue.progress = f"{listed(done)}已完成：{now.note}" if done else now.note
        now.detail = {"places": done} if done else {}


def fill_in(caller: Caller, issue_id: int, filled: Mapping[str, str], source: str, version: int | None = None) -> None:
    """What the unit wrote into the ledger 台账回填: progress, and besides it the others of `UNIT_FIELDS`.

    Who: the responsible unit, as for a report, of which this is one. `filled` by field, `source` says from where; old
    and new stay in the history. Raises Refused for what a field cannot hold.
    """
    with step(caller, Verb.REPORT, issue_id, version) as now:
        if is_for_a_place_only(now.case, now.doer):
            raise Refused(FOR_THE_WHOLE)
        new = {name: filled_value(now.tx.session, name, text, now.tx.today) for name, text in filled.items()}
        old = {name: getattr(now.issue, name) for name in new}
        if old == new:
            raise Refused("填的内容与原来相同，没有需要收的。")
        for name, value in new.items():
            setattr(now.issue, name, value)
        now.note = new.get("progress") or source
        now.detail = {"source": source, "fields": {name: [old[name], new[name]] for name in new}}


def filled_value(session: Session, field: str, text: str, today: date) -> str | None:
    """What a unit may fill in, as it is stored. Raises Refused for another field and for what it cannot hold."""
    if field not in UNIT_FIELDS:
        raise Refused("这一项不由责任单位填写。")
    if field == "progress":
        return required_text(text, "进展", least=2)
    value: str | None = checked(session, field, text, today)
    return value


def request(caller: Caller, issue_id: int, asked: ClosureRequest, version: int | None = None) -> int:
    """Ask for 销号; the unit's clock stops. Who: the responsible unit. Returns the how-manieth request this is.

    Raises Refused where the result, the measures, the head of the unit, the amounts or the evidence the type asks for
    is missing.
    """
    with step(caller, Verb.REQUEST, issue_id, version) as now:
        issue = now.issue
        now.note = required_text(asked.result, "整改结果", least=5)
        issue.measures = required_text(asked.measures, "已采取的措施", least=5)
        issue.unit_head = required_text(asked.unit_head, "单位负责人", most=40)
        if asked.rule_mended.strip():
            issue.rule_mended = required_text(asked.rule_mended, "制度修订", most=500)
        _ask(now, asked)
        now.detail |= {"head": issue.unit_head, "measures": issue.measures}
        void_extension(now, "已申请销号")
    return issue.requests


def fix_on_spot(caller: Caller, issue_id: int, fix: SpotFix, version: int | None = None) -> int:
    """It was put right on the spot 立查立改: no unit holds it and no deadline runs; another person accepts it.

    Who: the inspector who registered it, while nobody was assigned. Returns the how-manieth request this is. Raises
    Refused where what was done, the amounts or the evidence the type asks for is missing, and for P107.
    """
    with step(caller, Verb.FIX, issue_id, version) as now:
        issue = now.issue
        issue.measures = now.note = required_text(fix.measures, "现场怎么改的", least=5)
        issue.handling, issue.nature = Handling.ON_SPOT, Nature.IMMEDIATE
        cross_off_all(now)
        _ask(now, fix)
    return issue.requests


def _ask(now: Step, asked: ClosureRequest | SpotFix) -> None:
    """What both ways of asking share: evidence by type, money both ways, the clock stops."""
    issue = now.issue
    _require_evidence(now)
    before = now.case.money
    money = _move_total(now, before, Direction.RECOVER, asked.recovered_cents, asked.voucher)
    money = _move_total(now, money, Direction.PAY, asked.paid_cents, asked.voucher, asked.is_reissued)
    issue.requested_from, issue.requested_on = issue.status, now.tx.today
    issue.requests += 1
    now.move_on()
    moved = {"recovered": money.recovered - before.recovered, "paid": money.paid - before.paid}
    now.detail = {"request": issue.requests} | moved


def withdraw(caller: Caller, issue_id: int, version: int | None = None) -> None:
    """Take one's own request back while it waits for acceptance. Who: whoever asked."""
    with step(caller, Verb.WITHDRAW, issue_id, version) as now:
        end_hold(now)
        now.move_on()


def end_hold(now: Step) -> int:
    """The request stops waiting: the deadline moves by the working days the office held it. Returns those days."""
    issue, today = now.issue, now.tx.today
    held = hold_length(now, today)
    issue.held_workdays += held
    if issue.deadline is not None:
        issue.deadline, _ = now.calendar.add_workdays(issue.deadline, held)
    issue.requested_on = None
    if issue.requested_from is IssueStatus.REGISTERED:
        issue.handling = issue.nature = None  # not put right on the spot after all: the office says how it goes on
        open_chosen_again(now, None)
    return held


def hold_length(now: Step, until: date) -> int:
    """Working days from the day after the request through `until`."""
    asked = now.issue.requested_on
    return 0 if asked is None or until <= asked else now.calendar.workdays_between(asked, until)


def _require_evidence(now: Step) -> None:
    """Evidence by type: money → slip or voucher; posting → dated photo; card → signed slip; rule → document."""
    kind = problem_types()[now.issue.type_code]
    held = set(
        now.tx.session.scalars(
            sa.select(Evidence.kind).where(
                Evidence.issue_id == now.issue.id,
                Evidence.round == now.issue.round,
                Evidence.purpose == EvidencePurpose.RECTIFICATION,
            )
        )
    )
    if not held & kind.evidence:
        names = "或".join(sorted(k.label for k in kind.evidence))
        raise Refused(f"“{kind.label}”{now.verb.label}须附{names}，请先上传。")


def _move_total(
    now: Step, money: MoneyStanding, way: Direction, total: int, voucher: str, is_reissued: bool = False
) -> MoneyStanding:  # fmt: skip
    """Record what moved since the last record, where a request says the total so far; returns how the money stands."""
    before = money.done(way)
    if total < before:
        raise Refused(f"已{way.word}金额不能少于已登记的 {yuan(before)} 元；登记错了请办公室更正。")
    if total == before:
        return money
    return move(now, money, MoneyEntry(way, total - before, now.tx.today, voucher, is_reissued))
