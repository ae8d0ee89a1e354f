"""Money that moved for a problem: record it with its voucher, put a recorded amount right by a second row."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.issue_step import Step, required_text, step
from actions.transaction import Caller
from models.issue import Verb
from models.issue_money import Direction, IssueMoney, MoneyStanding
from models.local_time import day_text
from models.money import yuan
from models.refusal import NotFoundOrNotYours, Refused
from queries.issue_money import voucher_used_elsewhere

VOUCHER = "凭证号（银行回单或缴款书）"


@dataclass(frozen=True, slots=True)
class MoneyEntry:
    """One movement, 分, with the day it moved and the number of its slip. `is_reissued`: PAY only, paid out of what
    was recovered."""

    direction: Direction
    amount_cents: int
    moved_on: date
    voucher: str
    is_reissued: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """How the money stands now, and the numbers of other problems with the same voucher (empty text: not yours)."""

    money: MoneyStanding
    also_in: tuple[str, ...]


def record_money(caller: Caller, issue_id: int, entry: MoneyEntry, version: int | None = None) -> Recorded:
    """Record money that moved. Who: the responsible unit and the office while it is rectified; once it is closed with
    money open, the office alone (decision 23).

    Raises Refused for nothing or less, a day to come or before the problem was found, no voucher, more than is due. A
    voucher that another problem bears is said, not refused.
    """
    with step(caller, Verb.RECORD_MONEY, issue_id, version) as now:
        if entry.amount_cents <= 0:
            raise Refused("请填写这一笔的金额，应大于 0；以前登记错了的，由办公室用“更正资金”改。")
        if entry.is_reissued and entry.direction is not Direction.PAY:
            raise Refused("只有补发可以注明出自追回的钱。")
        _check_day(entry.moved_on, now)
        money = move(now, now.case.money, entry)
        also_in = voucher_used_elsewhere(now.tx.session, now.tx.viewer, entry.voucher, issue_id)
        now.detail = _told(entry) | {"open_cents": money.open_cents}
    return Recorded(money, also_in)


def correct_money(
    caller: Caller, issue_id: int, money_id: int, right_cents: int, reason: str, version: int | None = None
) -> MoneyStanding:
    """Put the amount of a recorded movement right: a second row brings the difference, both stay. Who: office.

    `right_cents` is what the movement should say, 分; 0 takes it back whole. Raises Refused without a reason, for the
    same amount, and for more than is due or less than was passed on.
    """
    with step(caller, Verb.CORRECT_MONEY, issue_id, version) as now:
        wrong, stands = _movement(now, money_id)
        if right_cents < 0:
            raise Refused("更正后的金额不能是负数；这一笔整个登记错了的，填 0。")
        if right_cents == stands:
            raise Refused(f"这一笔现在就是 {yuan(stands)} 元，没有需要更正的。")
        now.note = required_text(reason, "更正理由", least=2, most=500)
        way = Direction(wrong.direction)
        entry = MoneyEntry(way, right_cents - stands, wrong.moved_on, wrong.voucher, bool(wrong.is_reissued))
        money = move(now, now.case.money, entry, corrects=wrong.id, reason=now.note)
        now.detail = _told(entry) | {"corrects": wrong.id, "old": stands, "new": right_cents}
    return money


def move(
    now: Step, money: MoneyStanding, entry: MoneyEntry, corrects: int | None = None, reason: str | None = None
) -> MoneyStanding:
    """Write one movement and what the problem has done in all; returns how its money stands then.

    Raises Refused without a voucher and for what cannot be.
    """
    voucher = required_text(entry.voucher, VOUCHER, most=100)
    after = money.moved(entry.direction, entry.amount_cents, entry.is_reissued)
    if after.fault:
        raise Refused(after.fault)
    now.tx.session.add(
        IssueMoney(
            issue_id=now.issue.id, round=now.issue.round, direction=entry.direction.value,
            amount_cents=entry.amount_cents, moved_on=entry.moved_on, voucher=voucher, person_id=now.tx.person_id,
            recorded_at=now.tx.now, is_reissued=entry.is_reissued or None, corrects_id=corrects, reason=reason,
        )
    )  # fmt: skip
    now.issue.recovered_cents, now.issue.paid_cents = after.recovered, after.paid
    return after


def _check_day(day: date, now: Step) -> None:
    found = now.issue.found_on
    if day > now.tx.today:
        raise Refused("到账日期不能晚于今天；钱实际动了再登记。")
    if day < found:
        raise Refused(
            f"到账日期早于发现日期 {day_text(found)}：发现以前退补的不算本件整改。"
            "请核对日期；发现日期登记错了的，先更正。"
        )


def _movement(now: Step, money_id: int) -> tuple[IssueMoney, int]:
    """A first row of this problem, and what it says with its corrections."""
    session = now.tx.session
    row = session.scalar(
        sa.select(IssueMoney).where(
            IssueMoney.id == money_id, IssueMoney.issue_id == now.issue.id, IssueMoney.corrects_id.is_(None)
        )
    )
    if row is None:
        raise NotFoundOrNotYours("资金登记")
    later = session.scalar(sa.select(sa.func.sum(IssueMoney.amount_cents)).where(IssueMoney.corrects_id == row.id))
    return row, row.amount_cents + int(later or 0)


def _told(entry: MoneyEntry) -> dict[str, str | int | bool]:
    told: dict[str, str | int | bool] = {
        "direction": entry.direction.value, "cents": entry.amount_cents, "moved_on": entry.moved_on.isoformat(),
        "voucher": entry.voucher.strip(),
    }  # fmt: skip
    return told | ({"reissued": True} if entry.is_reissued else {})
