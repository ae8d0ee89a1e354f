"""The stages 时间表 and the tasks 任务书 of a campaign. Append-only: what changes is written as a new version."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime

ACTOR = "user:ID or terminal:NAME"


class Stage(Base):
    """One version of a stage. The last version of a number counts; stages do not overlap."""

    __tablename__ = "stage"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number", "version"),
        sa.CheckConstraint("starts_on <= ends_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(comment="which stage, within the campaign; its order is that of its days")
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    name: Mapped[str] = mapped_column(sa.String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(comment="last day, included")
    is_removed: Mapped[bool]
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment=ACTOR)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Task(Base):
    """One version of a task: what, who owes it, until when, done when. The last version of a number counts."""

    __tablename__ = "task"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number", "version"),
        sa.CheckConstraint("(done_on is null) = (done_by is null)", name="done_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    number: Mapped[int] = mapped_column(comment="which task, within the campaign")
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    what: Mapped[str] = mapped_column(sa.String(200))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), comment="who owes it")
    person_in_charge: Mapped[str | None] = mapped_column(sa.String(40))
    due: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[str | None] = mapped_column(sa.String(60), comment=ACTOR)
    done_note: Mapped[str | None] = mapped_column(sa.String(300))
    is_removed: Mapped[bool]
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment=ACTOR)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
