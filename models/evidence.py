"""Files that prove: photos, bank slips, signed lists. Content-addressed; one file may serve several records."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column, not_negative


class EvidenceKind(StrEnum):
    """What a piece of evidence is, since each type of problem asks for its own."""

    BANK_SLIP = "BANK_SLIP"
    VOUCHER = "VOUCHER"
    PHOTO = "PHOTO"
    RETURN_SLIP = "RETURN_SLIP"
    DOCUMENT = "DOCUMENT"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"BANK_SLIP": "银行回单", "VOUCHER": "缴款凭证", "PHOTO": "照片（有日期）",
                "RETURN_SLIP": "签收表", "DOCUMENT": "文件（有文号）", "OTHER": "其他"}[self.value]  # fmt: skip


class EvidencePurpose(StrEnum):
    """What a file proves: that the problem exists, that it was rectified, or what a unit holds against it. Whoever
    gives the second wrote evidence."""

    FINDING = "FINDING"
    RECTIFICATION = "RECTIFICATION"
    CONTEST = "CONTEST"
    LOOK_BACK = "LOOK_BACK"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"FINDING": "发现问题", "RECTIFICATION": "整改佐证", "CONTEST": "申辩材料", "LOOK_BACK": "回头看材料"}[
            self.value
        ]


class Evidence(Base):
    """One file attached to a problem or a household form. Append-only; the bytes lie under their hash."""

    __tablename__ = "evidence"
    __table_args__ = (
        sa.Index("ix_evidence_issue_id", "issue_id"),
        sa.Index("ix_evidence_check_id", "check_id"),
        sa.Index("ix_evidence_person_id", "person_id"),
        sa.Index("ix_evidence_stood_in_for_id", "stood_in_for_id"),
        sa.CheckConstraint("(issue_id is null) <> (check_id is null)", name="one_owner"),
        *not_negative("size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issue.id"))
    check_id: Mapped[int | None] = mapped_column(sa.ForeignKey("household_check.id"))
    place_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("issue_place.id"), comment="of which place of the problem; empty: of the whole"
    )
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[EvidenceKind] = mapped_column(enum_column(EvidenceKind))
    purpose: Mapped[EvidencePurpose] = mapped_column(enum_column(EvidencePurpose))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(comment="bytes")
    media_type: Mapped[str] = mapped_column(sa.String(60), comment="found from the content, never from the name")
    caption: Mapped[str] = mapped_column(sa.String(120))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="from the photo, where it says")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
