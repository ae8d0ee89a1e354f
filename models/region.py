"""The tree of places, and in whose figures a village counts."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, enum_column


class RegionLevel(StrEnum):
    """Levels of the tree; functional zones are reporting units, not levels."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"city": "市", "county": "县（市、区）", "town": "镇（办）", "village": "村（居）"}[self.value]


class Region(Base):
    """A place of the division tree. Dated: merges and renames close one row and open another."""

    __tablename__ = "region"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.Index("ix_region_parent_id", "parent_id"),
        sa.CheckConstraint("length(code) = 12", name="code_has_12_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), comment="12-digit statistical division code")
    name: Mapped[str] = mapped_column(sa.String(60))
    short_name: Mapped[str] = mapped_column(sa.String(60), comment="name without 村民委员会 and the like")
    level: Mapped[RegionLevel] = mapped_column(enum_column(RegionLevel))
    kind: Mapped[str | None] = mapped_column(sa.String(20), comment="村委会, 居委会, 镇, 街道 …, as published")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    path: Mapped[str] = mapped_column(sa.String(80), comment="codes from the root down, each followed by /")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(comment="last day of validity; empty while in force")

    @property
    def is_committee(self) -> bool:
        """A residents' committee 居委会 rather than a villagers' one: a campaign may leave these out of the base."""
        return self.level is RegionLevel.VILLAGE and self.kind == "居委会"


class ReportingUnit(Base):
    """Who reports for a village: a county, or a functional zone (高新区, 大洪山) beside the counties."""

    __tablename__ = "reporting_unit"
    __table_args__ = (sa.UniqueConstraint("code"), sa.UniqueConstraint("abbreviation"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), comment="county code, or the zone's own letters such as ZGX")
    name: Mapped[str] = mapped_column(sa.String(60))
    abbreviation: Mapped[str] = mapped_column(sa.String(8), comment="letters inside a problem's number: SZ2022-SX-0001")
    position: Mapped[int] = mapped_column(comment="the office's fixed order of units, 行政序")


class ReportingUnitRegion(Base):
    """From when to when a town (or one village of it) counts for a reporting unit. The nearest ancestor's row wins."""

    __tablename__ = "reporting_unit_region"
    __table_args__ = (sa.UniqueConstraint("region_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
