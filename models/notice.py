"""What somebody is told: to whom, of which problem, by whom, and whether they have seen it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column


class NoticeKind(StrEnum):
    """Why somebody is told."""

    REMIND = "REMIND"
    SUPERVISE = "SUPERVISE"
    CONTEST = "CONTEST"
    ANSWER = "ANSWER"
    ASSIGNED = "ASSIGNED"
    RETURNED = "RETURNED"
    BACK = "BACK"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    TIME_DECIDED = "TIME_DECIDED"
    LIST = "LIST"
    UNLIST = "UNLIST"
    CARRIED = "CARRIED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {
            "REMIND": "催办", "SUPERVISE": "督办", "ASSIGNED": "交办", "RETURNED": "退回整改", "BACK": "退回复验",
            "CLOSED": "已销号", "REOPENED": "重开", "TIME_DECIDED": "延期答复", "CONTEST": "申辩", "ANSWER": "答复申辩",
            "LIST": "挂牌督办", "UNLIST": "摘牌", "CARRIED": "结转",
        }[self.value]  # fmt: skip

    @staticmethod
    def pressing() -> tuple["NoticeKind", ...]:
        """Somebody waits for an answer; the others say what became of a problem."""
        return (NoticeKind.REMIND, NoticeKind.SUPERVISE, NoticeKind.CONTEST, NoticeKind.LIST)


class Notice(Base):
    """One sentence to one person. That it was sent, and to whom, stands in the problem's history; this is the copy they
    read, so it lies outside the chain. The problem's own words are not copied: they are read with the reader's rights.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_person_id", "person_id", "read_at", "id"),
        sa.Index("ix_notice_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who is told")
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    text: Mapped[str | None] = mapped_column(sa.String(500), comment="what was written with it")
    reply_by: Mapped[date | None] = mapped_column(comment="督办: the day by which an answer is owed")
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
