"""The money of one problem: how it stands, movement by movement, and where else a voucher was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue_money import Direction, IssueMoney, MoneyStanding
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.unit import Person
from queries.scope import issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One direction, in 分. `vouchers` are the numbers of the slips."""

    direction: Direction
    due_cents: int
    done_cents: int
    vouchers: tuple[str, ...]

    @property
    def open_cents(self) -> int:
        """Still to move."""
        return max(0, self.due_cents - self.done_cents)

    @property
    def is_recovery(self) -> bool:
        """Back from whom it was wrongly paid."""
        return self.direction is Direction.RECOVER

    @property
    def label(self) -> str:
        """应追缴, 应补发给群众, 应缴库."""
        return {"RECOVER": "应追缴", "PAY": "应补发给群众", "REMIT": "追回应缴库"}[self.direction.value]

    @property
    def state(self) -> str:
        """已补齐, 部分补发, 未追缴, 无."""
        if not self.due_cents:
            return "无"
        if not self.open_cents:
            return {"RECOVER": "已追齐", "PAY": "已补齐", "REMIT": "已缴清"}[self.direction.value]
        return f"部分{self.direction.word}" if self.done_cents else f"未{self.direction.word}"


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement as recorded. `corrects_id`: it puts that one right, with `reason`; `stands_cents`: what a first
    row says with its corrections. `also_in`: other problems of the viewer's with the same voucher."""

    id: int
    direction: Direction
    amount_cents: int
    stands_cents: int
    moved_on: date
    voucher: str
    is_reissued: bool
    corrects_id: int | None
    reason: str
    by: str
    recorded_at: datetime
    also_in: tuple[str, ...]
    also_elsewhere: bool


def money_standing(session: Session, issue: Issue) -> MoneyStanding:
    """How the money of a problem stands. What was recovered and paid is kept on the problem, the rest is added up."""
    reissued = sa.case((IssueMoney.is_reissued.is_(True), IssueMoney.amount_cents), else_=0)
    remitted = sa.case((IssueMoney.direction == Direction.REMIT.value, IssueMoney.amount_cents), else_=0)
    again, handed_in, rows = session.execute(
        sa.select(sa.func.sum(reissued), sa.func.sum(remitted), sa.func.count()).where(IssueMoney.issue_id == issue.id)
    ).one()
    return MoneyStanding(
        issue.to_recover_cents, issue.recovered_cents, issue.to_pay_cents, issue.paid_cents, int(again or 0),
        int(handed_in or 0), rows,
    )  # fmt: skip


def money_lines(money: MoneyStanding, movements: Sequence[MovementRow]) -> tuple[MoneyLine, ...]:
    """Owed first, then to recover, then what came back and goes to the treasury."""
    slips = {way: tuple(dict.fromkeys(m.voucher for m in movements if m.direction is way)) for way in Direction}
    ways = (Direction.PAY, Direction.RECOVER, Direction.REMIT)
    return tuple(MoneyLine(way, money.due(way), money.done(way), slips[way]) for way in ways)


def movements(session: Session, viewer: Viewer, issue_id: int, names: Sequence[str]) -> tuple[MovementRow, ...]:
    """All movements of a problem in the order they were recorded, a correction right after what it corrects."""
    rows = session.execute(
        sa.select(IssueMoney, Person.name)
        .join(Person, Person.id == IssueMoney.person_id)
        .where(IssueMoney.issue_id == issue_id)
        .order_by(sa.func.coalesce(IssueMoney.corrects_id, IssueMoney.id), IssueMoney.id)
    ).all()
    stands: dict[int, int] = {}
    for row, _ in rows:
        first = row.corrects_id or row.id
        stands[first] = stands.get(first, 0) + row.amount_cents
    others = _elsewhere(session, viewer, {row.voucher for row, _ in rows}, issue_id)
    return tuple(
        MovementRow(
            row.id, Direction(row.direction), row.amount_cents, stands.get(row.id, 0), row.moved_on,
            mask_text(row.voucher, names), bool(row.is_reissued), row.corrects_id, mask_text(row.reason or "", names),
            who, row.recorded_at, tuple(n for n in others.get(row.voucher, ()) if n), row.voucher in others,
        )
        for row, who in rows
    )  # fmt: skip


def voucher_used_elsewhere(session: Session, viewer: Viewer, voucher: str, issue_id: int) -> tuple[str, ...]:
    """The numbers of other problems with the same voucher; an empty text for one that is not the viewer's."""
    return _elsewhere(session, viewer, {voucher.strip()}, issue_id).get(voucher.strip(), ())


def _elsewhere(session: Session, viewer: Viewer, vouchers: set[str], issue_id: int) -> dict[str, tuple[str, ...]]:
    if not vouchers:
        return {}
    rows = session.execute(
        sa.select(IssueMoney.voucher, Issue.number, issue_visible(viewer))
        .join(Issue, Issue.id == IssueMoney.issue_id)
        .where(IssueMoney.voucher.in_(vouchers), IssueMoney.issue_id != issue_id, Issue.status != IssueStatus.DRAFT)
        .order_by(Issue.number)
    )
    found: dict[str, dict[str, None]] = {}
    for voucher, number, seen in rows:
        found.setdefault(voucher, {})[(number or "") if seen else ""] = None
    return {voucher: tuple(numbers) for voucher, numbers in found.items()}
