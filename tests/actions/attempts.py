"""Each verb tried once with everything it must bring, so that only rights and the state can refuse it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions import (
    assignment,
    carry_over,
    closure,
    contest,
    dismissal,
    extension,
    issue,
    issue_merge,
    issue_money,
    issue_split,
    listing,
    measure,
    rectification,
    referral,
    reminder,
    review,
    sanction,
)
from actions.campaign import create_campaign, set_state
from actions.carry_over import CarryDecision
from actions.issue_merge import MergeOrder
from actions.issue_split import Shares, SplitOrder
from actions.transaction import Caller
from models.campaign import Campaign, CampaignState
from models.carry_over import CarryGround
from models.contest import ContestVerdict
from models.deadline import DeadlineRule
from models.issue import Verb
from models.issue_money import Direction, IssueMoney
from models.issue_record import Issue
from models.issue_word import DismissalGround, Handling, IssueStatus, Nature, VerifiedHow
from models.measure import MeasurePlan
from models.outcome import OutcomeKind
from models.referral import Referral, ReferralBody
from models.review import ReviewOrder
from queries.reading import reading
from tests.factories import World

REASON = "与清册逐户核对后认为应当如此办理。"


def attempt(world: World, verb: Verb, who: str, issue_id: int, version: int | None = None) -> None:
    """One person tries one verb, once. Raises what the action raises."""
    caller = world.terminal() if who == "terminal" else world.caller(who)
    ATTEMPTS[verb](world, caller, issue_id, version)


def _assign(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    assignment.assign(caller, issue_id, world.order(responsible_unit_id=holder_for(world, issue_id)), version)


def assign_direct(world: World, who: str, issue_id: int) -> None:
    """直查直办: the office itself is the holder."""
    order = world.order(responsible_unit_id=world.units["领导小组办公室"], handling=Handling.DIRECT)
    assignment.assign(world.caller(who), issue_id, order)


def sustain(world: World, issue_id: int, who: str) -> None:
    """Handed over as 长期坚持: one review must hold, long after everybody has tried everything."""
    reviews = ReviewOrder(world.caller(who).today + timedelta(days=200), 200, 1)
    order = world.order(
        responsible_unit_id=holder_for(world, issue_id), nature=Nature.SUSTAINED, reviews=reviews,
        deadline_rule=DeadlineRule.none(),
    )  # fmt: skip
    assignment.assign(world.caller(who), issue_id, order)


def conclude(world: World, who: str) -> None:
    """The campaign ends, if it did not yet."""
    with reading() as session:
        state = session.get_one(Campaign, world.campaign_id).state
    if state is CampaignState.OPEN:
        set_state(world.caller(who), world.campaign_id, CampaignState.CONCLUDED, None)


def next_campaign(world: World) -> int:
    """The one after it, under way."""
    with reading() as session:
        found = session.scalar(sa.select(Campaign.id).where(Campaign.code == "SL2023"))
    year = date(2023, 12, 31)
    return found or create_campaign(
        world.terminal(), "SL2023", "下一年专项治理", "示例市", 2021, 2022, year, CampaignState.OPEN
    )


def holder_for(world: World, issue_id: int) -> int:
    """The finance office of the town the problem lies in."""
    town = _column(issue_id, "town_id")
    return world.units["示例三镇财政所" if town == world.regions["示例三镇"] else "示例一镇财政所"]


def _reassign(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    town, holder = _column(issue_id, "town_id"), _column(issue_id, "responsible_unit_id")
    other = "领导小组办公室" if town == world.regions["示例三镇"] else "示例二镇财政所"
    unit = holder_for(world, issue_id) if holder == world.units[other] else world.units[other]
    assignment.reassign(caller, issue_id, unit, REASON, "李某某", "陈某某", version)


def _request(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    rectification.request(caller, issue_id, world.closure_request(), version)


def _fix(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    fix = rectification.SpotFix("当场补发到户，12户当面签收。", 0, 320_000, "回单2022-091")
    rectification.fix_on_spot(caller, issue_id, fix, version)


def _extend(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    until = (_column(issue_id, "deadline") or caller.today) + timedelta(days=20)
    more = extension.MoreTime(until, "2户外出务工，联系不上。", "已补发10户。")
    extension.extend(caller, issue_id, more, version)


def _decide_extension(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    until = max(_column(issue_id, "deadline") or caller.today, caller.today) + timedelta(days=10)
    extension.decide_extension(caller, issue_id, extension.TimeDecision(until, "情况属实。"), version)


def _measure(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    done = measure.MeasureDone(caller.today, "已张贴，拍照留存。")
    measure.add_measure(caller, issue_id, MeasurePlan("村务公开栏公示7天"), done, version)


def _reopen(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """A unit is named, which counts only where none held it."""
    back = closure.Reopening(
        "回访3户未收到补发款。", REASON, DeadlineRule.workdays(10), holder_for(world, issue_id), "李某某", "陈某某"
    )
    closure.reopen(caller, issue_id, back, version)


def _correct(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    remark = _column(issue_id, "remark") or ""
    issue.correct(caller, issue_id, "remark", f"备注{len(remark)}{remark}"[:50], REASON, version)


def _refer(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """To another authority each time, by a name of its own."""
    with reading() as session:
        number = session.query(Referral).count()
    order = referral.ReferralOrder(
        ReferralBody.OTHER, "涉嫌骗取补贴，依规移送。", "甲移〔2022〕3号", caller.today, body_name=f"第{number}号机关"
    )
    referral.refer(caller, issue_id, order, version)


def _reply(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """To the first referral of the problem."""
    with reading() as session:
        first = session.query(Referral).filter_by(issue_id=issue_id).order_by(Referral.id).first()
    reply = referral.Reply("已立案核查，情况属实。", "甲函〔2022〕7号", caller.today)
    referral.record_reply(caller, issue_id, first.id if first else 0, reply, version)


def _record_money(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    entry = issue_money.MoneyEntry(Direction.PAY, 1, caller.today, "回单2022-092")
    issue_money.record_money(caller, issue_id, entry, version)


def _correct_money(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """One 分 less than the first movement says by now."""
    with reading() as session:
        rows = session.query(IssueMoney).filter_by(issue_id=issue_id).order_by(IssueMoney.id).all()
    first = rows[0].id if rows else 0
    right = sum(row.amount_cents for row in rows if first in (row.id, row.corrects_id)) - 1
    issue_money.correct_money(caller, issue_id, first, right, REASON, version)


def _split(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """A part without money: what is left stands as it stood."""
    whole = Shares(*(_column(issue_id, name) for name in ("amount_cents", "to_recover_cents", "to_pay_cents")))
    order = SplitOrder("涉嫌代管的2户另办", "其中2户涉嫌由他人代管卡折。", REASON, whole, Shares())
    issue_split.split(caller, issue_id, order, version)


def _merge(world: World, caller: Caller, issue_id: int, version: int | None) -> None:
    """Into the first other one of the same county that waits for its assignment."""
    with reading() as session:
        other = session.scalar(
            sa.select(Issue.number)
            .where(Issue.id != issue_id, Issue.reporting_unit_id == _column(issue_id, "reporting_unit_id"))
            .where(Issue.status == IssueStatus.REGISTERED, Issue.type_code == "P102")
            .order_by(Issue.dismissal_pending, Issue.id)
            .limit(1)
        )
    issue_merge.propose_merge(caller, issue_id, MergeOrder(other or "JX-9999", REASON, Shares()), version)


def _column(issue_id: int, name: str) -> Any:
    with reading() as session:
        return getattr(session.get_one(Issue, issue_id), name)


ATTEMPTS: dict[Verb, Callable[[World, Caller, int, int | None], object]] = {
    Verb.SUBMIT: lambda w, c, i, v: issue.submit(c, i, v),
    Verb.ASSIGN: _assign,
    Verb.FIX: _fix,
    Verb.RELEASE: lambda w, c, i, v: assignment.release(c, i, v),
    Verb.SIGN: lambda w, c, i, v: assignment.sign(c, i, v),
    Verb.REPORT: lambda w, c, i, v: rectification.report(c, i, "已补发8户，其余4户账号核对中。", v),
    Verb.REFER: _refer,
    Verb.REPLY: _reply,
    Verb.SEPARATE: lambda w, c, i, v: referral.treat_separately(c, i, "另案处理，不影响本件整改。", v),
    Verb.SANCTION: lambda w, c, i, v: sanction.record_sanction(
        c, i, sanction.Sanction(OutcomeKind.ADMONITION, 1, "甲纪〔2022〕5号", c.today), v
    ),
    Verb.RECORD_MONEY: _record_money,
    Verb.CORRECT_MONEY: _correct_money,
    Verb.REQUEST: _request,
    Verb.WITHDRAW: lambda w, c, i, v: rectification.withdraw(c, i, v),
    Verb.ACCEPT: lambda w, c, i, v: closure.accept(c, i, VerifiedHow.ON_SITE, "入户核实，12户已收到。", v),
    Verb.RETURN: lambda w, c, i, v: closure.return_to_unit(c, i, REASON, v),
    Verb.BACK: lambda w, c, i, v: closure.back_to_acceptance(c, i, REASON, v),
    Verb.APPROVE: lambda w, c, i, v: closure.approve(c, i, "", v),
    Verb.PROPOSE_DISMISSAL: lambda w, c, i, v: dismissal.propose_dismissal(
        c, i, DismissalGround.NOT_A_PROBLEM, REASON, v
    ),
    Verb.CONFIRM_DISMISSAL: lambda w, c, i, v: dismissal.confirm_dismissal(c, i, v),
    Verb.DECLINE_DISMISSAL: lambda w, c, i, v: dismissal.decline_dismissal(c, i, REASON, v),
    Verb.REINSTATE: lambda w, c, i, v: dismissal.reinstate(c, i, REASON, v),
    Verb.REOPEN: _reopen,
    Verb.REASSIGN: _reassign,
    Verb.CORRECT: _correct,
    Verb.SPLIT: _split,
    Verb.MERGE: _merge,
    Verb.REMIND: lambda w, c, i, v: reminder.remind(c, i, "", v),
    Verb.EXTEND: _extend,
    Verb.DECIDE_EXTENSION: _decide_extension,
    Verb.MEASURE: _measure,
    Verb.REVIEW: lambda w, c, i, v: review.review(c, i, review.ReviewDone(False, "回访2户又被代领。"), v),
    Verb.SUPERVISE: lambda w, c, i, v: reminder.supervise(c, i, "请于本周五前办结并书面报告。", v),
    Verb.LIST: lambda w, c, i, v: listing.list_issue(c, i, w.people["leader"], "", v),
    Verb.CARRY_OVER: lambda w, c, i, v: carry_over.carry_over(c, i, CarryDecision(CarryGround.LONG_TERM, REASON), v),
    Verb.UNLIST: lambda w, c, i, v: listing.unlist(c, i, REASON, v),
    Verb.CONTEST: lambda w, c, i, v: contest.contest(c, i, REASON, v),
    Verb.ANSWER: lambda w, c, i, v: contest.answer(c, i, ContestVerdict.PARTLY, REASON, v),
}
