"""The tree of places, and in whose figures a village counts."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


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

    @property
    def below(self) -> "RegionLevel | None":
        """The level of the places inside one of this level; a village has none."""
        order = list(RegionLevel)
        return None if self is RegionLevel.VILLAGE else order[order.index(self) + 1]


class RegionChange(StrEnum):
    """What can happen to a place."""

    ADDED = "ADDED"
    RENAMED = "RENAMED"
    MERGED = "MERGED"
    REPORTS = "REPORTS"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"ADDED": "增设", "RENAMED": "更名", "MERGED": "并入", "REPORTS": "归入填报单位"}[self.value]


class Region(Base):
    """A place of the division tree as it is now; what it was called and what became of it is in its events."""

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
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("region.id"), comment="the village that took this one in, from the day after valid_to on"
    )

    @property
    def is_committee(self) -> bool:
        """A residents' committee 居委会 rather than a villagers' one: a campaign may leave these out of the base."""
        return self.level is RegionLevel.VILLAGE and self.kind == "居委会"


class RegionEvent(Base):
    """One change of a place, by its day. Append-only: names of former days are read from here."""

    __tablename__ = "region_event"
    __table_args__ = (sa.Index("ix_region_event_region_id", "region_id", "effective_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    what: Mapped[RegionChange] = mapped_column(enum_column(RegionChange))
    effective_on: Mapped[date] = mapped_column(comment="first day on which it holds")
    name_before: Mapped[str | None] = mapped_column(sa.String(60), comment="RENAMED only, as the next two")
    short_name_before: Mapped[str | None] = mapped_column(sa.String(60))
    kind_before: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(60), comment="from that day on")
    short_name: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str | None] = mapped_column(sa.String(20))
    into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="MERGED: the survivor")
    reporting_unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reporting_unit.id"), comment="REPORTS: for whom it counts from that day on"
    )
    reason: Mapped[str] = mapped_column(sa.String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")


def change_day_refusal(day: date, today: date, last_change: date | None, word: str) -> str | None:
    """Why a place cannot change on a day: a day to come is done when it comes, and changes stay in their order."""
    if day > today:
        return f"{word}日期 {day.isoformat()} 还没有到，请在当天或以后办理。"
    if last_change is not None and day < last_change:
        return f"{word}日期不能早于上一次变更的日期 {last_change.isoformat()}。"
    return None


def merge_refusal(village: Region, survivor: Region, day: date, today: date, last_change: date | None) -> str | None:
    """Why a village cannot be merged into another on a day; None if it can. `last_change`: the later one of the two.

    A circle cannot come about: a village that was taken in takes in no other.
    """
    if village.level is not RegionLevel.VILLAGE or survivor.level is not RegionLevel.VILLAGE:
        return "只有村（居）可以合并。镇、县的调整请导入新的区划。"
    if village.id == survivor.id:
        return f"不能把{village.short_name}并入它自己，请选择另一个村。"
    if village.valid_to is not None:
        return f"{village.short_name}已于 {village.valid_to.isoformat()} 止撤并，不能再并一次。"
    if survivor.valid_to is not None:
        return f"{survivor.short_name}已经撤并，不能再接收别的村，请选择合并后的村。"
    return change_day_refusal(day, today, max(filter(None, (last_change, _second_day(village)))), "合并")


def _second_day(region: Region) -> date:
    """A place exists at least one day before it is merged."""
    return date.fromordinal(region.valid_from.toordinal() + 1)


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
