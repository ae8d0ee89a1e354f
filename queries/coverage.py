"""How much of the adopted sample has been visited, as of the end of a day: by town and village, against both floors.

Counted are finished visits of drawn units and recorded replacements only. A household is checked once its form of the
layer 重点检查 stands handed in with a finished outcome (seen at home or reached by phone). A drawn village is checked
once as many of its households are as the rule's share asks of that village, one at least: mandatory households beyond
the share stay a gap in households, not in villages. A village without households is not checked by visiting nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.household_check import CheckLine, Verdict
from models.local_time import end_of_day, local_day
from models.region import Region, ReportingUnit
from models.sample import Sample, SampledHousehold, SampledVillage, SampleFrame
from models.sampling_rule import Rule
from queries.reading import reading
from queries.region import reporting_unit_by_village
from queries.sample_frame import household_counts, towns_of_villages
from queries.viewer import Place, Viewer
from queries.visit import adopted_sample, drawn_here, finished_visits, sees, stands

EVERYWHERE = Place()


@dataclass(frozen=True, slots=True)
class Gap:
    """Units of one kind in one place. `floor` is what the share asks for; `required` counts all mandatory ones."""

    total: int
    required: int
    done: int
    floor: int

    @property
    def missing(self) -> int:
        """What is still to be visited: required − finished, never below zero."""
        return max(0, self.required - self.done)

    @property
    def meets_floor(self) -> bool:
        """Whether the share is reached."""
        return self.done >= self.floor

    @property
    def permille(self) -> int:
        """Done of total, cut, never rounded up to a floor it misses; 0 where there is nothing."""
        return self.done * 1000 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class TownCoverage:
    """One town with its villages (or the households of its drawn villages)."""

    town_id: int
    town_code: str
    town: str
    reporting_unit: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class VillageCoverage:
    """One village in the sample, not replaced. `households.total`: all of its households in the frame."""

    sampled_village_id: int
    village_id: int
    village_code: str
    village: str
    town_id: int
    reporting_unit_id: int
    households: Gap

    @property
    def is_checked(self) -> bool:
        """Whether the village counts as checked."""
        return self.households.done >= max(1, self.households.floor)


@dataclass(frozen=True, slots=True)
class Coverage:
    """逐镇达标 and 总体达标 are two figures: one may be met while the other is not. Towns: the widest gap first.

    `overall.floor` is the share of all units together, less than the sum of the towns' floors, each rounded up.
    """

    share_percent: int
    towns: tuple[TownCoverage, ...]
    overall: Gap

    @property
    def meets_overall(self) -> bool:
        """Whether the share is reached over all units together."""
        return self.overall.meets_floor

    @property
    def towns_meeting(self) -> int:
        """How many towns reach the share each for itself."""
        return sum(town.gap.meets_floor for town in self.towns)


# --- the rows each figure counts ------------------------------------------------------------------------------------


def required_villages(
    session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> sa.Select[int]:
    """Ids of `sampled_village`: drawn, mandatory and replacement villages that stood at the end of the day."""
    return sa.select(SampledVillage.id).where(*_village_conditions(viewer, campaign_id, as_of, place))


def checked_villages(
    session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> sa.Select[int]:
    """Ids of `sampled_village` that count as checked."""
    rows = villages_in(session, viewer, campaign_id, as_of, place)
    checked = [row.sampled_village_id for row in rows if row.is_checked]
    return sa.select(SampledVillage.id).where(SampledVillage.id.in_(checked))


def required_households(
    session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> sa.Select[int]:
    """Ids of `sampled_household` in the required villages, replaced ones left out."""
    return _households(viewer, campaign_id, as_of, place)


def checked_households(
    session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> sa.Select[int]:
    """Ids of `sampled_household` with a finished visit."""
    visits = finished_visits(campaign_id, as_of).subquery()
    required = _households(viewer, campaign_id, as_of, place)
    return required.join(visits, visits.c.household_id == SampledHousehold.household_id)


def checked_people(
    session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> sa.Select[int]:
    """Ids of `household_member` of checked households with at least one verdict other than 未核实."""
    return verified_lines(viewer, campaign_id, as_of, place).with_only_columns(CheckLine.member_id).distinct()


def verified_lines(viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE) -> sa.Select[int]:
    """Ids of `check_line` of checked households with a verdict other than 未核实; `sampled_household` is joined."""
    visits = finished_visits(campaign_id, as_of).subquery()
    return (
        _households(viewer, campaign_id, as_of, place)
        .join(visits, visits.c.household_id == SampledHousehold.household_id)
        .join(CheckLine, sa.and_(CheckLine.check_id == visits.c.check_id, CheckLine.submission == visits.c.submission))
        .where(CheckLine.verdict != Verdict.UNREACHED)
        .with_only_columns(CheckLine.id)
    )


def _village_conditions(viewer: Viewer, campaign_id: int, as_of: date, place: Place) -> list[sa.ColumnElement[bool]]:
    sample = adopted_sample(campaign_id, as_of).scalar_subquery()
    return [SampledVillage.sample_id == sample, stands(SampledVillage, end_of_day(as_of)), *drawn_here(viewer, place)]


def _households(viewer: Viewer, campaign_id: int, as_of: date, place: Place) -> sa.Select[int]:
    return (
        sa.select(SampledHousehold.id)
        .select_from(SampledHousehold)
        .join(SampledVillage, SampledVillage.id == SampledHousehold.sampled_village_id)
        .where(*_village_conditions(viewer, campaign_id, as_of, place), stands(SampledHousehold, end_of_day(as_of)))
    )


# --- figures --------------------------------------------------------------------------------------------------------


def village_coverage(
    viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE,
    drawn: Sequence[VillageCoverage] | None = None,
) -> Coverage:  # fmt: skip
    """Villages of the frame by town: all, required, checked. Empty before a sample was adopted.

    `drawn`: what `drawn_villages` answers to the same question, where it was asked already.
    """
    with reading() as session:
        base = _base(session, campaign_id, as_of)
        if base is None:
            return EMPTY
        totals: dict[int, int] = defaultdict(int)
        for _, town_id in _frame_villages(session, viewer, base, place):
            totals[town_id] += 1
        done: dict[int, list[bool]] = defaultdict(list)
        for row in villages_in(session, viewer, campaign_id, as_of, place) if drawn is None else drawn:
            done[row.town_id].append(row.is_checked)
        gaps = {
            town_id: Gap(total, len(done[town_id]), sum(done[town_id]), base.rule.floor(total))
            for town_id, total in totals.items()
        }
        return _coverage(session, base, gaps)


def household_coverage(
    viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE,
    drawn: Sequence[VillageCoverage] | None = None,
) -> Coverage:  # fmt: skip
    """Households of the drawn villages by town: all in the frame, required, finished. `drawn` as above."""
    with reading() as session:
        base = _base(session, campaign_id, as_of)
        if base is None:
            return EMPTY
        by_town: dict[int, list[Gap]] = defaultdict(list)
        for row in villages_in(session, viewer, campaign_id, as_of, place) if drawn is None else drawn:
            by_town[row.town_id].append(row.households)
        return _coverage(session, base, {town: added(gaps) for town, gaps in by_town.items()})


def drawn_villages(
    viewer: Viewer, campaign_id: int, as_of: date, place: Place = EVERYWHERE
) -> tuple[VillageCoverage, ...]:
    """The villages in the sample at the end of the day, by code, each with the state of its households."""
    with reading() as session:
        return tuple(villages_in(session, viewer, campaign_id, as_of, place))


def added(gaps: Iterable[Gap]) -> Gap:
    """Places together; the floor is the sum of the floors, each rounded for itself."""
    columns = [(g.total, g.required, g.done, g.floor) for g in gaps]
    return Gap(*map(sum, zip(*columns, strict=True))) if columns else Gap(0, 0, 0, 0)


EMPTY = Coverage(0, (), Gap(0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class _Base:
    """The frame behind the sample adopted on a day."""

    frame_id: int
    rule: Rule
    frozen_on: date
    """The frame's villages count for whom they counted on that day, whatever changed later."""


def _base(session: Session, campaign_id: int, as_of: date) -> _Base | None:
    found = session.execute(
        sa.select(SampleFrame.id, SampleFrame.rule, SampleFrame.frozen_at)
        .join(Sample, Sample.frame_id == SampleFrame.id)
        .where(Sample.id == adopted_sample(campaign_id, as_of).scalar_subquery())
    ).first()
    return None if found is None else _Base(found[0], Rule.read(found[1]), local_day(found[2]))


def villages_in(session: Session, viewer: Viewer, campaign_id: int, as_of: date, place: Place) -> list[VillageCoverage]:
    """As `drawn_villages`, in an open session: one aggregate over the drawn households."""
    base = _base(session, campaign_id, as_of)
    if base is None:
        return []
    visits = finished_visits(campaign_id, as_of).subquery()
    household = SampledHousehold
    asked = (
        sa.select(
            SampledVillage.id, SampledVillage.region_id, Region.code, Region.short_name, SampledVillage.town_id,
            SampledVillage.reporting_unit_id, sa.func.count(household.id), sa.func.count(visits.c.household_id),
        )
        .join(Region, Region.id == SampledVillage.region_id)
        .outerjoin(
            household, sa.and_(household.sampled_village_id == SampledVillage.id, stands(household, end_of_day(as_of)))
        )
        .outerjoin(visits, visits.c.household_id == household.household_id)
        .where(*_village_conditions(viewer, campaign_id, as_of, place))
        .group_by(SampledVillage.id, Region.code, Region.short_name)
        .order_by(Region.code)
    )  # fmt: skip
    sizes = household_counts(session, base.frame_id)
    return [_village(row, sizes.get(row[2], 0), base.rule) for row in session.execute(asked)]


def _village(row: sa.Row[int, int, str, str, int, int, int, int], size: int, rule: Rule) -> VillageCoverage:
    sampled_id, village_id, code, name, town_id, unit_id, required, done = row
    return VillageCoverage(
        sampled_id, village_id, code, name, town_id, unit_id, Gap(size, required, done, min(rule.floor(size), required))
    )


def _frame_villages(session: Session, viewer: Viewer, base: _Base, place: Place) -> list[tuple[int, int]]:
    """Village and town of every village of the frame in the viewer's places."""
    units = reporting_unit_by_village(session, base.frozen_on)
    ids = {code: region_id for code, region_id in session.execute(sa.select(Region.code, Region.id))}
    found = []
    for village_code, town_code in towns_of_villages(session, base.frame_id).items():
        village, town = ids[village_code], ids[town_code]
        if sees(viewer, place, units.get(village), town, village):
            found.append((village, town))
    return found


def _coverage(session: Session, base: _Base, gaps: Mapping[int, Gap]) -> Coverage:
    overall = added(gaps.values())
    overall = replace(overall, floor=base.rule.floor(overall.total))
    named = {
        region_id: (code, name)
        for region_id, code, name in session.execute(
            sa.select(Region.id, Region.code, Region.short_name).where(Region.id.in_(list(gaps)))
        )
    }
    units = _unit_of_town(session, base.frozen_on)
    towns = [TownCoverage(town, *named[town], units.get(town, "—"), gap) for town, gap in gaps.items()]
    towns.sort(key=lambda town: (-town.gap.missing, town.gap.permille, town.town_code))
    return Coverage(base.rule.share_percent, tuple(towns), overall)


def _unit_of_town(session: Session, day: date) -> dict[int, str]:
    """The reporting unit of each town: that of its villages, several joined by a comma."""
    names = {unit_id: name for unit_id, name in session.execute(sa.select(ReportingUnit.id, ReportingUnit.name))}
    parents = session.execute(sa.select(Region.id, Region.parent_id))
    town_of = {village: town for village, town in parents if town is not None}
    found: dict[int, set[str]] = defaultdict(set)
    for village, unit in reporting_unit_by_village(session, day).items():
        found[town_of[village]].add(names[unit])
    return {town: "、".join(sorted(units)) for town, units in found.items()}
