"""What two problems have to do with each other: split off, merged. Append-only; more kinds may follow."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.issue_word import IssueStatus
from models.money import yuan
from models.refusal import Refused


class LinkKind(StrEnum):
    """What became of the first problem with regard to the second."""

    SPLIT = "SPLIT"
    MERGED = "MERGED"

    def words(self, outgoing: bool) -> str:
        """As the page of the first (outgoing) or of the second says it."""
        return {
            ("SPLIT", True): "拆分出", ("SPLIT", False): "拆分自",
            ("MERGED", True): "已并入", ("MERGED", False): "并入本件的",
        }[self.value, outgoing]  # fmt: skip


class IssueLink(Base):
    """SPLIT: `to` was split off `from`. MERGED: `from` was merged into `to`; it holds while `from` is dismissed."""

    __tablename__ = "issue_link"
    __table_args__ = (
        sa.Index("ix_issue_link_from_id", "from_id"),
        sa.Index("ix_issue_link_to_id", "to_id"),
        sa.CheckConstraint("from_id <> to_id", name="of_two_problems"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20), comment="value of LinkKind")
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def check_halves(word: str, whole: int, kept: int, moved: int, done: int = 0) -> None:
    """A divided amount sums to the old one, 分, and what has moved already stays with the problem it moved for.

    Raises Refused.
    """
    if kept < 0 or moved < 0:
        raise Refused(f"{word}不能是负数。")
    if kept + moved != whole:
        raise Refused(f"{word}分开后合计 {yuan(kept + moved)} 元，与原来的 {yuan(whole)} 元不符。")
    if kept < done:
        raise Refused(f"已经办了 {yuan(done)} 元，留在原件的{word}不能少于这个数。")


def target_refusal(number: str, status: IssueStatus, is_pending: bool, into: str) -> str | None:
    """Why nothing can be merged into a problem; None if it can. `into`: what it was merged into itself."""
    if into:
        return f"{number} 已并入 {into}，请改为并入 {into}。"
    if status not in (IssueStatus.REGISTERED, IssueStatus.RECTIFYING):
        return f"{number} 现在是“{status.label}”，只能并入待交办或整改中的问题。"
    if is_pending:
        return f"{number} 自己也拟查否或拟并案，请先决定那一件。"
    return None
