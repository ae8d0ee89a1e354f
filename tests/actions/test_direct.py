"""直查直办: the office rectifies it itself, another person accepts, the leader approves."""

import pytest

from actions import assignment, closure, rectification
from models.issue import Verb
from models.issue_record import Issue
from models.issue_word import Handling, IssueStatus, VerifiedHow
from models.refusal import Refused
from queries.concerned import concerned
from queries.issue_case import case_of
from queries.reading import reading
from queries.today import waiting_for
from tests.actions.attempts import assign_direct
from tests.actions.test_issue import stored
from tests.factories import World
from tests.queries.test_issue import page, viewer


def direct(world: World) -> int:
    """Under way with the office itself."""
    issue_id = world.registered()
    assign_direct(world, "office", issue_id)
    return issue_id


def requested(world: World) -> int:
    """office gave the evidence and asked for closing."""
    issue_id = direct(world)
    world.evidence(issue_id, by="office")
    rectification.request(world.caller("office"), issue_id, world.closure_request())
    return issue_id


def todo(world: World, by: str) -> list[tuple[int, Verb]]:
    found = waiting_for(viewer(world, by), world.campaign_id, world.caller(by).today)
    return [(row.id, row.verb) for row in found.rows]


def test_the_office_finds_it_among_what_it_has_to_do_and_signs_for_nothing(both_worlds: World) -> None:
    world = both_worlds
    issue_id = direct(world)
    assert todo(world, "office2") == [(issue_id, Verb.REPORT)] and todo(world, "unit") == []
    assert stored(issue_id).signed_on is not None
    with reading() as session:
        issue = session.get_one(Issue, issue_id)
        told = concerned(session, issue, case_of(session, issue), world.caller("office").today)
    assert {one.person_id for one in told} == {world.people[name] for name in ("office", "office2")}


def test_whoever_asked_neither_accepts_nor_returns_and_the_leader_of_the_same_unit_approves(
    both_worlds: World,
) -> None:
    world = both_worlds
    issue_id = requested(world)
    for act in (
        lambda: closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "材料齐全。"),
        lambda: closure.return_to_unit(world.caller("office"), issue_id, "缺两户签字确认表，请补齐。"),
    ):
        with pytest.raises(Refused, match=r"不能验收|不能退回"):
            act()
    assert todo(world, "office2") == todo(world, "inspector") == [(issue_id, Verb.ACCEPT)]
    assert todo(world, "office") == []
    closure.accept(world.caller("office2"), issue_id, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
    with pytest.raises(Refused, match="直查直办问题须由领导批准销号"):
        closure.approve(world.caller("office"), issue_id)
    assert todo(world, "leader") == [(issue_id, Verb.APPROVE)]
    closure.approve(world.caller("leader"), issue_id)
    assert stored(issue_id).status is IssueStatus.CLOSED


def test_the_clock_stops_while_the_request_waits_as_for_any_unit(world: World) -> None:
    issue_id = requested(world)
    deadline = stored(issue_id).deadline
    closure.return_to_unit(world.later(days=7).caller("inspector"), issue_id, "缺两户签字确认表，请补齐。")
    assert deadline is not None and (stored(issue_id).deadline or deadline) > deadline
    assert stored(issue_id).handling is Handling.DIRECT


def test_only_the_leading_office_holds_it_and_another_unit_makes_it_an_ordinary_one(world: World) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match="责任单位请选领导小组办公室"):
        assignment.assign(world.caller("office"), issue_id, world.order(handling=Handling.DIRECT))
    assign_direct(world, "office", issue_id)
    assignment.reassign(
        world.caller("office"), issue_id, world.units["示例一镇财政所"], "由财政所补发。", "李某某", "陈某某"
    )
    assert (stored(issue_id).handling, stored(issue_id).signed_on) == (Handling.STANDARD, None)
    assert todo(world, "unit") == [(issue_id, Verb.SIGN)]


def test_an_office_person_who_works_in_the_responsible_unit_reports_nothing_for_it(world: World) -> None:
    issue_id = world.registered()
    assignment.assign(world.caller("office"), issue_id, world.order(responsible_unit_id=world.units["领导小组办公室"]))
    with pytest.raises(Refused, match="只有责任单位可以填报进展"):
        rectification.report(world.caller("office"), issue_id, "已补发8户。")
    assert Verb.REPORT not in page(world, issue_id, "office").verbs
