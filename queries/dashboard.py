"""All the dashboard shows, asked in one session: one answer a page can keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.role import Permission
from queries.breakdown import LightCounts, TypeCount, by_type, by_unit_and_light
from queries.closures import BurnDown, WeekFlow, closures_by_week, open_by_day
from queries.figure import Figure
from queries.figures import answers
from queries.place_coverage import SampleCoverage, sample_coverage
from queries.reading import reading
from queries.region import reporting_units
from queries.standing import ask_for
from queries.viewer import Place, Viewer
from queries.week_changes import WeekChange, week_changes
from queries.week_figures import DAYS

PANELS = (
    "villages_required", "villages_checked", "households_required", "households_checked", "people_checked",
    "village_coverage_rate", "household_coverage_rate", "towns_total", "towns_meeting_floor",
    "towns_meeting_household_floor", "issues_total", "issues_open", "issues_closed", "issues_closed_on_time",
    "issues_overdue", "longest_overdue_days", "issues_dismissed", "closure_rate", "money_to_recover_cents",
    "money_recovered_cents", "money_to_pay_cents", "money_paid_cents",
)  # fmt: skip
COMPARED = ("villages_checked", "households_checked", "issues_open", "issues_overdue", "closure_rate")


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One place as of the end of one day; `earlier`: the compared figures seven days before."""

    place: str
    as_of: date
    figures: Mapping[str, Figure]
    earlier: Mapping[str, Figure]
    coverage: SampleCoverage
    burn_down: BurnDown
    weeks: tuple[WeekFlow, ...]
    types: tuple[TypeCount, ...]
    lights: tuple[LightCounts, ...]
    changes: tuple[WeekChange, ...]

    def change(self, name: str) -> float:
        """How much more a compared figure is than seven days before; 0 where either has no base."""
        now, then = self.figures[name].value, self.earlier[name].value
        return 0 if now is None or then is None else round(now - then, 1)


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place the viewer may narrow the dashboard to; code empty: all that is theirs."""

    code: str
    name: str


def dashboard(
    viewer: Viewer, campaign_id: int, today: date, region: str | None = None, as_of: date | None = None
) -> Dashboard:
    """Who may, and what is refused: as `queries.figures.figures`."""
    with reading() as session:
        ask = ask_for(session, viewer, campaign_id, today, region, as_of)
        return Dashboard(
            ask.spot.name, ask.as_of, answers(ask, PANELS), answers(ask.before(DAYS), COMPARED), sample_coverage(ask),
            open_by_day(ask), closures_by_week(ask), by_type(ask), by_unit_and_light(ask), week_changes(ask),
        )  # fmt: skip


def place_choices(viewer: Viewer) -> tuple[PlaceChoice, ...]:
    """Everything and each reporting unit wholly the viewer's; nothing to choose where there is only one."""
    grants = viewer.grants_with(Permission.SEE_DASHBOARD)
    places = {place for grant in grants for place in grant.places}
    whole = viewer.is_everywhere(Permission.SEE_DASHBOARD)
    units = [u for u in reporting_units() if whole or Place(u.id) in places]
    if len(units) < 2:
        return ()
    return (PlaceChoice("", "全部"), *(PlaceChoice(u.code, u.name) for u in units))


def scope_of(viewer: Viewer) -> tuple[str, ...]:
    """What of a viewer decides the answer: the places where they see the dashboard. For the key of a cache."""
    if viewer.user_id is None:
        return ("terminal",)
    grants = viewer.grants_with(Permission.SEE_DASHBOARD)
    return tuple(sorted({f"{p.reporting_unit_id}/{p.region_id}" for g in grants for p in g.places}))
