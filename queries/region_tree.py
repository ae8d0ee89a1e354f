"""The tree of places page by page, and one place with what hangs on it: for 区划与单位."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.region import Region, RegionChange, RegionEvent, RegionLevel, ReportingUnit, ReportingUnitRegion
from queries.reading import first_row, reading
from queries.region import reporting_unit_of
from queries.region_history import REGION_PERMISSIONS
from queries.scope import Condition
from queries.viewer import Viewer

PAGE = 20


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A place in a list. `inside`: how many places in force it has; `state`: in words, empty while in force."""

    id: int
    code: str
    name: str
    level: RegionLevel
    kind: str
    above: str
    inside: int
    state: str


@dataclass(frozen=True, slots=True)
class RegionPage:
    """One page of places and the way down to them, from the city on."""

    rows: tuple[RegionRow, ...]
    total: int
    way: tuple["RegionRow", ...] = ()

    @property
    def pages(self) -> int:
        """How many pages, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class PlaceDetail:
    """One place: its row, for whom it counts today, and whether it was merged."""

    row: RegionRow
    short_name: str
    reporting_unit: str
    valid_from: date
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ReportingUnitPlaces:
    """A reporting unit with the places that count for it by a row of their own."""

    code: str
    name: str
    abbreviation: str
    places: tuple[str, ...]


def region_page(viewer: Viewer, inside: str, words: str = "", page: int = 1) -> RegionPage:
    """Places below the one of code `inside` (empty: the top), by code; with `words`, all of that name or code,
    former names too, wherever they are. Empty if not allowed."""
    if not _may_look(viewer):
        return RegionPage((), 0)
    with reading() as session:
        here = session.scalar(sa.select(Region).where(Region.code == inside)) if inside else None
        if inside and here is None and not words.strip():
            return RegionPage((), 0)
        condition = _named(words.strip()) if words.strip() else _below(here)
        total = session.scalar(sa.select(sa.func.count()).select_from(Region).where(condition)) or 0
        ids = (
            sa.select(Region.id).where(condition).order_by(Region.code).limit(PAGE).offset(first_row(page, total, PAGE))
        )
        rows = _rows(session, Region.id.in_(session.scalars(ids).all()))
        codes = [c for c in here.path.split("/") if c] if here else []
        return RegionPage(rows, total, _rows(session, Region.code.in_(codes)))


def place_detail(viewer: Viewer, code: str, today: date) -> PlaceDetail | None:
    """One place; None if unknown or not allowed."""
    if not _may_look(viewer):
        return None
    with reading() as session:
        region = session.scalar(sa.select(Region).where(Region.code == code))
        if region is None:
            return None
        unit = reporting_unit_of(session, region, today)
        (row,) = _rows(session, Region.id == region.id)
        in_force = region.valid_to is None
        return PlaceDetail(row, region.short_name, unit.name if unit else "—", region.valid_from, in_force)


def villages_beside(viewer: Viewer, code: str) -> dict[str, str]:
    """Villages in force of the same county, without the one of `code`: code → town and name, the own town first."""
    if not _may_look(viewer):
        return {}
    with reading() as session:
        own = session.scalar(sa.select(Region).where(Region.code == code))
        home = session.get(Region, own.parent_id) if own is not None and own.parent_id else None
        if own is None or home is None:
            return {}
        town = aliased(Region)
        rows = session.execute(
            sa.select(Region.code, town.short_name, Region.short_name)
            .join(town, town.id == Region.parent_id)
            .where(Region.level == RegionLevel.VILLAGE, Region.valid_to.is_(None), Region.id != own.id)
            .where(town.parent_id == home.parent_id)
            .order_by(town.id != home.id, Region.code)
        )
        return {found: f"{above} {name}" for found, above, name in rows}


def reporting_unit_places(viewer: Viewer, today: date) -> tuple[ReportingUnitPlaces, ...]:
    """All reporting units in their fixed order with their places and from when to when, today and to come."""
    if not _may_look(viewer):
        return ()
    with reading() as session:
        units = session.scalars(sa.select(ReportingUnit).order_by(ReportingUnit.position, ReportingUnit.id)).all()
        rows = session.execute(
            sa.select(ReportingUnitRegion, Region.short_name)
            .join(Region, Region.id == ReportingUnitRegion.region_id)
            .order_by(Region.code, ReportingUnitRegion.valid_from)
        )
        places: dict[int, list[str]] = {}
        for row, name in rows:
            if row.valid_to is None or row.valid_to >= today:
                places.setdefault(row.reporting_unit_id, []).append(f"{name}{_days(row, today)}")
        return tuple(ReportingUnitPlaces(u.code, u.name, u.abbreviation, tuple(places.get(u.id, ()))) for u in units)


def _days(row: ReportingUnitRegion, today: date) -> str:
    since = f"自 {row.valid_from.isoformat()} 起" if row.valid_from > today else ""
    until = f"至 {row.valid_to.isoformat()} 止" if row.valid_to is not None else ""
    return f"（{since}{until}）" if since or until else ""


def _may_look(viewer: Viewer) -> bool:
    return any(viewer.may(p) for p in REGION_PERMISSIONS)


def _below(here: Region | None) -> Condition:
    return Region.parent_id == here.id if here is not None else Region.parent_id.is_(None)


def _named(words: str) -> Condition:
    former = sa.select(RegionEvent.region_id).where(
        RegionEvent.what == RegionChange.RENAMED, RegionEvent.name_before.contains(words, autoescape=True)
    )
    return sa.or_(
        Region.name.contains(words, autoescape=True), Region.code.startswith(words, autoescape=True),
        Region.short_name.contains(words, autoescape=True), Region.id.in_(former),
    )  # fmt: skip


def _rows(session: Session, condition: Condition) -> tuple[RegionRow, ...]:
    above, into, child = aliased(Region), aliased(Region), aliased(Region)
    inside = (
        sa.select(sa.func.count(child.id))
        .where(child.parent_id == Region.id, child.valid_to.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Region, above.short_name, into.short_name, inside)
        .outerjoin(above, above.id == Region.parent_id)
        .outerjoin(into, into.id == Region.merged_into_id)
        .where(condition)
        .order_by(Region.code)
    )
    return tuple(
        RegionRow(r.id, r.code, r.name, r.level, r.kind or "", parent or "", count, _state(r, survivor))
        for r, parent, survivor, count in rows
    )


def _state(region: Region, survivor: str | None) -> str:
    if region.valid_to is None:
        return ""
    return f"{region.valid_to.isoformat()} 止，并入{survivor}" if survivor else f"{region.valid_to.isoformat()} 止"
