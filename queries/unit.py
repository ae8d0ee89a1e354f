"""Units: the ones a problem may be handed to, and the ones that stand in a ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_record import Issue
from models.region import Region, RegionLevel
from models.unit import Unit, UnitKind
from queries.reading import reading
from queries.scope import Condition, in_campaign, issue_visible, sees_few
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit to choose from."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town that stands in a ledger, with the reporting unit its problems count for."""

    id: int
    name: str
    reporting_unit_id: int


def units_to_hold(
    viewer: Viewer, issue_ids: Sequence[int], today: date, kind: UnitKind | None = None
) -> tuple[UnitRow, ...]:
    """Units in force that may be made responsible for each of the problems: of their reporting unit, or of the city.

    The successor of a dissolved holder comes first, then those of the problems' own towns. Problems the viewer may not
    see are left out; none left: empty. `kind`: of that kind only.
    """
    holder = aliased(Unit)
    with reading() as session:
        places = session.execute(
            sa.select(Issue.reporting_unit_id, Issue.town_id, Issue.village_id, holder.successor_id)
            .outerjoin(holder, holder.id == Issue.responsible_unit_id)
            .where(Issue.id.in_(issue_ids), issue_visible(viewer))
            .distinct()
        ).all()
        if not places:
            return ()
        theirs = {place[0] for place in places}
        local = Unit.region_id.in_({r for place in places for r in place[1:3] if r is not None})
        near = sa.case((Unit.id.in_({place[3] for place in places if place[3] is not None}), 0), (local, 1), else_=2)
        rows = session.execute(
            sa.select(Unit.id, Unit.name)
            .where(
                sa.or_(Unit.reporting_unit_id.is_(None), Unit.reporting_unit_id.in_(theirs if len(theirs) == 1 else ()))
            )
            .where(Unit.valid_from <= today, sa.or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
            .where(Unit.kind == kind if kind is not None else sa.true())
            .order_by(near, Unit.reporting_unit_id.is_(None), Unit.code)
        )
        return tuple(UnitRow(*row) for row in rows)


def is_the_office(session: Session, unit_id: int | None) -> bool:
    """Whether a unit is a leading office 领导小组办公室, which alone may rectify by 直查直办."""
    unit = session.get(Unit, unit_id or 0)
    return unit is not None and unit.kind is UnitKind.LEADING_OFFICE


def units_in_force(today: date) -> tuple[UnitRow, ...]:
    """All units in force, by code: for a list to choose from."""
    with reading() as session:
        in_force = sa.and_(Unit.valid_from <= today, sa.or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
        rows = session.execute(sa.select(Unit.id, Unit.name).where(in_force).order_by(Unit.code))
        return tuple(UnitRow(*row) for row in rows)


def units_in_ledger(viewer: Viewer, campaign_id: int) -> tuple[UnitRow, ...]:
    """Units responsible for a problem the viewer sees, by code."""
    with reading() as session:
        here = in_campaign(viewer, campaign_id)
        if sees_few(viewer):
            held: Condition = Unit.id.in_(sa.select(Issue.responsible_unit_id).where(here))
        else:  # the first problem of each unit answers, not all that are seen
            held = sa.exists().where(Issue.responsible_unit_id == Unit.id, here)
        rows = session.execute(sa.select(Unit.id, Unit.name).where(held).order_by(Unit.code))
        return tuple(UnitRow(*row) for row in rows)


def towns_in_ledger(viewer: Viewer, campaign_id: int) -> tuple[TownRow, ...]:
    """Towns with a problem the viewer sees, by code; a town that counts for two reporting units comes once."""
    with reading() as session:
        here = in_campaign(viewer, campaign_id)
        if sees_few(viewer):
            least = sa.func.min(Issue.reporting_unit_id).label("unit_id")
            seen = sa.select(Issue.town_id.label("id"), least).where(here).group_by(Issue.town_id).subquery()
        else:
            first = sa.select(Issue.reporting_unit_id).where(Issue.town_id == Region.id, here)
            unit = first.order_by(Issue.reporting_unit_id).limit(1).scalar_subquery()
            seen = sa.select(Region.id, unit.label("unit_id")).where(Region.level == RegionLevel.TOWN).subquery()
        rows = session.execute(
            sa.select(Region.id, Region.short_name, seen.c.unit_id)
            .join(seen, seen.c.id == Region.id)
            .where(seen.c.unit_id.is_not(None))
            .order_by(Region.code)
        )
        return tuple(TownRow(*row) for row in rows)
