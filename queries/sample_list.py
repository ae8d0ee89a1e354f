"""The lists of a draw: a town's villages in rank, a village's households, each with what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.draw import Ranked
from models.household_check import CheckLayer, HouseholdCheck, VisitOutcome
from models.identity import Identity
from models.local_time import local_day
from models.masking import mask_name
from models.refusal import NotFoundOrNotYours
from models.region import Region
from models.roster import Household, HouseholdMember
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage
from queries.coverage import VillageCoverage, villages_in
from queries.reading import reading
from queries.region import reporting_unit_by_village
from queries.sample_frame import village_stage
from queries.viewer import Place, Viewer
from queries.visit import FINISHED, drawn_here, finished_visits, sees


class ListState(StrEnum):
    """What became of a unit on the list. The symbols are those that photocopies and 仿宋 keep."""

    DONE = "DONE"
    BEGUN = "BEGUN"
    WAITING = "WAITING"
    REPLACED = "REPLACED"
    RESERVE = "RESERVE"

    @property
    def label(self) -> str:
        """The word in lists and workbooks."""
        return {"DONE": "已查", "BEGUN": "在查", "WAITING": "未查", "REPLACED": "已替换", "RESERVE": "备选"}[self.value]

    @property
    def symbol(self) -> str:
        """Before the word in tables."""
        return {"DONE": "√", "BEGUN": "◇", "WAITING": "○", "REPLACED": "×", "RESERVE": "·"}[self.value]


@dataclass(frozen=True, slots=True)
class ListedVillage:
    """A village of a town's stratum, reserve included. `row_id`: its `sampled_village`; None in reserve."""

    row_id: int | None
    code: str
    village: str
    rank: int
    hash: str
    kind: DrawnKind | None
    state: ListState
    required: int
    done: int
    note: str


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household on the list. `head`: masked, with the pseudonym that tells two 张* apart; — where nobody is head."""

    row_id: int
    code: str
    number: str
    head: str
    rank: int
    hash: str
    kind: DrawnKind
    state: ListState
    note: str


@dataclass(frozen=True, slots=True)
class DrawnTown:
    """What a draw took in one town, before anybody was replaced."""

    town_id: int
    town: str
    villages: int
    households: int


def towns_of_draw(viewer: Viewer, sample_id: int) -> tuple[DrawnTown, ...]:
    """The towns of a draw by code, in the viewer's places."""
    first = SampledHousehold.kind != DrawnKind.REPLACEMENT
    with reading() as session:
        rows = session.execute(
            sa.select(Region.id, Region.short_name, sa.func.count(SampledVillage.id.distinct()),
                      sa.func.count(SampledHousehold.id))
            .join(SampledVillage, SampledVillage.town_id == Region.id)
            .outerjoin(SampledHousehold, sa.and_(SampledHousehold.sampled_village_id == SampledVillage.id, first))
            .where(SampledVillage.sample_id == sample_id, SampledVillage.kind != DrawnKind.REPLACEMENT)
            .where(*drawn_here(viewer, Place()))
            .group_by(Region.id, Region.short_name, Region.code)
            .order_by(Region.code)
        )  # fmt: skip
        return tuple(DrawnTown(*row) for row in rows)


def villages_in_rank(viewer: Viewer, sample_id: int, town_id: int, today: date) -> tuple[ListedVillage, ...]:
    """One town's villages by rank, computed anew from seed and frame. Raises NotFoundOrNotYours.

    Who: those who see samples, in their places. What became of a village is told for the adopted draw only.
    """
    with reading() as session:
        sample, town = session.get(Sample, sample_id), session.get(Region, town_id)
        if sample is None or town is None:
            raise NotFoundOrNotYours("抽样")
        ranked = village_stage(session, sample.frame_id).village_stratum(sample.seed, town.code)
        names = _regions(session, [unit.code for unit in ranked])
        units = reporting_unit_by_village(session, today)
        rows = _village_rows(session, sample_id, town_id)
        ranks = {row.id: row.rank for row in rows.values()}
        here = villages_in(session, viewer, sample.campaign_id, today, Place(region_id=town_id))
        visits = {visit.sampled_village_id: visit for visit in here}
        return tuple(
            _village(unit, names[unit.code][1], rows.get(unit.code), ranks, visits)
            for unit in ranked
            if sees(viewer, Place(), units.get(names[unit.code][0]), town_id, names[unit.code][0])
        )


def households_in_rank(viewer: Viewer, sampled_village_id: int) -> tuple[ListedHousehold, ...]:
    """The households drawn in one village, replacements included, by rank. Empty where the viewer may not look."""
    with reading() as session:
        sample = session.scalar(
            sa.select(Sample)
            .join(SampledVillage, SampledVillage.sample_id == Sample.id)
            .where(SampledVillage.id == sampled_village_id, *drawn_here(viewer, Place()))
        )
        if sample is None:
            return ()
        rows = session.execute(
            sa.select(SampledHousehold, Household)
            .join(Household, Household.id == SampledHousehold.household_id)
            .where(SampledHousehold.sampled_village_id == sampled_village_id)
            .order_by(SampledHousehold.rank)
        ).all()
        ids = [home.id for _, home in rows]
        heads, outcomes = _heads(session, ids), _outcomes(session, sample.campaign_id, ids)
        ranks = {row.id: row.rank for row, _ in rows}
        return tuple(_household(row, home, heads, outcomes, ranks) for row, home in rows)


def _regions(session: Session, codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Id and short name by code."""
    asked = sa.select(Region.code, Region.id, Region.short_name).where(Region.code.in_(codes))
    return {code: (region_id, name) for code, region_id, name in session.execute(asked)}


def _village_rows(session: Session, sample_id: int, town_id: int) -> dict[str, SampledVillage]:
    asked = (
        sa.select(Region.code, SampledVillage)
        .join(Region, Region.id == SampledVillage.region_id)
        .where(SampledVillage.sample_id == sample_id, SampledVillage.town_id == town_id)
    )
    return {code: row for code, row in session.execute(asked)}


def _village(
    unit: Ranked,
    name: str,
    row: SampledVillage | None,
    ranks: Mapping[int, int],
    visits: Mapping[int, VillageCoverage],
) -> ListedVillage:
    if row is None:
        return ListedVillage(None, unit.code, name, unit.position, unit.hash, None, ListState.RESERVE, 0, 0, "")
    visit = visits.get(row.id)
    required, done = (visit.households.required, visit.households.done) if visit else (0, 0)
    note = replacement_note(row, ranks)
    if visit is not None and visit.households.total == 0:
        note = note or "名册里没有农户，请替换"
    return ListedVillage(
        row.id, unit.code, name, unit.position, unit.hash, row.kind, village_state(row, visit), required, done, note
    )


def village_state(row: SampledVillage, visit: VillageCoverage | None) -> ListState:
    """`visit`: how its households stand, None for a draw that does not count."""
    if row.replaced_at is not None:
        return ListState.REPLACED
    if visit is None or visit.households.done == 0:
        return ListState.WAITING
    return ListState.DONE if visit.is_checked else ListState.BEGUN


def replacement_note(row: SampledVillage | SampledHousehold, ranks: Mapping[int, int]) -> str:
    """Why and when a row was replaced, and by which rank; `ranks` by row id. Empty for a row that was not."""
    if row.replaced_at is None or row.replaced_by_id is None:
        return ""
    on = local_day(row.replaced_at)
    return f"{row.reason}（{on.month}月{on.day}日由第 {ranks.get(row.replaced_by_id, 0)} 位递补）"


def _heads(session: Session, household_ids: Sequence[int]) -> dict[int, str]:
    """The head of each household as lists show them."""
    rows = session.execute(
        sa.select(HouseholdMember.household_id, Identity.name, HouseholdMember.pseudonym)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.household_id.in_(household_ids), HouseholdMember.is_head)
        .where(HouseholdMember.superseded_by_id.is_(None))
    )
    return {household_id: f"{mask_name(name or '')} {pseudonym}".strip() for household_id, name, pseudonym in rows}


def _outcomes(session: Session, campaign_id: int, household_ids: Iterable[int]) -> dict[int, VisitOutcome | None]:
    """What the last handed-in form of each household said; finished visits only where they stand."""
    visits, check = finished_visits(campaign_id).subquery(), aliased(HouseholdCheck)
    rows = session.execute(
        sa.select(check.household_id, check.outcome, visits.c.check_id)
        .outerjoin(visits, visits.c.check_id == check.id)
        .where(check.household_id.in_(list(household_ids)), check.layer == CheckLayer.INSPECTION)
    )
    return {
        household_id: outcome
        for household_id, outcome, finished in rows
        if finished is not None or outcome not in FINISHED
    }


def _household(
    row: SampledHousehold,
    home: Household,
    heads: Mapping[int, str],
    outcomes: Mapping[int, VisitOutcome | None],
    ranks: Mapping[int, int],
) -> ListedHousehold:
    outcome = outcomes.get(home.id)
    state = ListState.DONE if outcome in FINISHED else ListState.WAITING
    note = outcome.label if outcome is not None else ""
    if row.replaced_at is not None:
        state, note = ListState.REPLACED, replacement_note(row, ranks)
    return ListedHousehold(
        row.id, home.code, home.number, heads.get(home.id, "—"), row.rank, row.rank_hash, row.kind, state, note
    )
