"""结转 of problems: what was decided of each, where it came from, and what a campaign's end still has to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.campaign import Campaign
from models.carry_over import TAKING, CarryGround, CarryOver
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.masking import mask_text
from models.role import Permission
from models.unit import Person
from queries.reading import reading
from queries.scope import Condition, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Link:
    """A problem of another campaign; `id` is None where the viewer may not open it."""

    id: int | None
    number: str
    campaign: str


@dataclass(frozen=True, slots=True)
class CarryPart:
    """What was decided of a problem at its campaign's end. `to` is empty where it stayed on the list. Texts masked."""

    ground: CarryGround
    reason: str
    by: str
    at: datetime
    to: Link | None


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Problems of a campaign that are not closed: carried into another one, left on the list, still undecided."""

    carried: int
    kept: int
    undecided: int


def carry_part(session: Session, viewer: Viewer, issue_id: int) -> CarryPart | None:
    """The last decision; None where none was taken."""
    row = session.execute(
        sa.select(CarryOver, Person.name)
        .join(Person, Person.id == CarryOver.person_id)
        .where(CarryOver.issue_id == issue_id)
        .order_by(CarryOver.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    decision, by = row
    to = _link(session, viewer, decision.to_issue_id) if decision.to_issue_id is not None else None
    return CarryPart(decision.ground, mask_text(decision.reason), by, decision.recorded_at, to)


def carried_from(session: Session, viewer: Viewer, issue_id: int) -> Link | None:
    """The problem of an earlier campaign that became this one."""
    origin = session.scalar(sa.select(CarryOver.issue_id).where(CarryOver.to_issue_id == issue_id))
    return None if origin is None else _link(session, viewer, origin)


def carried_to_number(session: Session, issue_id: int) -> str:
    """The number a problem bears by now in another campaign; empty where it was not carried over."""
    became = _became()
    found = session.scalar(
        sa.select(became.number)
        .join(CarryOver, CarryOver.to_issue_id == became.id)
        .where(CarryOver.issue_id == issue_id)
    )
    return found or ""


@cache
def _became() -> type[Issue]:
    """The problem it became. Naming a table anew costs more than asking it, and every verb asks."""
    return aliased(Issue)


def campaigns_to_take(issue_campaign_id: int) -> Mapping[int, str]:
    """Campaigns a problem may be carried into, the youngest first: id → name."""
    with reading() as session:
        rows = session.execute(
            sa.select(Campaign.id, Campaign.name)
            .where(Campaign.id != issue_campaign_id, Campaign.state.in_(TAKING))
            .order_by(Campaign.id.desc())
        )
        return {campaign_id: name for campaign_id, name in rows}


def left_open(viewer: Viewer, campaign_id: int) -> LeftOpen:
    """How the open problems of a campaign stand at its end. Who: whoever sees the ledger, within their region."""
    here = sa.and_(Issue.campaign_id == campaign_id, Issue.status.in_(IssueStatus.open()), issue_visible(viewer))
    if not viewer.may(Permission.SEE_LEDGER):
        here = sa.false()
    with reading() as session:

        def count(which: Condition) -> int:
            return session.scalar(sa.select(sa.func.count()).select_from(Issue).where(here, which)) or 0

        return LeftOpen(count(is_carried()), count(is_kept()), count(is_undecided()))


def is_carried(as_of: date | None = None) -> Condition:
    """Became a problem of another campaign, by the end of a day where one is asked for."""
    return Issue.id.in_(carried_ids(as_of))


def is_kept() -> Condition:
    """Stays on the list of what is left, by decision."""
    return sa.and_(Issue.id.in_(sa.select(CarryOver.issue_id)), sa.not_(is_carried()))


def is_undecided() -> Condition:
    """Open, and nobody decided what becomes of it."""
    return sa.and_(Issue.status.in_(IssueStatus.open()), Issue.id.not_in(sa.select(CarryOver.issue_id)))


def carried_ids(as_of: date | None = None) -> sa.Select[int]:
    """Ids of the problems carried into another campaign, by the end of a day where one is asked for."""
    ids = sa.select(CarryOver.issue_id).where(CarryOver.to_issue_id.is_not(None))
    return ids if as_of is None else ids.where(CarryOver.recorded_at < end_of_day(as_of))


def _link(session: Session, viewer: Viewer, issue_id: int) -> Link:
    number, campaign, seen = session.execute(
        sa.select(Issue.number, Campaign.name, issue_visible(viewer))
        .join(Campaign, Campaign.id == Issue.campaign_id)
        .where(Issue.id == issue_id)
    ).one()
    return Link(issue_id if seen else None, number or "", campaign)
