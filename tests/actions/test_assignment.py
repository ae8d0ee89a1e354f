"""Handing a problem to a unit: deadlines, units, telling, signing, handing on."""

from datetime import date
from typing import Any

import pytest

from actions import assignment, dismissal
from actions.transaction import transaction
from models.deadline import DeadlineRule
from models.issue_record import Issue
from models.issue_word import Handling, IssueStatus
from models.refusal import NotFoundOrNotYours, Refused
from models.unit import Unit
from queries.issue_case import case_of
from queries.reading import reading
from tests.actions.test_issue import OFFENCE, events, stored
from tests.factories import World

REASON = "责任在另一镇。"


@pytest.mark.parametrize(
    ("rule", "deadline"),
    [
        (DeadlineRule.workdays(15), date(2022, 7, 25)),
        (DeadlineRule.calendar_days(30), date(2022, 8, 3)),
        (DeadlineRule.calendar_days(5), date(2022, 7, 11)),
        (DeadlineRule.by(date(2022, 9, 30)), date(2022, 9, 30)),
        (DeadlineRule.by(date(2022, 7, 4)), date(2022, 7, 4)),
    ],
)
def test_a_deadline_follows_its_rule_and_is_the_first_one(
    both_worlds: World, rule: DeadlineRule, deadline: date
) -> None:
    """Assigned on Monday, 4 July 2022; the fifth day after is a Saturday and moves to Monday."""
    issue_id = both_worlds.registered()
    assert assignment.assign(both_worlds.caller("office"), issue_id, both_worlds.order(deadline_rule=rule)) == deadline
    found = stored(issue_id)
    assert (found.deadline, found.first_deadline, found.deadline_rule) == (deadline, deadline, rule.stored)
    assert (found.deadline_is_estimate, found.assigned_on, events(issue_id)[-1].deadline) == (
        False, date(2022, 7, 4), deadline,
    )  # fmt: skip


def test_a_deadline_in_a_year_not_yet_published_is_an_estimate(world: World) -> None:
    issue_id = world.registered()
    assignment.assign(world.caller("office"), issue_id, world.order(deadline_rule=DeadlineRule.calendar_days(999)))
    assert not stored(issue_id).deadline_is_estimate, "2025 is published"
    world.on(date(2035, 1, 5))
    late = world.registered()
    assignment.assign(world.caller("office"), late, world.order())
    assert stored(late).deadline_is_estimate


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"deadline_rule": DeadlineRule.by(date(2022, 7, 3))}, "整改时限 2022-07-03 已经过去"),
        ({"deadline_rule": DeadlineRule.none()}, "请给出整改时限；只有 P107"),
        ({"handling": Handling.LISTED}, "请选择本件所在地区现任的领导"),
        ({"responsible_leader": " "}, "请填写责任领导。"),
        ({"person_in_charge": ""}, "请填写责任人。"),
        ({"requirements": ""}, "请填写整改要求"),
        ({"responsible_unit_id": 999}, "请选择仍在运行的责任单位。"),
    ],
)
def test_an_assignment_brings_what_it_must(world: World, changes: dict[str, Any], sentence: str) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match=sentence):
        assignment.assign(world.caller("office"), issue_id, world.order(**changes))
    assert stored(issue_id).status is IssueStatus.REGISTERED


def test_the_policy_itself_has_no_deadline_whatever_was_asked(world: World) -> None:
    issue_id = world.registered(type_code="P107")
    assert assignment.assign(world.caller("office"), issue_id, world.order()) is None
    found = stored(issue_id)
    assert (found.deadline, found.first_deadline, found.deadline_rule) == (None, None, "N")


def test_a_unit_of_another_county_or_a_dissolved_one_is_not_made_responsible(world: World) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match="示例三镇财政所不属于本件所在的县区"):
        assignment.assign(
            world.caller("office"), issue_id, world.order(responsible_unit_id=world.units["示例三镇财政所"])
        )
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Unit, world.units["示例一镇财政所"]).valid_to = date(2022, 6, 30)
        tx.record("test.dissolve", "unit:4")
    with pytest.raises(Refused, match="请选择仍在运行的责任单位。"):
        assignment.assign(world.caller("office"), issue_id, world.order())


def test_the_accused_unit_sees_a_group_c_problem_only_once_it_was_told(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.registered(**OFFENCE)
    assignment.assign(world.caller("office"), issue_id, world.order())
    with pytest.raises(NotFoundOrNotYours):
        assignment.sign(world.caller("unit"), issue_id)
    assignment.release(world.caller("leader"), issue_id)
    assignment.sign(world.caller("unit"), issue_id)
    with pytest.raises(Refused, match="已经告知责任单位。"):
        assignment.release(world.caller("leader"), issue_id)


def test_a_new_holder_of_a_group_c_problem_has_not_been_told(world: World) -> None:
    issue_id = world.rectifying(**OFFENCE)
    assignment.reassign(world.caller("office"), issue_id, world.units["示例二镇财政所"], REASON, "李某某", "陈某某")
    with pytest.raises(NotFoundOrNotYours):
        assignment.sign(world.caller("other_unit"), issue_id)
    assignment.release(world.caller("leader"), issue_id)
    assignment.sign(world.caller("other_unit"), issue_id)


def test_a_reinstated_group_c_problem_is_told_anew(world: World) -> None:
    issue_id = world.rectifying(**OFFENCE)
    dismissal.propose_dismissal(
        world.caller("office"), issue_id, dismissal.DismissalGround.NOT_A_PROBLEM, "核实后不构成问题。"
    )
    dismissal.confirm_dismissal(world.caller("leader"), issue_id)
    dismissal.reinstate(world.caller("leader"), issue_id, "又有新证据。")
    assert not stored(issue_id).is_released


def test_signing_is_dated_and_once(world: World) -> None:
    issue_id = world.rectifying()
    world.later(days=1)
    assignment.sign(world.caller("unit2"), issue_id)
    assert stored(issue_id).signed_on == date(2022, 7, 5)
    with pytest.raises(Refused, match="已经签收。"):
        assignment.sign(world.caller("unit"), issue_id)


def test_handing_on_keeps_deadline_and_history_and_asks_for_a_new_signature(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    assignment.sign(world.caller("unit"), issue_id)
    world.later(days=10)
    before = stored(issue_id)
    other = world.units["示例二镇财政所"]
    assignment.reassign(world.caller("office"), issue_id, other, REASON, "赵某某", "钱某某")
    found, last = stored(issue_id), events(issue_id)[-1]
    assert (found.deadline, found.first_deadline) == (before.deadline, before.first_deadline)
    assert (found.responsible_unit_name, found.responsible_leader, found.signed_on) == (
        "示例二镇财政所",
        "赵某某",
        None,
    )
    assert (last.note, last.detail["from"], last.detail["to"]) == (REASON, "示例一镇财政所", "示例二镇财政所")
    assert (events(issue_id)[-2].responsible_unit_id, last.responsible_unit_id) == (before.responsible_unit_id, other)
    with pytest.raises(NotFoundOrNotYours):
        assignment.sign(world.caller("unit"), issue_id)


def test_handing_on_to_the_same_unit_is_refused(world: World) -> None:
    issue_id = world.rectifying()
    with pytest.raises(Refused, match="新责任单位与原责任单位相同"):
        assignment.reassign(world.caller("office"), issue_id, world.units["示例一镇财政所"], REASON, "李某某", "陈某某")


def test_the_case_knows_the_holder_and_the_signature(world: World) -> None:
    issue_id = world.rectifying()
    with reading() as session:
        before = case_of(session, session.get_one(Issue, issue_id))
    assignment.sign(world.caller("unit"), issue_id)
    with reading() as session:
        after = case_of(session, session.get_one(Issue, issue_id))
    assert (before.is_signed, after.is_signed, after.responsible_unit_id) == (
        False,
        True,
        world.units["示例一镇财政所"],
    )
