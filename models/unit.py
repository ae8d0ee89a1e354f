"""Units, the real persons in them, and the teams that inspect."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class UnitKind(StrEnum):
    """What kind of organ a unit is."""

    FINANCE_OFFICE = "FINANCE_OFFICE"
    GOVERNMENT = "GOVERNMENT"
    DEPARTMENT = "DEPARTMENT"
    VILLAGE = "VILLAGE"
    BANK = "BANK"
    LEADING_OFFICE = "LEADING_OFFICE"
    DISCIPLINE = "DISCIPLINE"
    AUDIT = "AUDIT"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {
            "FINANCE_OFFICE": "财政所", "GOVERNMENT": "人民政府、街道办", "DEPARTMENT": "部门",
            "VILLAGE": "村（居）委会", "BANK": "代发银行", "LEADING_OFFICE": "领导小组办公室",
            "DISCIPLINE": "纪检监察机关", "AUDIT": "审计机关", "OTHER": "其他",
        }[self.value]  # fmt: skip


class UnitChange(StrEnum):
    """What can happen to a unit once it is written down."""

    RENAMED = "RENAMED"
    ATTACHED = "ATTACHED"
    DISSOLVED = "DISSOLVED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"RENAMED": "更名", "ATTACHED": "改所在地", "DISSOLVED": "撤销"}[self.value]


class Unit(Base):
    """An organ that can be responsible for a problem or send people to a team."""

    __tablename__ = "unit"
    __table_args__ = (sa.UniqueConstraint("code"), sa.Index("ix_unit_reporting_unit_id", "reporting_unit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(30))
    name: Mapped[str] = mapped_column(sa.String(80), comment="full name; a problem keeps the name of its day")
    kind: Mapped[UnitKind] = mapped_column(enum_column(UnitKind))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    reporting_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(comment="last day of the unit; empty while in force")
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="who took over, if anybody did")


class UnitEvent(Base):
    """One change of a unit, by its day. Append-only: names of former days are read from here."""

    __tablename__ = "unit_event"
    __table_args__ = (sa.Index("ix_unit_event_unit_id", "unit_id", "recorded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    what: Mapped[UnitChange] = mapped_column(enum_column(UnitChange))
    effective_on: Mapped[date] = mapped_column(comment="first day on which it holds")
    name_before: Mapped[str | None] = mapped_column(sa.String(80), comment="RENAMED only")
    name: Mapped[str] = mapped_column(sa.String(80), comment="from that day on")
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="from that day on, as the next")
    reporting_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="DISSOLVED only")
    reason: Mapped[str] = mapped_column(sa.String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")


def dissolution_refusal(unit: Unit, successor: Unit | None, day: date, today: date) -> str | None:
    """Why a unit cannot be dissolved from a day on; None if it can. A successor goes on: no circle comes about."""
    if unit.valid_to is not None:
        return f"{unit.name}已于 {unit.valid_to.isoformat()} 止撤销，不能再撤一次。"
    if successor is not None and successor.id == unit.id:
        return f"{unit.name}不能由它自己承接，请选择另一个单位。"
    if successor is not None and successor.valid_to is not None:
        return f"{successor.name}已经撤销，不能承接，请选择在用的单位。"
    if day <= unit.valid_from:
        return f"撤销日期须在登记日期 {unit.valid_from.isoformat()} 之后。"
    return None


class Person(Base):
    """A real person who works on the campaign; whoever has several accounts is still one person here."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("unit_id", "staff_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    staff_number: Mapped[str] = mapped_column(sa.String(30), comment="unique within the unit")
    name: Mapped[str] = mapped_column(sa.String(40))
    home_village_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("region.id"), comment="回避: nobody inspects the own village"
    )


class TeamKind(StrEnum):
    """What a team is for."""

    INSPECTION = "INSPECTION"
    SUPERVISION = "SUPERVISION"
    WORKING = "WORKING"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"INSPECTION": "检查专班", "SUPERVISION": "督导专班", "WORKING": "工作专班"}[self.value]


class Team(Base):
    """An inspection team 检查专班 of one campaign, or one that supervises 督导专班 or does the self-check 工作专班."""

    __tablename__ = "team"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[TeamKind | None] = mapped_column(enum_column(TeamKind), comment="empty: INSPECTION")
    reporting_unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reporting_unit.id"), comment="whose team it is; empty: the whole campaign's"
    )
    founded_on: Mapped[date | None] = mapped_column(comment="empty: before the day was kept")


class TeamMember(Base):
    """Who is in a team, from when to when."""

    __tablename__ = "team_member"
    __table_args__ = (sa.UniqueConstraint("team_id", "person_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    is_leader: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class TeamRegion(Base):
    """Where a team inspects: a whole reporting unit, or one town of it."""

    __tablename__ = "team_region"
    __table_args__ = (sa.UniqueConstraint("team_id", "reporting_unit_id", "town_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
