"""People, accounts, what they were granted, teams: for the page 人员与账号 and for whoever proposes or confirms."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.campaign import Campaign
from models.region import Region, ReportingUnit
from models.role import Permission, Role
from models.unit import Person, Team, TeamMember, TeamRegion, Unit
from models.user import Delegation, Membership, User
from models.user import Session as SignIn
from queries.reading import first_row, reading
from queries.schedule import names_of
from queries.viewer import Viewer

PEOPLE_PERMISSIONS = (Permission.MANAGE_PEOPLE, Permission.CONFIRM_GRANT, Permission.END_SESSIONS)
"""Any of them opens the lists of this module."""
ACCOUNTS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """A sign-in name of the demonstration and its role's word."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role granted or proposed, in words."""

    membership_id: int
    user_id: int
    user_name: str
    person_id: int
    person_name: str
    unit_name: str
    role: Role
    where: str
    proposed_by: str
    """Name of whoever proposed it."""
    proposed_at: datetime
    is_waiting: bool

    @property
    def text(self) -> str:
        """领导小组办公室（甲县），待确认."""
        where = f"（{self.where}）" if self.where else ""
        return f"{self.role.label}{where}{'，待确认' if self.is_waiting else ''}"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account with the person it belongs to."""

    user_id: int
    name: str
    person_name: str
    unit_name: str
    staff_number: str
    grants: tuple[GrantRow, ...]
    sessions: int
    has_one_time_password: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team, its members and where it inspects, in words."""

    id: int
    name: str
    members: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """Who stands in for whom, until when."""

    id: int
    from_name: str
    to_name: str
    role: Role
    since: date
    until: date
    from_person_id: int
    to_person_id: int
    is_mine: bool
    """Given by the one who asks: they may end it."""


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit in force, for a list to choose from."""

    code: str
    name: str


def demonstration_accounts(names: Sequence[str]) -> tuple[DemonstrationAccount, ...]:
    """Those of the demonstration's sign-in names that exist, in their order; none where the campaign is a real one."""
    with reading() as session:
        if session.scalar(sa.select(sa.func.count()).where(Campaign.is_demonstration)) == 0:
            return ()
        rows = session.execute(
            sa.select(User.name, Membership.role)
            .join(Membership, Membership.user_id == User.id)
            .where(User.name.in_(names), Membership.ended_at.is_(None))
        )
        found = {name: role.label for name, role in rows}
    return tuple(DemonstrationAccount(n, found[n]) for n in names if n in found)


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of accounts."""

    rows: tuple[AccountRow, ...]
    total: int

    @property
    def pages(self) -> int:
        """How many pages, at least one."""
        return max(1, -(-self.total // ACCOUNTS_ON_A_PAGE))


def accounts(viewer: Viewer, wall: datetime, words: str = "", page: int = 1) -> AccountPage:
    """One page of accounts, by unit and staff number. Empty if not allowed.

    `words` narrows by sign-in name, person, unit, staff number or role.
    """
    if not _may_look(viewer):
        return AccountPage((), 0)
    query = (
        sa.select(User, Person, Unit)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(_said(words.strip()))
        .order_by(Unit.code, Person.staff_number, User.name)
    )
    with reading() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
        start = first_row(page, total, ACCOUNTS_ON_A_PAGE)
        rows = session.execute(query.limit(ACCOUNTS_ON_A_PAGE).offset(start)).all()
        ids = [user.id for user, _, _ in rows]
        granted, alive = _grants_by_user(session, ids), _sessions_by_user(session, wall, ids)
    return AccountPage(tuple(
        AccountRow(
            user.id, user.name, person.name, unit.name, person.staff_number, tuple(granted[user.id]), alive[user.id],
            user.one_time_password, user.disabled_at is not None,
        )
        for user, person, unit in rows
    ), total)  # fmt: skip


def account_choices(viewer: Viewer) -> dict[str, str]:
    """Accounts in use, to choose one: sign-in name → person and unit. Empty if not allowed."""
    if not _may_look(viewer):
        return {}
    with reading() as session:
        rows = session.execute(
            sa.select(User.name, Person.name, Unit.name)
            .join(Person, Person.id == User.person_id)
            .join(Unit, Unit.id == Person.unit_id)
            .where(User.disabled_at.is_(None))
            .order_by(Unit.code, User.name)
        )
        return {name: f"{person}（{name}，{unit}）" for name, person, unit in rows}


def _said(words: str) -> sa.ColumnElement[bool]:
    if not words:
        return sa.true()
    roles = [role for role in Role if words in role.label]
    granted = sa.select(Membership.user_id).where(Membership.role.in_(roles), Membership.ended_at.is_(None))
    columns = (User.name, Person.name, Unit.name, Person.staff_number)
    return sa.or_(*(c.contains(words, autoescape=True) for c in columns), User.id.in_(granted))


def waiting_grants(viewer: Viewer) -> tuple[GrantRow, ...]:
    """Grants that wait for security, oldest first."""
    if not _may_look(viewer):
        return ()
    with reading() as session:
        return tuple(_grants(session, Membership.confirmed_at.is_(None)))


def own_grants(viewer: Viewer) -> tuple[GrantRow, ...]:
    """What the person has been granted, waiting ones too."""
    with reading() as session:
        return tuple(_grants(session, Membership.user_id == viewer.user_id))


def teams(viewer: Viewer, campaign_id: int, today: date) -> tuple[TeamRow, ...]:
    """The teams of a campaign with their members of today."""
    if not _may_look(viewer):
        return ()
    with reading() as session:
        found = session.execute(sa.select(Team.id, Team.name).where(Team.campaign_id == campaign_id).order_by(Team.id))
        members, places = _members(session, today), _places(session)
        return tuple(TeamRow(i, name, tuple(members[i]), tuple(places[i])) for i, name in found)


def delegations(viewer: Viewer, today: date) -> tuple[DelegationRow, ...]:
    """Delegations that hold or will hold: all for admin and security, else those the person gave or was given."""
    giver, taker = aliased(Person), aliased(Person)
    with reading() as session:
        query = (
            sa.select(Delegation, giver.name, taker.name)
            .join(giver, giver.id == Delegation.from_person_id)
            .join(taker, taker.id == Delegation.to_person_id)
            .where(Delegation.until >= today)
            .order_by(Delegation.since, Delegation.id)
        )
        if not _may_look(viewer):
            query = query.where(sa.or_(giver.id == viewer.person_id, taker.id == viewer.person_id))
        return tuple(
            DelegationRow(
                d.id,
                from_name,
                to_name,
                d.role,
                d.since,
                d.until,
                d.from_person_id,
                d.to_person_id,
                d.from_person_id == viewer.person_id,
            )
            for d, from_name, to_name in session.execute(query)
        )


def units(today: date) -> tuple[UnitChoice, ...]:
    """Units in force, by code."""
    with reading() as session:
        rows = session.execute(
            sa.select(Unit.code, Unit.name)
            .where(Unit.valid_from <= today, sa.or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
            .order_by(Unit.code)
        )
        return tuple(UnitChoice(*row) for row in rows)


def colleagues(viewer: Viewer) -> tuple[UnitChoice, ...]:
    """Accounts of others that one may name as stand-in: `code` is the sign-in name."""
    with reading() as session:
        rows = session.execute(
            sa.select(User.name, Person.name, Unit.name)
            .join(Person, Person.id == User.person_id)
            .join(Unit, Unit.id == Person.unit_id)
            .where(Person.id != viewer.person_id, User.disabled_at.is_(None))
            .order_by(Unit.code, User.name)
        )
        return tuple(UnitChoice(name, f"{person} · {unit}") for name, person, unit in rows)


def _may_look(viewer: Viewer) -> bool:
    return any(viewer.may(p) for p in PEOPLE_PERMISSIONS)


def _grants(session: Session, which: sa.ColumnElement[bool]) -> list[GrantRow]:
    rows = session.execute(
        sa.select(Membership, User.name, Person.id, Person.name, Unit.name, ReportingUnit.name, Region.name)
        .join(User, User.id == Membership.user_id)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == sa.func.coalesce(Membership.unit_id, Person.unit_id))
        .outerjoin(ReportingUnit, ReportingUnit.id == Membership.reporting_unit_id)
        .outerjoin(Region, Region.id == Membership.region_id)
        .where(Membership.ended_at.is_(None), which)
        .order_by(Membership.proposed_at, Membership.id)
    )
    found = rows.all()
    names = names_of(session, [row[0].proposed_by for row in found])
    return [
        GrantRow(
            m.id, m.user_id, user, person_id, person, unit, m.role, region or reporting_unit or "",
            names[m.proposed_by], m.proposed_at, m.confirmed_at is None,
        )
        for m, user, person_id, person, unit, reporting_unit, region in found
    ]  # fmt: skip


def _grants_by_user(session: Session, user_ids: Sequence[int]) -> dict[int, list[GrantRow]]:
    found: dict[int, list[GrantRow]] = defaultdict(list)
    for grant in _grants(session, Membership.user_id.in_(user_ids)):
        found[grant.user_id].append(grant)
    return found


def _sessions_by_user(session: Session, wall: datetime, user_ids: Sequence[int]) -> dict[int, int]:
    counted = sa.select(SignIn.user_id, sa.func.count()).where(SignIn.alive_at(wall), SignIn.user_id.in_(user_ids))
    rows = session.execute(counted.group_by(SignIn.user_id))
    return defaultdict(int, {user_id: number for user_id, number in rows})


def _members(session: Session, today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(TeamMember.team_id, Person.name, TeamMember.is_leader)
        .join(Person, Person.id == TeamMember.person_id)
        .where(TeamMember.valid_from <= today, sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= today))
        .order_by(TeamMember.is_leader.desc(), TeamMember.id)
    )
    for team_id, name, is_leader in rows:
        found[team_id].append(f"{name}（组长）" if is_leader else name)
    return found


def _places(session: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(TeamRegion.team_id, ReportingUnit.name, Region.name)
        .join(ReportingUnit, ReportingUnit.id == TeamRegion.reporting_unit_id)
        .outerjoin(Region, Region.id == TeamRegion.town_id)
        .order_by(TeamRegion.id)
    )
    for team_id, unit, town in rows:
        found[team_id].append(town or unit)
    return found
