"""共性问题: problems under one cause and one systemic remedy (source: 共性问题（机动地）, 长效机制; S19).

Both tables are append-only: a change is a further version, a problem that leaves is a further row. What stood on a past
day is what was recorded by its end.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime

LEAST_MEMBERS = 2
"""What is met once is not common."""
CANDIDATE_VILLAGES = 3
"""The same type in so many villages of a campaign is offered as a candidate."""


class CommonProblem(Base):
    """One version of a common problem; the last one counts. `done_on` empty: the remedy is still owed."""

    __tablename__ = "common_problem"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number", "version"),
        sa.CheckConstraint("(done_on is null) = (document_number is null)", name="done_by_a_document"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the campaign")
    version: Mapped[int] = mapped_column(comment="1, 2, 3 … of this common problem")
    title: Mapped[str] = mapped_column(sa.String(80))
    cause: Mapped[str] = mapped_column(sa.Text)
    remedy: Mapped[str] = mapped_column(sa.Text, comment="what is mended for all of them: a rule, a system, a duty")
    owner_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    owner_name: Mapped[str] = mapped_column(sa.String(80), comment="of the unit, as it was called then")
    deadline: Mapped[date]
    done_on: Mapped[date | None]
    document_number: Mapped[str | None] = mapped_column(sa.String(60), comment="of the paper that mends it")
    reason: Mapped[str | None] = mapped_column(sa.String(500), comment="why it was changed, or what was done")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommonMember(Base):
    """A problem that came under a common problem, or left it."""

    __tablename__ = "common_member"
    __table_args__ = (
        sa.Index("ix_common_member_campaign_id", "campaign_id", "number"),
        sa.Index("ix_common_member_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(comment="of the common problem")
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    is_in: Mapped[bool] = mapped_column(comment="false: it left")
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
