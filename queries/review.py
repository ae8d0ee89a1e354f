"""Reviews of 长期坚持 as they stand: the plan of the round, what was held, when the next one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_record import Issue
from models.masking import mask_text
from models.review import IssueReview, ReviewPlan
from models.unit import Person


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review that was done; finding masked."""

    position: int
    reviewed_on: date
    is_held: bool
    finding: str
    by: str


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """The reviews of the round that runs. `next_on` None: all that had to be held were."""

    first_on: date
    every_days: int
    times: int
    held: int
    next_on: date | None
    rows: tuple[ReviewRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """What the rules and actions need. Nothing asked: not 长期坚持, or assigned before there were plans."""

    plan: ReviewPlan | None = None
    last_position: int = 0
    held: int = 0

    @property
    def asked(self) -> int:
        """How many must be held."""
        return self.plan.times if self.plan else 0


def review_standing(session: Session, issue: Issue) -> ReviewStanding:
    """The plan in force and how far it is."""
    plan = session.scalars(
        sa.select(ReviewPlan)
        .where(ReviewPlan.issue_id == issue.id, ReviewPlan.round == issue.round)
        .order_by(ReviewPlan.id.desc())
        .limit(1)
    ).first()
    if plan is None or not plan.times:
        return ReviewStanding()
    held = sa.func.sum(sa.case((IssueReview.is_held, 1), else_=0))
    last, count = session.execute(
        sa.select(sa.func.max(IssueReview.position), held).where(IssueReview.plan_id == plan.id)
    ).one()
    return ReviewStanding(plan, last or 0, int(count or 0))


def review_part(session: Session, issue: Issue, names: Sequence[str]) -> ReviewPart | None:
    """What a problem's page shows; None where nothing is reviewed."""
    standing = review_standing(session, issue)
    if standing.plan is None:
        return None
    rows = session.execute(
        sa.select(IssueReview, Person.name)
        .join(Person, Person.id == IssueReview.person_id)
        .where(IssueReview.plan_id == standing.plan.id)
        .order_by(IssueReview.position)
    )
    return ReviewPart(
        standing.plan.first_on, standing.plan.every_days, standing.plan.times, standing.held, issue.next_step_on,
        tuple(ReviewRow(r.position, r.reviewed_on, r.is_held, mask_text(r.finding, names), by) for r, by in rows),
    )  # fmt: skip
