"""催办, 交办, 结转 of many problems at once: each through its own action, in its own transaction, with its result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions.assignment import AssignmentOrder, assign
from actions.carry_over import CarryDecision, carry_over
from actions.reminder import remind
from actions.transaction import Caller, Transaction, transaction
from models.bulk import BULK_VERBS, MOST, BulkItem, BulkRun
from models.carry_over import CarryGround
from models.deadline import DeadlineRule
from models.issue import Verb
from models.issue_record import IssueEvent
from models.issue_word import Handling, Nature
from models.local_time import day_text
from models.measure import MeasurePlan
from models.refusal import NotFoundOrNotYours, Refused, SignedOut, Stale
from models.user import User
from queries.reading import reading

SILENT_FOR, WAITING_FOR = timedelta(minutes=2), timedelta(minutes=15)
"""A run that says nothing for so long, or waits for so long, was cut off with its process: it is not taken up later."""
STALE = "选中之后有人改动过本件，没有办理；请看过最新情况再办。"
CUT_OFF = "服务器中途停止，没有办理；请重新选择。"
NOT_ANY_MORE = "您的账号已停用，没有办理。"
Picks = Sequence[tuple[int, int]]
"""Problems with the version that was on screen."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    done: bool
    sentence: str | None = None
    units: tuple[str, ...] = ()


def remind_many(caller: Caller, campaign_id: int, picks: Picks, text: str = "") -> int:
    """催办 for many; the run's id. Who: whoever may 催办; for each problem the rules decide anew."""
    return _start(caller, campaign_id, Verb.REMIND, picks, {"text": text.strip()})


def assign_many(caller: Caller, campaign_id: int, picks: Picks, order: AssignmentOrder) -> int:
    """交办 of many to one unit with one limit; the run's id. Who: whoever may 交办."""
    return _start(caller, campaign_id, Verb.ASSIGN, picks, _packed(order))


def carry_many(caller: Caller, campaign_id: int, picks: Picks, decision: CarryDecision) -> int:
    """结转 of many by one decision; the run's id. Who: whoever may 结转; for each problem the rules decide anew."""
    packed = asdict(decision) | {"ground": decision.ground.value}
    return _start(caller, campaign_id, Verb.CARRY_OVER, picks, packed)


def put_away(caller: Caller, run_id: int) -> None:
    """The person has read the results. Who: whoever gave the order."""
    with transaction(caller) as tx:
        run = tx.session.get(BulkRun, run_id)
        if run is None or run.user_id != tx.viewer.user_id:
            raise NotFoundOrNotYours("办理")
        if run.ended_at is None:
            raise Refused("这一批还在办理，请等它办完。")
        run.dismissed_at = tx.now


def run_next(caller_of: Callable[[int | None], Caller], incident: Callable[[BaseException], str]) -> bool:
    """Do the oldest waiting order to its end, as the person who gave it. Whether there was one. Who: the worker."""
    run = _claim(caller_of(None))
    if run is None:
        return False
    with reading() as session:
        items = session.scalars(sa.select(BulkItem).where(BulkItem.run_id == run.id).order_by(BulkItem.id)).all()
    for item in items:
        outcome = _outcome(run, item, caller_of, incident)
        with transaction(caller_of(None)) as tx:
            row = tx.session.get_one(BulkItem, item.id)
            row.done, row.sentence, row.units = outcome.done, outcome.sentence, list(outcome.units)
            tx.session.get_one(BulkRun, run.id).beat_at = tx.caller.wall
    with transaction(caller_of(None)) as tx:
        tx.session.get_one(BulkRun, run.id).ended_at = tx.now
    return True


def settle(caller: Caller) -> None:
    """What a killed process was at is closed: what it did stands in the record, the rest stays undone. Who: the
    worker."""
    with transaction(caller) as tx:
        _close_silent(tx)


def _start(caller: Caller, campaign_id: int, verb: Verb, picks: Picks, order: dict[str, Any]) -> int:
    with transaction(caller) as tx:
        tx.require(verb.permission)
        if not picks:
            raise Refused("还没有选中问题。")
        if len(picks) > MOST:
            raise Refused(f"一次最多 {MOST} 件，选中了 {len(picks)} 件；请分批办理。")
        _close_silent(tx)
        own = sa.select(BulkRun).where(BulkRun.user_id == tx.viewer.user_id, BulkRun.dismissed_at.is_(None))
        for former in tx.session.scalars(own):
            if former.ended_at is None:
                raise Refused("您的上一批还在办理，请等它办完再办下一批。")
            former.dismissed_at = tx.now
        run = BulkRun(
            user_id=tx.viewer.user_id, campaign_id=campaign_id, verb=verb.value, order=order, asked_at=tx.now,
            beat_at=tx.caller.wall,
        )  # fmt: skip
        tx.session.add(run)
        tx.session.flush()
        tx.session.add_all(BulkItem(run_id=run.id, issue_id=i, version=v, units=[]) for i, v in dict(picks).items())
    return run.id


def _claim(worker: Caller) -> BulkRun | None:
    with transaction(worker) as tx:
        _close_silent(tx)
        waiting = sa.select(BulkRun).where(BulkRun.started_at.is_(None), BulkRun.ended_at.is_(None))
        run = tx.session.scalar(waiting.order_by(BulkRun.id).limit(1))
        if run is not None:
            run.started_at, run.beat_at = tx.now, worker.wall
        return run


def _close_silent(tx: Transaction) -> None:
    """Runs whose process died. Whether the one step that was under way was done, its event says."""
    wall = tx.caller.wall
    cut_off = sa.and_(BulkRun.started_at.is_not(None), BulkRun.beat_at < wall - SILENT_FOR)
    silent = sa.select(BulkRun).where(
        BulkRun.ended_at.is_(None), sa.or_(cut_off, BulkRun.beat_at < wall - WAITING_FOR)
    )  # fmt: skip
    for run in tx.session.scalars(silent).all():
        person = sa.select(User.person_id).where(User.id == run.user_id).scalar_subquery()
        left = sa.select(BulkItem).where(BulkItem.run_id == run.id, BulkItem.done.is_(None))
        for item in tx.session.scalars(left).all():
            step = sa.select(IssueEvent.id).where(
                IssueEvent.issue_id == item.issue_id, IssueEvent.verb == run.verb, IssueEvent.person_id == person,
                IssueEvent.recorded_at >= run.asked_at,
            )  # fmt: skip
            item.done = tx.session.scalar(step.limit(1)) is not None
            item.sentence = None if item.done else CUT_OFF
        run.ended_at = tx.now
    tx.session.flush()


def _outcome(
    run: BulkRun, item: BulkItem, caller_of: Callable[[int | None], Caller], incident: Callable[[BaseException], str]
) -> _Outcome:
    try:
        return _DO[Verb(run.verb)](caller_of(run.user_id), item, run.order)
    except SignedOut:
        return _Outcome(False, NOT_ANY_MORE)
    except Stale:
        return _Outcome(False, STALE)
    except Refused as refused:
        return _Outcome(False, str(refused))
    except Exception as error:
        return _Outcome(False, incident(error))


def _remind(caller: Caller, item: BulkItem, order: Mapping[str, Any]) -> _Outcome:
    return _Outcome(True, units=remind(caller, item.issue_id, order["text"], item.version).units)


def _assign(caller: Caller, item: BulkItem, order: Mapping[str, Any]) -> _Outcome:
    due = assign(caller, item.issue_id, _unpacked(order), item.version)
    return _Outcome(True, f"时限至 {day_text(due)}" if due else "无时限")


def _carry(caller: Caller, item: BulkItem, order: Mapping[str, Any]) -> _Outcome:
    decision = CarryDecision(**{**order, "ground": CarryGround(order["ground"])})
    number = carry_over(caller, item.issue_id, decision, item.version)
    return _Outcome(True, f"新编号 {number}" if number else decision.ground.label)


_DO: dict[Verb, Callable[[Caller, BulkItem, Mapping[str, Any]], _Outcome]] = {
    Verb.REMIND: _remind,
    Verb.ASSIGN: _assign,
    Verb.CARRY_OVER: _carry,
}
assert set(_DO) == set(BULK_VERBS)


def _packed(order: AssignmentOrder) -> dict[str, Any]:
    rule = order.deadline_rule.stored
    order = replace(order, reviews=None)  # 长期坚持 is handed over one by one
    measures = [plan.stored for plan in order.measures]
    return asdict(order) | {
        "deadline_rule": rule,
        "measures": measures,
        "handling": order.handling.value,
        "nature": order.nature.value,
    }


def _unpacked(order: Mapping[str, Any]) -> AssignmentOrder:
    typed = {
        "deadline_rule": DeadlineRule.parse(order["deadline_rule"]), "handling": Handling(order["handling"]),
        "nature": Nature(order["nature"]),
        "measures": tuple(
            MeasurePlan(text, date.fromisoformat(due) if due else None) for text, due in order.get("measures", ())
        ),
    }  # fmt: skip
    return AssignmentOrder(**{**order, **typed})
