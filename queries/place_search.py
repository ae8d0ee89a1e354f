"""Villages and units by name, within one's rights."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.region import RegionEvent, ReportingUnit
from models.role import Permission, Role, may
from models.sample import Sample, SampledVillage
from models.search_text import folded
from models.unit import Unit, UnitEvent
from queries.ledger_light import is_overdue
from queries.ledger_search import ESCAPE, like_pattern, village_stem
from queries.reading import reading
from queries.region import VillageRow, reporting_unit_by_village, villages_in
from queries.scope import Condition, issue_visible, within
from queries.search_hit import Hits, UnitHit, VillageHit
from queries.viewer import Place, Viewer
from queries.village_visits import drawn_villages

OF_PLACES = (
    Permission.SEE_LEDGER, Permission.SEE_CHECKS, Permission.SEE_SAMPLE, Permission.IMPORT_REGIONS,
    Permission.MANAGE_REGIONS, Permission.IMPORT_ROSTER,
)  # fmt: skip
"""Whoever holds one of these in a place finds its villages."""


def find_villages(
    viewer: Viewer, campaign_id: int | None, words: Sequence[str], today: date, most: int
) -> Hits[VillageHit]:
    """Villages in force whose name holds every word, or whose town's does; the one of exactly that name first."""
    found = matching_villages(viewer, words, today)
    shown = found[:most]
    ids = [village.id for village in shown]
    with reading() as session:
        counts, drawn = _problems(session, viewer, campaign_id, Issue.village_id, ids, today), set[int]()
        if campaign_id is not None:
            drawn = set(session.scalars(_drawn(viewer, campaign_id).where(SampledVillage.region_id.in_(ids))))
        units, names = reporting_unit_by_village(session, today), _unit_names(session)
    rows = [
        VillageHit(v.id, v.short_name, f"{names.get(units.get(v.id, 0), '')} {v.town_short}".strip(),
                   *counts.get(v.id, (0, 0, 0))[:2], v.id in drawn)
        for v in shown
    ]  # fmt: skip
    return Hits(rows, len(found))


def matching_villages(
    viewer: Viewer, words: Sequence[str], today: date, *, merged_too: bool = False
) -> list[VillageRow]:
    """The villages the words name within the viewer's places, exact names first, then by code."""
    stems = [village_stem(word) for word in words]
    with reading() as session:
        former = _former_names(session)
    found = []
    for village in _own_villages(viewer, today, merged_too):
        names = [folded(name) for name in (village.name, village.short_name, *former.get(village.id, ()))]
        text = "\n".join((*names, folded(village.town_name)))
        if all(stem in text for stem in stems):
            found.append((stems[-1] not in {village_stem(name) for name in names}, village))
    return [village for _, village in sorted(found, key=lambda pair: pair[0])]


def find_units(viewer: Viewer, campaign_id: int | None, words: Sequence[str], today: date, most: int) -> Hits[UnitHit]:
    """Units whose name, or a former one, holds every word; those in force first."""
    dissolved = sa.case((sa.func.coalesce(Unit.valid_to, today) < today, 1), else_=0)
    here = sa.and_(sa.or_(sa.false(), *_own_units(viewer)), *(_named(word) for word in words))
    with reading() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Unit).where(here)) or 0
        rows = session.execute(
            sa.select(Unit.id, Unit.name, dissolved).where(here).order_by(dissolved, Unit.code).limit(most)
        ).all()
        ids = [row[0] for row in rows]
        counts = _problems(session, viewer, campaign_id, Issue.responsible_unit_id, ids, today)
    return Hits([UnitHit(i, name, bool(gone), *counts.get(i, (0, 0, 0))) for i, name, gone in rows], total)


# --- whose ----------------------------------------------------------------------------------------------------------


def _own_villages(viewer: Viewer, today: date, merged_too: bool) -> list[VillageRow]:
    """By code. A unit's own are those of its town, or of its county; every other role's those of its places."""
    with reading() as session:
        places = _places(session, viewer)
        villages = villages_in(session, today, merged_too=merged_too) if places else []
        if Place() in places:
            return villages
        counts_for = reporting_unit_by_village(session, today)
    return [
        v
        for v in villages
        if any(
            p.reporting_unit_id in (None, counts_for.get(v.id)) and p.region_id in (None, v.id, v.town_id)
            for p in places
        )
    ]


def _places(session: Session, viewer: Viewer) -> set[Place]:
    """A unit's role holds everywhere, for it looks at who is responsible: its place is where the unit stands."""
    others = [g for g in viewer.grants if g.role is not Role.UNIT and any(may(g.role, p) for p in OF_PLACES)]
    found = {place for grant in others for place in grant.places}
    unit_ids = [grant.unit_id for grant in viewer.grants if grant.role is Role.UNIT]
    rows = session.execute(sa.select(Unit.region_id, Unit.reporting_unit_id).where(Unit.id.in_(unit_ids))).all()
    return found | {Place(None if region else unit, region) for region, unit in rows if region or unit}


def _own_units(viewer: Viewer) -> Iterator[Condition]:
    if viewer.may(Permission.MANAGE_PEOPLE):
        yield sa.true()
    if not viewer.may(Permission.SEE_LEDGER):
        return
    for grant in viewer.grants_with(Permission.SEE_LEDGER):
        if grant.role is Role.UNIT:
            yield Unit.id == grant.unit_id
        else:
            one = replace(viewer, grants=(grant,))
            here = within(one, Permission.SEE_LEDGER, Unit.reporting_unit_id, Unit.region_id, Unit.region_id)
            yield sa.or_(here, Unit.reporting_unit_id.is_(None))
    yield Unit.id.in_(sa.select(Issue.responsible_unit_id).where(issue_visible(viewer)))


# --- names and counts -----------------------------------------------------------------------------------------------


def _named(word: str) -> Condition:
    pattern = like_pattern(word)
    once = sa.select(UnitEvent.unit_id).where(UnitEvent.name_before.ilike(pattern, escape=ESCAPE))
    return sa.or_(Unit.name.ilike(pattern, escape=ESCAPE), Unit.id.in_(once))


def _former_names(session: Session) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for region_id, name in session.execute(sa.select(RegionEvent.region_id, RegionEvent.name_before)):
        if name is not None:
            names.setdefault(region_id, []).append(name)
    return names


def _unit_names(session: Session) -> dict[int, str]:
    return {i: name for i, name in session.execute(sa.select(ReportingUnit.id, ReportingUnit.name))}


def _drawn(viewer: Viewer, campaign_id: int) -> sa.Select[int]:
    return (
        sa.select(SampledVillage.region_id)
        .join(Sample, Sample.id == SampledVillage.sample_id)
        .where(drawn_villages(viewer, campaign_id))
    )


def _problems(
    session: Session, viewer: Viewer, campaign_id: int | None, column: sa.orm.InstrumentedAttribute[int | None],
    ids: Sequence[int], today: date,
) -> dict[int, tuple[int, int, int]]:  # fmt: skip
    """All, open and overdue problems the viewer sees, by the place or unit in the column."""
    if campaign_id is None or not ids:
        return {}
    is_open, late = Issue.status.in_(IssueStatus.open()), is_overdue(today)
    rows = session.execute(
        sa.select(column, sa.func.count(), *(sa.func.sum(sa.case((c, 1), else_=0)) for c in (is_open, late)))
        .where(Issue.campaign_id == campaign_id, column.in_(ids), issue_visible(viewer))
        .where(Issue.status != IssueStatus.DRAFT)
        .group_by(column)
    )
    return {i: (total, int(still_open), int(overdue)) for i, total, still_open, overdue in rows}
