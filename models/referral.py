"""移送: a problem handed to another authority, the papers that went with it, and what came back. See decision 28."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class ReferralBody(StrEnum):
    """To whom a problem is referred."""

    DISCIPLINE = "DISCIPLINE"
    POLICE = "POLICE"
    AUDIT = "AUDIT"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"DISCIPLINE": "纪委监委", "POLICE": "公安机关", "AUDIT": "审计机关", "OTHER": "其他机关"}[self.value]


class AnswerKind(StrEnum):
    """What ends the waiting for a reply."""

    REPLY = "REPLY"
    SEPARATE = "SEPARATE"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"REPLY": "回复", "SEPARATE": "另案处理"}[self.value]


class Referral(Base):
    """One letter to one authority. Append-only."""

    __tablename__ = "referral"
    __table_args__ = (
        sa.Index("ix_referral_issue_id", "issue_id"),
        sa.CheckConstraint("(body = 'OTHER') = (body_name is not null)", name="other_is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    body: Mapped[ReferralBody] = mapped_column(enum_column(ReferralBody))
    body_name: Mapped[str | None] = mapped_column(sa.String(60), comment="of another authority")
    ground: Mapped[str] = mapped_column(sa.Text)
    document_number: Mapped[str] = mapped_column(sa.String(60), comment="of the letter 移送函")
    referred_on: Mapped[date]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def to(self) -> str:
        """纪委监委, or another authority's own name."""
        return self.body_name or self.body.label


class ReferralPaper(Base):
    """A file that went with a referral: what the authority may open, and nothing else of the problem. Append-only."""

    __tablename__ = "referral_paper"
    __table_args__ = (sa.Index("ix_referral_paper_evidence_id", "evidence_id"),)

    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referral.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence.id"), primary_key=True)


class ReferralAnswer(Base):
    """A reply as the authority gave it, or the leader's decision that it goes on as a case of its own. Append-only."""

    __tablename__ = "referral_answer"
    __table_args__ = (
        sa.Index("ix_referral_answer_referral_id", "referral_id"),
        sa.CheckConstraint("(kind = 'REPLY') = (document_number is not null)", name="reply_has_a_letter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(sa.ForeignKey("referral.id"))
    kind: Mapped[AnswerKind] = mapped_column(enum_column(AnswerKind))
    text: Mapped[str] = mapped_column(sa.Text)
    document_number: Mapped[str | None] = mapped_column(sa.String(60), comment="of the letter that replied")
    answered_on: Mapped[date]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
