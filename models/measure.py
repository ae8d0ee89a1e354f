"""Measures 整改措施 as a list: what is to be done by when, and what was done. A step of 分阶段整改 is a dated one.

Append-only: a measure is its last version, so that what the list said on a past day can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.issue_word import Nature
from models.local_time import day_text, iso_day
from models.refusal import Refused

MOST, LEAST_TEXT, MOST_TEXT = 50, 2, 300
LEAST_STEPS = 2
"""Days by which something is to be done, without which there are no stages."""


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """One measure as it is asked for or intended; `due` is the last day, None where none was set."""

    text: str
    due: date | None = None

    @property
    def stored(self) -> list[str | None]:
        """As a step's detail and an order over many problems keep it."""
        return [self.text, iso_day(self.due)]


class IssueMeasure(Base):
    """One version of one measure of one round. Append-only."""

    __tablename__ = "issue_measure"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "line", "version"),
        sa.CheckConstraint("done_on is null or done is not null", name="what_was_done_is_said"),
        sa.CheckConstraint("line > 0 and version > 0", name="counted_from_1"),
        sa.Index("ix_issue_measure_due", "due", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    line: Mapped[int] = mapped_column(comment="1, 2, 3 … within the problem; stays with the measure")
    version: Mapped[int] = mapped_column(comment="1, 2, 3 … within the line; the last one counts")
    is_required: Mapped[bool] = mapped_column(comment="asked for by the office; else added by the unit")
    text: Mapped[str] = mapped_column(sa.String(MOST_TEXT))
    due: Mapped[date | None] = mapped_column(comment="the last day to do it")
    done_on: Mapped[date | None]
    done: Mapped[str | None] = mapped_column(sa.Text, comment="what was done")
    is_dropped: Mapped[bool] = mapped_column(default=False, comment="assigned anew: no longer asked for")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None

    @property
    def words(self) -> str:
        """The measure with its state, for the ledger's column: 公示7天（2022年7月20日完成：已张贴）."""
        if self.done_on is not None:
            return f"{self.text}（{day_text(self.done_on)}完成：{(self.done or '').rstrip('。')}）"
        return f"{self.text}（应于 {day_text(self.due)} 前完成）" if self.due else f"{self.text}（在办）"


def list_text(measures: Sequence[IssueMeasure]) -> str:
    """All of them in one text: 1. …；2. …。 Empty for none."""
    return _numbered([m.words.rstrip("。") for m in measures])


def done_text(measures: Sequence[IssueMeasure]) -> str:
    """Only what was done: what a request for 销号 begins with as measures taken."""
    return _numbered([f"{m.text.rstrip('。')}：{(m.done or '').rstrip('。')}" for m in measures if not m.is_open])


def _numbered(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"{texts[0]}。"
    return "；".join(f"{number}. {text}" for number, text in enumerate(texts, start=1)) + ("。" if texts else "")


def next_step(measures: Sequence[IssueMeasure]) -> IssueMeasure | None:
    """The dated step to be done next, done late or not: the earliest open one that was asked for."""
    steps = [m for m in measures if m.is_required and m.is_open and m.due is not None]
    return min(steps, key=lambda m: (m.due or date.max, m.line), default=None)


def check_plans(
    plans: Sequence[MeasurePlan], nature: Nature, deadline: date | None, today: date
) -> tuple[MeasurePlan, ...]:
    """The plans with their texts stripped. Raises Refused for what cannot be asked for, naming the measure.

    Too many; a text too short or too long; a day in the past or after the deadline; 分阶段整改 without a deadline or
    with fewer than two different days.
    """
    if len(plans) > MOST:
        raise Refused(f"措施一共 {len(plans)} 项，最多 {MOST} 项。请合并相近的措施。")
    checked = tuple(_checked(number, plan, deadline, today) for number, plan in enumerate(plans, start=1))
    if nature is Nature.STAGED:
        if deadline is None:
            raise Refused("没有时限的问题不能分阶段整改。")
        if len({plan.due for plan in checked if plan.due}) < LEAST_STEPS:
            raise Refused("分阶段整改至少要有两步，各有不同的应完成日期；最后一步不晚于整改时限。")
    return checked


def _checked(number: int, plan: MeasurePlan, deadline: date | None, today: date) -> MeasurePlan:
    text = plan.text.replace("\x00", "").strip()
    if not LEAST_TEXT <= len(text) <= MOST_TEXT:
        raise Refused(f"第 {number} 项措施须写 {LEAST_TEXT} 到 {MOST_TEXT} 个字，现在是 {len(text)} 个字。")
    if plan.due is not None and plan.due < today:
        raise Refused(f"第 {number} 项措施的应完成日期{day_text(plan.due)}已经过去，请改为今天或以后的日期。")
    if plan.due is not None and deadline is not None and plan.due > deadline:
        raise Refused(f"第 {number} 项措施的应完成日期{day_text(plan.due)}晚于整改时限{day_text(deadline)}，请改早。")
    return MeasurePlan(text, plan.due)
