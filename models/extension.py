"""More time 申请延期: what the responsible unit asked for, and what became of it. Both append-only."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class ExtensionOutcome(StrEnum):
    """What became of a request for more time."""

    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    VOID = "VOID"

    @property
    def label(self) -> str:
        """The words on screen. VOID: nobody decided, 销号 was asked for or the problem left the unit's hands."""
        return {"GRANTED": "同意", "REFUSED": "不同意", "VOID": "作废"}[self.value]


class ExtensionRequest(Base):
    """One request for more time; it waits for the office until its answer is written. Append-only."""

    __tablename__ = "extension_request"
    __table_args__ = (
        sa.Index("ix_extension_request_issue_id", "issue_id", "round"),
        sa.CheckConstraint("until > deadline", name="later_than_the_deadline"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    deadline: Mapped[date] = mapped_column(comment="in force when it was asked")
    until: Mapped[date] = mapped_column(comment="the new date asked for")
    reason: Mapped[str] = mapped_column(sa.Text)
    progress: Mapped[str] = mapped_column(sa.Text)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), comment="the responsible unit that asked")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExtensionAnswer(Base):
    """What became of a request, once. Append-only."""

    __tablename__ = "extension_answer"
    __table_args__ = (
        sa.UniqueConstraint("request_id"),
        sa.CheckConstraint("(outcome = 'GRANTED') = (until is not null)", name="a_date_only_when_granted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("extension_request.id"))
    outcome: Mapped[ExtensionOutcome] = mapped_column(enum_column(ExtensionOutcome, "outcome"))
    until: Mapped[date | None] = mapped_column(comment="the deadline granted")
    reason: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
