"""Reviews 阶段复核 of 长期坚持: planned on assignment, held one by one by the office. Append-only, dated facts."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.local_time import day_text
from models.refusal import Refused

LONGEST_INTERVAL, MOST_REVIEWS = 366, 36


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """What is set on assignment: the first day, the days from one review to the next, how many must hold."""

    first_on: date
    every_days: int
    times: int

    def check(self, today: date) -> None:
        """Raises Refused for a first day that is not to come, an interval or a number that cannot be."""
        if self.first_on <= today:
            raise Refused(f"首次复核日期{day_text(self.first_on)}须晚于今天。")
        if (self.first_on - today).days > LONGEST_INTERVAL:
            raise Refused(f"首次复核日期{day_text(self.first_on)}太远：最多 {LONGEST_INTERVAL} 天以后。")
        if not 1 <= self.every_days <= LONGEST_INTERVAL:
            raise Refused(f"复核间隔须在 1 到 {LONGEST_INTERVAL} 天之间，现在填的是 {self.every_days}。")
        if not 1 <= self.times <= MOST_REVIEWS:
            raise Refused(f"复核次数须在 1 到 {MOST_REVIEWS} 次之间，现在填的是 {self.times}。")

    @property
    def words(self) -> str:
        """首次 2022年10月14日，每 30 天一次，共 3 次."""
        return f"首次 {day_text(self.first_on)}，每 {self.every_days} 天一次，须保持 {self.times} 次"


class ReviewPlan(Base):
    """The reviews set for a round; the last row of a round counts. `times` 0: assigned anew without. Append-only."""

    __tablename__ = "review_plan"
    __table_args__ = (
        sa.Index("ix_review_plan_issue_id", "issue_id", "round"),
        sa.CheckConstraint("times between 0 and 36", name="times_in_reach"),
        sa.CheckConstraint("times = 0 or every_days between 1 and 366", name="interval_in_reach"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    first_on: Mapped[date]
    every_days: Mapped[int] = mapped_column(comment="calendar days from one review to the next, when none is named")
    times: Mapped[int] = mapped_column(comment="how many must be held before 销号 is asked for")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IssueReview(Base):
    """One review. Append-only."""

    __tablename__ = "issue_review"
    __table_args__ = (sa.UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("review_plan.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 … within the plan")
    due_on: Mapped[date] = mapped_column(comment="the day it was set for")
    reviewed_on: Mapped[date]
    is_held: Mapped[bool] = mapped_column(comment="the rectification holds")
    finding: Mapped[str] = mapped_column(sa.Text)
    next_on: Mapped[date | None] = mapped_column(comment="none after the last one that had to be held")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
