"""Figures of money, in 分: what is due in each direction, and what moved with a voucher."""

from typing import Any

import sqlalchemy as sa

from models.issue_money import IssueMoney
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.money import yuan
from models.region import ReportingUnit
from queries.figure import Definition, Rows, Slice
from queries.issue_figures import groups, is_counted, titles_as_of
from queries.money_owed import OWED_FIGURES
from queries.standing import Ask, standing

WORDS = {"RECOVER": "追缴", "PAY": "补发", "REMIT": "缴库"}


def _due(direction: str) -> Definition:
    """What the counted problems say is owed."""
    word, column = WORDS[direction], f"to_{direction.lower()}_cents"

    def count(ask: Ask) -> int:
        return sum(getattr(g, column) for g in groups(ask) if g.status in IssueStatus.counted())

    def rows(ask: Ask, part: Slice) -> Rows:
        s = standing(ask)
        cents, done = s.c[column], s.c.recovered_cents if direction == "RECOVER" else s.c.paid_cents
        base = sa.select(s.c.issue_id).select_from(s).where(is_counted(s.c, ask), cents > 0)
        found = ask.session.execute(
            base.with_only_columns(s.c.issue_id, s.c.number, ReportingUnit.name, s.c.status, cents, done)
            .join(Issue, Issue.id == s.c.issue_id)
            .join(ReportingUnit, ReportingUnit.id == s.c.reporting_unit_id)
            .order_by(ReportingUnit.position, Issue.sequence)
            .offset(part.offset)
            .limit(part.limit)
        ).all()
        titles = titles_as_of(ask, [row[0] for row in found])
        headers = ("问题编号", "问题", "填报单位", "状态", f"应{word}金额（元）", f"已{word}金额（元）")
        cells = [(r[1], titles[r[0]], *r[2:4], yuan(r[4]), yuan(r[5])) for r in found]
        return Rows(headers, cells, _size(ask, base), tuple(r[0] for r in found))

    return Definition(f"应{word}金额", "分", f"问题总数所含各件应{word}金额合计，查否的不计。", count, rows)


def _done(direction: str) -> Definition:
    """What moved, each movement with its voucher."""
    word = WORDS[direction]

    def base(ask: Ask) -> sa.Select[Any]:
        return (
            sa.select(IssueMoney.id)
            .join(Issue, Issue.id == IssueMoney.issue_id)
            .where(
                Issue.campaign_id == ask.campaign_id,
                IssueMoney.direction == direction,
                IssueMoney.recorded_at < end_of_day(ask.as_of),
                ask.here(Issue.reporting_unit_id, Issue.town_id, Issue.village_id, Issue.id),
            )
        )

    def count(ask: Ask) -> int:
        total = base(ask).with_only_columns(sa.func.coalesce(sa.func.sum(IssueMoney.amount_cents), 0))
        return int(ask.session.scalar(total) or 0)

    def rows(ask: Ask, part: Slice) -> Rows:
        found = ask.session.execute(
            base(ask)
            .with_only_columns(
                Issue.id,
                Issue.number,
                ReportingUnit.name,
                IssueMoney.moved_on,
                IssueMoney.voucher,
                IssueMoney.amount_cents,
            )
            .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
            .order_by(IssueMoney.id)
            .offset(part.offset)
            .limit(part.limit)
        ).all()
        titles = titles_as_of(ask, [row[0] for row in found])
        headers = ("问题编号", "问题", "填报单位", "日期", "凭证", f"已{word}金额（元）")
        cells = [(r[1], titles[r[0]], *r[2:5], yuan(r[5])) for r in found]
        return Rows(headers, cells, _size(ask, base(ask)), tuple(r[0] for r in found))

    return Definition(f"已{word}金额", "分", f"已登记凭证的{word}金额合计。", count, rows)


def _size(ask: Ask, base: sa.Select[Any]) -> int:
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0)


MONEY_FIGURES: dict[str, Definition] = {
    "money_to_recover_cents": _due("RECOVER"),
    "money_recovered_cents": _done("RECOVER"),
    "money_to_pay_cents": _due("PAY"),
    "money_paid_cents": _done("PAY"),
    "money_remitted_cents": _done("REMIT"),
    **OWED_FIGURES,
}
