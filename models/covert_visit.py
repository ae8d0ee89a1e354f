"""Covert visits 暗访 and the questionnaires answered there (source: 组织暗访1次，收集暗访调查问卷10份; S14)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime


class CovertVisit(Base):
    """One covert visit. Its route is kept from the visited unit. Append-only."""

    __tablename__ = "covert_visit"
    __table_args__ = (sa.Index("ix_covert_visit_campaign_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    visited_on: Mapped[date]
    route: Mapped[str] = mapped_column(sa.String(300), comment="where it led; never shown to the visited unit")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")


class Questionnaire(Base):
    """The questions asked of the people met."""

    __tablename__ = "questionnaire"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    title: Mapped[str] = mapped_column(sa.String(100))
    questions: Mapped[list[str]] = mapped_column(JsonText, comment="the questions in order")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Response(Base):
    """One questionnaire answered by somebody who stays unnamed. Append-only."""

    __tablename__ = "response"
    __table_args__ = (sa.Index("ix_response_campaign_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    questionnaire_id: Mapped[int] = mapped_column(sa.ForeignKey("questionnaire.id"))
    covert_visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("covert_visit.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    answered_on: Mapped[date]
    answers: Mapped[list[str]] = mapped_column(JsonText, comment="one for each question, in order")
    is_aware: Mapped[bool | None] = mapped_column(comment="知晓 the policy; empty: not asked")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
