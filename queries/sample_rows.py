"""All rows of one draw for its workbook, and which villages of a frame a person may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.masking import mask_text
from models.region import Region
from models.roster import Household
from models.sample import Sample, SampledHousehold, SampledVillage
from models.sample_frame import Frame
from queries.coverage import EVERYWHERE, villages_in
from queries.region import reporting_unit_by_village
from queries.sample_list import ListState, replacement_note, village_state
from queries.viewer import Viewer
from queries.visit import drawn_here, finished_visits, sees


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village on the list, in words."""

    town: str
    code: str
    village: str
    rank: int
    hash: str
    kind: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A household on the list, by its code; nobody's name."""

    village_code: str
    code: str
    rank: int
    hash: str
    kind: str
    state: str
    note: str


def visible_villages(session: Session, viewer: Viewer, frame: Frame, today: date) -> Callable[[str], bool]:
    """Whether the viewer may see a village of the frame, by its code."""
    units = reporting_unit_by_village(session, today)
    ids = {code: region_id for code, region_id in session.execute(sa.select(Region.code, Region.id))}
    seen = {
        village
        for village, town in frame.town_of().items()
        if sees(viewer, EVERYWHERE, units.get(ids[village]), ids[town], ids[village])
    }
    return seen.__contains__


def village_lines(session: Session, viewer: Viewer, sample: Sample, today: date) -> list[VillageLine]:
    """The villages of a draw in the viewer's places, replaced ones and replacements too, by town and rank."""
    town = aliased(Region)
    rows = session.execute(
        sa.select(SampledVillage, Region.code, Region.short_name, town.short_name)
        .join(Region, Region.id == SampledVillage.region_id)
        .join(town, town.id == SampledVillage.town_id)
        .where(SampledVillage.sample_id == sample.id, *drawn_here(viewer, EVERYWHERE))
        .order_by(town.code, SampledVillage.rank)
    ).all()
    ranks = {row.id: row.rank for row, *_ in rows}
    visits = {v.sampled_village_id: v for v in villages_in(session, viewer, sample.campaign_id, today, EVERYWHERE)}
    return [
        VillageLine(
            town_name, code, name, row.rank, row.rank_hash, row.kind.label,
            village_state(row, visits.get(row.id)).label, mask_text(replacement_note(row, ranks)),
        )
        for row, code, name, town_name in rows
    ]  # fmt: skip


def household_lines(session: Session, viewer: Viewer, sample: Sample) -> list[HouseholdLine]:
    """The households of a draw in the viewer's places, by village and rank."""
    visits = finished_visits(sample.campaign_id).subquery()
    rows = session.execute(
        sa.select(SampledHousehold, Household.code, visits.c.check_id)
        .join(Household, Household.id == SampledHousehold.household_id)
        .join(SampledVillage, SampledVillage.id == SampledHousehold.sampled_village_id)
        .outerjoin(visits, visits.c.household_id == Household.id)
        .where(SampledHousehold.sample_id == sample.id, *drawn_here(viewer, EVERYWHERE))
        .order_by(SampledHousehold.stratum, SampledHousehold.rank)
    ).all()
    ranks = {row.id: row.rank for row, *_ in rows}
    return [
        HouseholdLine(
            row.stratum, code, row.rank, row.rank_hash, row.kind.label, _state(row, visited).label,
            mask_text(replacement_note(row, ranks)),
        )
        for row, code, visited in rows
    ]  # fmt: skip


def _state(row: SampledHousehold, visited: int | None) -> ListState:
    if row.replaced_at is not None:
        return ListState.REPLACED
    return ListState.DONE if visited is not None else ListState.WAITING
