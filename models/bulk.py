"""One verb for many problems: what was asked, and what became of each. Working paper: each problem's own step is a
record of its own; this is the list of results the person reads, so it lies outside the chain."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime
from models.issue import Verb

MOST = 500
"""Problems at once."""
BULK_VERBS = (Verb.REMIND, Verb.ASSIGN, Verb.CARRY_OVER)
"""What may be done to many at once: each through its own action."""


class BulkRun(Base):
    """One order over many problems, done as the person who gave it, permission looked up anew for each."""

    __tablename__ = "bulk_run"
    __table_args__ = (sa.Index("ix_bulk_run_user_id", "user_id", "id"), sa.Index("ix_bulk_run_ended_at", "ended_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), comment="who gave the order")
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    verb: Mapped[str] = mapped_column(sa.String(30), comment="value of Verb")
    order: Mapped[dict[str, Any]] = mapped_column("given", JsonText, comment="what the verb brings, the same for all")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="wall clock; silent for long: cut off")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the person has seen it")


class BulkItem(Base):
    """One problem of an order. `done` is empty until it was its turn; `version` is the one that was on screen."""

    __tablename__ = "bulk_item"
    __table_args__ = (sa.UniqueConstraint("run_id", "issue_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("bulk_run.id"))
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    version: Mapped[int] = mapped_column(comment="of the problem, as it was on screen")
    done: Mapped[bool | None]
    sentence: Mapped[str | None] = mapped_column(sa.Text, comment="why not; the deadline where it was assigned")
    units: Mapped[list[str]] = mapped_column(JsonText, comment="whom it reached")
