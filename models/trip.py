"""Trips of teams: who went out on which day. 人次 is counted from here, never typed (source: 70余人次, 督导9次; S3)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime


class Trip(Base):
    """One team out for one day. Append-only."""

    __tablename__ = "trip"
    __table_args__ = (
        sa.Index("ix_trip_campaign_id", "campaign_id"),
        sa.CheckConstraint("round >= 1", name="rounds_begin_at_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))
    round: Mapped[int] = mapped_column(comment="第几轮, 1 first")
    went_on: Mapped[date]
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="where to; empty: several towns")
    purpose: Mapped[str] = mapped_column(sa.String(100))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")


class TripMember(Base):
    """One person on one trip. Append-only."""

    __tablename__ = "trip_member"
    __table_args__ = (sa.UniqueConstraint("trip_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    trip_id: Mapped[int] = mapped_column(sa.ForeignKey("trip.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
