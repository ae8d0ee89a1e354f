"""What a responsible unit holds against a problem 申辩, and what the office answers. The clock runs on meanwhile."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, enum_column


class ContestVerdict(StrEnum):
    """What the office makes of it. What follows from it (查否, 改派, 更正) is a verb of its own."""

    UPHELD = "UPHELD"
    PARTLY = "PARTLY"
    REJECTED = "REJECTED"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"UPHELD": "采纳", "PARTLY": "部分采纳", "REJECTED": "不采纳"}[self.value]


class Contest(Base):
    """One 申辩 with its papers. Append-only; waits for its answer until there is one."""

    __tablename__ = "contest"
    __table_args__ = (sa.Index("ix_contest_issue_id", "issue_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), comment="responsible then")
    ground: Mapped[str] = mapped_column(sa.Text)
    papers: Mapped[list[Any]] = mapped_column(JsonText, comment="ids of the evidence it brought")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContestAnswer(Base):
    """The one answer to it. Append-only."""

    __tablename__ = "contest_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), unique=True)
    verdict: Mapped[ContestVerdict] = mapped_column(enum_column(ContestVerdict))
    answer: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
