"""People, accounts and grants: nobody gives themselves power, and no single person gives the guarded roles."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions.delegation import add_delegation, end_delegation
from actions.grant import confirm_grant, decline_grant, end_grant, propose_grant
from actions.people import (
    UNASSIGNED,
    change_password,
    create_user,
    disable_user,
    enable_user,
    end_sessions,
    reset_password,
)
from actions.team import add_team_member, create_team, remove_team_member
from actions.transaction import transaction
from actions.unit import create_unit
from models.database import Database
from models.local_time import local_day
from models.password import is_password
from models.refusal import Refused, SignedOut
from models.role import Role
from models.unit import Person, Unit, UnitKind
from models.user import ATTEMPTS_ALLOWED, Membership, User
from models.user import Session as SignIn
from queries.people import GrantRow, accounts, delegations, teams, waiting_grants
from queries.reading import reading
from queries.viewer import Place, Viewer, viewer_named
from tests.factories import World


def seen(world: World, name: str) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return viewer


def waiting(world: World) -> tuple[GrantRow, ...]:
    return waiting_grants(seen(world, "security"))


def without_security(world: World) -> None:
    with transaction(world.terminal()) as tx:
        for membership in tx.session.scalars(sa.select(Membership).where(Membership.role == Role.SECURITY)):
            membership.ended_at = world.now
        tx.record("test.no_security", "test:1")


def browser(world: World, name: str) -> int:
    with Database.writers() as session:
        row = SignIn(token_hash=f"{name}-hash", user_id=world.users[name], started_at=world.now, seen_at=world.now)
        session.add(row)
        session.commit()
        return row.id


# --- accounts -----------------------------------------------------------------------------------------------------


def test_a_new_inspector_can_work_once_the_one_time_password_is_changed(both_worlds: World) -> None:
    made = create_user(both_worlds.caller("admin"), "Wang.Wu", Role.INSPECTOR, "421381", None, "王某某")
    assert not made.waits_for_confirmation
    viewer = seen(both_worlds, "wang.wu")
    assert viewer.must_change_password
    assert viewer.grants[0].places == (Place(reporting_unit_id=both_worlds.reporting_units["甲县"]),)
    assert viewer.unit_name == "未分配单位"


def test_the_first_office_of_an_installation_needs_no_confirmation(world: World) -> None:
    without_security(world)
    assert not create_user(world.terminal(), "first.office", Role.OFFICE).waits_for_confirmation
    assert seen(world, "first.office").roles == (Role.OFFICE,)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.DISCIPLINE])
def test_guarded_roles_wait_for_security_even_from_the_terminal(world: World, role: Role) -> None:
    assert create_user(world.terminal(), "guarded", role).waits_for_confirmation
    assert seen(world, "guarded").roles == ()


def test_a_signed_in_admin_cannot_make_a_second_pair_of_eyes_alone(world: World) -> None:
    assert create_user(world.caller("admin"), "my.security", Role.SECURITY).waits_for_confirmation
    assert not create_user(world.terminal(), "new.security", Role.SECURITY).waits_for_confirmation


@pytest.mark.parametrize(
    ("code", "place"),
    [("421381000000", "unit"), ("421381", "unit"), ("421381901000", "示例一镇"), ("421381901201", "甲一村")],
)
def test_a_grant_is_limited_by_reporting_unit_town_or_village(world: World, code: str, place: str) -> None:
    create_user(world.terminal(), "placed", Role.AUDITOR, code)
    (grant,) = seen(world, "placed").grants
    expected = Place(world.reporting_units["甲县"]) if place == "unit" else Place(region_id=world.regions[place])
    assert grant.places == (expected,)


@pytest.mark.parametrize(
    ("role", "region", "unit", "sentence"),
    [
        (Role.AUDITOR, "999999", None, "没有编号为“999999”的地区"),
        (Role.UNIT, None, None, "须指明单位"),
        (Role.UNIT, None, "nowhere", "没有编号为“nowhere”的单位"),
        (Role.ADMIN, "421381", None, "不分地区"),
        (Role.AUDITOR, "421300000000", None, "不是填报单位"),
    ],
)
def test_a_wrong_code_is_refused_in_words_and_nothing_is_written(
    world: World, role: Role, region: str | None, unit: str | None, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        create_user(world.terminal(), "nobody", role, region, unit)
    with reading() as session:
        assert viewer_named(session, "nobody", local_day(world.now)) is None
        assert session.scalar(sa.select(Unit.id).where(Unit.code == UNASSIGNED)) is None


@pytest.mark.parametrize("name", ["office", "OFFICE", "张三", "a", "1abc", "with space", "a" * 31])
def test_a_taken_or_unusable_name_is_refused(world: World, name: str) -> None:
    with pytest.raises(Refused, match="账号"):
        create_user(world.terminal(), name, Role.INSPECTOR)


def test_two_accounts_of_one_staff_number_are_one_person(world: World) -> None:
    first = create_user(world.terminal(), "li.si", Role.INSPECTOR, None, "U002", "李某某", "007")
    second = create_user(world.terminal(), "li.si2", Role.AUDITOR, None, "U002", "李某某", "007")
    assert first.person_id == second.person_id
    with pytest.raises(Refused, match="已登记为另一个人"):
        create_user(world.terminal(), "li.si3", Role.AUDITOR, None, "U002", "王某某", "007")


def test_a_unit_clerk_acts_for_the_named_unit(world: World) -> None:
    create_unit(world.caller("admin"), "CZS-9", "示例九镇财政所", UnitKind.FINANCE_OFFICE, "421381901000", "421381")
    create_user(world.caller("admin"), "clerk", Role.UNIT, None, "CZS-9")
    viewer = seen(world, "clerk")
    assert (viewer.unit_name, viewer.grants[0].unit_id) == ("示例九镇财政所", viewer.unit_id)
    with pytest.raises(Refused, match="没有重复登记"):
        create_unit(world.caller("admin"), "CZS-10", "示例九镇财政所", UnitKind.FINANCE_OFFICE)


def test_only_admin_and_the_terminal_make_accounts(world: World) -> None:
    for name in ("office", "leader", "security", "auditor", "inspector"):
        with pytest.raises(Refused, match="管理人员和账号"):
            create_user(world.caller(name), "made.by.other", Role.INSPECTOR)


# --- grants -------------------------------------------------------------------------------------------------------


def test_an_admin_cannot_grant_themselves_anything(world: World) -> None:
    for role in (Role.OFFICE, Role.INSPECTOR):
        with pytest.raises(Refused, match="不能给自己授权"):
            propose_grant(world.caller("admin"), "admin", role)


def test_nor_can_they_through_a_second_account_of_theirs(world: World) -> None:
    with reading() as session:
        me = session.scalars(sa.select(Person).where(Person.id == world.people["admin"])).one()
    with pytest.raises(Refused, match="不能给自己授权"):
        create_user(world.caller("admin"), "admin2", Role.OFFICE, None, "U001", me.name, me.staff_number)


def test_security_puts_a_proposed_office_in_force(both_worlds: World) -> None:
    propose_grant(both_worlds.caller("admin"), "inspector", Role.OFFICE, "421382")
    assert Role.OFFICE not in seen(both_worlds, "inspector").roles
    confirm_grant(both_worlds.caller("security"), waiting(both_worlds)[0].membership_id)
    assert Role.OFFICE in seen(both_worlds, "inspector").roles
    assert waiting(both_worlds) == ()


def test_admin_does_not_confirm_what_security_alone_may(world: World) -> None:
    propose_grant(world.caller("admin"), "inspector", Role.OFFICE)
    with pytest.raises(Refused, match="确认授权"):
        confirm_grant(world.caller("admin"), waiting(world)[0].membership_id)


def test_whoever_is_both_admin_and_security_does_not_confirm_their_own_proposal(world: World) -> None:
    propose_grant(world.terminal(), "admin", Role.SECURITY)
    propose_grant(world.caller("admin"), "inspector", Role.OFFICE)
    with pytest.raises(Refused, match="您或您所代的人提出的"):
        confirm_grant(world.caller("admin"), waiting(world)[0].membership_id)


def test_security_does_not_confirm_a_grant_to_themselves(world: World) -> None:
    propose_grant(world.caller("admin"), "security", Role.LEADER)
    with pytest.raises(Refused, match="不能确认给自己"):
        confirm_grant(world.caller("security"), waiting(world)[0].membership_id)


def test_a_declined_grant_never_comes_into_force(world: World) -> None:
    propose_grant(world.caller("admin"), "inspector", Role.OFFICE)
    membership_id = waiting(world)[0].membership_id
    decline_grant(world.caller("security"), membership_id)
    with pytest.raises(Refused, match="没有找到"):
        confirm_grant(world.caller("security"), membership_id)


def test_the_same_grant_is_not_given_twice(world: World) -> None:
    with pytest.raises(Refused, match="已有“检查人员”的同一项授权"):
        propose_grant(world.caller("admin"), "inspector", Role.INSPECTOR)


def test_a_role_taken_away_is_gone_at_once_but_the_last_admin_stays(world: World) -> None:
    (row,) = accounts(seen(world, "admin"), world.now, "auditor").rows
    end_grant(world.caller("admin"), row.grants[0].membership_id)
    assert seen(world, "auditor").roles == ()
    (me,) = [a for a in accounts(seen(world, "admin"), world.now, "admin").rows if a.name == "admin"]
    with pytest.raises(Refused, match="最后一个“系统管理员”"):
        end_grant(world.caller("admin"), me.grants[0].membership_id)


# --- passwords and sessions ---------------------------------------------------------------------------------------


def test_a_reset_ends_sessions_and_guarded_roles_wait_again(world: World) -> None:
    browser(world, "office")
    password = reset_password(world.caller("admin"), "office")
    with reading() as session:
        user = session.scalars(sa.select(User).where(User.name == "office")).one()
        assert session.scalars(sa.select(SignIn.ended_at)).one() is not None
    assert is_password(password, user.password_hash)
    assert user.one_time_password
    assert seen(world, "office").roles == ()
    confirm_grant(world.caller("security"), waiting(world)[0].membership_id)
    assert seen(world, "office").roles == (Role.OFFICE,)


def test_an_unguarded_role_survives_a_reset(world: World) -> None:
    reset_password(world.caller("admin"), "inspector")
    assert seen(world, "inspector").roles == (Role.INSPECTOR,)


def test_an_admin_cannot_take_over_the_only_security_account(world: World) -> None:
    with pytest.raises(Refused, match="最后一个“安全管理员”"):
        reset_password(world.caller("admin"), "security")
    assert reset_password(world.terminal(), "security")


def test_a_one_time_password_lets_nothing_else_be_done(world: World) -> None:
    reset_password(world.terminal(), "admin")
    with pytest.raises(Refused, match="请先修改一次性密码"):
        create_user(world.caller("admin"), "too.early", Role.INSPECTOR)


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", "ricefield-2022", "ricefield-2022", "现在的密码不对"),
        ("{old}", "ricefield-2022", "ricefield-2023", "两次输入"),
        ("{old}", "{old}", "{old}", "不能和现在的密码一样"),
        ("{old}", "short", "short", "太短"),
        ("{old}", "20220916202209", "20220916202209", "不能全是数字"),
        ("{old}", "my-inspector-1", "my-inspector-1", "不能含有账号"),
    ],
)
def test_a_new_password_is_refused_with_its_reason(world: World, old: str, new: str, again: str, sentence: str) -> None:
    given = reset_password(world.terminal(), "inspector")
    with pytest.raises(Refused, match=sentence):
        change_password(world.caller("inspector"), *(text.format(old=given) for text in (old, new, again)))


def test_guesses_at_the_old_password_are_slowed_down_and_a_weak_new_one_is_no_guess(world: World) -> None:
    given, caller = reset_password(world.terminal(), "inspector"), world.caller("inspector")
    for _ in range(ATTEMPTS_ALLOWED + 1):
        with pytest.raises(Refused, match="太短"):
            change_password(caller, given, "short", "short")
    for _ in range(ATTEMPTS_ALLOWED):
        with pytest.raises(Refused):
            change_password(caller, "wrong", "ricefield-2022", "ricefield-2022")
    with pytest.raises(Refused, match="分钟"):
        change_password(caller, given, "ricefield-2022", "ricefield-2022")
    assert seen(world, "inspector").must_change_password


def test_changing_ones_password_opens_the_house(world: World) -> None:
    given = reset_password(world.terminal(), "inspector")
    change_password(world.caller("inspector"), given, "ricefield-2022", "ricefield-2022")
    assert not seen(world, "inspector").must_change_password


def test_security_ends_sessions_and_admin_does_not(world: World) -> None:
    browser(world, "unit")
    with pytest.raises(Refused, match="结束会话"):
        end_sessions(world.caller("admin"), "unit")
    assert end_sessions(world.caller("security"), "unit") == 1


def test_a_disabled_account_is_out_at_once_and_comes_back_with_a_confirmation(world: World) -> None:
    caller = world.caller("office")
    disable_user(world.caller("admin"), "office")
    with pytest.raises(SignedOut):
        create_team(caller, world.campaign_id, "检查九组", ["421381"])
    enable_user(world.caller("admin"), "office")
    assert seen(world, "office").roles == ()
    for refused in ("admin", "security"):
        with pytest.raises(Refused):
            disable_user(world.caller("admin"), refused)


# --- standing in, teams -------------------------------------------------------------------------------------------


def test_a_person_on_leave_hands_their_own_role_on_until_a_day(world: World) -> None:
    today = local_day(world.now)
    number = add_delegation(world.caller("office"), "inspector", Role.OFFICE, today, today + timedelta(days=3))
    assert Role.OFFICE in seen(world, "inspector").roles
    assert [d.role for d in delegations(seen(world, "inspector"), today)] == [Role.OFFICE]
    end_delegation(world.caller("office"), number)
    assert Role.OFFICE not in seen(world, "inspector").roles


@pytest.mark.parametrize(
    ("who", "to", "role", "from_user", "sentence"),
    [
        ("inspector", "unit", Role.OFFICE, None, "您自己没有"),
        ("admin", "inspector", Role.OFFICE, "office", "只能由本人委托"),
        ("admin", "admin", Role.INSPECTOR, "inspector", "委托给自己"),
        ("unit", "inspector2", Role.INSPECTOR, "inspector", "管理人员和账号"),
        ("office", "office", Role.OFFICE, None, "不能委托给自己"),
    ],
)
def test_power_is_not_handed_on_by_others(
    world: World, who: str, to: str, role: Role, from_user: str | None, sentence: str
) -> None:
    today = local_day(world.now)
    with pytest.raises(Refused, match=sentence):
        add_delegation(world.caller(who), to, role, today, today, from_user)


def test_a_delegation_neither_lies_in_the_past_nor_lasts_for_ever(world: World) -> None:
    today = local_day(world.now)
    for since, until in ((today, today - timedelta(days=1)), (today, date(2030, 1, 1))):
        with pytest.raises(Refused, match="委托"):
            add_delegation(world.caller("office"), "inspector", Role.OFFICE, since, until)


def test_a_team_inspects_a_reporting_unit_or_some_towns(both_worlds: World) -> None:
    world, admin = both_worlds, both_worlds.caller("admin")
    team_id = create_team(admin, world.campaign_id, "检查二组", ["421382", "421381901000"])
    create_user(admin, "third", Role.INSPECTOR, None, "U002", "丙某某")
    add_team_member(admin, team_id, "third", is_leader=True)
    assert seen(world, "third").grants[0].places == (
        Place(world.reporting_units["乙市"], None),
        Place(world.reporting_units["甲县"], world.regions["示例一镇"]),
    )
    row = teams(seen(world, "admin"), world.campaign_id, local_day(world.now))[-1]
    assert (row.name, row.places, row.members) == ("检查二组", ("乙市", "示例一镇"), ("丙某某（组长）",))


def test_a_member_who_leaves_is_gone_the_next_day_and_may_come_back(world: World) -> None:
    remove_team_member(world.caller("admin"), world.team_id, "inspector2")
    world.later(days=1)
    assert seen(world, "inspector2").grants[0].team_ids == ()
    add_team_member(world.caller("admin"), world.team_id, "inspector2")
    with pytest.raises(Refused, match="已在组里"):
        add_team_member(world.caller("admin"), world.team_id, "inspector2")


def test_accounts_are_listed_to_nobody_else(world: World) -> None:
    assert accounts(seen(world, "office"), world.now).rows == ()
    assert accounts(seen(world, "security"), world.now).total == len(world.users)
