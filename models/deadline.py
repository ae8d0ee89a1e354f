"""Deadlines, the responsible unit's clock and the lights.

Whose clock: the responsible unit's. It stops while a request for 销号 waits for the office. A hold lasts from the day
after the request through the day of the return (or withdrawal); its working days are added to the deadline, so that on
the day of the return exactly as many working days are left as were left on the day of the request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from models.refusal import Refused
from models.workday import Calendar, Certainty

# Said on the screen wherever a deadline is set.
COUNTING_CONVENTION = (
    "交办当日不计入，自次日起算；按日历日计的时限，末日为休息日的，顺延至下一个工作日；"
    "销号申请审核期间，责任单位的时限停止计算。"
)
LONGEST_LIMIT = 999


class DeadlineKind(StrEnum):
    """How a deadline was set; the value is the first letter of the stored rule."""

    WORKDAYS = "W"
    CALENDAR_DAYS = "C"
    DATE = "D"
    NONE = "N"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"W": "工作日", "C": "日历日", "D": "指定日期", "N": "无时限"}[self.value]


def day_note(day: date, calendar: Calendar) -> str:
    """What is said beside a named date: that it is a rest day, and how sure that is; empty for a working day."""
    works, certainty = calendar.is_workday(day)
    if certainty is Certainty.ESTIMATED:
        rest = "" if works else "这一天预估为休息日；"
        return f"{rest}{day.year} 年放假安排尚未发布，工作日为预估"
    return "" if works else "这一天是休息日，时限仍到这一天为止"


@dataclass(frozen=True, slots=True)
class Due:
    """A computed deadline. An estimated one is recomputed from its rule once the year is published."""

    on: date | None
    certainty: Certainty

    @property
    def note(self) -> str:
        """What is said beside an estimated date; empty for a sure one."""
        if self.on is None or self.certainty is not Certainty.ESTIMATED:
            return ""
        return f"{self.on.year} 年放假安排尚未发布，截止日期为预估"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """What was set on assignment. `days` with WORKDAYS and CALENDAR_DAYS, `on` with DATE, neither with NONE."""

    kind: DeadlineKind
    days: int | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        counted = self.kind in (DeadlineKind.WORKDAYS, DeadlineKind.CALENDAR_DAYS)
        if (self.days is not None) != counted or (self.on is not None) != (self.kind is DeadlineKind.DATE):
            raise ValueError(f"a deadline rule of kind {self.kind.name} with days {self.days} and date {self.on}")
        if self.days is not None and not 1 <= self.days <= LONGEST_LIMIT:
            raise Refused(f"时限须在 1 到 {LONGEST_LIMIT} 天之间，现在填的是 {self.days}。请改正天数，或指定截止日期。")

    @classmethod
    def workdays(cls, days: int) -> Self:
        return cls(DeadlineKind.WORKDAYS, days=days)

    @classmethod
    def calendar_days(cls, days: int) -> Self:
        return cls(DeadlineKind.CALENDAR_DAYS, days=days)

    @classmethod
    def by(cls, on: date) -> Self:
        return cls(DeadlineKind.DATE, on=on)

    @classmethod
    def none(cls) -> Self:
        return cls(DeadlineKind.NONE)

    @classmethod
    def parse(cls, stored: str) -> Self:
        """The rule of a stored `W15`, `C30`, `D2022-09-30` or `N`; ValueError for anything else."""
        kind, rest = DeadlineKind(stored[:1]), stored[1:]
        match kind:
            case DeadlineKind.DATE:
                rule = cls.by(date.fromisoformat(rest))
            case DeadlineKind.NONE:
                rule = cls.none()
            case _:
                rule = cls(kind, days=int(rest))
        if rule.stored != stored:
            raise ValueError(f"not a stored deadline rule: {stored!r}")
        return rule

    @property
    def stored(self) -> str:
        """`W15`, `C30`, `D2022-09-30`, `N`: at most 11 characters."""
        return f"{self.kind.value}{self.on.isoformat() if self.on else self.days or ''}"

    def text(self) -> str:
        if self.on is not None:
            return f"至 {self.on.year}年{self.on.month}月{self.on.day}日"
        match self.kind:
            case DeadlineKind.WORKDAYS:
                return f"交办次日起 {self.days} 个工作日"
            case DeadlineKind.CALENDAR_DAYS:
                return f"{self.days} 日内"
            case _:
                return "无时限"

    def due(self, assigned_on: date, calendar: Calendar) -> Due:
        """The last day. The day of assignment is not counted; a last calendar day that is a rest day moves to the next
        working day; a named date stays as it was named."""
        if self.days is None:
            return Due(self.on, Certainty.PUBLISHED)
        if self.kind is DeadlineKind.WORKDAYS:
            return Due(*calendar.add_workdays(assigned_on, self.days))
        return Due(*calendar.workday_from(assigned_on + timedelta(days=self.days)))

    def length(self, assigned_on: date) -> int | None:
        """Days the limit gives, in its own unit (15 个工作日 is 15); decides which 临期 threshold applies."""
        return (self.on - assigned_on).days if self.on is not None else self.days


class Hold(NamedTuple):
    """One request's wait for the office. `ended_on` is the day of the return or withdrawal, None while it waits."""

    requested_on: date
    ended_on: date | None


def held_workdays(holds: Iterable[tuple[date, date | None]], calendar: Calendar) -> int:
    """Working days the office held the requests (审核用时). A wait that has not ended adds nothing yet."""
    held = 0
    for requested_on, ended_on in holds:
        if ended_on is None:
            continue
        if ended_on < requested_on:
            raise ValueError(f"a hold that ends on {ended_on}, before it began on {requested_on}")
        held += calendar.workdays_between(requested_on, ended_on)
    return held


def unit_deadline(
    deadline: date | None, holds: Sequence[tuple[date, date | None]], calendar: Calendar, set_on: date | None = None
) -> date | None:
    """The deadline moved by the working days the office held the requests; None where there is no deadline.

    `set_on` is the day on which the deadline in force was granted, when it is not the first one: whoever granted it
    knew the earlier holds, so only holds that began on that day or later move it.
    """
    if deadline is None:
        return None
    counted = [hold for hold in holds if set_on is None or hold[0] >= set_on]
    return calendar.add_workdays(deadline, held_workdays(counted, calendar))[0]


def was_on_time(
    request_made_on: date, first_deadline: date, holds_before: Sequence[tuple[date, date | None]], calendar: Calendar
) -> bool:
    """On time ⇔ the finally accepted request was made by the first deadline plus the working days the office held it.

    `holds_before` are the waits of the earlier requests of the same round. Extensions do not count. A problem without a
    deadline is neither on time nor late: leave it out of the rate.
    """
    return request_made_on <= calendar.add_workdays(first_deadline, held_workdays(holds_before, calendar))[0]


class StatusGroup(StrEnum):
    """What a problem's status means to the clock."""

    NOT_STARTED = "NOT_STARTED"  # 草稿, 待交办
    RUNNING = "RUNNING"  # 整改中
    HELD = "HELD"  # 待验收, 待审批
    DONE = "DONE"  # 已销号
    DISMISSED = "DISMISSED"  # 不成立


class Light(StrEnum):
    """Derived, never stored. In the order of the ledger: what burns first."""

    OVERDUE = "OVERDUE"
    REVIEW_MISSED = "REVIEW_MISSED"
    SOON = "SOON"
    REVIEW = "REVIEW"
    NORMAL = "NORMAL"
    NOT_STARTED = "NOT_STARTED"
    CLOSED = "CLOSED"
    DISMISSED = "DISMISSED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return _LIGHTS[self][0]

    @property
    def symbol(self) -> str:
        """Plain signs that the fonts of official papers have; a light survives the photocopier."""
        return _LIGHTS[self][1]


_LIGHTS = {
    Light.OVERDUE: ("超期", "▲"),
    Light.REVIEW_MISSED: ("复核超期", "▼"),
    Light.SOON: ("临期", "△"),
    Light.REVIEW: ("审核中", "◎"),
    Light.NORMAL: ("正常", "○"),
    Light.NOT_STARTED: ("未起算", "—"),
    Light.CLOSED: ("已销号", "■"),
    Light.DISMISSED: ("不成立", "×"),
}


@dataclass(frozen=True, slots=True)
class LightThresholds:
    """When 临期 begins; a campaign sets them.

    The last `soon_workdays` working days always warn; a limit of more than `long_limit_days` is long and warns over its
    last `soon_days_long` calendar days too.
    """

    soon_workdays: int = 3
    soon_days_long: int = 7
    long_limit_days: int = 15

    @property
    def words(self) -> str:
        """What they mean, for screens and the definitions of a workbook."""
        long_limit = f"时限多于 {self.long_limit_days} 天的，剩 {self.soon_days_long} 天以内也算"
        return f"剩 {self.soon_workdays} 个工作日以内；{long_limit}"


@dataclass(frozen=True, slots=True)
class LightReading:
    """A light and what is written beside it: 剩 9 工作日, 今日到期, 超期 3 天."""

    light: Light
    text: str


_STILL = {
    StatusGroup.NOT_STARTED: Light.NOT_STARTED,
    StatusGroup.DONE: Light.CLOSED,
    StatusGroup.DISMISSED: Light.DISMISSED,
}


def light(
    status_group: StatusGroup,
    deadline: date | None,
    today: date,
    calendar: Calendar,
    thresholds: LightThresholds = LightThresholds(),
    held_since: date | None = None,
    limit_days: int | None = None,
    next_step_on: date | None = None,
) -> LightReading:
    """The light of a problem on `today`.

    `deadline` is the unit's (`unit_deadline`); `held_since` the day of the request that waits, with HELD; `limit_days`
    the length of the limit (`DeadlineRule.length`), None for a short one. A request that waits is 审核中, never red.
    `next_step_on` with a deadline is the open step of 分阶段整改 to be done next: near or missed it is 临期, since only
    the deadline itself is 超期; without a deadline it is the next review of 长期坚持, whose miss is red for the office
    under a name of its own.
    """
    if status_group in _STILL:
        return LightReading(_STILL[status_group], _STILL[status_group].label)
    if status_group is StatusGroup.HELD:
        return _review(held_since, today)
    if deadline is None:
        return _reviewed(next_step_on, today, calendar, thresholds)
    if deadline < today:
        return LightReading(Light.OVERDUE, f"超期 {(today - deadline).days} 天")
    if next_step_on is not None and next_step_on < today:
        return LightReading(Light.SOON, f"阶段逾期 {(today - next_step_on).days} 天")
    by_deadline = _running(deadline, today, calendar, thresholds, limit_days)
    if next_step_on is None or next_step_on >= deadline:
        return by_deadline
    by_step = _running(next_step_on, today, calendar, thresholds, None)
    return by_deadline if by_step.light is Light.NORMAL else LightReading(Light.SOON, f"阶段{by_step.text}")


def _reviewed(review_on: date | None, today: date, calendar: Calendar, thresholds: LightThresholds) -> LightReading:
    """What has no deadline: the office's reviews of 长期坚持, or nothing at all."""
    if review_on is None:
        return LightReading(Light.NORMAL, "无时限")
    if review_on < today:
        return LightReading(Light.REVIEW_MISSED, f"复核超期 {(today - review_on).days} 天")
    if review_on == today:
        return LightReading(Light.SOON, "今日复核")
    soon = calendar.workdays_between(today, review_on) <= thresholds.soon_workdays
    return LightReading(Light.SOON if soon else Light.NORMAL, f"{review_on.month}月{review_on.day}日复核")


def _review(held_since: date | None, today: date) -> LightReading:
    if held_since is None:
        return LightReading(Light.REVIEW, Light.REVIEW.label)
    days = (today - held_since).days
    return LightReading(Light.REVIEW, f"审核 {days} 天" if days > 0 else "今日申请")


def _running(
    deadline: date, today: date, calendar: Calendar, thresholds: LightThresholds, limit_days: int | None
) -> LightReading:
    if deadline == today:
        return LightReading(Light.SOON, "今日到期")
    days, workdays = (deadline - today).days, calendar.workdays_between(today, deadline)
    long_limit = limit_days is not None and limit_days > thresholds.long_limit_days
    soon = workdays <= thresholds.soon_workdays or (long_limit and days <= thresholds.soon_days_long)
    # A named date may fall on a rest day; "剩 0 工作日" would read as due today.
    text = f"剩 {workdays} 工作日" if workdays else f"剩 {days} 天"
    return LightReading(Light.SOON if soon else Light.NORMAL, text)
