"""A frozen frame, the draws made from it, and the villages and households they chose (design: proof of a sample)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, enum_column

LATE: dict[str, Any] = {"late": True}


class SampleState(StrEnum):
    """Life of a draw; abandoned ones stay listed."""

    DRAWN = "DRAWN"
    ADOPTED = "ADOPTED"
    ABANDONED = "ABANDONED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"DRAWN": "已抽取", "ADOPTED": "已采用", "ABANDONED": "未采用"}[self.value]


class DrawnKind(StrEnum):
    """Why a unit is on the list."""

    MANDATORY = "MANDATORY"
    DRAWN = "DRAWN"
    REPLACEMENT = "REPLACEMENT"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"MANDATORY": "必查", "DRAWN": "抽中", "REPLACEMENT": "替补"}[self.value]


class SampleFrame(Base):
    """The base, frozen before its seed exists. The code lists are text, one code a line, so that anyone can
    hash them."""

    __tablename__ = "sample_frame"
    __table_args__ = (sa.Index("ix_sample_frame_campaign_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    rule: Mapped[dict[str, Any]] = mapped_column(JsonText, comment="the sampling rule as it stood")
    village_codes: Mapped[str] = mapped_column(sa.Text, comment="sorted, each followed by a line feed")
    village_strata: Mapped[str] = mapped_column(sa.Text, comment="village code,town code; same order")
    household_codes: Mapped[str] = mapped_column(sa.Text, comment="village code/household number, sorted")
    mandatory_villages: Mapped[str] = mapped_column(sa.Text)
    mandatory_households: Mapped[str] = mapped_column(sa.Text)
    village_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of village_codes")
    household_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of household_codes")
    mandatory_village_hash: Mapped[str] = mapped_column(sa.String(64))
    mandatory_household_hash: Mapped[str] = mapped_column(sa.String(64))
    village_count: Mapped[int]
    household_count: Mapped[int]
    seed_source: Mapped[str | None] = mapped_column(
        sa.String(300), comment="a named public number of a later day; empty: not recorded beforehand"
    )
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(sa.String(60))


class Sample(Base):
    """One draw. Every draw is numbered and listed; one is adopted."""

    __tablename__ = "sample"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)
    version: Mapped[int] = mapped_column(comment="optimistic lock: the second writer is refused")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    frame_id: Mapped[int] = mapped_column(sa.ForeignKey("sample_frame.id"))
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the campaign")
    state: Mapped[SampleState] = mapped_column(enum_column(SampleState))
    seed: Mapped[str] = mapped_column(sa.String(300))
    seed_registered: Mapped[bool] = mapped_column(comment="the seed's source was recorded before; else never adopted")
    reason: Mapped[str | None] = mapped_column(sa.String(300), comment="why a further draw was made")
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str] = mapped_column(sa.String(60))
    adopted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    abandoned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="visited towns may see the list from here"
    )


class SampledVillage(Base):
    """A village drawn, or put in as a replacement."""

    __tablename__ = "sampled_village"
    __table_args__ = (sa.UniqueConstraint("sample_id", "region_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"), comment="the village")
    town_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    stratum: Mapped[str] = mapped_column(sa.String(12), comment="code of the town")
    rank: Mapped[int] = mapped_column(comment="place in the stratum, 1 first")
    rank_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of seed|code")
    kind: Mapped[DrawnKind] = mapped_column(enum_column(DrawnKind))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sampled_village.id"), info=LATE)
    reason: Mapped[str | None] = mapped_column(sa.String(300), info=LATE, comment="why it was replaced")
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=LATE)


class SampledHousehold(Base):
    """A household drawn within a drawn village, or put in as a replacement."""

    __tablename__ = "sampled_household"
    __table_args__ = (
        sa.UniqueConstraint("sample_id", "household_id"),
        sa.Index("ix_sampled_household_sampled_village_id", "sampled_village_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"))
    sampled_village_id: Mapped[int] = mapped_column(sa.ForeignKey("sampled_village.id"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("household.id"))
    stratum: Mapped[str] = mapped_column(sa.String(12), comment="code of the village")
    rank: Mapped[int]
    rank_hash: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[DrawnKind] = mapped_column(enum_column(DrawnKind))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sampled_household.id"), info=LATE)
    reason: Mapped[str | None] = mapped_column(sa.String(300), info=LATE)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=LATE)
