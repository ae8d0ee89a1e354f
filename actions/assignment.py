"""Hand a problem to a unit, tell the unit of a group C problem, sign for it, hand it to another unit."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.extension import void_extension
from actions.issue_step import Step, required_text, step
from actions.listing import take_charge
from actions.measure import ask_for_measures
from actions.review import plan_reviews
from actions.transaction import Caller
from models.deadline import DeadlineKind, DeadlineRule, Due
from models.issue import Verb
from models.issue_record import Issue, IssueRound
from models.issue_word import Handling, Nature
from models.local_time import iso_day
from models.measure import MeasurePlan
from models.problem_type import UPWARD_TYPE
from models.refusal import Refused
from models.review import ReviewOrder
from models.unit import Unit
from queries.issue_place import places_of
from queries.unit import is_the_office


@dataclass(frozen=True, slots=True)
class AssignmentOrder:
    """What an assignment 交办 must bring."""

    responsible_unit_id: int
    responsible_leader: str
    person_in_charge: str
    requirements: str
    deadline_rule: DeadlineRule
    handling: Handling = Handling.STANDARD
    nature: Nature = Nature.IMMEDIATE
    measures: tuple[MeasurePlan, ...] = ()
    """What is to be done, each with its own last day where it has one; 分阶段整改 needs two of them."""
    leader_id: int | None = None
    """LISTED: the leader who takes charge, by name."""
    reviews: ReviewOrder | None = None
    """长期坚持 only: when the office looks whether it holds."""


def assign(caller: Caller, issue_id: int, order: AssignmentOrder, version: int | None = None) -> date | None:
    """Hand a registered problem to its responsible unit. Who: office. Returns the deadline, None for P107 and 长期坚持.

    LISTED names the leader who takes charge; what a leader listed before stays so, whatever the order says. DIRECT: the
    unit is the leading office itself. Raises
    Refused for a deadline in the past, a dissolved unit, a unit of another reporting unit, or measures whose texts or
    days cannot be.
    """
    with step(caller, Verb.ASSIGN, issue_id, version) as now:
        issue = now.issue
        unit = responsible_unit(now, order.responsible_unit_id)
        issue.nature = order.nature
        hand_to(issue, unit, order.responsible_leader, order.person_in_charge)
        issue.requirements = now.note = required_text(order.requirements, "整改要求", least=2)
        _take_track(now, order)
        issue.assigned_on = now.tx.today
        issue.held_workdays = 0  # what was put right on the spot and given back: no clock of the unit ran yet
        set_deadline(now, order.deadline_rule, order.nature)
        ask_for_measures(now, order.measures, order.nature)
        plan_reviews(now, order.reviews, order.nature)
        now.move_on()
        now.detail |= {
            "unit": unit.name,
            "unit_id": unit.id,
            "rule": issue.deadline_rule,
            "deadline": iso_day(issue.deadline),
            "measures": [plan.stored for plan in order.measures],
            "reviews": order.reviews.words if order.reviews and order.nature is Nature.SUSTAINED else None,
        }
    return issue.deadline


def _take_track(now: Step, order: AssignmentOrder) -> None:
    """How it is handled from now on. Only a leader takes a listed problem off the list."""
    issue = now.issue
    if order.handling is Handling.ON_SPOT:
        raise Refused("“立查立改”由登记人在现场办理，不能交办。")
    if order.handling is Handling.DIRECT:
        _require_the_office(now)
    elif issue.handling is Handling.LISTED:
        return
    if order.handling is Handling.LISTED:
        take_charge(now, order.leader_id or 0)
    issue.handling = order.handling


def _require_the_office(now: Step) -> None:
    """直查直办: the office rectifies it itself, so the holder is the office's own unit, which signs for nothing."""
    issue = now.issue
    if issue.handling is Handling.LISTED:
        raise Refused("本件已挂牌督办，不能直查直办；要改的，请领导先摘牌。")
    if not is_the_office(now.tx.session, issue.responsible_unit_id):
        raise Refused("直查直办由领导小组办公室自己整改，责任单位请选领导小组办公室。")
    issue.signed_on = now.tx.today


def set_deadline(now: Step, rule: DeadlineRule, nature: Nature) -> Due:
    """Set the deadline of this round from its rule; the first one of the round stays for ever. P107 and 长期坚持 have
    none."""
    issue, today = now.issue, now.tx.today
    if issue.type_code == UPWARD_TYPE or nature is Nature.SUSTAINED:
        rule = DeadlineRule.none()
    elif rule.kind is DeadlineKind.NONE:
        raise Refused("请给出整改时限；只有 P107（政策本身的问题）和长期坚持的没有时限。")
    due = rule.due(today, now.calendar)
    if due.on is not None and due.on < today:
        raise Refused(f"整改时限 {due.on.isoformat()} 已经过去，请改为今天或以后的日期。")
    issue.deadline_rule, issue.deadline, issue.deadline_is_estimate = rule.stored, due.on, bool(due.note)
    issue.first_deadline = due.on
    issue.extensions = 0  # of this deadline
    current_round(now).first_deadline = due.on
    for place in places_of(now.tx.session, issue.id):
        if place.due_on is not None and (due.on is None or place.due_on > due.on):
            place.due_on = None  # a place's own day never lies after the problem's
    return due


def release(caller: Caller, issue_id: int, version: int | None = None) -> None:
    """Let the accused unit see a group C problem. Who: leader."""
    with step(caller, Verb.RELEASE, issue_id, version) as now:
        now.issue.is_released = True


def sign(caller: Caller, issue_id: int, version: int | None = None) -> None:
    """Sign for a problem 签收. Who: the responsible unit."""
    with step(caller, Verb.SIGN, issue_id, version) as now:
        now.issue.signed_on = now.tx.today


def reassign(
    caller: Caller, issue_id: int, unit_id: int, reason: str, responsible_leader: str, person_in_charge: str,
    version: int | None = None,
) -> None:  # fmt: skip
    """Hand it to another unit; who held it and how long stays in the history. Who: office. The deadline stays."""
    with step(caller, Verb.REASSIGN, issue_id, version) as now:
        issue = now.issue
        unit = responsible_unit(now, unit_id)
        if unit.id == issue.responsible_unit_id:
            raise Refused("新责任单位与原责任单位相同，没有需要改派的。")
        now.note = required_text(reason, "改派理由", least=2, most=500)
        now.detail = {"from": issue.responsible_unit_name, "from_id": issue.responsible_unit_id, "to": unit.name}
        void_extension(now, "已改派其他单位")
        hand_to(issue, unit, responsible_leader, person_in_charge)
        issue.is_released = False  # group C: the leader told the former unit, not this one
        if issue.handling is Handling.DIRECT and not is_the_office(now.tx.session, unit.id):
            issue.handling = Handling.STANDARD  # another unit rectifies it now


def hand_to(issue: Issue, unit: Unit, leader: str, person: str) -> None:
    """Make a unit responsible, with its two people; it has not signed for it yet."""
    issue.responsible_unit_id, issue.responsible_unit_name = unit.id, unit.name
    issue.responsible_leader = required_text(leader, "责任领导", most=40)
    issue.person_in_charge = required_text(person, "责任人", most=40)
    issue.signed_on = None


def responsible_unit(now: Step, unit_id: int) -> Unit:
    """A unit that may be made responsible: still in force, of the problem's reporting unit or of the city."""
    unit = now.tx.session.get(Unit, unit_id)
    if unit is None or (unit.valid_to is not None and unit.valid_to < now.tx.today):
        raise Refused("请选择仍在运行的责任单位。")
    if unit.reporting_unit_id not in (None, now.issue.reporting_unit_id):
        raise Refused(f"{unit.name}不属于本件所在的县区，请选择本县区或市直的单位。")
    return unit


def current_round(now: Step) -> IssueRound:
    """The row of the round that is running."""
    return now.tx.session.scalars(
        sa.select(IssueRound).where(IssueRound.issue_id == now.issue.id, IssueRound.round == now.issue.round)
    ).one()
