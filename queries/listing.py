"""挂牌督办: who may take charge, who did, and whose report of progress is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_record import Issue, IssueEvent
from models.issue_word import Handling, IssueStatus
from models.listing import REPORT_EVERY, RESTARTS, Listing, report_due
from models.local_time import end_of_day, local_day
from models.role import Role
from models.unit import Person
from models.user import Membership, User
from queries.carry_over import carried_to_number, is_carried
from queries.reading import reading
from queries.scope import OFFENCES, Condition, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ListingPart:
    """Who took charge of a listed problem, since when. `report_due` is None while the unit owes no report."""

    leader_id: int
    leader: str
    since: date
    has_left: bool
    """The named leader holds the role no more: somebody else must be named."""
    report_due: date | None
    days_missed: int
    """Calendar days since the report was due; 0 while it is in time."""

    @property
    def missed(self) -> str:
        """进展超期未报 3 天; empty while it is in time."""
        return f"进展超期未报 {self.days_missed} 天" if self.days_missed else ""


def leaders_to_name(viewer: Viewer, issue_id: int) -> Mapping[int, str]:
    """Leaders in office whose region a problem lies in, of a problem the viewer sees: person → name."""
    with reading() as session:
        issue = session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(viewer)))
        return {} if issue is None else leaders_over(session, issue)


def leaders_over(session: Session, issue: Issue) -> dict[int, str]:
    """Leaders in office whose region the problem lies in, by their own role: person → name."""
    rows = session.execute(
        sa.select(Person.id, Person.name)
        .join(User, User.person_id == Person.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role == Role.LEADER, Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
        .where(User.disabled_at.is_(None))
        .where(sa.or_(Membership.reporting_unit_id.is_(None), Membership.reporting_unit_id == issue.reporting_unit_id))
        .where(sa.or_(Membership.region_id.is_(None), Membership.region_id.in_((issue.town_id, issue.village_id))))
        .order_by(Person.id)
    )
    return {person_id: name for person_id, name in rows}


def listing_part(session: Session, issue: Issue, today: date) -> ListingPart | None:
    """None where it is not listed."""
    if issue.handling is not Handling.LISTED:
        return None
    row = session.execute(
        sa.select(Listing, Person.name)
        .join(Person, Person.id == Listing.leader_id)
        .where(Listing.issue_id == issue.id)
        .order_by(Listing.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    listing, leader = row
    due = _report_due(session, issue)
    missed = max(0, (today - due).days) if due else 0
    has_left = listing.leader_id not in leaders_over(session, issue)
    return ListingPart(listing.leader_id, leader, local_day(listing.recorded_at), has_left, due, missed)


def misses_report(today: date) -> Condition:
    """Listed problems whose unit owes a report since before today: the same as `ListingPart.days_missed` in SQL."""
    told = sa.or_(Issue.type_code.not_in(OFFENCES), Issue.is_released)
    begun = sa.select(IssueEvent.issue_id).where(
        IssueEvent.recorded_at >= end_of_day(today - timedelta(days=REPORT_EVERY + 1)), IssueEvent.verb.in_(RESTARTS)
    )
    listed = sa.and_(
        Issue.id.in_(sa.select(Listing.issue_id)), Issue.handling == Handling.LISTED, sa.not_(is_carried())
    )
    return sa.and_(listed, Issue.status == IssueStatus.RECTIFYING, told, Issue.id.not_in(begun))


def missing_reports(session: Session, issue_ids: Sequence[int], today: date) -> frozenset[int]:
    """Those of the given problems whose report is missing."""
    return frozenset(session.scalars(sa.select(Issue.id).where(Issue.id.in_(issue_ids), misses_report(today))))


def _report_due(session: Session, issue: Issue) -> date | None:
    hidden = issue.type_code in OFFENCES and not issue.is_released
    if issue.status is not IssueStatus.RECTIFYING or hidden or carried_to_number(session, issue.id):
        return None
    last = session.scalar(
        sa.select(sa.func.max(IssueEvent.recorded_at)).where(
            IssueEvent.issue_id == issue.id, IssueEvent.verb.in_(RESTARTS)
        )
    )
    return report_due(local_day(last)) if last else None
