"""What somebody is told: to whom, of which problem, by whom, and whether they have seen it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class NoticeKind(StrEnum):
    """Why somebody is told."""

    REMIND = "REMIND"
    SUPERVISE = "SUPERVISE"
    CONTEST = "CONTEST"
    ANSWER = "ANSWER"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"REMIND": "催办", "SUPERVISE": "督办", "CONTEST": "申辩", "ANSWER": "答复申辩"}[self.value]


class Notice(Base):
    """One sentence to one person. That it was sent, and to whom, stands in the problem's history; this is the copy they
    read, so it lies outside the chain. The problem's own words are not copied: they are read with the reader's rights.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_person_id", "person_id", "read_at", "id"),
        sa.Index("ix_notice_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who is told")
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    text: Mapped[str | None] = mapped_column(sa.String(500), comment="what was written with it")
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
