"""A world with everybody in it whom a rule has to tell apart: deputies, second accounts, people of the unit itself."""

from datetime import date

import sqlalchemy as sa

from actions.transaction import Transaction, transaction
from models.role import Role
from models.unit import Person, Team, TeamMember, TeamRegion
from models.user import Delegation, Membership, User
from tests.factories import LONG_AGO, World

EVERYBODY: dict[Role | None, tuple[str, ...]] = {
    Role.INSPECTOR: ("inspector", "inspector2", "far_inspector", "villager", "inside_inspector"),
    Role.UNIT: ("unit", "unit2", "unit_deputy", "other_unit", "far_unit"),
    Role.OFFICE: ("office", "office_again", "office2", "office_deputy", "inside_office", "inside_deputy", "far_office"),
    Role.LEADER: ("leader", "far_leader"),
    Role.DISCIPLINE: ("discipline",),
    Role.AUDITOR: ("auditor",),
    Role.ADMIN: ("admin",),
    Role.SECURITY: ("security",),
    None: ("nobody",),
}
"""Names by role, the plainest of each role first; `nobody` has an account and no role."""


def crowded_world() -> World:
    """`World.build()` and these: `inside_*` work in 示例一镇财政所, `*_deputy` stand in (for unit, else for office2),
    `office_again` is a second account of office's person, `villager` lives in 甲一村, `far_*` act in 乙市 only."""
    world = World.build()
    with transaction(world.terminal()) as tx:
        world.person(tx, "inside_inspector", "示例一镇财政所", Role.INSPECTOR)
        world.person(tx, "inside_office", "示例一镇财政所", Role.OFFICE)
        world.person(tx, "villager", "县检查专班抽调组", Role.INSPECTOR)
        world.person(tx, "far_inspector", "县检查专班抽调组", Role.INSPECTOR)
        world.person(tx, "far_leader", "领导小组办公室", Role.LEADER, reporting_unit="乙市")
        tx.session.get_one(Person, world.people["villager"]).home_village_id = world.regions["甲一村"]
        for name in ("inside_inspector", "villager"):
            tx.session.add(TeamMember(team_id=world.team_id, person_id=world.people[name], valid_from=LONG_AGO))
        _far_team(world, tx)
        _second_account(world, tx, "office_again", "office")
        _account(world, tx, "nobody", _colleague(world, tx, "nobody"))
        stand_in(world, tx, "unit_deputy", "unit", Role.UNIT)
        stand_in(world, tx, "office_deputy", "office2", Role.OFFICE)
        stand_in(world, tx, "inside_deputy", "office2", Role.OFFICE, "示例一镇财政所")
        tx.record("test.crowd", "campaign:1")
    return world


def stand_in(
    world: World, tx: Transaction, name: str, principal: str, role: Role, unit: str = "县检查专班抽调组"
) -> None:
    """A person without a role of their own who stands in for another in one role."""
    _account(world, tx, name, _colleague(world, tx, name, unit))
    tx.session.add(
        Delegation(
            from_person_id=world.people[principal], to_person_id=world.people[name], role=role, since=LONG_AGO,
            until=date(2099, 12, 31), recorded_at=tx.now,
        )
    )  # fmt: skip
    tx.session.flush()


def _far_team(world: World, tx: Transaction) -> None:
    team = Team(campaign_id=world.campaign_id, name="检查二组")
    tx.session.add(team)
    tx.session.flush()
    tx.session.add(TeamRegion(team_id=team.id, reporting_unit_id=world.reporting_units["乙市"]))
    tx.session.add(TeamMember(team_id=team.id, person_id=world.people["far_inspector"], valid_from=LONG_AGO))


def _colleague(world: World, tx: Transaction, name: str, unit: str = "县检查专班抽调组") -> int:
    person = Person(unit_id=world.units[unit], staff_number=name, name=f"{name[:1].upper()}某某")
    tx.session.add(person)
    tx.session.flush()
    world.people[name] = person.id
    return person.id


def _account(world: World, tx: Transaction, name: str, person_id: int) -> User:
    user = User(name=name, person_id=person_id, password_hash="-", one_time_password=False, created_at=world.now)
    tx.session.add(user)
    tx.session.flush()
    world.users[name] = user.id
    return user


def _second_account(world: World, tx: Transaction, name: str, of: str) -> None:
    """Another sign-in name of the same person, with the same role."""
    world.people[name] = world.people[of]
    user = _account(world, tx, name, world.people[of])
    first = tx.session.scalars(sa.select(Membership).where(Membership.user_id == world.users[of])).one()
    tx.session.add(
        Membership(
            user_id=user.id, role=first.role, proposed_by="terminal:tests", proposed_at=tx.now,
            confirmed_by="terminal:tests", confirmed_at=tx.now,
        )
    )  # fmt: skip
