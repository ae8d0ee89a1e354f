"""What the office and the inspectors do with a request: accept, return, approve; and look back later."""

from collections.abc import Collection
from dataclasses import dataclass

from actions.assignment import current_round, hand_to, responsible_unit, set_deadline
from actions.issue_place import open_chosen_again
from actions.issue_step import Step, required_text, step
from actions.measure import ask_for_measures
from actions.rectification import end_hold
from actions.review import plan_reviews
from actions.transaction import Caller
from models.deadline import DeadlineRule
from models.issue import Verb
from models.issue_money import still_open
from models.issue_record import Issue, IssueRound
from models.issue_word import Handling, Nature, VerifiedHow
from models.local_time import iso_day
from models.measure import MeasurePlan
from models.refusal import Refused
from models.review import ReviewOrder

LEAST_REASON = 10
"""Characters a reason for returning must have: the unit has to know what is missing."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """What looking back found, and the new deadline. Unit, leader and person only where there was no holder."""

    finding: str
    reason: str
    deadline_rule: DeadlineRule
    responsible_unit_id: int | None = None
    responsible_leader: str = ""
    person_in_charge: str = ""
    place_ids: tuple[int, ...] | None = None
    """Which places have to be put right again; None: all of them."""
    nature: Nature = Nature.IMMEDIATE
    measures: tuple[MeasurePlan, ...] = ()
    reviews: ReviewOrder | None = None


def accept(
    caller: Caller, issue_id: int, how: VerifiedHow | Collection[VerifiedHow], note: str, version: int | None = None
) -> None:
    """Acceptance passed. Who: inspector or office outside the responsible unit, who wrote nothing of this round.

    `how`: one way or several; refused without any.
    """
    ways = {how} if isinstance(how, VerifiedHow) else set(how)
    with step(caller, Verb.ACCEPT, issue_id, version) as now:
        if not ways:
            raise Refused("请选择怎么核实的：现场核实、查验资料、电话回访，可以多选。")
        now.note = required_text(note, "验收说明", least=2)
        now.issue.accepted_by_id = now.tx.person_id
        now.detail = {"how": [way.value for way in VerifiedHow if way in ways]}
        now.move_on()


def return_to_unit(
    caller: Caller, issue_id: int, reason: str, version: int | None = None, *, place_ids: Collection[int] = ()
) -> None:
    """Give it back to where the request came from; counted; the unit's clock goes on. Who: acceptor or approver.

    `place_ids`: places found undone; they are open again.
    """
    with step(caller, Verb.RETURN, issue_id, version) as now:
        now.note = required_text(reason, "需要补什么", least=LEAST_REASON)
        held = end_hold(now)
        now.issue.returns += 1
        now.issue.accepted_by_id = None
        now.detail |= {"return": now.issue.returns, "held": held}
        open_chosen_again(now, place_ids)
        now.move_on()


def back_to_acceptance(caller: Caller, issue_id: int, reason: str, version: int | None = None) -> None:
    """The approver wants it accepted again. Who: office; leader for group C."""
    with step(caller, Verb.BACK, issue_id, version) as now:
        now.note = required_text(reason, "退回复验的原因", least=LEAST_REASON)
        now.issue.accepted_by_id = None
        now.move_on()


def approve(caller: Caller, issue_id: int, partial_reason: str = "", version: int | None = None) -> bool | None:
    """Cross the number off. Who: office, leader for group C; neither writer nor acceptor.

    With money still open only by saying why. Returns whether it was on time; None where there was no deadline.
    """
    with step(caller, Verb.APPROVE, issue_id, version) as now:
        issue, today = now.issue, now.tx.today
        if open_money(issue):
            issue.partial_reason = required_text(partial_reason, "钱未办清仍批准销号的理由", least=5, most=500)
        issue.closed_on = today
        issue.first_closed_on = issue.first_closed_on or today
        issue.closed_on_time = on_time(now)
        finished = current_round(now)
        finished.closed_on, finished.closed_on_time = today, issue.closed_on_time
        now.note = issue.partial_reason if open_money(issue) else None
        now.detail = {"on_time": issue.closed_on_time, "open_cents": open_money(issue)}
        now.move_on()
    return issue.closed_on_time


def on_time(now: Step) -> bool | None:
    """On time ⇔ the accepted request was made by the first deadline plus the working days the office had held
    earlier ones."""
    issue = now.issue
    if issue.first_deadline is None or issue.requested_on is None:
        return None
    limit, _ = now.calendar.add_workdays(issue.first_deadline, issue.held_workdays)
    return issue.requested_on <= limit


def open_money(issue: Issue) -> int:
    """分 still to recover or to pay."""
    recover = still_open(issue.to_recover_cents, issue.recovered_cents)
    return recover + still_open(issue.to_pay_cents, issue.paid_cents)


def reopen(caller: Caller, issue_id: int, back: Reopening, version: int | None = None) -> int:
    """Looking back found it undone: a new round stands on the old one. Who: office, leader. Returns the round.

    What was asked for and done in the old round goes into the event: it is that round's, not the new one's.
    """
    with step(caller, Verb.REOPEN, issue_id, version) as now:
        issue, session = now.issue, now.tx.session
        finding = required_text(back.finding, "回头看发现", least=5)
        now.note = required_text(back.reason, "重开理由", least=2)
        session.add(IssueRound(issue_id=issue.id, round=issue.round + 1, opened_on=now.tx.today, reason=finding))
        session.flush()  # the new round notes the deadline too; the problem itself is written once, at the end
        issue.round += 1
        if issue.responsible_unit_id is None:
            unit = responsible_unit(now, back.responsible_unit_id or 0)
            hand_to(issue, unit, back.responsible_leader, back.person_in_charge)
        if issue.handling is Handling.ON_SPOT:
            issue.handling = Handling.STANDARD  # it did not hold: a unit rectifies it now
        ended = _start_round(now, back.deadline_rule, back.nature)
        ask_for_measures(now, back.measures, back.nature)
        plan_reviews(now, back.reviews, back.nature)
        open_chosen_again(now, back.place_ids)
        now.detail |= {
            "finding": finding,
            "round": issue.round,
            "rule": issue.deadline_rule,
            "deadline": iso_day(issue.deadline),
            "ended": ended,
            "measures": [plan.stored for plan in back.measures],
        }
        now.move_on()
    return issue.round


ROUND_TEXTS = ("requirements", "measures", "progress", "rule_mended")
"""What is asked for and done within one round."""


def _start_round(now: Step, rule: DeadlineRule, nature: Nature) -> dict[str, str]:
    """The counters and texts of a round begin anew; the first closing date stays. Returns the texts that stood."""
    issue = now.issue
    ended = {name: text for name in ROUND_TEXTS if (text := getattr(issue, name))}
    issue.requirements = issue.measures = issue.progress = issue.rule_mended = None
    issue.held_workdays = 0
    issue.requested_on = issue.requested_from = issue.accepted_by_id = None
    issue.closed_on = issue.closed_on_time = issue.partial_reason = None
    issue.signed_on = now.tx.today if issue.handling is Handling.DIRECT else None
    issue.assigned_on = now.tx.today
    set_deadline(now, rule, nature)
    return ended
