"""What was done beside the checks: meetings, publicity, training, broadcasts, special audits (source: S3, S13, S15)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class ActivityKind(StrEnum):
    """What kind of thing; each has its own unit, and units are never added to each other."""

    MEETING = "MEETING"
    DISCUSSION = "DISCUSSION"
    TRAINING = "TRAINING"
    LEAFLETS = "LEAFLETS"
    BOOKLETS = "BOOKLETS"
    DOOR_TO_DOOR = "DOOR_TO_DOOR"
    BROADCAST = "BROADCAST"
    BANNER = "BANNER"
    SMS = "SMS"
    WEBSITE = "WEBSITE"
    SPECIAL_AUDIT = "SPECIAL_AUDIT"

    @property
    def label(self) -> str:
        """The words on screen."""
        return _WORDS[self][0]

    @property
    def unit(self) -> str:
        """What `count` counts."""
        return _WORDS[self][1]


_WORDS = {
    ActivityKind.MEETING: ("会议", "次"),
    ActivityKind.DISCUSSION: ("座谈", "次"),
    ActivityKind.TRAINING: ("培训", "次"),
    ActivityKind.LEAFLETS: ("发放宣传资料", "份"),
    ActivityKind.BOOKLETS: ("编印宣传册", "册"),
    ActivityKind.DOOR_TO_DOOR: ("入户宣传", "人次"),
    ActivityKind.BROADCAST: ("应急广播", "次"),
    ActivityKind.BANNER: ("横幅标语", "幅"),
    ActivityKind.SMS: ("手机短信宣传", "次"),
    ActivityKind.WEBSITE: ("网站公开", "次"),
    ActivityKind.SPECIAL_AUDIT: ("专项审计", "次"),
}


class Activity(Base):
    """One entry of the log. Append-only; a mistake is corrected by a second entry."""

    __tablename__ = "activity"
    __table_args__ = (sa.Index("ix_activity_campaign_id", "campaign_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="where; empty: the whole unit")
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="who did it")
    kind: Mapped[ActivityKind] = mapped_column(enum_column(ActivityKind))
    title: Mapped[str] = mapped_column(sa.String(100))
    held_on: Mapped[date]
    count: Mapped[int] = mapped_column(comment="in the unit of the kind; negative only to correct")
    evidence: Mapped[str | None] = mapped_column(sa.String(200), comment="what proves it, in words")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
