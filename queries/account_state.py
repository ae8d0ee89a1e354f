"""How the accounts stand, and who is signed in now: for the first page of admin and security."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.unit import Person, Unit
from models.user import Membership, User
from models.user import Session as SignIn
from queries.people import PEOPLE_PERMISSIONS
from queries.reading import reading
from queries.viewer import Viewer

SHOWN = 10


@dataclass(frozen=True, slots=True)
class AccountState:
    """Counts of accounts (个), of grants that wait (项), and of people and browsers signed in (人, 处)."""

    in_use: int = 0
    one_time: int = 0
    disabled: int = 0
    without_role: int = 0
    waiting: int = 0
    people_signed_in: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person signed in: in how many browsers, since when, last seen when (UTC)."""

    user_name: str
    person: str
    unit: str
    sessions: int
    since: datetime
    seen_at: datetime


def account_state(viewer: Viewer, wall: datetime) -> AccountState:
    """Who: admin and security; nothing but zeros for others."""
    if not _may_look(viewer):
        return AccountState()
    alive = User.disabled_at.is_(None)
    in_force = sa.exists().where(Membership.user_id == User.id, Membership.ended_at.is_(None))
    one_time, without = sa.and_(alive, User.one_time_password), sa.and_(alive, sa.not_(in_force))
    with reading() as session:
        users = session.execute(sa.select(*(_times(c) for c in (alive, one_time, sa.not_(alive), without)))).one()
        waiting = session.scalar(
            sa.select(sa.func.count())
            .select_from(Membership)
            .join(User, User.id == Membership.user_id)
            .where(Membership.confirmed_at.is_(None), Membership.ended_at.is_(None))
        )
        people, sessions = session.execute(
            sa.select(sa.func.count(SignIn.user_id.distinct()), sa.func.count()).where(SignIn.alive_at(wall))
        ).one()
    return AccountState(users[0], users[1], users[2], users[3], waiting or 0, people, sessions)


def signed_in(viewer: Viewer, wall: datetime, most: int = SHOWN) -> tuple[SignedIn, ...]:
    """Who is signed in now, last seen first. Who: admin and security; empty for others."""
    if not _may_look(viewer):
        return ()
    seen = sa.func.max(SignIn.seen_at)
    query = (
        sa.select(User.name, Person.name, Unit.name, sa.func.count(), sa.func.min(SignIn.started_at), seen)
        .join(User, User.id == SignIn.user_id)
        .join(Person, Person.id == User.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(SignIn.alive_at(wall))
        .group_by(User.name, Person.name, Unit.name)
        .order_by(seen.desc(), User.name)
        .limit(most)
    )
    with reading() as session:
        return tuple(SignedIn(*row) for row in session.execute(query))


def _may_look(viewer: Viewer) -> bool:
    return any(viewer.may(p) for p in PEOPLE_PERMISSIONS)


def _times(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
