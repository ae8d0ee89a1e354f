"""Rows handed in together: what kind of list, how many, when and by whom. Its rows are sealed as one set by its id."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column, not_negative


class BatchKind(StrEnum):
    """What a list holds."""

    SELF_CHECK = "SELF_CHECK"
    ACTIVITY = "ACTIVITY"
    TRIP = "TRIP"
    COVERT_VISIT = "COVERT_VISIT"
    HOUSEHOLD_CHECK = "HOUSEHOLD_CHECK"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {
            "SELF_CHECK": "自查表", "ACTIVITY": "宣传和会议", "TRIP": "出勤", "COVERT_VISIT": "暗访和问卷",
            "HOUSEHOLD_CHECK": "一户一表",
        }[self.value]  # fmt: skip


class Batch(Base):
    """One list taken in as a whole. A row typed on a screen belongs to none."""

    __tablename__ = "batch"
    __table_args__ = (sa.Index("ix_batch_campaign_id", "campaign_id"), *not_negative("row_count"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    kind: Mapped[BatchKind] = mapped_column(enum_column(BatchKind))
    row_count: Mapped[int] = mapped_column(comment="rows of the list, not of the tables below them")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
