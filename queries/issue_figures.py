"""Figures of problems: how many stand how, and the problems themselves.

All counts come from one pass over the standing, grouped by what the figures tell apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueSource, IssueStatus
from models.local_time import end_of_day
from models.masking import mask_text
from models.money import yuan
from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.carry_over import carried_ids
from queries.figure import Definition, Rows, Slice, percent
from queries.issue_place import place_counts
from queries.merged import short_name_on
from queries.standing import Ask, standing

OPEN, COUNTED = IssueStatus.open(), IssueStatus.counted()
HEADERS = (
    "问题编号", "问题", "类别", "填报单位", "镇（办）", "村（居）", "责任单位", "状态", "整改时限", "涉及金额（元）",
)  # fmt: skip
DAYS_OVERDUE = "超期（日历日）"
Condition = Callable[[Any, Ask], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Group:
    """Problems that the figures do not tell apart: how many, what is due, the earliest deadline."""

    status: IssueStatus
    self_found: bool
    late: bool
    on_time: bool
    count: int
    to_recover_cents: int
    to_pay_cents: int
    earliest: date | None


def groups(ask: Ask) -> Sequence[Group]:
    """The one pass. `late`: past the deadline in force on the day, whatever the status."""
    return ask.once("issue_groups", lambda: _groups(ask))


def _groups(ask: Ask) -> list[Group]:
    s = standing(ask).c
    keys = (
        s.status,
        _flag(s.source == IssueSource.SELF_CHECK),
        _flag(s.deadline < ask.as_of),
        _flag(s.closed_on_time.is_(True)),
    )
    sums = (sa.func.count(), sa.func.sum(s.to_recover_cents), sa.func.sum(s.to_pay_cents), sa.func.min(s.deadline))
    numbers: list[sa.ColumnElement[int]] = [sa.literal_column(str(position)) for position in range(1, len(keys) + 1)]
    return [
        Group(row[0], bool(row[1]), bool(row[2]), bool(row[3]), row[4], int(row[5]), int(row[6]), row[7])
        for row in ask.session.execute(sa.select(*keys, *sums).group_by(*numbers))
    ]


def _flag(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)


def is_counted(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    """Registered and not dismissed."""
    return sa.and_(c.status.in_(COUNTED))


def is_overdue(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    """Only the responsible unit's clock turns red: a request that waits for the office is not overdue."""
    return sa.and_(c.status == IssueStatus.RECTIFYING, c.deadline < ask.as_of)


def _in(*statuses: IssueStatus) -> Condition:
    return lambda c, ask: sa.and_(c.status.in_(statuses))


def _self_found(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(is_counted(c, ask), c.source == IssueSource.SELF_CHECK)


def _closed_on_time(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(c.status == IssueStatus.CLOSED, c.closed_on_time.is_(True))


def _total(ask: Ask, which: Callable[[Group], bool]) -> int:
    return sum(g.count for g in groups(ask) if which(g))


def _is_late(g: Group) -> bool:
    return g.status is IssueStatus.RECTIFYING and g.late


def closed_of_counted(ask: Ask) -> tuple[int, int]:
    """Closed problems and the base of the rate."""
    closed = _total(ask, lambda g: g.status is IssueStatus.CLOSED)
    return closed, _total(ask, lambda g: g.status in COUNTED)


def _longest_overdue(ask: Ask) -> int:
    days = [(ask.as_of - g.earliest).days for g in groups(ask) if _is_late(g) and g.earliest is not None]
    return max(days, default=0)


def _is_carried_over(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    """Still open here, and a problem of another campaign by the end of the day."""
    return sa.and_(c.status.in_(OPEN), c.issue_id.in_(carried_ids(ask.as_of)))


def _carried_over(ask: Ask) -> int:
    s = standing(ask)
    found = sa.select(sa.func.count()).select_from(s).where(_is_carried_over(s.c, ask))
    return int(ask.session.scalar(found) or 0)


# --- the problems behind a figure -----------------------------------------------------------------------------------


def issue_rows(condition: Condition, ask: Ask, part: Slice, worst_first: bool = False) -> Rows:
    """The problems that satisfy a condition, by reporting unit and number, as they stood; titles masked.

    `worst_first`: the earliest deadline before that.
    """
    s = standing(ask)
    where = condition(s.c, ask)
    total = int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(where)) or 0)
    order = ([s.c.deadline] if worst_first else []) + [ReportingUnit.position, Issue.sequence]
    found = ask.session.execute(_listing(s, where, part).order_by(*order)).all()
    titles = titles_as_of(ask, [row[0] for row in found])
    several = place_counts(ask.session, [row[0] for row in found], ask.as_of)
    cells = [
        (number, titles[i], problem_types()[kind].label, unit, town, several[i].named(village or "") if i in several
         else village, holder, status, due, yuan(cents))
        for i, number, kind, unit, town, village, holder, status, due, cents in found
    ]  # fmt: skip
    return Rows(HEADERS, cells, total, tuple(row[0] for row in found))


def _listing(s: sa.Subquery, where: sa.ColumnElement[bool], part: Slice) -> sa.Select[Any]:
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    return (
        sa.select(
            s.c.issue_id, s.c.number, s.c.type_code, ReportingUnit.name, short_name_on(town, day),
            short_name_on(village, day), Unit.name, s.c.status, s.c.deadline, s.c.amount_cents,
        )
        .select_from(s)
        .join(Issue, Issue.id == s.c.issue_id)
        .join(ReportingUnit, ReportingUnit.id == s.c.reporting_unit_id)
        .outerjoin(town, town.id == s.c.town_id)
        .outerjoin(village, village.id == s.c.village_id)
        .outerjoin(Unit, Unit.id == s.c.responsible_unit_id)
        .where(where)
        .offset(part.offset)
        .limit(part.limit)
    )  # fmt: skip


def overdue_rows(ask: Ask, part: Slice) -> Rows:
    """What is overdue, the longest first, with the calendar days beside the deadline."""
    found = issue_rows(is_overdue, ask, part, worst_first=True)
    at = HEADERS.index("整改时限")
    cells = [(*row[: at + 1], (ask.as_of - row[at]).days, *row[at + 1 :]) for row in found.cells]
    return Rows((*HEADERS[: at + 1], DAYS_OVERDUE, *HEADERS[at + 1 :]), cells, found.total, found.issue_ids)


def titles_as_of(ask: Ask, issue_ids: Sequence[int]) -> Mapping[int, str]:
    """Masked titles as they read at the end of the day: a later correction is taken back."""
    found = ask.session.execute(sa.select(Issue.id, Issue.title).where(Issue.id.in_(issue_ids)))
    titles = {issue_id: title for issue_id, title in found}
    corrected = sa.type_coerce(IssueEvent.detail, sa.Text).contains('"field":"title"', autoescape=True)
    later = ask.session.scalars(
        sa.select(IssueEvent)
        .where(IssueEvent.issue_id.in_(issue_ids), IssueEvent.verb == Verb.CORRECT, corrected)
        .where(IssueEvent.recorded_at >= end_of_day(ask.as_of))
        .order_by(IssueEvent.position.desc())
    )
    for event in later:
        titles[event.issue_id] = event.detail["old"]
    return {issue_id: mask_text(title) for issue_id, title in titles.items()}


def _figure(
    label: str, definition: str, which: Callable[[Group], bool], condition: Condition, unit: str = "件"
) -> Definition:
    return Definition(
        label, unit, definition, lambda ask: _total(ask, which), lambda ask, part: issue_rows(condition, ask, part)
    )


def _standing_at(status: IssueStatus, definition: str) -> Definition:
    return _figure(f"{status.label}问题", definition, lambda g: g.status is status, _in(status))


ISSUE_FIGURES: dict[str, Definition] = {
    "issues_total": _figure(
        "问题总数", "已登记编号的问题，不含草稿和查否（不成立）的。", lambda g: g.status in COUNTED, is_counted
    ),
    "issues_open": _figure(
        "未销号问题", "待交办、整改中、待验收、待审批的问题。", lambda g: g.status in OPEN, _in(*OPEN)
    ),
    "issues_registered": _standing_at(IssueStatus.REGISTERED, "已登记编号、等办公室交办的问题。"),
    "issues_rectifying": _standing_at(IssueStatus.RECTIFYING, "已交办、责任单位在办的问题。"),
    "issues_acceptance": _standing_at(IssueStatus.ACCEPTANCE, "已申请销号、等检查组或办公室验收的问题。"),
    "issues_approval": _standing_at(IssueStatus.APPROVAL, "已验收、等有权人批准的问题。"),
    "issues_closed": _standing_at(IssueStatus.CLOSED, "由另一人批准销号、且没有重开的问题。"),
    "issues_closed_on_time": _figure(
        "按期销号问题", "已销号问题中，验收通过的那次申请在首次时限（加办公室审核占用的工作日）之内提出的。",
        lambda g: g.status is IssueStatus.CLOSED and g.on_time, _closed_on_time,
    ),
    "issues_overdue": Definition(
        "超期问题", "件", "整改中且已过整改时限的问题；等办公室审核的时间不计。", lambda ask: _total(ask, _is_late),
        overdue_rows,
    ),
    "longest_overdue_days": Definition(
        "最长超期天数", "天", "超期问题中，时限最早的一件已超过多少日历日；没有超期问题为 0。",
        _longest_overdue, overdue_rows,
    ),
    "issues_dismissed": _figure(
        "查否问题", "两人确认不成立的问题（含并入其他问题的），单列，不计入进度。",
        lambda g: g.status is IssueStatus.DISMISSED, _in(IssueStatus.DISMISSED),
    ),
    "issues_by_self_check": _figure(
        "自查自纠发现问题", "来源为自查自纠的问题，不含草稿和查否的。",
        lambda g: g.status in COUNTED and g.self_found, _self_found,
    ),
    "issues_carried_over": Definition(
        "已结转问题", "件", "收尾时结转到另一项专项治理的问题；在本项里仍算未销号，不算销号，也不再算超期。",
        _carried_over, lambda ask, part: issue_rows(_is_carried_over, ask, part),
    ),
    "closure_rate": Definition(
        "销号率", "%", "已销号问题 ÷ 问题总数，截到一位小数、不进位；重开的问题不算已销号。",
        lambda ask: percent(*closed_of_counted(ask)), lambda ask, part: issue_rows(is_counted, ask, part),
    ),
}  # fmt: skip
