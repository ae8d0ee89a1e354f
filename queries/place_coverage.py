"""Coverage of the sample place by place, beside the whole: what the bullets on the dashboard show."""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from models.region import ReportingUnit
from queries.coverage import Coverage, Gap
from queries.coverage_figures import DRAWN, drawn_of, households_of, villages_of
from queries.standing import Ask, Spot

NOTHING = Gap(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """One reporting unit or town. Percentages are against the frame: 30 % of all, not of those required."""

    name: str
    villages: Gap
    households: Gap


@dataclass(frozen=True, slots=True)
class SampleCoverage:
    """逐镇达标 and 总体达标, and the places behind them. `share_percent` 0: no sample was adopted by then."""

    share_percent: int
    villages: Gap
    households: Gap
    places: tuple[PlaceCoverage, ...]


def sample_coverage(ask: Ask) -> SampleCoverage:
    """By reporting unit in the fixed order; by town, widest gap first, where one place is asked for."""
    villages, households = villages_of(ask), households_of(ask)
    places = _by_unit(ask) if ask.spot.is_everything else _by_town(villages, households)
    return SampleCoverage(villages.share_percent, villages.overall, households.overall, places)


def _by_unit(ask: Ask) -> tuple[PlaceCoverage, ...]:
    units = ask.session.execute(
        sa.select(ReportingUnit.id, ReportingUnit.name).order_by(ReportingUnit.position, ReportingUnit.id)
    )
    drawn = drawn_of(ask)
    asks = [
        (name, replace(ask, spot=Spot(unit_id, name=name),
                       _answers={DRAWN: tuple(v for v in drawn if v.reporting_unit_id == unit_id)}))
        for unit_id, name in units
    ]  # fmt: skip
    found = [PlaceCoverage(name, villages_of(one).overall, households_of(one).overall) for name, one in asks]
    return tuple(place for place in found if place.villages.total)


def _by_town(villages: Coverage, households: Coverage) -> tuple[PlaceCoverage, ...]:
    homes = {town.town_id: town.gap for town in households.towns}
    found = [PlaceCoverage(town.town, town.gap, homes.get(town.town_id, NOTHING)) for town in villages.towns]
    return tuple(sorted(found, key=lambda p: (-p.households.missing, -p.villages.missing, p.name)))
