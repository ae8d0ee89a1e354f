"""Who is signed in: since when, last seen when, from where; for security, and for everybody their own."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.role import Permission
from models.unit import Person, Unit
from models.user import Session as SignIn
from models.user import User
from queries.reading import first_row, reading
from queries.scope import Condition
from queries.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser signed in. `is_own`: the one that asks. Address and device empty where they are not known."""

    id: int
    user_name: str
    person_name: str
    unit_name: str
    started_at: datetime
    seen_at: datetime
    address: str
    device: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One page of sessions, `people` of whom are `total` in all."""

    rows: tuple[SessionRow, ...]
    total: int
    people: int

    @property
    def pages(self) -> int:
        """How many pages, at least one."""
        return max(1, -(-self.total // PAGE))


def session_page(viewer: Viewer, wall: datetime, words: str = "", page: int = 1) -> SessionPage:
    """Sessions alive, last begun first: an order that clicks do not change. Empty for who may not end them.

    `words` narrows by account, person or unit.
    """
    if not viewer.may(Permission.END_SESSIONS):
        return SessionPage((), 0, 0)
    where = [SignIn.alive_at(wall)]
    if words.strip():
        columns = (User.name, Person.name, Unit.name)
        where.append(sa.or_(*(c.contains(words.strip(), autoescape=True) for c in columns)))
    with reading() as session:
        counts = sa.select(sa.func.count(SignIn.id), sa.func.count(User.person_id.distinct())).where(*where)
        total, people = session.execute(counts.select_from(_persons())).one()
        return SessionPage(_rows(session, viewer, where, first_row(page, total, PAGE)), total, people)


def own_sessions(viewer: Viewer, wall: datetime) -> tuple[SessionRow, ...]:
    """The person's own sessions under this account, last begun first."""
    with reading() as session:
        return _rows(session, viewer, [SignIn.alive_at(wall), SignIn.user_id == viewer.user_id], 0)


def _rows(session: Session, viewer: Viewer, where: list[Condition], start: int) -> tuple[SessionRow, ...]:
    asked = sa.select(SignIn, User.name, Person.name, Unit.name).select_from(_persons()).where(*where)
    rows = session.execute(asked.order_by(SignIn.id.desc()).limit(PAGE).offset(start))
    return tuple(
        SessionRow(
            s.id, name, person, unit, s.started_at, s.seen_at, s.address or "", s.device or "",
            s.id == viewer.session_id,
        )
        for s, name, person, unit in rows
    )  # fmt: skip


def _persons() -> sa.FromClause:
    user = sa.join(SignIn, User, User.id == SignIn.user_id)
    return sa.join(sa.join(user, Person, Person.id == User.person_id), Unit, Unit.id == Person.unit_id)
