"""The day's reminder to a person: which of their problems come due or are overdue. One a person a day."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime

BEFORE = (7, 3, 1)
"""Calendar days before the deadline on which a unit is reminded; after it every day."""


class Digest(Base):
    """What one person is reminded of on one day. Like a notice it is the copy they read and lies outside the chain;
    that so many were written is an entry. Two runs on a day write it once.
    """

    __tablename__ = "digest"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "person_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who is reminded")
    day: Mapped[date] = mapped_column(comment="local day it is of")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DigestLine(Base):
    """One problem of a digest. The problem's own words are read with the reader's rights, as it stands then."""

    __tablename__ = "digest_line"
    __table_args__ = (
        sa.UniqueConstraint("digest_id", "issue_id"),
        sa.Index("ix_digest_line_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(sa.ForeignKey("digest.id"))
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    step: Mapped[str | None] = mapped_column(sa.String(20), comment="the escalation step it has come to, not yet taken")
