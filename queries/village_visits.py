"""Which villages are to be visited, and how far the visits are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.household_check import CheckLayer, CheckStatus, HouseholdCheck, HouseholdCheckEvent
from models.region import Region, ReportingUnit
from models.role import Permission
from models.roster import Household, HouseholdMember
from models.sample import Sample, SampledHousehold, SampledVillage, SampleState
from queries.reading import reading
from queries.scope import Condition, within
from queries.viewer import Place, Viewer
from queries.visit import FINISHED

PAGE = 20
EVERYWHERE = Place()
_TOWN = aliased(Region)


@dataclass(frozen=True, slots=True)
class VillageProgress:
    """One village to be visited. Counts are of the drawn households that were not replaced (户, never 户次)."""

    village_id: int
    village: str
    town: str
    reporting_unit: str
    required: int
    finished: int
    open: int
    returned: int
    not_met: int
    replaced: int
    people: int = 0
    people_checked: int = 0

    @property
    def is_done(self) -> bool:
        """Every household to be visited was; a village without any is not done by visiting nobody."""
        return self.required > 0 and self.finished >= self.required

    @property
    def is_unfinished(self) -> bool:
        """There is still a household to visit."""
        return self.finished < self.required

    @property
    def is_begun(self) -> bool:
        """Somebody has been there, or is."""
        return self.finished + self.open + self.returned + self.not_met > 0


@dataclass(frozen=True, slots=True)
class VillagePage:
    """One page of villages; totals are of all pages."""

    rows: tuple[VillageProgress, ...]
    total: int
    done: int
    page: int
    pages: int
    households_left: int = 0
    """Drawn households not yet finished, of all villages found."""
    households_returned: int = 0


@dataclass(frozen=True, slots=True)
class TownToVisit:
    """A town with villages to visit, and the reporting unit they count in."""

    town_id: int
    town: str
    reporting_unit_id: int
    reporting_unit: str


def towns_to_visit(viewer: Viewer, campaign_id: int) -> tuple[TownToVisit, ...]:
    """Where the viewer has villages to visit, in the office's order of units, then by code."""
    with reading() as session:
        rows = session.execute(
            sa.select(_TOWN.id, _TOWN.short_name, ReportingUnit.id, ReportingUnit.name)
            .select_from(SampledVillage)
            .join(Sample, Sample.id == SampledVillage.sample_id)
            .join(_TOWN, _TOWN.id == SampledVillage.town_id)
            .join(ReportingUnit, ReportingUnit.id == SampledVillage.reporting_unit_id)
            .where(drawn_villages(viewer, campaign_id))
            .group_by(_TOWN.id, _TOWN.short_name, _TOWN.code, ReportingUnit.id, ReportingUnit.name)
            .order_by(ReportingUnit.position, _TOWN.code)
        )
        return tuple(TownToVisit(*row) for row in rows)


def villages_to_visit(
    viewer: Viewer, campaign_id: int, page: int = 1, size: int = PAGE, search: str = "", unfinished_only: bool = False,
    place: Place = EVERYWHERE,
) -> VillagePage:  # fmt: skip
    """Villages of the adopted sample where the viewer sees forms, the own village left out.

    Those where somebody is at work come first, then those not begun, then the finished ones, each by code. `search`:
    part of the name of the village or its town; `place`: a reporting unit, or a town of it.
    """
    with reading() as session:
        found = _tallies(session, sa.and_(drawn_villages(viewer, campaign_id), _search(search), _inside(place)))
        done = sum(1 for row in found if row.is_done)
        listed = [row for row in found if row.is_unfinished or not unfinished_only]
        listed.sort(key=lambda row: (not row.is_unfinished, not row.is_begun))
        pages = max(1, -(-len(listed) // size))
        page = min(max(1, page), pages)
        shown = listed[(page - 1) * size : page * size]
        left, returned = sum(max(0, row.required - row.finished) for row in found), sum(row.returned for row in found)
        people = _with_people(session, campaign_id, shown)
        return VillagePage(people, len(listed), done, page, pages, left, returned)


def village_progress(viewer: Viewer, campaign_id: int, village_id: int) -> VillageProgress | None:
    """One village; None where it is not drawn or not the viewer's."""
    with reading() as session:
        here = sa.and_(drawn_villages(viewer, campaign_id), SampledVillage.region_id == village_id)
        return next(iter(_with_people(session, campaign_id, _tallies(session, here))), None)


def drawn_villages(viewer: Viewer, campaign_id: int) -> Condition:
    """Sampled villages to be visited, for a query that joins Sample and SampledVillage."""
    here = within(
        viewer,
        Permission.SEE_CHECKS,
        SampledVillage.reporting_unit_id,
        SampledVillage.town_id,
        SampledVillage.region_id,
    )
    adopted = sa.and_(Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
    return sa.and_(
        adopted,
        SampledVillage.replaced_by_id.is_(None),
        here,
        SampledVillage.region_id.not_in(viewer.home_villages),
    )


def _inside(place: Place) -> Condition:
    wanted: list[Condition] = [sa.true()]
    if place.reporting_unit_id is not None:
        wanted.append(SampledVillage.reporting_unit_id == place.reporting_unit_id)
    if place.region_id is not None:
        wanted.append(SampledVillage.town_id == place.region_id)
    return sa.and_(*wanted)


def _search(search: str) -> Condition:
    text = search.strip()
    if not text:
        return sa.true()
    return sa.or_(Region.name.contains(text, autoescape=True), _TOWN.name.contains(text, autoescape=True))


def _tallies(session: Session, here: Condition) -> list[VillageProgress]:
    """Drawn villages by code with the states of their households; people are not counted yet."""
    stays = SampledHousehold.replaced_by_id.is_(None)
    handed_in = HouseholdCheck.status == CheckStatus.SUBMITTED
    met = HouseholdCheck.outcome.in_(FINISHED)
    rows = session.execute(
        sa.select(
            Region.id, Region.short_name, _TOWN.short_name, ReportingUnit.name,
            _times(SampledHousehold.id.is_not(None), stays),
            _times(stays, handed_in, met), _times(stays, HouseholdCheck.status == CheckStatus.OPEN),
            _times(stays, HouseholdCheck.status == CheckStatus.RETURNED), _times(stays, handed_in, sa.not_(met)),
            _times(sa.not_(stays)),
        )
        .select_from(SampledVillage)
        .join(Sample, Sample.id == SampledVillage.sample_id)
        .join(Region, Region.id == SampledVillage.region_id)
        .join(_TOWN, _TOWN.id == SampledVillage.town_id)
        .join(ReportingUnit, ReportingUnit.id == SampledVillage.reporting_unit_id)
        .outerjoin(SampledHousehold, SampledHousehold.sampled_village_id == SampledVillage.id)
        .outerjoin(HouseholdCheck, inspection_of(SampledHousehold.household_id))
        .where(here)
        .group_by(Region.id, Region.code, Region.short_name, _TOWN.short_name, ReportingUnit.name)
        .order_by(Region.code)
    )  # fmt: skip
    return [VillageProgress(*row) for row in rows]


def _times(*conditions: Condition) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)


def inspection_of(household: Any) -> Condition:
    """The form of 重点检查 of the household in that column."""
    return sa.and_(HouseholdCheck.household_id == household, HouseholdCheck.layer == CheckLayer.INSPECTION)


def _with_people(
    session: Session, campaign_id: int, villages: Sequence[VillageProgress]
) -> tuple[VillageProgress, ...]:
    """The villages with the persons of their drawn households, and how many of those were verified."""
    ids = [v.village_id for v in villages]
    drawn = (
        sa.select(Household.id, Household.village_id)
        .join(SampledHousehold, SampledHousehold.household_id == Household.id)
        .join(Sample, Sample.id == SampledHousehold.sample_id)
        .where(Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
        .where(SampledHousehold.replaced_by_id.is_(None), Household.village_id.in_(ids))
        .subquery()
    )
    people = session.execute(
        sa.select(drawn.c.village_id, sa.func.count())
        .join(HouseholdMember, HouseholdMember.household_id == drawn.c.id)
        .where(HouseholdMember.superseded_by_id.is_(None))
        .group_by(drawn.c.village_id)
    )
    handed_in = (
        sa.select(HouseholdCheckEvent.persons)
        .where(HouseholdCheckEvent.check_id == HouseholdCheck.id, HouseholdCheckEvent.verb == "submit")
        .where(HouseholdCheckEvent.submission == HouseholdCheck.submission)
        .scalar_subquery()  # a join would let the planner begin with all events
    )
    checked = session.execute(
        sa.select(HouseholdCheck.village_id, sa.func.sum(handed_in))
        .where(HouseholdCheck.campaign_id == campaign_id, HouseholdCheck.village_id.in_(ids))
        .where(HouseholdCheck.layer == CheckLayer.INSPECTION, HouseholdCheck.household_id.in_(sa.select(drawn.c.id)))
        .where(HouseholdCheck.status == CheckStatus.SUBMITTED, HouseholdCheck.outcome.in_(FINISHED))
        .group_by(HouseholdCheck.village_id)
    )
    living, verified = {k: n for k, n in people}, {k: n for k, n in checked}
    return tuple(
        replace(v, people=living.get(v.village_id, 0), people_checked=verified.get(v.village_id, 0)) for v in villages
    )
