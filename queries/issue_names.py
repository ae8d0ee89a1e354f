"""The people a problem is about, by name: what has to be masked wherever it was written."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.identity import Identity
from models.issue_record import Issue, IssuePerson
from models.roster import HouseholdMember


def names_in(session: Session, issue_id: int) -> tuple[str, ...]:
    """Names of the people a problem concerns and of their household, to be masked wherever they were written."""
    named = sa.select(IssuePerson.member_id).where(IssuePerson.issue_id == issue_id)
    home = sa.select(Issue.household_id).where(Issue.id == issue_id, Issue.household_id.is_not(None))
    rows = session.scalars(
        sa.select(Identity.name)
        .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
        .where(sa.or_(HouseholdMember.id.in_(named), HouseholdMember.household_id.in_(home)))
        .order_by(HouseholdMember.id)
    )
    return tuple(name for name in rows if name)
