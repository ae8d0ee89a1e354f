"""What follows when a deadline comes near or passes: named steps a campaign sets, 提醒函 · 督办单 · 告诫书."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime
from models.refusal import Refused

MOST, LONGEST_NAME = 6, 20
EARLIEST, LATEST = -90, 365
"""Days from the deadline a step may stand at; before it is negative."""


class Audience(StrEnum):
    """Who is told in the day's digest that a problem has reached a step."""

    UNIT = "UNIT"
    OFFICE = "OFFICE"
    LEADER = "LEADER"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"UNIT": "责任单位", "OFFICE": "办公室", "LEADER": "领导"}[self.value]


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One step. `days`: calendar days from the deadline in force, before it negative."""

    name: str
    days: int
    told: tuple[Audience, ...]

    @property
    def words(self) -> str:
        """提醒函：时限前 3 天，告诉责任单位."""
        when = "时限当天" if self.days == 0 else f"时限{'前' if self.days < 0 else '后'} {abs(self.days)} 天"
        return f"{self.name}：{when}，告诉{'、'.join(one.label for one in self.told)}"

    @property
    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "days": self.days, "told": [one.value for one in self.told]}

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> Self:
        """Back from JSON."""
        return cls(str(stored["name"]), int(stored["days"]), tuple(Audience(one) for one in stored["told"]))


def checked_steps(steps: Sequence[EscalationStep]) -> tuple[EscalationStep, ...]:
    """The steps in the order of their days. Raises Refused for a name or a day twice, nobody told, out of reach."""
    if len(steps) > MOST:
        raise Refused(f"升级措施最多 {MOST} 项，现在是 {len(steps)} 项。")
    for step in steps:
        if not 2 <= len(step.name) <= LONGEST_NAME:
            raise Refused(f"升级措施的名称要 2 到 {LONGEST_NAME} 个字，现在是“{step.name}”。")
        if not EARLIEST <= step.days <= LATEST:
            raise Refused(f"“{step.name}”应在时限前 {-EARLIEST} 天到时限后 {LATEST} 天之间。")
        if not step.told:
            raise Refused(f"请选择“{step.name}”告诉谁。")
    if len({step.name for step in steps}) < len(steps) or len({step.days for step in steps}) < len(steps):
        raise Refused("升级措施的名称和日期都不能重复。")
    return tuple(sorted(steps, key=lambda step: step.days))


def reached(steps: Sequence[EscalationStep], deadline: date | None, today: date) -> tuple[EscalationStep, ...]:
    """The steps a problem with this deadline has come to by today, the first one first."""
    if deadline is None:
        return ()
    return tuple(step for step in steps if (today - deadline).days >= step.days)


class EscalationSetting(Base):
    """One version of a campaign's steps; the last one counts, without any there are none. Append-only."""

    __tablename__ = "escalation_setting"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, comment="name, days from the deadline, who is told")
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
