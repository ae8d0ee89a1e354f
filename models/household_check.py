"""One household's form 一户一表: every person × item with three amounts and a verdict."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column, not_negative


class CheckLayer(StrEnum):
    """Who looked at the household."""

    SELF_CHECK = "SELF_CHECK"
    INSPECTION = "INSPECTION"
    SUPERVISION = "SUPERVISION"
    COVERT = "COVERT"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"SELF_CHECK": "自查", "INSPECTION": "重点检查", "SUPERVISION": "督导抽查", "COVERT": "暗访"}[self.value]


class CheckStatus(StrEnum):
    """Life of a form: open, handed in, or given back."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"OPEN": "填写中", "SUBMITTED": "已提交", "RETURNED": "已退回"}[self.value]


class VisitOutcome(StrEnum):
    """What became of the visit. Only a finished visit counts for coverage (source: domain, surprise 10)."""

    VISITED = "VISITED"
    BY_PHONE = "BY_PHONE"
    ABSENT = "ABSENT"
    REFUSED = "REFUSED"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"VISITED": "入户见面", "BY_PHONE": "电话核实", "ABSENT": "空户或外出", "REFUSED": "拒访"}[self.value]

    @property
    def is_finished(self) -> bool:
        """Whether the household counts as checked."""
        return self in (VisitOutcome.VISITED, VisitOutcome.BY_PHONE)


class Verdict(StrEnum):
    """What the inspector concludes on one person × item."""

    MATCHES = "MATCHES"
    WRONG_AMOUNT = "WRONG_AMOUNT"
    NOT_RECEIVED = "NOT_RECEIVED"
    NOT_ENTITLED = "NOT_ENTITLED"
    ENTITLED_BUT_MISSING = "ENTITLED_BUT_MISSING"
    UNAWARE = "UNAWARE"
    UNREACHED = "UNREACHED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return VERDICT_LABELS[self]

    @property
    def suggested_type(self) -> str | None:
        """The problem type a line with this verdict is usually raised under."""
        return {"WRONG_AMOUNT": "P102", "NOT_RECEIVED": "P102", "NOT_ENTITLED": "P103",
                "ENTITLED_BUT_MISSING": "P102", "UNAWARE": "P105"}.get(self.value)  # fmt: skip


VERDICT_LABELS = {
    Verdict.MATCHES: "相符",
    Verdict.WRONG_AMOUNT: "金额不符",
    Verdict.NOT_RECEIVED: "未收到",
    Verdict.NOT_ENTITLED: "不该享受",
    Verdict.ENTITLED_BUT_MISSING: "应享未享",
    Verdict.UNAWARE: "不知晓",
    Verdict.UNREACHED: "未核实",
}


class HouseholdCheck(Base):
    """The form of one household in one layer. What it said when is in its events and lines."""

    __tablename__ = "household_check"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "household_id", "layer"),
        sa.Index("ix_household_check_village_id", "village_id", "status"),
    )
    version: Mapped[int] = mapped_column(comment="optimistic lock: the second writer is refused")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("household.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    town_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    layer: Mapped[CheckLayer] = mapped_column(enum_column(CheckLayer))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id"))
    status: Mapped[CheckStatus] = mapped_column(enum_column(CheckStatus))
    outcome: Mapped[VisitOutcome | None] = mapped_column(enum_column(VisitOutcome))
    visited_on: Mapped[date | None]
    interviewee: Mapped[str | None] = mapped_column(sa.String(30), comment="本人, or relation to the head; no name")
    second_inspector_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="two visit together")
    submission: Mapped[int] = mapped_column(default=0, comment="how often it was handed in")
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HouseholdCheckEvent(Base):
    """Handed in, given back: append-only. Figures as of a past day read from here."""

    __tablename__ = "household_check_event"
    __table_args__ = (
        sa.UniqueConstraint("check_id", "position"),
        sa.Index("ix_household_check_event_at", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), comment="came in with a list")
    check_id: Mapped[int] = mapped_column(sa.ForeignKey("household_check.id"))
    position: Mapped[int]
    verb: Mapped[str] = mapped_column(sa.String(20), comment="open, submit, return")
    status: Mapped[CheckStatus] = mapped_column(enum_column(CheckStatus), comment="after it")
    outcome: Mapped[VisitOutcome | None] = mapped_column(enum_column(VisitOutcome))
    submission: Mapped[int]
    persons: Mapped[int] = mapped_column(comment="persons with at least one verdict")
    note: Mapped[str | None] = mapped_column(sa.String(500))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckLine(Base):
    """One person × item × year of one submission: listed, received, said, verdict. Append-only."""

    __tablename__ = "check_line"
    __table_args__ = (
        sa.UniqueConstraint("check_id", "submission", "member_id", "item_code", "year"),
        *not_negative("listed_cents", "received_cents"),
        sa.CheckConstraint("said_cents is null or said_cents >= 0", name="said_cents_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"), comment="came in with a list")
    check_id: Mapped[int] = mapped_column(sa.ForeignKey("household_check.id"))
    submission: Mapped[int]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("household_member.id"))
    item_code: Mapped[str] = mapped_column(sa.ForeignKey("subsidy_item.code"))
    year: Mapped[int]
    listed_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分, due by the register 清册应发")
    received_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分, credited 到账实发")
    said_cents: Mapped[int | None] = mapped_column(sa.BigInteger, comment="分, what the household says 群众自述")
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
