"""Who hears what was done to their problem, and who does not."""

from datetime import date

import pytest

from actions import assignment, closure, reminder
from actions.delegation import add_delegation
from models.notice import NoticeKind
from models.refusal import Refused
from models.role import Role
from queries.notice import unread_news, unread_notices
from tests.actions.test_issue import OFFENCE, events
from tests.actions.test_reminder import EVERYBODY
from tests.factories import World
from tests.queries.test_issue import viewer


def heard(world: World) -> dict[str, list[NoticeKind]]:
    """Who has news they have not seen, and which, the latest first."""
    told = {
        n: [r.kind for r in unread_news(viewer(world, n), world.campaign_id, world._today()).rows] for n in EVERYBODY
    }
    return {name: kinds for name, kinds in told.items() if kinds}


def test_the_unit_hears_that_a_problem_was_assigned_given_back_and_crossed_off(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, "照片看不清日期，请重拍后再报。")
    assert heard(world)["unit2"] == [NoticeKind.RETURNED, NoticeKind.ASSIGNED]
    world.closed()
    assert heard(world)["unit"][0] is NoticeKind.CLOSED
    assert set(heard(world)) == {"unit", "unit2"}


def test_the_accused_unit_hears_of_an_offence_only_once_it_was_told(both_worlds: World) -> None:
    issue_id = both_worlds.registered(**OFFENCE)
    assignment.assign(both_worlds.caller("office"), issue_id, both_worlds.order())
    assert heard(both_worlds) == {}
    assignment.release(both_worlds.caller("leader"), issue_id)
    assert heard(both_worlds) == {"unit": [NoticeKind.ASSIGNED], "unit2": [NoticeKind.ASSIGNED]}


def test_a_unit_that_holds_it_no_more_hears_nothing_of_it(world: World) -> None:
    issue_id = world.rectifying()
    other = world.units["示例二镇财政所"]
    assignment.reassign(world.caller("office"), issue_id, other, "由二镇办理。", "李某某", "陈某某")
    assert heard(world) == {"other_unit": [NoticeKind.ASSIGNED]}


def test_whoever_accepted_hears_that_it_must_be_accepted_again_and_who_stands_in_hears_it_too(world: World) -> None:
    issue_id = world.in_approval()
    add_delegation(world.caller("inspector"), "office2", Role.INSPECTOR, date(2022, 7, 4), date(2022, 7, 31))
    closure.back_to_acceptance(world.caller("office"), issue_id, "请到户复核三户的签字。")
    assert heard(world)["inspector"] == [NoticeKind.BACK] == heard(world)["office2"]


def test_an_answer_is_owed_by_a_day_that_is_told_and_kept(both_worlds: World) -> None:
    world = both_worlds
    issue_id, caller = world.rectifying(), world.caller("leader")
    with pytest.raises(Refused, match="已经过去"):
        reminder.supervise(caller, issue_id, "请尽快办结。", reply_by=date(2022, 7, 1))
    reminder.supervise(caller, issue_id, "请尽快办结。", reply_by=date(2022, 7, 20))
    (row,) = unread_notices(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert row.reply_by == date(2022, 7, 20) and events(issue_id)[-1].detail["reply_by"] == "2022-07-20"
