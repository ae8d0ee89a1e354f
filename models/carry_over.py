"""结转: what becomes of a problem that is still open when its campaign ends, by a decision for each (mission, S1)."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.campaign import CampaignState
from models.database import Base, UtcDateTime, enum_column


class CarryGround(StrEnum):
    """Into another campaign, or why it stays on the list of what is left."""

    NEXT = "NEXT"
    LONG_TERM = "LONG_TERM"
    LAWSUIT = "LAWSUIT"
    POLICY = "POLICY"
    TRANSFERRED = "TRANSFERRED"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {
            "NEXT": "结转到另一项专项治理", "LONG_TERM": "长期坚持，转入日常监管", "LAWSUIT": "涉法涉诉，等待结论",
            "POLICY": "政策问题，等待上级答复", "TRANSFERRED": "移交其他部门继续办理", "OTHER": "其他遗留情形",
        }[self.value]  # fmt: skip


TAKING = (CampaignState.PREPARING, CampaignState.OPEN)
"""Campaigns that take problems over: those that are not about to end themselves."""


class CarryOver(Base):
    """One decision; the last one of a problem counts; one into another campaign is the last. Append-only."""

    __tablename__ = "carry_over"
    __table_args__ = (
        sa.Index("ix_carry_over_issue_id", "issue_id"),
        sa.UniqueConstraint("to_issue_id"),
        sa.CheckConstraint("(ground = 'NEXT') = (to_issue_id is not null)", name="next_has_a_problem"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    ground: Mapped[CarryGround] = mapped_column(enum_column(CarryGround))
    to_issue_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("issue.id"), comment="the problem it became in another campaign"
    )
    reason: Mapped[str] = mapped_column(sa.String(500))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
