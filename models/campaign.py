"""A campaign, its rules for sampling, the subsidy items, and the calendar of working days."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, enum_column


class CampaignState(StrEnum):
    """Life of a campaign."""

    PREPARING = "PREPARING"
    OPEN = "OPEN"
    CONCLUDED = "CONCLUDED"
    ARCHIVED = "ARCHIVED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"PREPARING": "筹备", "OPEN": "进行", "CONCLUDED": "收尾", "ARCHIVED": "归档"}[self.value]


class HouseholdBase(StrEnum):
    """Which households are in the base of the second stage."""

    ALL = "ALL"
    SUBSIDISED = "SUBSIDISED"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"ALL": "名册全部农户", "SUBSIDISED": "享受补贴户"}[self.value]


class Campaign(Base):
    """One special drive 专项治理: its years in scope and the last day for rectification."""

    __tablename__ = "campaign"
    __table_args__ = (sa.UniqueConstraint("code"), sa.CheckConstraint("year_from <= year_to", name="years_in_order"))
    version: Mapped[int] = mapped_column(comment="optimistic lock: the second writer is refused")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), comment="first part of each problem's number")
    name: Mapped[str] = mapped_column(sa.String(100))
    place: Mapped[str] = mapped_column(sa.String(40), comment="the city or county in titles of papers")
    state: Mapped[CampaignState] = mapped_column(enum_column(CampaignState))
    year_from: Mapped[int] = mapped_column(comment="first year of payments in scope")
    year_to: Mapped[int] = mapped_column(comment="last year of payments in scope")
    rectify_by: Mapped[date] = mapped_column(comment="day by which all problems should be crossed off")
    is_demonstration: Mapped[bool] = mapped_column(default=False, comment="演示数据 stands on every page")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignEvent(Base):
    """One change of a campaign and how it stood afterwards. Campaigns older than this table begin without one."""

    __tablename__ = "campaign_event"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 … within the campaign")
    verb: Mapped[str] = mapped_column(sa.String(20), comment="create, edit or state")
    state: Mapped[CampaignState] = mapped_column(enum_column(CampaignState), comment="after it")
    name: Mapped[str] = mapped_column(sa.String(100))
    place: Mapped[str] = mapped_column(sa.String(40))
    year_from: Mapped[int]
    year_to: Mapped[int]
    rectify_by: Mapped[date]
    reason: Mapped[str | None] = mapped_column(sa.String(300), comment="needed for a step back")
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SamplingRule(Base):
    """How this campaign samples; a new version is a new row, the last one counts (source: 重点检查, S4)."""

    __tablename__ = "sampling_rule"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "recorded_at"),
        sa.CheckConstraint("share_percent between 1 and 100", name="share_is_a_percentage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    share_percent: Mapped[int] = mapped_column(default=30, comment="floor of both stages, whole percent")
    rounding: Mapped[str] = mapped_column(sa.String(10), default="UP", comment="value of models.draw.Rounding")
    committees_included: Mapped[bool] = mapped_column(default=True, comment="are 居委会 in the base")
    household_base: Mapped[HouseholdBase] = mapped_column(enum_column(HouseholdBase), default=HouseholdBase.ALL)
    mandatory_villages: Mapped[list[str]] = mapped_column(JsonText, comment="village codes that must be in")
    mandatory_items: Mapped[list[str]] = mapped_column(
        JsonText, comment="item codes (低保, 残疾 …): their recipients' households must be in"
    )
    mandatory_from_cents: Mapped[int | None] = mapped_column(
        comment="分; households with payments in scope of at least this must be in"
    )
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SubsidyItem(Base):
    """One of the subsidies under control (domain list of 27; a county replaces the placeholders)."""

    __tablename__ = "subsidy_item"
    __table_args__ = (sa.UniqueConstraint("code"), sa.UniqueConstraint("name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(60))
    paid_to: Mapped[str] = mapped_column(sa.String(20), comment="household or person")
    department: Mapped[str] = mapped_column(sa.String(60), comment="who decides on eligibility")
    frequency: Mapped[str] = mapped_column(sa.String(40))
    publish: Mapped[str] = mapped_column(sa.String(10), comment="names, counts or none: what may be posted")


class CalendarDay(Base):
    """A published or locally overridden working day; what is not here is taken from chinesecalendar or estimated."""

    __tablename__ = "calendar_day"
    __table_args__ = (sa.UniqueConstraint("day", "published_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    is_workday: Mapped[bool]
    published_year: Mapped[int | None] = mapped_column(
        comment="year of the State Council's arrangement; empty: the county's own override, which stands above it"
    )
    reason: Mapped[str] = mapped_column(sa.String(100))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document: Mapped[str | None] = mapped_column(sa.String(60), comment="number of the notice an override rests on")
    recorded_by: Mapped[str | None] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME; overrides only")

    @property
    def is_override(self) -> bool:
        """The county's own rule (防汛、疫情、地方性放假)."""
        return self.published_year is None
