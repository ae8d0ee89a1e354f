"""The leader's one-screen answer: where we are, and who is behind. Every number is a figure of queries.figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.deadline import Light
from queries.breakdown import LightCounts, by_unit_and_light
from queries.dashboard import place_choices
from queries.figure import Figure
from queries.figures import answers
from queries.reading import reading
from queries.standing import Ask, ask_for
from queries.viewer import Viewer

WHOLE = (
    "issues_total", "issues_open", "issues_overdue", "longest_overdue_days", "issues_closed", "closure_rate",
    "issues_approval", "money_to_recover_cents", "money_recovered_cents", "villages_required", "villages_checked",
    "households_required", "households_checked", "village_coverage_rate",
)  # fmt: skip
BY_PLACE = ("issues_open", "issues_overdue", "longest_overdue_days", "closure_rate", "village_coverage_rate")
TOWNS_SHOWN = 6
"""Of a single reporting unit's towns, those furthest behind."""


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """One reporting unit, or one town, with its figures. `code` opens the rows."""

    name: str
    code: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that is the viewer's, and its parts: reporting units in their fixed order, or the towns behind."""

    whole: Mapping[str, Figure]
    places: tuple[PlaceFigures, ...]
    towns_left_out: int = 0


def overview(viewer: Viewer, campaign_id: int, today: date) -> Overview:
    """Who may, and what is refused: as `queries.figures.figures`."""
    units = [choice for choice in place_choices(viewer) if choice.code]
    with reading() as session:
        ask = ask_for(session, viewer, campaign_id, today)
        if units:
            places = [(unit.name, unit.code) for unit in units]
            return Overview(answers(ask, WHOLE), tuple(_place(ask, *place) for place in places))
        towns = _towns(ask)
        behind = sorted(towns, key=lambda town: (-town.counts[Light.OVERDUE], -_open(town)))[:TOWNS_SHOWN]
        places = [(town.name, town.code) for town in behind]
        return Overview(answers(ask, WHOLE), tuple(_place(ask, *p) for p in places), len(towns) - len(places))


def _place(ask: Ask, name: str, code: str) -> PlaceFigures:
    here = ask_for(ask.session, ask.viewer, ask.campaign_id, ask.today, code)
    return PlaceFigures(name, code, answers(here, BY_PLACE))


def _towns(ask: Ask) -> list[LightCounts]:
    """The towns with problems of the one reporting unit that is the viewer's; none where there is no such one."""
    if ask.spot.is_everything:
        units = by_unit_and_light(ask)
        if len(units) != 1:
            return []
        ask = ask_for(ask.session, ask.viewer, ask.campaign_id, ask.today, units[0].code)
    return [town for town in by_unit_and_light(ask) if town.total]


def _open(town: LightCounts) -> int:
    return town.total - town.counts[Light.CLOSED]
