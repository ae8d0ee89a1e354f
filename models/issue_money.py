"""Money that moved for a problem, and what is still owed: the one place where 未办 and 部分整改 are defined.

Two directions close a problem: recover from whom it was wrongly paid, pay whom it was owed. The third follows the
first: what was recovered and not paid out again goes to the treasury 缴库. See decision 23.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.issue_word import IssueStatus
from models.money import yuan


class Direction(StrEnum):
    """Which way money moves."""

    RECOVER = "RECOVER"
    PAY = "PAY"
    REMIT = "REMIT"

    @property
    def word(self) -> str:
        """追缴, 补发, 缴库."""
        return {"RECOVER": "追缴", "PAY": "补发", "REMIT": "缴库"}[self.value]

    @property
    def label(self) -> str:
        """What one chooses it by."""
        return {"RECOVER": "追缴到账", "PAY": "补发到户", "REMIT": "缴入国库或退回专户"}[self.value]


_WAYS = ", ".join(f"'{way.value}'" for way in Direction)


class IssueMoney(Base):
    """Money moved for a problem, one movement a row. Append-only; a mistake is corrected by a second row."""

    __tablename__ = "issue_money"
    __table_args__ = (
        sa.Index("ix_issue_money_issue_id", "issue_id"),
        sa.Index("ix_issue_money_voucher", "voucher"),
        sa.CheckConstraint(f"direction in ({_WAYS})", name="direction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int]
    direction: Mapped[str] = mapped_column(
        sa.String(10),
        comment="RECOVER from whom it was wrongly paid, PAY whom it is owed, REMIT what came back to the treasury",
    )
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分; negative only to correct")
    moved_on: Mapped[date]
    voucher: Mapped[str] = mapped_column(sa.String(100))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_reissued: Mapped[bool | None] = mapped_column(comment="PAY only: paid out of what was recovered; empty: no")
    corrects_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("issue_money.id"), comment="the row whose amount this one puts right"
    )
    reason: Mapped[str | None] = mapped_column(sa.String(500), comment="why it was corrected")


def still_open(due_cents: int, done_cents: int) -> int:
    """分 of one direction that are still to move."""
    return max(0, due_cents - done_cents)


def still_open_column(due: Any, done: Any) -> sa.ColumnElement[int]:
    """The same of two columns."""
    return sa.case((due > done, due - done), else_=0)


def is_partial(status: IssueStatus, open_cents: int) -> bool:
    """部分整改: crossed off while money of one of the two directions is still open. Derived: once it has all moved, it
    is none any more."""
    return status is IssueStatus.CLOSED and open_cents > 0


@dataclass(frozen=True, slots=True)
class MoneyStanding:
    """How the money of one problem stands, in 分. `reissued`: of what was paid, how much came out of what was
    recovered; `movements`: how many rows there are."""

    to_recover: int = 0
    recovered: int = 0
    to_pay: int = 0
    paid: int = 0
    reissued: int = 0
    remitted: int = 0
    movements: int = 0

    def due(self, way: Direction) -> int:
        """What must move. To the treasury: what was recovered and not paid out again."""
        return {
            Direction.RECOVER: self.to_recover,
            Direction.PAY: self.to_pay,
            Direction.REMIT: max(0, self.recovered - self.reissued),
        }[way]

    def done(self, way: Direction) -> int:
        """What has moved."""
        return {Direction.RECOVER: self.recovered, Direction.PAY: self.paid, Direction.REMIT: self.remitted}[way]

    def open(self, way: Direction) -> int:
        """What is still to move."""
        return still_open(self.due(way), self.done(way))

    @property
    def open_cents(self) -> int:
        """What keeps a closed problem 部分整改: the two directions, not what still lies before the treasury."""
        return self.open(Direction.RECOVER) + self.open(Direction.PAY)

    @property
    def in_hand(self) -> int:
        """Recovered, and neither paid out again nor handed in."""
        return self.recovered - self.reissued - self.remitted

    @property
    def is_owed(self) -> bool:
        """Whether anything is still to move in any direction."""
        return any(self.open(way) for way in Direction)

    def moved(self, way: Direction, cents: int, is_reissued: bool = False) -> "MoneyStanding":
        """After one more movement; `cents` is negative where a correction takes something back."""
        match way:
            case Direction.RECOVER:
                return replace(self, recovered=self.recovered + cents)
            case Direction.PAY:
                return replace(self, paid=self.paid + cents, reissued=self.reissued + (cents if is_reissued else 0))
            case Direction.REMIT:
                return replace(self, remitted=self.remitted + cents)

    @property
    def fault(self) -> str | None:
        """What cannot be, as a sentence: more done than due, more passed on than came back."""
        for way, due in ((Direction.RECOVER, self.to_recover), (Direction.PAY, self.to_pay)):
            if self.done(way) > due:
                word = way.word
                return (
                    f"已{word} {yuan(self.done(way))} 元，超过应{word} {yuan(due)} 元；请先请办公室更正应{word}金额。"
                )
        if self.in_hand < 0:
            passed = f"用于补发 {yuan(self.reissued)} 元、缴库 {yuan(self.remitted)} 元"
            return f"追回的钱只有 {yuan(self.recovered)} 元，不够{passed}；请核对，登记错的先由办公室更正。"
        return None
