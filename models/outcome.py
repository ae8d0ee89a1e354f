"""Who was held to account 问责 (source: 对4名履职不力的党员干部给予党纪处分; S12).

Money is not here: what moved for a problem stands in `issue_money`, once.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class OutcomeKind(StrEnum):
    """Forms of accountability, counted by person, written by discipline only."""

    ADMONITION = "ADMONITION"
    PARTY_SANCTION = "PARTY_SANCTION"
    ADMINISTRATIVE_SANCTION = "ADMINISTRATIVE_SANCTION"
    JUDICIAL_REFERRAL = "JUDICIAL_REFERRAL"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"ADMONITION": "诫勉", "PARTY_SANCTION": "党纪处分", "ADMINISTRATIVE_SANCTION": "政务处分",
                "JUDICIAL_REFERRAL": "移送司法"}[self.value]  # fmt: skip


class Outcome(Base):
    """How many people, by which document; no names. Append-only; a mistake is corrected by a second row."""

    __tablename__ = "outcome"
    __table_args__ = (
        sa.Index("ix_outcome_campaign_id", "campaign_id"),
        sa.Index("ix_outcome_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issue.id"), comment="empty: not for one problem alone")
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    kind: Mapped[OutcomeKind] = mapped_column(enum_column(OutcomeKind))
    people: Mapped[int] = mapped_column(comment="人; negative only to correct")
    document_number: Mapped[str] = mapped_column(sa.String(60))
    decided_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    corrects_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("outcome.id"), comment="the row whose number of people this one puts right"
    )
    reason: Mapped[str | None] = mapped_column(sa.String(500), comment="why it was corrected")
