"""More time: the responsible unit asks before its deadline, the office decides once; the first deadline stays."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.issue_step import Step, required_text, step
from actions.measure import move_steps
from actions.transaction import Caller
from models.deadline import LONGEST_LIMIT
from models.extension import ExtensionAnswer, ExtensionOutcome, ExtensionRequest
from models.issue import Verb
from models.local_time import day_text, iso_day
from models.refusal import Refused
from queries.extension import waiting_request


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What a request for more time must bring."""

    until: date
    reason: str
    progress: str


@dataclass(frozen=True, slots=True)
class TimeDecision:
    """What the office decides. `until` is the deadline granted; None refuses."""

    until: date | None
    reason: str


def extend(caller: Caller, issue_id: int, more: MoreTime, version: int | None = None) -> None:
    """Ask for more time 申请延期. Who: the responsible unit, on or before the deadline in force, one request at a time.

    Raises Refused after the deadline, for a problem without one, for a date not later than it or already past, without
    reason or progress. Nobody takes it back; asking for 销号 or a new holder makes it void.
    """
    with step(caller, Verb.EXTEND, issue_id, version) as now:
        issue, tx = now.issue, now.tx
        until = _later(now, more.until)
        now.note = required_text(more.reason, "延期理由", least=5, most=1000)
        issue.progress = required_text(more.progress, "目前进展", least=2)
        tx.session.add(
            ExtensionRequest(
                issue_id=issue.id, round=issue.round, deadline=issue.deadline, until=until, reason=now.note,
                progress=issue.progress, unit_id=issue.responsible_unit_id, person_id=tx.person_id,
                stood_in_for_id=now.stood_in_for_id, recorded_at=tx.now,
            )
        )  # fmt: skip
        now.detail = {
            "deadline": iso_day(issue.deadline), "until": until.isoformat(),
            "progress": issue.progress,
        }  # fmt: skip


def decide_extension(caller: Caller, issue_id: int, decision: TimeDecision, version: int | None = None) -> date | None:
    """Grant or refuse it, once. Who: office outside the responsible unit; leader for LISTED. Returns the new deadline.

    The days the request waited are nobody's: they do not count as held. A granted date lies after the deadline in force
    and not in the past; it need not be the one asked for. Open steps move by as many days as the deadline.
    """
    with step(caller, Verb.DECIDE_EXTENSION, issue_id, version) as now:
        issue = now.issue
        reason = required_text(decision.reason, "理由", least=2, most=1000)
        outcome = ExtensionOutcome.REFUSED
        if decision.until is not None:
            outcome, until = ExtensionOutcome.GRANTED, _later(now, decision.until)
            now.detail = {"deadline": iso_day(issue.deadline), "until": until.isoformat()}
            if issue.deadline is not None:
                now.detail["steps_moved"] = move_steps(now, (until - issue.deadline).days)
            issue.deadline, issue.deadline_is_estimate = until, False
            issue.extensions += 1
        asked = waiting_request(now.tx.session, issue)
        assert asked is not None  # the rules looked
        _answer(now, asked, outcome, reason, decision.until)
        now.note = reason
        now.detail |= {"outcome": outcome.value}
    return decision.until


def void_extension(now: Step, why: str) -> None:
    """Another verb makes a request that waits pointless: it is answered 作废, and the verb's own event says so."""
    asked = waiting_request(now.tx.session, now.issue)
    if asked is not None:
        _answer(now, asked, ExtensionOutcome.VOID, why, None)
        now.detail["extension_void"] = True


def _later(now: Step, until: date) -> date:
    deadline, today = now.issue.deadline, now.tx.today
    assert deadline is not None  # the rules refuse a problem without one
    if until <= deadline:
        raise Refused(f"新时限须晚于现在的时限{day_text(deadline)}，现在填的是{day_text(until)}。")
    if until < today:
        raise Refused(f"新时限{day_text(until)}已经过去，请改为今天或以后的日期。")
    if until > today + timedelta(days=LONGEST_LIMIT):
        raise Refused(f"新时限{day_text(until)}太远：从今天起最多 {LONGEST_LIMIT} 天。")
    return until


def _answer(
    now: Step, asked: ExtensionRequest, outcome: ExtensionOutcome, reason: str, until: date | None
) -> None:  # fmt: skip
    now.tx.session.add(
        ExtensionAnswer(
            request_id=asked.id, outcome=outcome, until=until, reason=reason, person_id=now.tx.person_id,
            stood_in_for_id=now.stood_in_for_id, recorded_at=now.tx.now,
        )
    )  # fmt: skip
