"""应追未追、应补未补、追回未缴库: what is still to move, problem by problem, as it stood at the end of a day."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from models.issue_money import Direction, IssueMoney, MoneyStanding, still_open_column
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.money import yuan
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.breakdown import named_places
from queries.figure import Definition, Rows, Slice
from queries.issue_figures import is_counted, titles_as_of
from queries.reading import reading
from queries.standing import Ask, ask_for, standing
from queries.viewer import Viewer

HEADERS = (
    "问题编号", "问题", "填报单位", "镇（办）", "责任单位", "状态", "未追缴（元）", "未补发（元）", "追回未缴库（元）",
)  # fmt: skip
Condition = Callable[[Any], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class PlaceMoney:
    """What is due and done of all problems of one place, 分, dismissed ones left out; `code` narrows a question to it.

    `open_recover`, `open_pay`: what the single problems still owe.
    """

    name: str
    code: str
    money: MoneyStanding
    open_recover: int
    open_pay: int


def _passed_on(ask: Ask) -> sa.Subquery:
    """By problem: of what came back, how much was paid out again or handed in by the end of the day."""
    reissued = sa.case((IssueMoney.is_reissued.is_(True), IssueMoney.amount_cents), else_=0)
    remitted = sa.case((IssueMoney.direction == Direction.REMIT.value, IssueMoney.amount_cents), else_=0)
    return (
        sa.select(IssueMoney.issue_id, sa.func.sum(reissued).label("reissued"), sa.func.sum(remitted).label("remitted"))
        .where(IssueMoney.recorded_at < end_of_day(ask.as_of))
        .group_by(IssueMoney.issue_id)
        .subquery("passed_on")
    )


def owing(ask: Ask) -> sa.Subquery:
    """Every counted problem with what is due, done and open of its money."""
    s, m = standing(ask), _passed_on(ask)
    reissued, remitted = sa.func.coalesce(m.c.reissued, 0), sa.func.coalesce(m.c.remitted, 0)
    return (
        sa.select(
            s.c.issue_id, s.c.number, s.c.status, s.c.reporting_unit_id, s.c.town_id, s.c.responsible_unit_id,
            s.c.to_recover_cents, s.c.recovered_cents, s.c.to_pay_cents, s.c.paid_cents,
            reissued.label("reissued"), remitted.label("remitted"),
            (s.c.recovered_cents - reissued).label("to_remit"),
            still_open_column(s.c.to_recover_cents, s.c.recovered_cents).label("open_recover"),
            still_open_column(s.c.to_pay_cents, s.c.paid_cents).label("open_pay"),
            (s.c.recovered_cents - reissued - remitted).label("open_remit"),
        )
        .select_from(s)
        .outerjoin(m, m.c.issue_id == s.c.issue_id)
        .where(is_counted(s.c, ask))
        .subquery("owing")
    )  # fmt: skip


def _is_partial(c: Any) -> sa.ColumnElement[bool]:
    """`models.issue_money.is_partial` as a condition."""
    return sa.and_(c.status == IssueStatus.CLOSED, c.open_recover + c.open_pay > 0)


def _owes(c: Any) -> sa.ColumnElement[bool]:
    return sa.or_(c.open_recover > 0, c.open_pay > 0, c.open_remit > 0)


def _sums(ask: Ask) -> Any:
    """All that the figures below add up, in one pass."""

    def find() -> Any:
        o = owing(ask).c
        return ask.session.execute(
            sa.select(
                *(sa.func.coalesce(sa.func.sum(o[name]), 0).label(name)
                  for name in ("open_recover", "open_pay", "open_remit", "to_remit")),
                sa.func.count().filter(_is_partial(o)).label("partial"), sa.func.count().filter(_owes(o)).label("owes"),
            )
        ).one()  # fmt: skip

    return ask.once("owing", find)


def _rows(condition: Condition) -> Callable[[Ask, Slice], Rows]:
    def rows(ask: Ask, part: Slice) -> Rows:
        o = owing(ask)
        where = condition(o.c)
        found = ask.session.execute(
            sa.select(
                o.c.issue_id, o.c.number, ReportingUnit.name, Region.short_name, Unit.name, o.c.status,
                o.c.open_recover, o.c.open_pay, o.c.open_remit,
            )
            .select_from(o)
            .join(Issue, Issue.id == o.c.issue_id)
            .join(ReportingUnit, ReportingUnit.id == o.c.reporting_unit_id)
            .outerjoin(Region, Region.id == o.c.town_id)
            .outerjoin(Unit, Unit.id == o.c.responsible_unit_id)
            .where(where)
            .order_by(ReportingUnit.position, Issue.sequence)
            .offset(part.offset)
            .limit(part.limit)
        ).all()  # fmt: skip
        titles = titles_as_of(ask, [row[0] for row in found])
        cells = [(r[1], titles[r[0]], *r[2:6], *(yuan(int(cents)) for cents in r[6:9])) for r in found]
        total = int(ask.session.scalar(sa.select(sa.func.count()).select_from(o).where(where)) or 0)
        return Rows(HEADERS, cells, total, tuple(row[0] for row in found))

    return rows


def _sum(name: str, label: str, definition: str) -> Definition:
    return Definition(label, "分", definition, lambda ask: int(getattr(_sums(ask), name)), _rows(lambda c: c[name] > 0))


OWED_FIGURES: dict[str, Definition] = {
    "money_open_recover_cents": _sum(
        "open_recover", "未追缴金额", "各件应追缴减已追缴的差额合计；已销号的也在内，查否的不计。"
    ),
    "money_open_pay_cents": _sum(
        "open_pay", "未补发金额", "各件应补发减已补发的差额合计；已销号的也在内，查否的不计。"
    ),
    "money_open_remit_cents": _sum(
        "open_remit", "追回未缴库金额",
        "各件已追缴的钱中，没有用于补发、也没有缴入国库或退回专户的部分合计，查否的不计。",
    ),
    "issues_owing": Definition(
        "钱未办清的问题", "件", "应追未追、应补未补或追回未缴库的问题；已销号的也在内，查否的不计。",
        lambda ask: int(_sums(ask).owes), _rows(_owes),
    ),
    "issues_partial": Definition(
        "部分整改问题", "件", "已销号而应追缴或应补发的钱还没有办清的问题；到账办清后不再计入。",
        lambda ask: int(_sums(ask).partial), _rows(_is_partial),
    ),
}  # fmt: skip


def money_by_place(
    viewer: Viewer, campaign_id: int, today: date, region: str | None = None, as_of: date | None = None
) -> tuple[PlaceMoney, ...]:
    """By reporting unit in the office's order; by town where one place is asked for. Who: as `queries.figures.figures`.

    Places without money are left out.
    """
    names = ("to_recover_cents", "recovered_cents", "to_pay_cents", "paid_cents", "reissued", "remitted",
             "open_recover", "open_pay")  # fmt: skip
    with reading() as session:
        ask = ask_for(session, viewer, campaign_id, today, region, as_of)
        o = owing(ask)
        key = o.c.reporting_unit_id if ask.spot.is_everything else o.c.town_id
        sums = {
            row[0]: [int(cents) for cents in row[1:]]
            for row in session.execute(sa.select(key, *(sa.func.sum(o.c[n]) for n in names)).group_by(key))
            if row[0] is not None
        }
        found = defaultdict(lambda: [0] * len(names), sums)
        return tuple(
            PlaceMoney(name, code, MoneyStanding(*found[i][:6]), *found[i][6:])
            for i, name, code in named_places(ask, sums)
            if any(found[i])
        )
