"""How the problems stood at the end of a day: the record itself for today, the last event of each for a past day.

Two sources, one shape; a test keeps them equal.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_place import IssuePlace
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission
from queries.issue_place import is_in_place
from queries.region import reporting_unit_by_village, villages_in
from queries.scope import within
from queries.viewer import Place, Viewer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place a figure is asked for: a reporting unit, a town or a village; all None: the whole campaign."""

    reporting_unit_id: int | None = None
    town_id: int | None = None
    village_id: int | None = None
    name: str = "全部"

    @property
    def is_everything(self) -> bool:
        """Whether no single place was asked for."""
        return self.place == Place()

    @property
    def place(self) -> Place:
        """The same as the coverage queries ask for it."""
        return Place(self.reporting_unit_id, self.town_id or self.village_id)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question for figures: who asks, for which campaign and place, as of the end of which local day.

    The viewer carries only the grants that open the dashboard, so that another role's region adds nothing.
    """

    session: Session
    viewer: Viewer
    campaign_id: int
    spot: Spot
    as_of: date
    today: date
    _answers: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_past(self) -> bool:
        """Whether the record has to be read as it was."""
        return self.as_of < self.today

    def covers_unit(self, reporting_unit_id: int) -> bool:
        """Whether the whole of a reporting unit lies in the asker's region."""
        if self.viewer.user_id is None:
            return True
        places = (place for grant in self.viewer.grants for place in grant.places)
        return any(place in (Place(), Place(reporting_unit_id)) for place in places)

    def before(self, days: int) -> "Ask":
        """The same question as of some days earlier."""
        return replace(self, as_of=self.as_of - timedelta(days=days), _answers={})

    def once(self, what: str, find: Callable[[], T]) -> T:
        """What several figures need, found the first time."""
        if what not in self._answers:
            self._answers[what] = find()
        found: T = self._answers[what]
        return found

    def here(self, unit: Any, town: Any, village: Any, issue_id: Any = None) -> sa.ColumnElement[bool]:
        """Rows of the asked place within the asker's rights. `issue_id`: where rows are of problems, one of several
        places is of each of its villages."""
        parts = [within(self.viewer, Permission.SEE_DASHBOARD, unit, town, village)]
        for column, wanted in (
            (unit, self.spot.reporting_unit_id),
            (town, self.spot.town_id),
            (village, self.spot.village_id),
        ):
            if wanted is not None:
                parts.append(column == wanted)
        if issue_id is not None and self.spot.village_id is not None:
            among = is_in_place(IssuePlace.region_id == self.spot.village_id, as_of=self.as_of)
            parts[-1] = sa.or_(parts[-1], issue_id.in_(among))
        return sa.and_(*parts)


def ask_for(
    session: Session,
    viewer: Viewer,
    campaign_id: int,
    today: date,
    region: str | None = None,
    as_of: date | None = None,
) -> Ask:
    """The question, once it may be asked.

    Raises Refused for who may not see the dashboard, a day to come, or a place that does not exist or is not the
    viewer's (one sentence for both).
    """
    if not viewer.may(Permission.SEE_DASHBOARD):
        raise Refused("您没有“查看驾驶舱”的权限。")
    if as_of is not None and as_of > today:
        raise Refused("截至日期不能晚于今天。")
    viewer = replace(viewer, grants=viewer.grants_with(Permission.SEE_DASHBOARD))
    spot = _spot(session, region) if region else _own_spot(session, viewer)
    if spot is None or not _reaches(session, viewer, spot, today):
        raise Refused(f"没有代码为 {region} 的填报单位、乡镇或村，或者它不在您的权限范围内。")
    return Ask(session, viewer, campaign_id, spot, as_of or today, today)


def _own_spot(session: Session, viewer: Viewer) -> Spot:
    """Without a code: everything, or the one place the viewer has."""
    places = {place for grant in viewer.grants for place in grant.places}
    place = places.pop() if len(places) == 1 else Place()
    if place.region_id is not None:
        return _region_spot(session.get_one(Region, place.region_id)) or Spot()
    if place.reporting_unit_id is not None:
        return Spot(place.reporting_unit_id, name=session.get_one(ReportingUnit, place.reporting_unit_id).name)
    return Spot()


def _spot(session: Session, code: str) -> Spot | None:
    """The place of a code: a reporting unit (county code of 12 or 6 digits, ZGX …), a town or a village; None: unknown.

    The city's own code stands for everything; a county without figures of its own is unknown.
    """
    unit = session.scalar(
        sa.select(ReportingUnit).where(ReportingUnit.code.in_((code, code.ljust(12, "0"), code.upper())))
    )
    if unit is not None:
        return Spot(reporting_unit_id=unit.id, name=unit.name)
    region = session.scalar(sa.select(Region).where(Region.code == code.ljust(12, "0")))
    return None if region is None else _region_spot(region)


def _region_spot(region: Region) -> Spot | None:
    if region.level is RegionLevel.COUNTY:
        return None
    if region.level is RegionLevel.TOWN:
        return Spot(town_id=region.id, name=region.short_name)
    if region.level is RegionLevel.VILLAGE:
        return Spot(village_id=region.id, name=region.short_name)
    return Spot(name=region.short_name)


def _reaches(session: Session, viewer: Viewer, spot: Spot, day: date) -> bool:
    """Whether any village of the place lies in the viewer's region."""
    if spot.place == Place() or viewer.is_everywhere(Permission.SEE_DASHBOARD):
        return True
    units = reporting_unit_by_village(session, day)
    theirs = [place for grant in viewer.grants for place in grant.places]
    return any(
        _covers(spot.place, units.get(v.id), v.town_id, v.id)
        and any(_covers(place, units.get(v.id), v.town_id, v.id) for place in theirs)
        for v in villages_in(session, day)
    )


def _covers(place: Place, unit: int | None, town: int, village: int) -> bool:
    return place.reporting_unit_id in (None, unit) and place.region_id in (None, town, village)


COLUMNS = (
    "round", "type_code", "reporting_unit_id", "town_id", "village_id", "responsible_unit_id", "source", "deadline",
    "amount_cents", "to_recover_cents", "to_pay_cents", "recovered_cents", "paid_cents",
)  # fmt: skip


def standing(ask: Ask) -> sa.Subquery:
    """Registered problems as they stood: issue_id, number, status, closed_on_time and `COLUMNS`; drafts left out."""
    source = _then(ask) if ask.is_past else _now(ask)
    return source.subquery("standing")


def _now(ask: Ask) -> sa.Select[Any]:
    return sa.select(
        Issue.id.label("issue_id"), Issue.number, Issue.status, Issue.closed_on_time,
        *(getattr(Issue, name) for name in COLUMNS),
    ).where(
        Issue.campaign_id == ask.campaign_id,
        Issue.status != IssueStatus.DRAFT,
        ask.here(Issue.reporting_unit_id, Issue.town_id, Issue.village_id, Issue.id),
    )  # fmt: skip


def _then(ask: Ask) -> sa.Select[Any]:
    last = (
        sa.select(IssueEvent.issue_id, sa.func.max(IssueEvent.position).label("position"))
        .where(IssueEvent.recorded_at < end_of_day(ask.as_of))
        .group_by(IssueEvent.issue_id)
        .subquery("last")
    )
    return (
        sa.select(
            IssueEvent.issue_id, Issue.number, IssueEvent.status, _closed_on_time(),
            *(getattr(IssueEvent, name) for name in COLUMNS),
        )
        .join(last, sa.and_(last.c.issue_id == IssueEvent.issue_id, last.c.position == IssueEvent.position))
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .where(
            Issue.campaign_id == ask.campaign_id,
            IssueEvent.status != IssueStatus.DRAFT,
            ask.here(IssueEvent.reporting_unit_id, IssueEvent.town_id, IssueEvent.village_id, IssueEvent.issue_id),
        )
    )  # fmt: skip


def in_campaign(campaign_id: int) -> sa.ColumnElement[bool]:
    """Events of a campaign. Not a join: a planner would go from all problems to their events, not from the days."""
    issue = aliased(Issue)
    of_event = sa.select(issue.campaign_id).where(issue.id == IssueEvent.issue_id).correlate(IssueEvent)
    return of_event.scalar_subquery() == campaign_id


def last_position(issue_id: Any, day: date) -> sa.ScalarSelect[Any]:
    """The position of a problem's last event by the end of a day, for a condition on few problems."""
    event = aliased(IssueEvent)
    by_then = sa.and_(event.issue_id == issue_id, event.recorded_at < end_of_day(day))
    return sa.select(sa.func.max(event.position)).where(by_then).scalar_subquery()


def _closed_on_time() -> sa.ColumnElement[bool]:
    """Every event of a closed problem says whether it was closed on time: its approval, and what came after."""
    # The detail is canonical JSON, quotes inside a value are escaped: this text can only be the key and its value.
    said = sa.type_coerce(IssueEvent.detail, sa.Text)
    return sa.case(
        (said.contains('"on_time":true', autoescape=True), sa.true()),
        (said.contains('"on_time":false', autoescape=True), sa.false()),
    ).label("closed_on_time")
