"""Units page by page, one unit with what hangs on it, and what must be seen to before it is dissolved: for 单位."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.region import Region, ReportingUnit
from models.role import Permission
from models.unit import Person, Unit, UnitChange, UnitEvent, UnitKind
from models.user import Membership
from queries.issue_place import of_units
from queries.reading import first_row, reading
from queries.region_history import ChangeRow
from queries.viewer import Viewer

PAGE = 20


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a list; `state` in words, empty while in force. `region_code`, `reporting_code`: for a form."""

    id: int
    code: str
    name: str
    kind: UnitKind
    region: str
    region_code: str
    reporting_unit: str
    reporting_code: str
    people: int
    state: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One page of units."""

    rows: tuple[UnitLine, ...]
    total: int

    @property
    def pages(self) -> int:
        """How many pages, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Dissolution:
    """What hangs on a unit: open problems to reassign, people and accounts that act for it. Counts only."""

    open_issues: int
    waiting_issues: int
    people: int
    grants: int


def unit_page(viewer: Viewer, today: date, words: str = "", page: int = 1, dissolved_too: bool = True) -> UnitPage:
    """Units by code; `words` narrows by code, name or former name. Empty if not allowed."""
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return UnitPage((), 0)
    with reading() as session:
        where = sa.and_(_named(words.strip()), sa.true() if dissolved_too else _in_force(today))
        total = session.scalar(sa.select(sa.func.count()).select_from(Unit).where(where)) or 0
        ids = sa.select(Unit.id).where(where).order_by(Unit.code).limit(PAGE).offset(first_row(page, total, PAGE))
        return UnitPage(_lines(session, session.scalars(ids).all(), today), total)


def unit_with(viewer: Viewer, code: str, today: date) -> UnitLine | None:
    """The unit of a code; None if unknown or not allowed."""
    if not code or not viewer.may(Permission.MANAGE_PEOPLE):
        return None
    with reading() as session:
        ids = session.scalars(sa.select(Unit.id).where(Unit.code == code)).all()
        return next(iter(_lines(session, ids, today)), None)


def unit_changes(viewer: Viewer, unit_id: int) -> tuple[ChangeRow, ...]:
    """What happened to a unit, latest first. Empty if not allowed."""
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return ()
    successor = aliased(Unit)
    with reading() as session:
        rows = session.execute(
            sa.select(UnitEvent, successor.name, Region.name, ReportingUnit.name)
            .outerjoin(successor, successor.id == UnitEvent.successor_id)
            .outerjoin(Region, Region.id == UnitEvent.region_id)
            .outerjoin(ReportingUnit, ReportingUnit.id == UnitEvent.reporting_unit_id)
            .where(UnitEvent.unit_id == unit_id)
            .order_by(UnitEvent.effective_on.desc(), UnitEvent.id.desc())
        )
        return tuple(
            ChangeRow(e.effective_on, e.what.label, _text(e, *names), e.reason, e.recorded_at) for e, *names in rows
        )


def dissolution(viewer: Viewer, unit_id: int) -> Dissolution:
    """What somebody has to see to once the unit is gone. Who: admin; counts, no case content."""
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return Dissolution(0, 0, 0, 0)
    with reading() as session:
        held = sa.or_(Issue.responsible_unit_id == unit_id, of_units((unit_id,), open_only=True))
        return Dissolution(
            _count(session, Issue.id, held, Issue.status == IssueStatus.RECTIFYING),
            _count(session, Issue.id, held, Issue.status.in_(IssueStatus.held())),
            _count(session, Person.id, Person.unit_id == unit_id),
            _count(session, Membership.id, Membership.unit_id == unit_id, Membership.ended_at.is_(None)),
        )


def _in_force(today: date) -> sa.ColumnElement[bool]:
    return sa.or_(Unit.valid_to.is_(None), Unit.valid_to >= today)


def _named(words: str) -> sa.ColumnElement[bool]:
    if not words:
        return sa.true()
    former = sa.select(UnitEvent.unit_id).where(
        UnitEvent.what == UnitChange.RENAMED, UnitEvent.name_before.contains(words, autoescape=True)
    )
    columns = (Unit.code, Unit.name)
    return sa.or_(*(c.contains(words, autoescape=True) for c in columns), Unit.id.in_(former))


def _lines(session: Session, ids: Sequence[int], today: date) -> tuple[UnitLine, ...]:
    successor = aliased(Unit)
    people_of = sa.select(sa.func.count(Person.id)).where(Person.unit_id == Unit.id).scalar_subquery()
    rows = session.execute(
        sa.select(
            Unit, Region.short_name, Region.code, ReportingUnit.name, ReportingUnit.code, successor.name, people_of
        )
        .outerjoin(Region, Region.id == Unit.region_id)
        .outerjoin(ReportingUnit, ReportingUnit.id == Unit.reporting_unit_id)
        .outerjoin(successor, successor.id == Unit.successor_id)
        .where(Unit.id.in_(ids))
        .order_by(Unit.code)
    )
    return tuple(
        _line(unit, region, code, reporting, its_code, taken_over_by, people or 0, today)
        for unit, region, code, reporting, its_code, taken_over_by, people in rows
    )


def _line(
    unit: Unit, region: str | None, region_code: str | None, reporting: str | None, reporting_code: str | None,
    successor: str | None, people: int, today: date,
) -> UnitLine:  # fmt: skip
    return UnitLine(
        unit.id, unit.code, unit.name, unit.kind, region or "", region_code or "", reporting or "",
        reporting_code or "", people, _state(unit, successor), unit.valid_to is None or unit.valid_to >= today,
    )  # fmt: skip


def _state(unit: Unit, successor: str | None) -> str:
    if unit.valid_to is None:
        return ""
    return f"{unit.valid_to.isoformat()} 止，{f'由{successor}承接' if successor else '没有承接单位'}"


def _text(event: UnitEvent, successor: str | None, region: str | None, reporting: str | None) -> str:
    match event.what:
        case UnitChange.RENAMED:
            return f"{event.name_before} → {event.name}"
        case UnitChange.DISSOLVED:
            return f"由{successor}承接" if successor else "没有承接单位"
        case _:
            return f"所在地{region or '未填'}，填报单位{reporting or '市直'}"


def _count(session: Session, column: Any, *conditions: Any) -> int:
    return session.scalar(sa.select(sa.func.count(column)).where(*conditions)) or 0
