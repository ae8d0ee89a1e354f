"""A problem that is none: one proposes, another decides, and it stays on the record."""

from datetime import date

import pytest

from actions import assignment, dismissal
from models.issue_word import DismissalGround, IssueStatus
from models.refusal import Refused
from tests.actions.test_closure import rounds
from tests.actions.test_issue import events, stored
from tests.factories import World

REASON = "与清册核对，金额一致，不构成问题。"


def propose(world: World, issue_id: int, by: str = "office") -> None:
    """Propose that it is no problem."""
    dismissal.propose_dismissal(world.caller(by), issue_id, DismissalGround.NOT_A_PROBLEM, REASON)


def test_nobody_makes_a_problem_vanish_alone(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.registered()
    propose(world, issue_id)
    with pytest.raises(Refused, match="查否意见是您提出的，须由另一人决定。"):
        dismissal.confirm_dismissal(world.caller("office"), issue_id)
    dismissal.confirm_dismissal(world.caller("office2"), issue_id)
    found = stored(issue_id)
    assert (found.status, found.dismissal_pending) == (IssueStatus.DISMISSED, False)
    assert found.dismissal_ground == f"不构成问题：{REASON}"


def test_a_dismissed_problem_keeps_its_number(world: World) -> None:
    issue_id = world.registered()
    propose(world, issue_id)
    dismissal.confirm_dismissal(world.caller("office2"), issue_id)
    assert stored(issue_id).number == "SL2022-JX-0001"
    assert stored(world.registered()).number == "SL2022-JX-0002"


def test_what_was_not_dismissed_goes_on_as_before(world: World) -> None:
    issue_id = world.rectifying()
    before = stored(issue_id)
    propose(world, issue_id)
    with pytest.raises(Refused, match="请填写不予查否的理由"):
        dismissal.decline_dismissal(world.caller("office2"), issue_id, "")
    dismissal.decline_dismissal(world.caller("office2"), issue_id, "银行流水显示确有差额。")
    found = stored(issue_id)
    assert (found.status, found.deadline, found.dismissal_ground) == (IssueStatus.RECTIFYING, before.deadline, None)


def test_after_a_decision_the_next_proposal_is_decided_by_another_again(world: World) -> None:
    issue_id = world.registered()
    propose(world, issue_id)
    dismissal.decline_dismissal(world.caller("office2"), issue_id, "确有差额。")
    propose(world, issue_id, by="office2")
    with pytest.raises(Refused, match="须由另一人决定"):
        dismissal.confirm_dismissal(world.caller("office2"), issue_id)
    dismissal.confirm_dismissal(world.caller("office"), issue_id)


def test_a_proposal_says_why(world: World) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match="请填写查否理由"):
        dismissal.propose_dismissal(world.caller("office"), issue_id, DismissalGround.DUPLICATE, "重复")
    assert not stored(issue_id).dismissal_pending


def test_a_pending_proposal_stops_the_assignment(world: World) -> None:
    issue_id = world.registered()
    propose(world, issue_id)
    with pytest.raises(Refused, match="已有人拟查否"):
        assignment.assign(world.caller("office2"), issue_id, world.order())


def test_a_reinstated_problem_waits_for_assignment_with_a_new_first_deadline(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    propose(world, issue_id)
    dismissal.confirm_dismissal(world.caller("office2"), issue_id)
    world.on(date(2022, 8, 1))
    dismissal.reinstate(world.caller("leader"), issue_id, "群众提供了新的存折记录。")
    found = stored(issue_id)
    assert (found.status, found.deadline, found.first_deadline, found.round) == (IssueStatus.REGISTERED, None, None, 1)
    assert (found.assigned_on, found.signed_on, found.dismissal_ground) == (None, None, None)
    assert rounds(issue_id)[0].first_deadline is None
    assignment.assign(world.caller("office"), issue_id, world.order())
    assert stored(issue_id).first_deadline == rounds(issue_id)[0].first_deadline == date(2022, 8, 22)
    assert [e.deadline for e in events(issue_id)] == [None, None, date(2022, 7, 25), date(2022, 7, 25),
                                                      date(2022, 7, 25), None, date(2022, 8, 22)]  # fmt: skip
