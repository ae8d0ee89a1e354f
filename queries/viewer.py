"""Who is asking: a person with roles, each with its region and unit, looked up anew each time (law 3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_rule import Doer
from models.refusal import Refused
from models.role import TERMINAL_PERMISSIONS, Permission, Role, may
from models.unit import Person, Team, TeamMember, TeamRegion, Unit
from models.user import Delegation, Membership, User
from models.user import Session as SignIn
from queries.merged import one_by_now
from queries.reading import reading


@dataclass(frozen=True, slots=True)
class Place:
    """Part of the tree a role covers. All None: everything."""

    reporting_unit_id: int | None = None
    region_id: int | None = None
    """A town or a village."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in force, where it holds, and for whom the person stands in (代), if for somebody."""

    role: Role
    places: tuple[Place, ...]
    unit_id: int
    team_ids: tuple[int, ...] = ()
    stands_in_for: int | None = None
    principal_units: tuple[int, ...] = ()
    """Where the one stood in for works and the units they act for: the deputy may not judge these either."""

    @property
    def is_everywhere(self) -> bool:
        """Whether the role covers all regions."""
        return Place() in self.places


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person as the record sees them now. `user_id` None: the terminal."""

    user_id: int | None
    user_name: str
    person_id: int | None
    person_name: str
    unit_id: int | None
    unit_name: str
    home_village_id: int | None = None
    home_villages: tuple[int, ...] = ()
    """The own village and those merged with it: nobody inspects there (回避)."""
    grants: tuple[Grant, ...] = ()
    must_change_password: bool = False
    session_id: int | None = None
    terminal: str | None = field(default=None)

    @property
    def actor(self) -> str:
        """How the audit names them: no identity data."""
        return f"terminal:{self.terminal}" if self.user_id is None else f"user:{self.user_id}"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles in force, in the order of the table."""
        return tuple(r for r in Role if any(g.role is r for g in self.grants))

    def may(self, permission: Permission) -> bool:
        """Whether any role in force holds the permission, wherever."""
        if self.user_id is None:
            return permission in TERMINAL_PERMISSIONS
        return any(may(g.role, permission) for g in self.grants)

    def grants_with(self, permission: Permission) -> tuple[Grant, ...]:
        """The grants that hold a permission."""
        return tuple(g for g in self.grants if may(g.role, permission))

    def is_everywhere(self, permission: Permission) -> bool:
        """Whether the permission holds in all regions."""
        if self.user_id is None:
            return permission in TERMINAL_PERMISSIONS
        return any(g.is_everywhere for g in self.grants_with(permission))


def doers(viewer: Viewer, grants: Iterable[Grant]) -> tuple[Doer, ...]:
    """The person under each of the given grants, as the rules of a problem look at them."""
    if viewer.person_id is None:
        return ()
    return tuple(
        Doer(frozenset({viewer.person_id} | ({g.stands_in_for} if g.stands_in_for else set())), g.role, g.unit_id)
        for g in grants
    )


def terminal_viewer(name: str) -> Viewer:
    """Whoever runs manage.py on the server without `--as`."""
    return Viewer(None, name, None, name, None, "服务器终端", terminal=name)


def viewer_of_session(session: Session, token_hash: str, wall: datetime, today: date) -> Viewer | None:
    """The person a session cookie belongs to; None when it is over or the account is disabled."""
    found = session.scalar(sa.select(SignIn).where(SignIn.token_hash == token_hash))
    if found is None or not found.is_alive(wall):
        return None
    return viewer_of_user(session, found.user_id, today, session_id=found.id)


def viewer_of_user(session: Session, user_id: int, today: date, session_id: int | None = None) -> Viewer | None:
    """A user with all grants in force today, those of delegations included; None for an unknown or disabled one."""
    row = session.execute(
        sa.select(User, Person, Unit)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(User.id == user_id, User.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    user, person, unit = row
    return Viewer(
        user.id, user.name, person.id, person.name, unit.id, unit.name, person.home_village_id,
        one_by_now(session, person.home_village_id) if person.home_village_id is not None else (),
        _own_grants(session, user, person, today) + _delegated_grants(session, person, today),
        user.one_time_password, session_id,
    )  # fmt: skip


def viewer_named(session: Session, user_name: str, today: date) -> Viewer | None:
    """The user of that sign-in name."""
    user_id = session.scalar(sa.select(User.id).where(User.name == user_name.strip().lower()))
    return None if user_id is None else viewer_of_user(session, user_id, today)


def _own_grants(session: Session, user: User, person: Person, today: date) -> tuple[Grant, ...]:
    memberships = session.scalars(
        sa.select(Membership)
        .where(Membership.user_id == user.id, Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return tuple(_grant(session, m, person, today) for m in memberships)


def _grant(session: Session, membership: Membership, person: Person, today: date) -> Grant:
    places: tuple[Place, ...] = (Place(membership.reporting_unit_id, membership.region_id),)
    teams: tuple[int, ...] = ()
    if membership.role is Role.INSPECTOR:
        teams, team_places = _teams(session, person.id, today)
        places = team_places or tuple(p for p in places if p != Place())  # no team and no place named: nowhere
    unit_id = membership.unit_id if membership.role is Role.UNIT and membership.unit_id else person.unit_id
    return Grant(membership.role, places, unit_id, teams)


def _teams(session: Session, person_id: int, today: date) -> tuple[tuple[int, ...], tuple[Place, ...]]:
    rows = session.execute(
        sa.select(Team.id, TeamRegion.reporting_unit_id, TeamRegion.town_id)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .join(TeamRegion, TeamRegion.team_id == Team.id)
        .where(
            TeamMember.person_id == person_id,
            TeamMember.valid_from <= today,
            sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= today),
        )
        .order_by(Team.id, TeamRegion.id)
    ).all()
    return tuple(dict.fromkeys(r[0] for r in rows)), tuple(Place(r[1], r[2]) for r in rows)


def _delegated_grants(session: Session, person: Person, today: date) -> tuple[Grant, ...]:
    rows = session.execute(
        sa.select(Delegation, Person)
        .join(Person, Person.id == Delegation.from_person_id)
        .where(Delegation.to_person_id == person.id, Delegation.since <= today, Delegation.until >= today)
        .order_by(Delegation.id)
    ).all()
    return tuple(
        Grant(g.role, g.places, g.unit_id, g.team_ids, principal.id, _units(principal, own))
        for delegation, principal in rows
        for own in [grants_of_person(session, principal.id, today)]
        for g in own
        if g.role is delegation.role
    )


def grants_of_person(session: Session, person_id: int, today: date) -> tuple[Grant, ...]:
    """What a person was granted themselves, under whichever of their accounts in use; nothing they stand in for."""
    rows = session.execute(
        sa.select(User, Person)
        .join(Person, Person.id == User.person_id)
        .where(Person.id == person_id, User.disabled_at.is_(None))
        .order_by(User.id)
    ).all()
    return tuple(g for user, person in rows for g in _own_grants(session, user, person, today))


def _units(person: Person, own: Iterable[Grant]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((person.unit_id, *(g.unit_id for g in own if g.role is Role.UNIT))))


def user_id_named(name: str) -> int:
    """The id of the user of that sign-in name, for `--as`. Raises Refused for an unknown or disabled one."""
    with reading() as session:
        found = session.scalar(sa.select(User.id).where(User.name == name.strip().lower(), User.disabled_at.is_(None)))
    if found is None:
        raise Refused(f"没有名为 {name} 的账号，或已停用。")
    return found
