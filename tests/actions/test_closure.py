"""Accepting, giving back, approving, and looking back."""

from datetime import date

import pytest
import sqlalchemy as sa

from actions import closure, rectification
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind
from models.issue_record import IssueRound
from models.issue_word import IssueStatus, VerifiedHow
from models.refusal import Refused
from queries.reading import reading
from tests.actions.test_issue import OFFENCE, events, reopening, stored
from tests.actions.test_rectification import LACKING, ask
from tests.factories import World

DEADLINE = date(2022, 7, 25)
"""Fifteen working days from the world's first day."""


def rounds(issue_id: int) -> list[IssueRound]:
    """All rounds, the first one first."""
    with reading() as session:
        by_round = sa.select(IssueRound).where(IssueRound.issue_id == issue_id).order_by(IssueRound.round)
        return list(session.scalars(by_round))


def close(world: World, issue_id: int, reason: str = "") -> bool | None:
    """Accept and approve what waits for it."""
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
    return closure.approve(world.caller("office"), issue_id, reason)


# --- accepting and giving back --------------------------------------------------------------------------------------


def test_an_acceptance_says_how_it_was_verified(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    with pytest.raises(Refused, match="请填写验收说明"):
        closure.accept(both_worlds.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "")
    closure.accept(both_worlds.caller("inspector"), issue_id, VerifiedHow.CALL_BACK, "回访12户，均已收到。")
    last = events(issue_id)[-1]
    assert (last.detail, last.note) == ({"how": ["CALL_BACK"]}, "回访12户，均已收到。")


def test_an_acceptance_may_be_verified_in_several_ways_but_not_in_none(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    with pytest.raises(Refused, match="请选择怎么核实的"):
        closure.accept(both_worlds.caller("inspector"), issue_id, (), "回访12户，均已收到。")
    ways = (VerifiedHow.CALL_BACK, VerifiedHow.ON_SITE)
    closure.accept(both_worlds.caller("inspector"), issue_id, ways, "回访12户，均已收到。")
    assert events(issue_id)[-1].detail == {"how": ["ON_SITE", "CALL_BACK"]}
    assert stored(issue_id).accepted_by_id == both_worlds.people["inspector"]


@pytest.mark.parametrize("reason", ["", "材料不齐", "　　　　　　　　　　　　"])
def test_whoever_gives_back_says_what_is_missing(world: World, reason: str) -> None:
    waiting, approved = world.in_acceptance(), world.in_approval()
    with pytest.raises(Refused, match="不少于 10 个字"):
        closure.return_to_unit(world.caller("inspector"), waiting, reason)
    with pytest.raises(Refused, match="不少于 10 个字"):
        closure.back_to_acceptance(world.caller("office"), approved, reason)


def test_a_return_from_approval_forgets_the_acceptance(world: World) -> None:
    issue_id = world.in_approval()
    closure.return_to_unit(world.caller("office"), issue_id, LACKING)
    found = stored(issue_id)
    assert (found.status, found.accepted_by_id, found.returns) == (IssueStatus.RECTIFYING, None, 1)


def test_back_in_acceptance_somebody_accepts_anew(world: World) -> None:
    issue_id = world.in_approval()
    closure.back_to_acceptance(world.caller("office"), issue_id, "现场照片与账目不符，请重新核实。")
    assert (stored(issue_id).status, stored(issue_id).accepted_by_id, stored(issue_id).returns) == (
        IssueStatus.ACCEPTANCE, None, 0,
    )  # fmt: skip
    assert close(world, issue_id) is True


# --- approving ------------------------------------------------------------------------------------------------------


def test_closed_with_money_open_only_by_saying_why(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    world.evidence(issue_id)
    ask(world, issue_id, paid_cents=200_000)
    with pytest.raises(Refused, match="请填写钱未办清仍批准销号的理由"):
        close(world, issue_id)
    closure.approve(world.caller("office"), issue_id, "余款1,200元分期补发，已公示。")
    found, last = stored(issue_id), events(issue_id)[-1]
    assert (found.status, found.partial_reason) == (IssueStatus.CLOSED, "余款1,200元分期补发，已公示。")
    assert (closure.open_money(found), last.detail["open_cents"], last.note) == (120_000, 120_000, found.partial_reason)


def test_where_all_money_is_done_no_reason_is_kept(world: World) -> None:
    issue_id = world.in_acceptance()
    close(world, issue_id, "不需要的理由")
    assert (stored(issue_id).partial_reason, closure.open_money(stored(issue_id))) == (None, 0)


def test_group_c_is_closed_by_the_leader(both_worlds: World) -> None:
    issue_id = both_worlds.in_approval(**OFFENCE)
    with pytest.raises(Refused, match="第三类问题须由领导批准销号。"):
        closure.approve(both_worlds.caller("office"), issue_id)
    closure.approve(both_worlds.caller("leader"), issue_id)
    assert stored(issue_id).status is IssueStatus.CLOSED


# --- on time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked_on", "on_time"), [(DEADLINE, True), (date(2022, 7, 26), False)])
@pytest.mark.parametrize("approved_after", [0, 40])
def test_on_time_is_when_the_accepted_request_was_made_not_when_it_was_approved(
    world: World, asked_on: date, on_time: bool, approved_after: int
) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    world.on(asked_on)
    ask(world, issue_id)
    world.later(days=approved_after)
    assert close(world, issue_id) is on_time
    assert (stored(issue_id).closed_on_time, rounds(issue_id)[0].closed_on_time) == (on_time, on_time)


@pytest.mark.parametrize(("asked_on", "on_time"), [(date(2022, 7, 28), True), (date(2022, 7, 29), False)])
def test_the_days_the_office_held_it_are_not_the_units(world: World, asked_on: date, on_time: bool) -> None:
    """Held Friday 8 to Wednesday 13 July: three working days, so the 25th becomes the 28th."""
    issue_id = world.rectifying()
    world.evidence(issue_id)
    world.on(date(2022, 7, 8))
    ask(world, issue_id)
    world.on(date(2022, 7, 13))
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    world.on(asked_on)
    ask(world, issue_id)
    assert close(world, issue_id) is on_time


def test_a_request_that_was_taken_back_does_not_count_as_made(world: World) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    world.on(DEADLINE)
    ask(world, issue_id)
    rectification.withdraw(world.caller("unit"), issue_id)
    world.later(days=1)
    ask(world, issue_id)
    assert close(world, issue_id) is False


def test_what_had_no_deadline_is_neither_on_time_nor_late(world: World) -> None:
    issue_id = world.rectifying(type_code="P107", to_pay_cents=0)
    world.evidence(issue_id, kind=EvidenceKind.DOCUMENT)
    ask(world, issue_id, paid_cents=0)
    assert close(world, issue_id) is None


# --- looking back ---------------------------------------------------------------------------------------------------


def test_round_two_stands_on_round_one(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.closed()
    world.on(date(2023, 5, 8))
    assert closure.reopen(world.caller("leader"), issue_id, reopening(world)) == 2
    found, (first, second) = stored(issue_id), rounds(issue_id)
    assert (found.status, found.round, found.number) == (IssueStatus.RECTIFYING, 2, "SL2022-JX-0001")
    assert (first.closed_on, first.closed_on_time, first.first_deadline) == (date(2022, 7, 4), True, DEADLINE)
    assert (second.opened_on, second.reason, second.closed_on) == (date(2023, 5, 8), "回访3户未收到补发款。", None)
    assert (found.first_deadline, second.first_deadline) == (date(2023, 5, 29), date(2023, 5, 29))
    assert (found.first_closed_on, found.closed_on, found.closed_on_time) == (date(2022, 7, 4), None, None)
    assert [e.round for e in events(issue_id)] == [1] * 6 + [2]


def test_a_new_round_starts_its_counters_anew_and_keeps_what_was_done(world: World) -> None:
    issue_id = world.in_acceptance()
    world.later(days=3)
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    ask(world, issue_id)
    close(world, issue_id)
    closure.reopen(world.caller("office"), issue_id, reopening(world))
    found = stored(issue_id)
    assert (found.held_workdays, found.requested_on, found.accepted_by_id, found.signed_on) == (0, None, None, None)
    assert (found.requests, found.returns, found.paid_cents) == (2, 1, 320_000)


def test_a_new_round_needs_evidence_of_its_own(world: World) -> None:
    issue_id = world.closed()
    closure.reopen(world.caller("office"), issue_id, reopening(world))
    with pytest.raises(Refused, match="申请销号须附"):
        ask(world, issue_id)
    world.evidence(issue_id)
    ask(world, issue_id)


def test_whoever_wrote_in_round_one_may_accept_in_round_two(world: World) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id, by="office")
    ask(world, issue_id)
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), issue_id)
    closure.reopen(world.caller("leader"), issue_id, reopening(world))
    world.evidence(issue_id)
    ask(world, issue_id)
    closure.accept(world.caller("office"), issue_id, VerifiedHow.ON_SITE, "入户核实。")
    assert closure.approve(world.caller("office2"), issue_id) is True


def test_the_first_closing_date_is_kept_through_later_rounds(world: World) -> None:
    issue_id = world.closed()
    world.on(date(2022, 9, 1))
    closure.reopen(world.caller("leader"), issue_id, reopening(world))
    world.evidence(issue_id)
    world.on(date(2022, 9, 30))
    ask(world, issue_id)
    assert close(world, issue_id) is False
    assert (stored(issue_id).first_closed_on, stored(issue_id).closed_on) == (date(2022, 7, 4), date(2022, 9, 30))
    assert [r.closed_on_time for r in rounds(issue_id)] == [True, False]


@pytest.mark.parametrize(
    ("back", "sentence"),
    [
        (closure.Reopening("未到", "须重新整改。", DeadlineRule.workdays(5)), "请填写回头看发现"),
        (closure.Reopening("回访3户未收到。", "", DeadlineRule.workdays(5)), "请填写重开理由"),
        (closure.Reopening("回访3户未收到。", "须重新整改。", DeadlineRule.by(date(2022, 7, 3))), "已经过去"),
        (closure.Reopening("回访3户未收到。", "须重新整改。", DeadlineRule.none()), "请给出整改时限"),
    ],
)
def test_looking_back_brings_what_it_must(world: World, back: closure.Reopening, sentence: str) -> None:
    issue_id = world.closed()
    with pytest.raises(Refused, match=sentence):
        closure.reopen(world.caller("leader"), issue_id, back)
    assert (stored(issue_id).round, len(rounds(issue_id))) == (1, 1)
