"""Which village a file means: the viewer's villages by all names they have or had, those merged since among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.village_index import VillageIndex
from models.region import Region, RegionChange, RegionEvent
from models.role import Permission
from queries.reading import reading
from queries.region import VillageRow, villages_for
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NamedVillages:
    """The villages by code, merged ones too, and the index by names. `in_force`: without the merged ones."""

    by_code: Mapping[str, VillageRow]
    in_force: Mapping[str, VillageRow]
    index: VillageIndex


def named_villages(viewer: Viewer, permission: Permission, day: date, *, merged_too: bool) -> NamedVillages:
    """The villages in which the viewer holds a permission. `merged_too`: a merged village may still be written under.

    Registers of years before a merge name the village of that time; a roster of today does not.
    """
    rows = villages_for(viewer, permission, day, merged_too=True)
    with reading() as session:
        gone = _merged(session, day)
        former = _former(session, rows)
    in_force = [v for v in rows if v.code not in gone]
    index = VillageIndex(
        map(_named, in_force), map(_named, [*(v for v in rows if v.code in gone), *former]), {} if merged_too else gone
    )
    return NamedVillages({v.code: v for v in rows}, {v.code: v for v in in_force}, index)


def _merged(session: Session, day: date) -> dict[str, str]:
    """Code of each village merged by a day → why nothing new is written under it."""
    into = aliased(Region)
    rows = session.execute(
        sa.select(Region.code, Region.short_name, RegionEvent.effective_on, into.short_name)
        .join(RegionEvent, RegionEvent.region_id == Region.id)
        .join(into, into.id == Region.merged_into_id)
        .where(RegionEvent.what == RegionChange.MERGED, Region.valid_to < day)
    )
    return {
        code: f"{name}已于 {on.isoformat()} 并入{survivor}，请改填{survivor}，户编号不要与那里已有的重复。"
        for code, name, on, survivor in rows
    }


def _former(session: Session, rows: Iterable[VillageRow]) -> list[VillageRow]:
    """The same villages under names they, or their towns, no longer have."""
    renamed: dict[int, list[tuple[str, str]]] = {}
    events = sa.select(RegionEvent).where(RegionEvent.what == RegionChange.RENAMED).order_by(RegionEvent.id)
    for event in session.scalars(events):
        names = (event.name_before or event.name, event.short_name_before or event.short_name)
        renamed.setdefault(event.region_id, []).append(names)
    found = []
    for v in rows:
        found += [replace(v, name=name, short_name=short) for name, short in renamed.get(v.id, ())]
        found += [replace(v, town_name=name, town_short=short) for name, short in renamed.get(v.town_id, ())]
    return found


def _named(village: VillageRow) -> tuple[str, str, str, str, str, str]:
    return (
        village.town_code, village.town_name, village.town_short, village.code, village.name, village.short_name,
    )  # fmt: skip
