"""挂牌督办: a leader takes charge of a problem by name, and the unit owes a report of progress every seven days."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.issue import Verb

REPORT_EVERY = 7
"""Calendar days."""
RESTARTS = frozenset(
    {Verb.LIST, Verb.ASSIGN, Verb.RELEASE, Verb.REASSIGN, Verb.REPORT, Verb.WITHDRAW, Verb.RETURN, Verb.REOPEN}
)
"""A report itself, and what makes the unit begin (again): the seven days are counted from the last of these."""


class Listing(Base):
    """Which leader took charge, from when. The last row of a problem holds while it is LISTED. Append-only."""

    __tablename__ = "listing"
    __table_args__ = (sa.Index("ix_listing_issue_id", "issue_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    leader_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who takes charge, by name")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who recorded it")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def report_due(last: date) -> date:
    """The last day on which the next report is in time; `last` is the day of the last of `RESTARTS`."""
    return last + timedelta(days=REPORT_EVERY)
