"""挂牌督办: a leader by name, a report every seven days, closing by a leader; and off the list again."""

from datetime import date

import pytest

from actions import assignment, closure, listing, rectification
from actions.transaction import transaction
from models.issue import Verb
from models.issue_word import Handling, IssueStatus
from models.notice import NoticeKind
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from models.user import User
from queries.ledger import LedgerFilter, ledger_page
from queries.ledger_marks import LedgerMark
from queries.today import waiting_for
from tests.actions.crowd import crowded_world
from tests.actions.test_contest import told
from tests.actions.test_issue import stored
from tests.factories import World
from tests.queries.test_issue import page, viewer


def listed(world: World, **changes: object) -> int:
    """Under way, listed by leader in person, today."""
    issue_id = world.rectifying(**changes)
    listing.list_issue(world.caller("leader"), issue_id, world.people["leader"], "月底前办结。")
    return issue_id


def missing(world: World) -> list[tuple[int, tuple[str, ...]]]:
    wanted = LedgerFilter(marks=(LedgerMark.UNREPORTED,))
    found = ledger_page(viewer(world, "office"), world.campaign_id, wanted, world.caller("office").today)
    return [(row.id, row.marks) for row in found.rows]


def test_a_report_is_missing_from_the_eighth_day_on_and_shows_wherever_somebody_looks(both_worlds: World) -> None:
    world = both_worlds.on(date(2022, 7, 4))
    issue_id = listed(world)
    assignment.sign(world.caller("unit"), issue_id)
    part = page(world.on(date(2022, 7, 11)), issue_id).listing
    assert part is not None and (part.report_due, part.missed) == (date(2022, 7, 11), "")
    assert missing(world) == []
    part = page(world.on(date(2022, 7, 12)), issue_id).listing
    assert part is not None and part.missed == "进展超期未报 1 天"
    assert missing(world) == [(issue_id, ("挂牌督办", "进展超期未报"))]
    (row,) = waiting_for(viewer(world, "unit"), world.campaign_id, world.caller("unit").today).rows
    assert (row.verb, row.mark) == (Verb.REPORT, "进展超期未报")
    rectification.report(world.caller("unit"), issue_id, "已补发8户。")
    assert missing(world) == []


def test_while_the_office_has_it_no_report_is_owed_and_a_return_begins_the_seven_days_anew(world: World) -> None:
    world.on(date(2022, 7, 4))
    issue_id = world.in_acceptance()
    listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])
    assert missing(world.on(date(2022, 7, 20))) == []
    closure.return_to_unit(world.caller("office"), issue_id, "缺两户签字确认表，请补齐。")
    assert missing(world.on(date(2022, 7, 27))) == []
    assert missing(world.on(date(2022, 7, 28))) != []


def test_the_named_leader_and_the_unit_are_told(world: World) -> None:
    order = world.order(handling=Handling.LISTED, leader_id=world.people["leader"])
    assignment.assign(world.caller("office"), world.registered(), order)
    assert told(world, "leader") == [(NoticeKind.LIST, order.requirements)]
    listed(world)
    assert (NoticeKind.LIST, "月底前办结。") in told(world, "unit2")


def test_taken_charge_of_by_a_leader_of_that_region_who_is_in_office(sqlite: str) -> None:
    world = crowded_world()
    issue_id = world.rectifying()
    for somebody in ("far_leader", "office"):
        with pytest.raises(Refused, match="现任的领导"):
            listing.list_issue(world.caller("leader"), issue_id, world.people[somebody])
    listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])
    with pytest.raises(Refused, match="已由L某某挂牌督办"):
        listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])
    with pytest.raises(NotFoundOrNotYours):
        listing.unlist(world.caller("far_leader"), issue_id, "本地区自行办理。")


def test_a_leader_who_leaves_is_said_to_have_left_and_another_one_is_named(world: World) -> None:
    issue_id = listed(world)
    with transaction(world.terminal()) as tx:
        world.person(tx, "leader2", "领导小组办公室", Role.LEADER)
        tx.session.get_one(User, world.users["leader"]).disabled_at = tx.now
        tx.record("test.leaves", "user:1")
    part = page(world, issue_id).listing
    assert part is not None and part.has_left
    listing.list_issue(world.caller("leader2"), issue_id, world.people["leader2"])
    part = page(world, issue_id).listing
    assert part is not None and (part.leader, part.has_left) == ("L某某", False)


def test_once_off_the_list_the_office_approves_and_no_report_is_owed(world: World) -> None:
    world.on(date(2022, 7, 4))
    issue_id = world.in_approval()
    listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])
    with pytest.raises(Refused, match="挂牌督办问题须由领导批准销号"):
        closure.approve(world.caller("office2"), issue_id)
    listing.unlist(world.caller("leader"), issue_id, "已按要求整改到位。")
    closure.approve(world.caller("office2"), issue_id)
    assert (stored(issue_id).status, stored(issue_id).handling) == (IssueStatus.CLOSED, Handling.STANDARD)
    with pytest.raises(Refused, match="现在是“已销号”"):
        listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])


def test_what_a_leader_listed_before_it_was_assigned_stays_so_whatever_the_order_says(world: World) -> None:
    issue_id = world.registered()
    listing.list_issue(world.caller("leader"), issue_id, world.people["leader"])
    assignment.assign(world.caller("office"), issue_id, world.order())
    assert stored(issue_id).handling is Handling.LISTED
