"""Measures as a list: asked for on assignment, added and done by the unit, moved when more time is granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from actions.issue_step import Step, required_text, step
from actions.transaction import Caller
from models.issue import Verb
from models.issue_word import Nature
from models.local_time import day_text, iso_day
from models.measure import MOST, IssueMeasure, MeasurePlan, check_plans, list_text, next_step
from models.refusal import Refused
from queries.measure import measures_of


@dataclass(frozen=True, slots=True)
class MeasureDone:
    """That a measure was done: when, and what."""

    on: date
    what: str


def add_measure(
    caller: Caller, issue_id: int, plan: MeasurePlan, done: MeasureDone | None = None, version: int | None = None
) -> None:
    """One more measure, intended or already done. Who: the responsible unit, each a writer of the round.

    Raises Refused for a text or a day that cannot be, and beyond 50 measures.
    """
    with step(caller, Verb.MEASURE, issue_id, version) as now:
        before = measures_of(now.tx.session, now.issue)
        if len(before) >= MOST:
            raise Refused(f"措施已有 {len(before)} 项，最多 {MOST} 项。")
        (plan,) = check_plans((plan,), Nature.IMMEDIATE, None, now.tx.today)
        added = _line(now, _next_line(now), plan.text, plan.due, is_required=False)
        _do(now, added, done)
        now.tx.session.add(added)
        _show(now, before, [*before, added])
        now.note = added.done or added.text
        now.detail = {"text": added.text, "due": iso_day(added.due), "done_on": iso_day(added.done_on), "added": True}


def finish_measure(caller: Caller, issue_id: int, line: int, done: MeasureDone, version: int | None = None) -> None:
    """A measure is done. Who: the responsible unit. Raises Refused for one that is not there or done already, a day to
    come or before the assignment, and where it is not said what was done."""
    with step(caller, Verb.MEASURE, issue_id, version) as now:
        before = measures_of(now.tx.session, now.issue)
        old = next((m for m in before if m.line == line), None)
        if old is None or not old.is_open:
            raise Refused("这一项措施已经填报完成，或者已经不在清单里。请看最新的清单。")
        new = _version(now, old)
        _do(now, new, done)
        now.tx.session.add(new)
        _show(now, before, [new if m is old else m for m in before])
        now.note = new.done
        now.detail = {"text": new.text, "due": iso_day(new.due), "done_on": iso_day(new.done_on)}


def ask_for_measures(now: Step, plans: Sequence[MeasurePlan], nature: Nature) -> None:
    """The list of a round begins: what the office asks for, after its deadline was set. What an earlier assignment of
    the same round had asked for no longer holds."""
    plans = check_plans(plans, nature, now.issue.deadline, now.tx.today)
    former = measures_of(now.tx.session, now.issue)
    for old in former:
        dropped = _version(now, old)
        dropped.is_dropped = True
        now.tx.session.add(dropped)
    first = _next_line(now)
    asked = [_line(now, first + at, plan.text, plan.due, is_required=True) for at, plan in enumerate(plans)]
    now.tx.session.add_all(asked)
    now.issue.nature, now.issue.next_step_on = nature, None
    _show(now, former, asked)


def move_steps(now: Step, days: int) -> int:
    """More time was granted: the open dated measures of the office move by as many days as the deadline did. Returns
    how many."""
    before = measures_of(now.tx.session, now.issue)
    moved: list[IssueMeasure] = []
    for old in before:
        new = old
        if old.is_required and old.is_open and old.due is not None:
            new = _version(now, old)
            new.due = old.due + timedelta(days=days)
            now.tx.session.add(new)
        moved.append(new)
    _show(now, before, moved)
    return sum(new is not old for new, old in zip(moved, before, strict=True))


def _show(now: Step, before: Sequence[IssueMeasure], after: Sequence[IssueMeasure]) -> None:
    """What lists read: the text of the ledger's column, unless somebody wrote one of their own; the next step's day."""
    issue = now.issue
    if not issue.measures or issue.measures == list_text(before):
        issue.measures = list_text(after) or None
    if issue.nature is Nature.STAGED:
        coming = next_step(after)
        issue.next_step_on = coming.due if coming else None


def _do(now: Step, measure: IssueMeasure, done: MeasureDone | None) -> None:
    if done is None:
        return
    first = now.issue.assigned_on
    if done.on > now.tx.today or (first is not None and done.on < first):
        since = f"，也不能早于交办日{day_text(first)}" if first else ""
        raise Refused(f"完成日期不能晚于今天{since}，现在填的是{day_text(done.on)}。")
    measure.done_on, measure.done = done.on, required_text(done.what, "怎么办的", least=2, most=2000)


def _line(now: Step, line: int, text: str, due: date | None, *, is_required: bool) -> IssueMeasure:
    return IssueMeasure(
        issue_id=now.issue.id, round=now.issue.round, line=line, version=1, is_required=is_required, text=text, due=due,
        is_dropped=False, person_id=now.tx.person_id, stood_in_for_id=now.stood_in_for_id, recorded_at=now.tx.now,
    )  # fmt: skip


def _version(now: Step, old: IssueMeasure) -> IssueMeasure:
    """The next version of a line, not yet different."""
    new = _line(now, old.line, old.text, old.due, is_required=old.is_required)
    new.version, new.done_on, new.done = old.version + 1, old.done_on, old.done
    return new


def _next_line(now: Step) -> int:
    last = sa.select(sa.func.max(IssueMeasure.line)).where(IssueMeasure.issue_id == now.issue.id)
    return (now.tx.session.scalar(last) or 0) + 1
