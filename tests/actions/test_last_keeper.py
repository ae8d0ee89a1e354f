"""The house is never left without an admin or without security, and nobody is both pairs of eyes."""

from collections.abc import Callable

import pytest

from actions.grant import confirm_grant, end_grant, propose_grant
from actions.people import create_user, disable_user, reset_password
from models.refusal import Refused, SignedOut
from models.role import Role
from queries.people import accounts, waiting_grants
from tests.actions.test_region_change import seen
from tests.factories import World


def grant_of(world: World, name: str) -> int:
    (row,) = [a for a in accounts(seen(world, "admin"), world.now, name).rows if a.name == name]
    return row.grants[0].membership_id


Remove = Callable[[World, str], object]
WAYS: tuple[tuple[str, Remove], ...] = (
    ("the role taken away", lambda world, name: end_grant(world.caller("admin"), grant_of(world, name))),
    ("the account disabled", lambda world, name: disable_user(world.caller("admin"), name)),
)


@pytest.mark.parametrize("name", ["admin", "security"])
@pytest.mark.parametrize("remove", [way for _, way in WAYS], ids=[words for words, _ in WAYS])
def test_the_last_admin_and_the_last_security_stay(both_worlds: World, remove: Remove, name: str) -> None:
    with pytest.raises(Refused):
        remove(both_worlds, name)
    assert seen(both_worlds, name).roles != ()


@pytest.mark.parametrize("remove", [way for _, way in WAYS], ids=[words for words, _ in WAYS])
def test_one_of_two_security_officers_may_go(world: World, remove: Remove) -> None:
    create_user(world.terminal(), "security2", Role.SECURITY)
    remove(world, "security2")
    with pytest.raises(Refused):
        remove(world, "security")


def test_two_admins_do_not_disable_each_other(world: World) -> None:
    world.users["admin2"] = create_user(world.terminal(), "admin2", Role.ADMIN).user_id
    second = world.caller("admin2")
    disable_user(world.caller("admin"), "admin2")
    with pytest.raises(SignedOut):
        disable_user(second, "admin")


def test_an_admin_comes_to_office_by_no_way_alone(both_worlds: World) -> None:
    world = both_worlds
    admin = world.caller("admin")
    with pytest.raises(Refused, match="不能给自己授权"):
        propose_grant(admin, "admin", Role.OFFICE)
    with pytest.raises(Refused, match="最后一个“安全管理员”"):
        reset_password(admin, "security")
    create_user(admin, "straw.man", Role.OFFICE)
    assert seen(world, "straw.man").roles == ()
    (grant,) = waiting_grants(seen(world, "admin"))
    with pytest.raises(Refused, match="确认授权"):
        confirm_grant(admin, grant.membership_id)
