"""Problems of several places: which are a unit's or a village's, how many there are, how many are done, as conditions
and counts. A problem with one place has no row here: the place is its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_place import IssuePlace
from models.issue_record import Issue
from models.issue_rule import PlaceState
from models.local_time import end_of_day
from models.region import Region, RegionLevel
from models.unit import Unit
from queries.merged import short_name_on

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many places a problem has, how many are crossed off; whether each of them is a village."""

    total: int
    done: int
    villages_only: bool

    @property
    def words(self) -> str:
        """3/7: as small as a ledger's line is."""
        return f"{self.done}/{self.total}"

    def named(self, first: str) -> str:
        """甲一村等7村: the problem's own village first; 3处 where it was registered for a town."""
        return f"{first}等{self.total}{'村' if self.villages_only else '处'}" if first else f"{self.total}处"

    def of(self, first: str) -> str:
        """甲一村等7村（已完成3）: what stands in the ledger's column 村."""
        return f"{self.named(first)}（已完成{self.done}）"


def is_in_place(*wanted: Condition, as_of: date | None = None) -> sa.Select[int]:
    """Ids of problems with such a place now, or at the end of a day."""
    return sa.select(IssuePlace.issue_id).where(_in_force(as_of), *wanted).correlate(None)


def of_units(unit_ids: Collection[int | None], *, open_only: bool = False) -> Condition:
    """One of the units has a place of the problem, with `open_only` one that is not crossed off."""
    units = [u for u in unit_ids if u is not None]
    still = (IssuePlace.done_on.is_(None),) if open_only else ()
    return Issue.id.in_(is_in_place(IssuePlace.unit_id.in_(units), *still))


def of_regions(region_ids: Collection[int]) -> Condition:
    """One of the villages is a place of the problem."""
    return Issue.id.in_(is_in_place(IssuePlace.region_id.in_(region_ids)))


def with_a_dissolved_unit() -> Condition:
    """A place that is not crossed off is with a unit that is no more."""
    gone = sa.select(Unit.id).where(Unit.valid_to.is_not(None))
    return Issue.id.in_(is_in_place(IssuePlace.done_on.is_(None), IssuePlace.unit_id.in_(gone)))


def places_of(session: Session, issue_id: int) -> list[IssuePlace]:
    """The places in force, in their order."""
    query = sa.select(IssuePlace).where(IssuePlace.issue_id == issue_id, _in_force(None))
    return list(session.scalars(query.order_by(IssuePlace.position)))


def place_states(session: Session, issue_id: int) -> tuple[PlaceState, ...]:
    """What the rules know of the places."""
    rows = session.execute(
        sa.select(
            short_name_on(Region, Issue.registered_on), IssuePlace.unit_name, IssuePlace.unit_id, IssuePlace.done_on
        )
        .select_from(IssuePlace)
        .join(Issue, Issue.id == IssuePlace.issue_id)
        .outerjoin(Region, Region.id == IssuePlace.region_id)
        .where(IssuePlace.issue_id == issue_id, _in_force(None))
        .order_by(IssuePlace.position)
    )
    return tuple(PlaceState(name or unit or "", unit_id, done is not None) for name, unit, unit_id, done in rows)


def place_names(session: Session, places: Sequence[IssuePlace]) -> dict[int, str]:
    """What each is called: the village by its name of the day the problem was registered, else the unit."""
    rows = session.execute(
        sa.select(IssuePlace.id, short_name_on(Region, Issue.registered_on), IssuePlace.unit_name)
        .select_from(IssuePlace)
        .join(Issue, Issue.id == IssuePlace.issue_id)
        .outerjoin(Region, Region.id == IssuePlace.region_id)
        .where(IssuePlace.id.in_([place.id for place in places]))
    )
    return {place_id: name or unit or "—" for place_id, name, unit in rows}


def place_counts(session: Session, issue_ids: Sequence[int], as_of: date | None = None) -> dict[int, PlaceCount]:
    """Of those that have several places, now or at the end of a day; what is done is as of now."""
    region = aliased(Region)
    village = sa.case((region.level == RegionLevel.VILLAGE, 1), else_=0)
    rows = session.execute(
        sa.select(IssuePlace.issue_id, sa.func.count(), sa.func.count(IssuePlace.done_on), sa.func.sum(village))
        .outerjoin(region, region.id == IssuePlace.region_id)
        .where(IssuePlace.issue_id.in_(issue_ids), _in_force(as_of))
        .group_by(IssuePlace.issue_id)
    )
    return {i: PlaceCount(total, done, total == villages) for i, total, done, villages in rows}


def _in_force(as_of: date | None) -> Condition:
    if as_of is None:
        return IssuePlace.ended_at.is_(None)
    end = end_of_day(as_of)
    return sa.and_(IssuePlace.recorded_at < end, sa.or_(IssuePlace.ended_at.is_(None), IssuePlace.ended_at >= end))
