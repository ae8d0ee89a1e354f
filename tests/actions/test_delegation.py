"""Standing in 代: for one person at a time, never in a circle, and two pairs of eyes see through it."""

from datetime import date, timedelta

import pytest

from actions.closure import accept, approve
from actions.delegation import add_delegation, end_delegation
from actions.grant import confirm_grant, propose_grant
from actions.people import disable_user
from actions.transaction import transaction
from models.issue_word import VerifiedHow
from models.local_time import local_day
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from models.user import Membership
from queries.audit import verify
from queries.people import delegations, waiting_grants
from tests.actions.test_region_change import seen
from tests.factories import World

WEEK = timedelta(days=7)


def hand_on(world: World, giver: str, taker: str, role: Role = Role.OFFICE, in_days: int = 0) -> int:
    since = local_day(world.now) + timedelta(days=in_days)
    return add_delegation(world.caller(giver), taker, role, since, since + WEEK)


def colleague(world: World, name: str, role: Role, reporting_unit: str | None = None, unit: str = "审计局") -> None:
    with transaction(world.terminal()) as tx:
        world.person(tx, name, unit, role, reporting_unit)
        tx.record("test.colleague", "user:1")


# --- what is refused ----------------------------------------------------------------------------------------------


def test_nobody_stands_in_for_themselves_not_even_by_a_second_account(world: World) -> None:
    with pytest.raises(Refused, match="不能委托给自己"):
        hand_on(world, "office", "office")


def test_two_people_do_not_stand_in_for_each_other(both_worlds: World) -> None:
    colleague(both_worlds, "far_two", Role.OFFICE, "甲县")
    hand_on(both_worlds, "far_office", "far_two")
    with pytest.raises(Refused, match="没有人在岗"):
        hand_on(both_worlds, "far_two", "far_office")
    assert verify().ok


def test_one_who_only_stands_in_has_nothing_to_hand_on(world: World) -> None:
    hand_on(world, "far_office", "auditor")
    with pytest.raises(Refused, match="您自己没有"):
        hand_on(world, "auditor", "inspector")


def test_another_week_is_no_circle(world: World) -> None:
    colleague(world, "far_two", Role.OFFICE, "甲县")
    hand_on(world, "far_office", "far_two")
    assert hand_on(world, "far_two", "far_office", in_days=8)


def test_who_holds_the_role_anyway_is_not_asked(world: World) -> None:
    with pytest.raises(Refused, match="本来就有同样的"):
        hand_on(world, "office", "office2")
    with pytest.raises(Refused, match="本来就有同样的"):
        hand_on(world, "unit", "unit2", Role.UNIT)
    with pytest.raises(Refused, match="本来就有同样的"):
        hand_on(world, "inspector", "inspector2", Role.INSPECTOR)


def test_the_same_role_elsewhere_is_worth_asking_for(world: World) -> None:
    assert hand_on(world, "unit", "other_unit", Role.UNIT)
    assert hand_on(world, "office", "far_office")


def test_the_same_days_are_not_given_twice(world: World) -> None:
    hand_on(world, "office", "inspector")
    with pytest.raises(Refused, match="没有重复登记"):
        hand_on(world, "office", "inspector", in_days=3)
    assert hand_on(world, "office", "inspector", in_days=8)


def test_admin_hands_on_nothing_the_absent_person_does_not_hold(world: World) -> None:
    today = local_day(world.now)
    with pytest.raises(Refused, match="委托人没有"):
        add_delegation(world.caller("admin"), "auditor", Role.UNIT, today, today, "inspector")
    assert add_delegation(world.caller("admin"), "auditor", Role.UNIT, today, today, "unit")


def test_only_giver_and_admin_end_it(world: World) -> None:
    number = hand_on(world, "office", "inspector")
    with pytest.raises(Refused, match="管理人员和账号"):
        end_delegation(world.caller("inspector"), number)
    end_delegation(world.caller("admin"), number)
    with pytest.raises(NotFoundOrNotYours):
        end_delegation(world.caller("office"), number)


# --- what it carries ----------------------------------------------------------------------------------------------


def test_a_chain_leads_no_further_than_one_person(both_worlds: World) -> None:
    colleague(both_worlds, "far_two", Role.OFFICE, "甲县")
    hand_on(both_worlds, "far_office", "far_two")
    hand_on(both_worlds, "far_two", "auditor")
    (grant,) = [g for g in seen(both_worlds, "auditor").grants if g.role is Role.OFFICE]
    assert grant.stands_in_for == both_worlds.people["far_two"]
    assert {p.reporting_unit_id for p in grant.places} == {both_worlds.reporting_units["甲县"]}


def test_a_disabled_giver_is_stood_in_for_by_nobody(world: World) -> None:
    hand_on(world, "office", "inspector")
    disable_user(world.caller("admin"), "office")
    assert Role.OFFICE not in seen(world, "inspector").roles


def test_it_begins_and_ends_with_its_days_though_the_clock_is_moved_back(world: World) -> None:
    today = local_day(world.now)
    add_delegation(world.caller("office"), "inspector", Role.OFFICE, today, today + WEEK)
    held = []
    for day in (today - timedelta(days=1), today, today + WEEK, today + WEEK + timedelta(days=1)):
        held.append(Role.OFFICE in seen(world.on(day), "inspector").roles)
    assert held == [False, True, True, False]


def test_all_of_them_are_listed_to_admin_and_ones_own_to_others(world: World) -> None:
    hand_on(world, "office", "inspector")
    today = local_day(world.now)
    assert [d.is_mine for d in delegations(seen(world, "office"), today)] == [True]
    assert [d.is_mine for d in delegations(seen(world, "admin"), today)] == [False]
    assert delegations(seen(world, "leader"), today) == ()


# --- two pairs of eyes see through it -----------------------------------------------------------------------------


def test_who_accepted_for_another_leaves_both_out_of_the_approval(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.in_acceptance()
    hand_on(world, "office2", "inspector2")
    with transaction(world.terminal()) as tx:  # inspector2 accepts under the office's role, not their own
        (own,) = [m for m in tx.session.query(Membership).filter_by(user_id=world.users["inspector2"])]
        own.ended_at = world.now
        tx.record("test.no_role", "user:1")
    accept(world.caller("inspector2"), issue_id, VerifiedHow.DOCUMENTS, "代为查验资料。")
    for name in ("office2", "inspector2"):
        with pytest.raises(Refused):
            approve(world.caller(name), issue_id)
    approve(world.caller("office"), issue_id)


def test_who_is_stood_in_for_accepted_so_the_deputy_does_not_approve(world: World) -> None:
    issue_id = world.in_acceptance()
    accept(world.caller("office2"), issue_id, VerifiedHow.DOCUMENTS, "查验资料。")
    hand_on(world, "office2", "auditor")
    with pytest.raises(Refused, match="须由另一人审批"):
        approve(world.caller("auditor"), issue_id)


def test_down_a_chain_the_two_stay_two(world: World) -> None:
    """office3 accepted; whoever stands in for office3 is no second pair of eyes, who stands in for office is."""
    colleague(world, "office3", Role.OFFICE, "甲县")
    hand_on(world, "office", "far_office")
    issue_id = world.in_acceptance()
    accept(world.caller("office3"), issue_id, VerifiedHow.DOCUMENTS, "查验资料。")
    hand_on(world, "office3", "auditor")
    with pytest.raises(Refused):
        approve(world.caller("auditor"), issue_id)
    approve(world.caller("far_office"), issue_id)  # in the office's name, who had no part in it


def test_a_deputy_from_the_responsible_unit_judges_nothing_of_it(both_worlds: World) -> None:
    hand_on(both_worlds, "office", "unit2")
    issue_id = both_worlds.in_approval()
    with pytest.raises(Refused, match="责任单位的人不能"):
        approve(both_worlds.caller("unit2"), issue_id)


def test_nor_does_the_deputy_of_one_who_acts_for_it(both_worlds: World) -> None:
    """The office's person acts for the unit under another role: whoever stands in may judge no more than they."""
    world = both_worlds
    propose_grant(world.caller("admin"), "office", Role.UNIT, None, "U004")
    hand_on(world, "office", "auditor")
    issue_id = world.in_approval()
    with pytest.raises(Refused, match="责任单位的人不能"):
        approve(world.caller("office"), issue_id)
    with pytest.raises(Refused, match="责任单位的人不能"):
        approve(world.caller("auditor"), issue_id)


def test_security_does_not_have_their_own_grant_confirmed_by_their_deputy(world: World) -> None:
    propose_grant(world.caller("admin"), "security", Role.OFFICE)
    hand_on(world, "security", "auditor", Role.SECURITY)
    (grant,) = waiting_grants(seen(world, "auditor"))
    with pytest.raises(Refused, match="所代的人"):
        confirm_grant(world.caller("auditor"), grant.membership_id)


def test_an_admin_who_stands_in_for_security_does_not_confirm_what_they_proposed(world: World) -> None:
    propose_grant(world.caller("admin"), "inspector", Role.OFFICE)
    hand_on(world, "security", "admin", Role.SECURITY)
    (grant,) = waiting_grants(seen(world, "admin"))
    with pytest.raises(Refused, match="您或您所代的人提出的"):
        confirm_grant(world.caller("admin"), grant.membership_id)


def test_long_absences_are_grants_not_delegations(world: World) -> None:
    with pytest.raises(Refused, match="最长 92 天"):
        add_delegation(world.caller("office"), "inspector", Role.OFFICE, local_day(world.now), date(2023, 1, 1))
