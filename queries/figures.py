"""Every figure of the product, once: label, unit, definition, the count, and the rows it counts, as of a date (law 10).

Screens, Excel and bulletin take figures from here only. 户 is never added to 户次.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from models.issue import IssueSource, IssueStatus
from models.issue_record import Issue, IssueMoney
from models.local_time import end_of_day
from models.money import yuan
from models.problem_type import problem_types
from models.refusal import Refused
from models.role import Permission
from queries.reading import reading
from queries.standing import Ask, spot_of, standing
from queries.viewer import Viewer

OPEN = IssueStatus.open()
ROWS_SHOWN = 5_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked and answered. `value` is a count, 分, or percent with one decimal, cut; None: no base."""

    name: str
    label: str
    unit: str
    definition: str
    value: int | float | None

    @property
    def text(self) -> str:
        """As a screen shows it: 61 件, 29.9%, 3,420.00 元."""
        if self.value is None:
            return "—"
        if self.unit == "分":
            return f"{yuan(int(self.value))} 元"
        return f"{self.value}%" if self.unit == "%" else f"{self.value:,} {self.unit}"


@dataclass(frozen=True, slots=True)
class FigureRows:
    """The rows behind a figure: headers and text cells; `issue_ids` where the rows are problems one may open."""

    figure: Figure
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    issue_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """How a figure is computed and which rows it counts."""

    label: str
    unit: str
    definition: str
    count: Callable[[Ask], int | float | None]
    rows: Callable[[Ask], tuple[tuple[str, ...], list[tuple[Any, ...]]]]


def figures(
    viewer: Viewer, campaign_id: int, today: date, region: str | None = None, as_of: date | None = None,
    names: Iterable[str] | None = None,
) -> dict[str, Figure]:  # fmt: skip
    """All figures, or those named, for a place, as of the end of a local day (default: now).

    Who: those who see the dashboard, each within their region. Raises Refused for others, for a day to come and for an
    unknown place.
    """
    with reading() as session:
        ask = _ask(session, viewer, campaign_id, today, region, as_of)
        wanted = FIGURES if names is None else {name: FIGURES[name] for name in names}
        return {name: _answer(name, d, ask) for name, d in wanted.items()}


def figure_rows(
    viewer: Viewer, campaign_id: int, today: date, name: str, region: str | None = None, as_of: date | None = None
) -> FigureRows:
    """The rows one figure counts, in a fixed order; money figures list the movements."""
    with reading() as session:
        ask = _ask(session, viewer, campaign_id, today, region, as_of)
        definition = FIGURES[name]
        headers, rows = definition.rows(ask)
        ids = tuple(int(row[0]) for row in rows) if headers[:1] == ISSUE_HEADERS[:1] else ()
        texts = tuple(tuple(_text(v) for v in (row[1:] if ids else row)) for row in rows)
        return FigureRows(_answer(name, definition, ask), headers, texts, ids)


def _ask(
    session: Any, viewer: Viewer, campaign_id: int, today: date, region: str | None, as_of: date | None
) -> Ask:  # fmt: skip
    if not viewer.may(Permission.SEE_DASHBOARD):
        raise Refused("您没有“查看驾驶舱”的权限。")
    if as_of is not None and as_of > today:
        raise Refused("截至日期不能晚于今天。")
    return Ask(session, viewer, campaign_id, spot_of(session, region), as_of or today, today)


def _answer(name: str, definition: Definition, ask: Ask) -> Figure:
    return Figure(name, definition.label, definition.unit, definition.definition, definition.count(ask))


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, IssueStatus):
        return value.label
    return value.isoformat() if isinstance(value, date) else str(value)


def percent(done: int, base: int) -> float | None:
    """Percent with one decimal, cut: 29.997 % is not 30.0 %. None without a base."""
    return None if base == 0 else (done * 1000 // base) / 10


# --- problems -----------------------------------------------------------------------------------------------------------

ISSUE_HEADERS = ("问题编号", "问题", "类别", "状态", "整改时限", "涉及金额（元）")
Condition = Callable[[Any, Ask], sa.ColumnElement[bool]]


def _issues(condition: Condition) -> dict[str, Callable[[Ask], Any]]:
    """Count and rows of the problems that satisfy one condition on how they stood."""

    def count(ask: Ask) -> int:
        s = standing(ask)
        return int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(condition(s.c, ask))) or 0)

    def rows(ask: Ask) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        s = standing(ask)
        found = ask.session.execute(
            sa.select(s.c.issue_id, s.c.number, Issue.title, s.c.type_code, s.c.status, s.c.deadline, s.c.amount_cents)
            .join(Issue, Issue.id == s.c.issue_id)
            .where(condition(s.c, ask))
            .order_by(s.c.number)
            .limit(ROWS_SHOWN)
        )
        return ISSUE_HEADERS, [(*r[:3], problem_types()[r[3]].label, *r[4:6], yuan(r[6])) for r in found]

    return {"count": count, "rows": rows}


def _counted(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(c.status.in_(IssueStatus.counted()))


def _is_open(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(c.status.in_(OPEN))


def _is_closed(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(c.status == IssueStatus.CLOSED)


def _is_dismissed(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(c.status == IssueStatus.DISMISSED)


def _is_overdue(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    """Only the responsible unit's clock turns red: a request that waits for the office is not overdue."""
    return sa.and_(c.status == IssueStatus.RECTIFYING, c.deadline < ask.as_of)


def _self_found(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(_counted(c, ask), c.source == IssueSource.SELF_CHECK)


def _closure_rate(ask: Ask) -> float | None:
    closed, base = _issues(_is_closed)["count"](ask), _issues(_counted)["count"](ask)
    return percent(closed, base)


# --- money --------------------------------------------------------------------------------------------------------------


def _money(direction: str) -> dict[str, Callable[[Ask], Any]]:
    def base(ask: Ask) -> sa.Select[Any]:
        return (
            sa.select(IssueMoney)
            .join(Issue, Issue.id == IssueMoney.issue_id)
            .where(
                Issue.campaign_id == ask.campaign_id,
                IssueMoney.direction == direction,
                IssueMoney.recorded_at < end_of_day(ask.as_of),
                ask.here(Issue.reporting_unit_id, Issue.town_id, Issue.village_id),
            )
        )

    def count(ask: Ask) -> int:
        total = base(ask).with_only_columns(sa.func.coalesce(sa.func.sum(IssueMoney.amount_cents), 0))
        return int(ask.session.scalar(total) or 0)

    def rows(ask: Ask) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        found = ask.session.execute(
            base(ask)
            .with_only_columns(
                Issue.number, Issue.title, IssueMoney.moved_on, IssueMoney.voucher, IssueMoney.amount_cents
            )
            .order_by(IssueMoney.id)
            .limit(ROWS_SHOWN)
        )
        return ("编号", "问题", "日期", "凭证", "金额（元）"), [(*r[:4], yuan(r[4])) for r in found]

    return {"count": count, "rows": rows}


# --- the table -----------------------------------------------------------------------------------------------------------

FIGURES: dict[str, Definition] = {
    "issues_total": Definition(
        "问题总数", "件", "已登记编号的问题，不含草稿和查否（不成立）的。", **_issues(_counted)
    ),
    "issues_open": Definition("未销号问题", "件", "待交办、整改中、待验收、待审批的问题。", **_issues(_is_open)),
    "issues_closed": Definition("已销号问题", "件", "由另一人批准销号、且没有重开的问题。", **_issues(_is_closed)),
    "issues_overdue": Definition(
        "超期问题", "件", "整改中且已过整改时限的问题；等办公室审核的时间不计。", **_issues(_is_overdue)
    ),
    "issues_dismissed": Definition("查否问题", "件", "两人确认不成立的问题，单列，不计入进度。", **_issues(_is_dismissed)),
    "issues_by_self_check": Definition(
        "自查自纠发现问题", "件", "来源为自查自纠的问题，不含草稿和查否的。", **_issues(_self_found)
    ),
    "closure_rate": Definition(
        "销号率", "%", "已销号问题 ÷ 问题总数，截到一位小数、不进位；重开的问题不算已销号。",
        count=_closure_rate, rows=_issues(_counted)["rows"],
    ),
    "money_recovered_cents": Definition("已追缴金额", "分", "已登记凭证的追缴金额合计。", **_money("RECOVER")),
    "money_paid_cents": Definition("已补发金额", "分", "已登记凭证的补发金额合计。", **_money("PAY")),
}  # fmt: skip
"""Every figure by name; names are part of the terminal contract."""
