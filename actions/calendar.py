"""The working calendar: enter local days, and let open deadlines follow a year that was published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa

from actions.issue_step import log_event, required_text
from actions.transaction import Caller, Transaction, transaction
from models.campaign import CalendarDay
from models.issue_record import Issue, IssueRound
from models.issue_rule import Doer
from models.local_time import day_text
from models.refusal import Refused, Stale
from models.role import Permission
from models.workday import Certainty
from queries.calendar import calendar_in
from queries.deadline_move import DeadlineMove, moves_between, moves_of_estimates
from queries.viewer import doers

RECOMPUTED = "recompute"
"""The verb in the history of a problem whose deadline followed the calendar."""
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class LocalDays:
    """A notice: these days, first and last included, are worked or are not, for this reason, by this document."""

    first: date
    last: date
    is_workday: bool
    reason: str
    document: str

    @property
    def days(self) -> tuple[date, ...]:
        """Each day of it."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def set_days(caller: Caller, notice: LocalDays, seen: int | None = None) -> int:
    """Enter local days; open deadlines counted over them move with an event each. Returns how many moved.

    Who: office of all regions. `seen` is the id of the last override on screen. Refused: days out of order or too many,
    a year other than last year, this year and the next, days that are so already, no reason or document.
    """
    with transaction(caller) as tx:
        _everywhere(tx)
        last = (
            tx.session.scalar(sa.select(sa.func.max(CalendarDay.id)).where(CalendarDay.published_year.is_(None))) or 0
        )
        if seen is not None and seen != last:
            raise Stale("刚才有人先调整了工作日历，请看过下方最新的调整再办。您填写的内容仍在。")
        _check_days(tx, notice)
        reason = required_text(notice.reason, "调整的原因", least=2, most=100)
        document = required_text(notice.document, "文号", most=60)
        before = calendar_in(tx.session)
        new = [day for day in notice.days if before.is_workday(day) not in _as_said(notice.is_workday)]
        if not new:
            raise Refused("这些日期本来就是这样，没有需要调整的。")
        for day in new:
            tx.session.add(
                CalendarDay(
                    day=day, is_workday=notice.is_workday, published_year=None, reason=reason, document=document,
                    recorded_by=tx.viewer.actor, recorded_at=tx.now,
                )
            )  # fmt: skip
        tx.session.flush()
        after = replace(before, overrides={**before.overrides, **dict.fromkeys(new, notice.is_workday)})
        moved = _carry(tx, moves_between(tx.session, before, after, tx.today), f"{reason}（{document}）")
        days = f"{notice.first.isoformat()}—{notice.last.isoformat()}"
        tx.record(Permission.SET_CALENDAR.value, "calendar:*", days=days, works=notice.is_workday, moved=moved)
    return moved


def follow_published(caller: Caller) -> int:
    """Estimated deadlines whose year has been published since become sure, with an event each. Returns how many.

    Who: office of all regions. Refused where none waits.
    """
    with transaction(caller) as tx:
        _everywhere(tx)
        moves = moves_of_estimates(tx.session, tx.today)
        if not moves:
            raise Refused("没有等待调整的预估时限。")
        moved = _carry(tx, moves, "放假安排已公布，预估的截止日期按公布的日历确定")
        tx.record("calendar.follow", "calendar:*", moved=moved)
    return moved


def _everywhere(tx: Transaction) -> None:
    tx.require(Permission.SET_CALENDAR)
    if not tx.viewer.is_everywhere(Permission.SET_CALENDAR):
        raise Refused("工作日历对全部地区生效，您的权限只到部分地区，不能调整。")


def _last_override(tx: Transaction) -> int:
    entered = sa.select(sa.func.max(CalendarDay.id)).where(CalendarDay.published_year.is_(None))
    return tx.session.scalar(entered) or 0


def _check_days(tx: Transaction, notice: LocalDays) -> None:
    if notice.last < notice.first:
        raise Refused(f"结束日期{day_text(notice.last)}早于开始日期{day_text(notice.first)}。")
    if len(notice.days) > MOST_DAYS:
        raise Refused(f"一次最多调整 {MOST_DAYS} 天，现在是 {len(notice.days)} 天。请分几次录入。")
    first, last = tx.today.year - 1, tx.today.year + 1
    if notice.first.year < first or notice.last.year > last:
        raise Refused(f"只能调整 {first} 年到 {last} 年的日期，请核对年份。")


def _as_said(is_workday: bool) -> tuple[tuple[bool, Certainty], ...]:
    """Answers of the calendar that need no override; an estimate, though the same, may be made sure."""
    return (is_workday, Certainty.PUBLISHED), (is_workday, Certainty.OVERRIDE)


def _carry(tx: Transaction, moves: Sequence[DeadlineMove], why: str) -> int:
    """Write each move: the problem, its round, and an event that says from which day to which."""
    grants = [g for g in tx.viewer.grants_with(Permission.SET_CALENDAR) if g.is_everywhere]
    doer: Doer = doers(tx.viewer, grants)[0]
    for move in moves:
        issue = tx.session.get_one(Issue, move.issue_id)
        new = move.new
        issue.deadline, issue.first_deadline, issue.deadline_is_estimate = new.on, new.first, new.is_estimate
        tx.session.scalars(
            sa.select(IssueRound).where(IssueRound.issue_id == issue.id, IssueRound.round == issue.round)
        ).one().first_deadline = new.first
        detail = {"old": move.old.isoformat(), "new": new.on.isoformat(), "estimate": new.is_estimate}
        log_event(tx, issue, RECOMPUTED, issue.status, doer, why, detail)
    return len(moves)
