"""What happened to a place: its changes by day, in words, and the day of the last one."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.region import Region, RegionChange, RegionEvent, ReportingUnit
from models.role import Permission
from queries.reading import reading
from queries.viewer import Viewer

REGION_PERMISSIONS = (Permission.MANAGE_REGIONS, Permission.IMPORT_REGIONS)
"""Any of them opens the lists of places."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: from which day, what, why, when it was written down."""

    day: date
    label: str
    text: str
    reason: str
    recorded_at: datetime


def last_change(session: Session, region_id: int) -> date | None:
    """The first day of the latest change of a place; None where nothing changed yet."""
    return session.scalar(
        sa.select(sa.func.max(RegionEvent.effective_on)).where(
            RegionEvent.region_id == region_id, RegionEvent.what != RegionChange.REPORTS
        )
    )


def changes(viewer: Viewer, region_id: int) -> tuple[ChangeRow, ...]:
    """What happened to a place and what was merged into it, latest first. Empty if not allowed."""
    if not any(viewer.may(p) for p in REGION_PERMISSIONS):
        return ()
    into, own = aliased(Region), aliased(Region)
    with reading() as session:
        rows = session.execute(
            sa.select(RegionEvent, own.short_name, into.short_name, ReportingUnit.name)
            .join(own, own.id == RegionEvent.region_id)
            .outerjoin(into, into.id == RegionEvent.into_id)
            .outerjoin(ReportingUnit, ReportingUnit.id == RegionEvent.reporting_unit_id)
            .where(sa.or_(RegionEvent.region_id == region_id, RegionEvent.into_id == region_id))
            .order_by(RegionEvent.effective_on.desc(), RegionEvent.id.desc())
        )
        return tuple(
            ChangeRow(e.effective_on, _label(e, region_id), _text(e, region_id, *names), e.reason, e.recorded_at)
            for e, *names in rows
        )


def _label(event: RegionEvent, region_id: int) -> str:
    return "接收" if event.into_id == region_id else event.what.label


def _text(event: RegionEvent, region_id: int, own: str, into: str | None, unit: str | None) -> str:
    match event.what:
        case RegionChange.RENAMED:
            kind = f"，类别由{event.kind_before or '无'}改为{event.kind}" if event.kind_before != event.kind else ""
            return f"{event.name_before} → {event.name}{kind}"
        case RegionChange.MERGED:
            return f"{own}并入本村" if event.into_id == region_id else f"并入{into}"
        case RegionChange.REPORTS:
            return f"归{unit}统计"
        case _:
            return event.name
