"""What is done to put it right: report progress, ask for 销号, put it right on the spot; take the request back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.extension import void_extension
from actions.issue_fields import checked
from actions.issue_step import Step, required_text, step
from actions.transaction import Caller
from models.evidence import Evidence, EvidencePurpose
from models.issue import Verb
from models.issue_record import Issue, IssueMoney
from models.issue_word import Handling, IssueStatus, Nature
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


@dataclass(frozen=True, slots=True)
class SpotFix:
    """What 立查立改 must bring. Amounts as in `ClosureRequest`."""

    measures: str
    recovered_cents: int
    paid_cents: int
    voucher: str = ""


def report(caller: Caller, issue_id: int, text: str, version: int | None = None) -> None:
    """Report progress. Who: the responsible unit."""
    with step(caller, Verb.REPORT, issue_id, version) as now:
        now.issue.progress = now.note = required_text(text, "进展", least=2)


def fill_in(caller: Caller, issue_id: int, filled: Mapping[str, str], source: str, version: int | None = None) -> None:
    """What the unit wrote into the ledger 台账回填: progress, and besides it the others of `UNIT_FIELDS`.

    Who: the responsible unit, as for a report, of which this is one. `filled` by field, `source` says from where; old
    and new stay in the history. Raises Refused for what a field cannot hold.
    """
    with step(caller, Verb.REPORT, issue_id, version) as now:
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
        _ask(now, fix)
    return issue.requests


def _ask(now: Step, asked: ClosureRequest | SpotFix) -> None:
    """What both ways of asking share: evidence by type, money both ways, the clock stops."""
    issue = now.issue
    _require_evidence(now)
    moved_recover = _move_money(now, "RECOVER", issue.recovered_cents, asked.recovered_cents, asked.voucher)
    moved_pay = _move_money(now, "PAY", issue.paid_cents, asked.paid_cents, asked.voucher)
    issue.recovered_cents, issue.paid_cents = asked.recovered_cents, asked.paid_cents
    issue.requested_from, issue.requested_on = issue.status, now.tx.today
    issue.requests += 1
    now.move_on()
    now.detail = {"request": issue.requests, "recovered": moved_recover, "paid": moved_pay}


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


def _move_money(now: Step, direction: str, before: int, after: int, voucher: str) -> int:
    """Record what moved since the last record; returns it, in 分."""
    word = "追缴" if direction == "RECOVER" else "补发"
    due = _due(now.issue, direction)
    if after < 0 or after < before:
        raise Refused(f"已{word}金额不能少于已登记的 {yuan(before)} 元；登记错了请办公室更正。")
    if after > due:
        raise Refused(f"已{word} {yuan(after)} 元，超过应{word} {yuan(due)} 元；请先请办公室更正应{word}金额。")
    if after == before:
        return 0
    number = required_text(voucher, "凭证号（银行回单或缴款书）", most=100)
    now.tx.session.add(
        IssueMoney(
            issue_id=now.issue.id, round=now.issue.round, direction=direction, amount_cents=after - before,
            moved_on=now.tx.today, voucher=number, person_id=now.tx.person_id, recorded_at=now.tx.now,
        )
    )  # fmt: skip
    return after - before


def _due(issue: Issue, direction: str) -> int:
    return issue.to_recover_cents if direction == "RECOVER" else issue.to_pay_cents
