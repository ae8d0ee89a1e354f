"""Figures of the seven days that end with the day asked for: what came, what was closed, what turned red.

Verbs are counted as often as they were done (件次): a problem returned twice is two.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day, moment_text
from models.masking import mask_text
from models.region import ReportingUnit
from models.unit import Unit
from queries.coverage_figures import checked, of_households
from queries.figure import Definition, Rows, Slice
from queries.issue_figures import is_overdue, issue_rows, titles_as_of
from queries.standing import Ask, in_campaign, last_position, standing

DAYS = 7
HEADERS = ("问题编号", "问题", "填报单位", "责任单位", "时间", "说明")


def since(ask: Ask) -> datetime:
    """The first moment of the seven days, UTC."""
    return end_of_day(ask.before(DAYS).as_of)


def events(ask: Ask, *verbs: Verb) -> sa.Select[Any]:
    """Ids of `issue_event` of the verbs done within the seven days in the asked place."""
    return (
        sa.select(IssueEvent.id)
        .where(in_campaign(ask.campaign_id), IssueEvent.verb.in_(verbs))
        .where(IssueEvent.recorded_at >= since(ask), IssueEvent.recorded_at < end_of_day(ask.as_of))
        .where(ask.here(IssueEvent.reporting_unit_id, IssueEvent.town_id, IssueEvent.village_id, IssueEvent.issue_id))
    )


def _size(ask: Ask, query: sa.Select[Any]) -> int:
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)


def _event_rows(ask: Ask, part: Slice, *verbs: Verb) -> Rows:
    query = events(ask, *verbs)
    found = ask.session.execute(
        query.with_only_columns(
            Issue.id, Issue.number, ReportingUnit.name, Unit.name, IssueEvent.recorded_at, IssueEvent.note
        )
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .join(ReportingUnit, ReportingUnit.id == IssueEvent.reporting_unit_id)
        .outerjoin(Unit, Unit.id == IssueEvent.responsible_unit_id)
        .order_by(IssueEvent.recorded_at, IssueEvent.id)
        .offset(part.offset)
        .limit(part.limit)
    ).all()
    titles = titles_as_of(ask, [row[0] for row in found])
    cells = [
        (number, titles[i], place, unit, moment_text(at), mask_text(note) if note else "—")
        for i, number, place, unit, at, note in found
    ]
    return Rows(HEADERS, cells, _size(ask, query), tuple(row[0] for row in found))


def _done(label: str, definition: str, *verbs: Verb) -> Definition:
    return Definition(
        label, "件次", definition, lambda ask: _size(ask, events(ask, *verbs)),
        lambda ask, part: _event_rows(ask, part, *verbs),
    )  # fmt: skip


def newly_overdue(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    """Overdue now, and not seven days before."""
    before = ask.before(DAYS)
    was_overdue = sa.exists().where(
        IssueEvent.issue_id == c.issue_id,
        IssueEvent.position == last_position(IssueEvent.issue_id, before.as_of),
        is_overdue(IssueEvent, before),
    )
    return sa.and_(is_overdue(c, ask), sa.not_(was_overdue))


def still_reopened(ask: Ask) -> int:
    """Problems reopened within the seven days and not closed again: what they take from the closure rate."""
    s = standing(ask)
    reopened = events(ask, Verb.REOPEN).with_only_columns(IssueEvent.issue_id)
    stands_open = sa.and_(s.c.status.in_(IssueStatus.open()), s.c.issue_id.in_(reopened))
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(stands_open)) or 0)


def _count_overdue(ask: Ask) -> int:
    s = standing(ask)
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(newly_overdue(s.c, ask))) or 0)


def _newly_checked(ask: Ask) -> sa.Select[Any]:
    return checked(ask).except_(checked(ask.before(DAYS)))  # type: ignore[return-value]


WEEK_FIGURES: dict[str, Definition] = {
    "submitted_in_week": _done("近七天新登记", "截至日前七天（含当日）提交编号的问题，后来查否的也计。", Verb.SUBMIT),
    "closures_in_week": _done("近七天销号", "截至日前七天（含当日）批准销号的次数。", Verb.APPROVE),
    "returns_in_week": _done("近七天退回整改", "截至日前七天（含当日）验收或审批退回整改的次数。", Verb.RETURN),
    "reopenings_in_week": _done("近七天回头看重开", "截至日前七天（含当日）已销号又重开的次数。", Verb.REOPEN),
    "dismissals_in_week": _done(
        "近七天查否", "截至日前七天（含当日）确认不成立的次数，不计入进度。", Verb.CONFIRM_DISMISSAL
    ),
    "overdue_since_week": Definition(
        "近七天新转超期", "件", "截至日超期、七天前尚未超期的问题。",
        _count_overdue, lambda ask, part: issue_rows(newly_overdue, ask, part),
    ),
    "households_checked_in_week": of_households(
        "近七天新查户数", "截至日已查、七天前尚未查的户；退回重填未再提交的不计。", _newly_checked
    ),
}  # fmt: skip
