"""How the problems stood at the end of a day: the record itself for today, the last event of each for a past day.

Two sources, one shape; a test keeps them equal.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue import IssueStatus
from models.issue_record import Issue, IssueEvent
from models.local_time import end_of_day
from models.refusal import Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission
from queries.scope import within
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Spot:
    """A place a figure is asked for: a reporting unit, a town or a village; all None: the whole campaign."""

    reporting_unit_id: int | None = None
    town_id: int | None = None
    village_id: int | None = None
    name: str = "全部"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question for figures: who asks, for which campaign and place, as of the end of which local day."""

    session: Session
    viewer: Viewer
    campaign_id: int
    spot: Spot
    as_of: date
    today: date

    @property
    def is_past(self) -> bool:
        """Whether the record has to be read as it was."""
        return self.as_of < self.today

    def here(self, unit: Any, town: Any, village: Any) -> sa.ColumnElement[bool]:
        """Rows of the asked place within the asker's rights."""
        parts = [within(self.viewer, Permission.SEE_DASHBOARD, unit, town, village)]
        for column, wanted in (
            (unit, self.spot.reporting_unit_id),
            (town, self.spot.town_id),
            (village, self.spot.village_id),
        ):
            if wanted is not None:
                parts.append(column == wanted)
        return sa.and_(*parts)


def spot_of(session: Session, code: str | None) -> Spot:
    """The place of a code: a reporting unit (county code of 12 or 6 digits, ZGX …), a town or a village; None:
    everything.

    Raises Refused for an unknown code.
    """
    if not code:
        return Spot()
    unit = session.scalar(
        sa.select(ReportingUnit).where(ReportingUnit.code.in_((code, code.ljust(12, "0"), code.upper())))
    )
    if unit is not None:
        return Spot(reporting_unit_id=unit.id, name=unit.name)
    region = session.scalar(sa.select(Region).where(Region.code == code.ljust(12, "0")))
    if region is None:
        raise Refused(f"没有代码为 {code} 的填报单位、乡镇或村。")
    if region.level is RegionLevel.TOWN:
        return Spot(town_id=region.id, name=region.name)
    if region.level is RegionLevel.VILLAGE:
        return Spot(village_id=region.id, name=region.name)
    return Spot(name=region.name)


COLUMNS = (
    "type_code",
    "reporting_unit_id",
    "town_id",
    "village_id",
    "responsible_unit_id",
    "source",
    "deadline",
    "amount_cents",
    "to_recover_cents",
    "to_pay_cents",
    "recovered_cents",
    "paid_cents",
)


def standing(ask: Ask) -> sa.Subquery:
    """Registered problems as they stood: issue_id, number, status and `COLUMNS`; drafts left out."""
    source = _then(ask) if ask.is_past else _now(ask)
    return source.subquery("standing")


def _now(ask: Ask) -> sa.Select[Any]:
    return sa.select(
        Issue.id.label("issue_id"), Issue.number, Issue.status, *(getattr(Issue, name) for name in COLUMNS)
    ).where(
        Issue.campaign_id == ask.campaign_id,
        Issue.status != IssueStatus.DRAFT,
        ask.here(Issue.reporting_unit_id, Issue.town_id, Issue.village_id),
    )


def _then(ask: Ask) -> sa.Select[Any]:
    last = (
        sa.select(IssueEvent.issue_id, sa.func.max(IssueEvent.position).label("position"))
        .where(IssueEvent.recorded_at < end_of_day(ask.as_of))
        .group_by(IssueEvent.issue_id)
        .subquery("last")
    )
    return (
        sa.select(
            IssueEvent.issue_id, Issue.number, IssueEvent.status, *(getattr(IssueEvent, name) for name in COLUMNS)
        )
        .join(last, sa.and_(last.c.issue_id == IssueEvent.issue_id, last.c.position == IssueEvent.position))
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .where(
            Issue.campaign_id == ask.campaign_id,
            IssueEvent.status != IssueStatus.DRAFT,
            ask.here(IssueEvent.reporting_unit_id, IssueEvent.town_id, IssueEvent.village_id),
        )
    )
