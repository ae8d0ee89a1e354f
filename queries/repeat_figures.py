"""Figures of 屡查屡犯, problems that repeat an earlier one of whatever campaign, and of 共性问题; as of a day."""

from typing import Any

import sqlalchemy as sa

from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from models.local_time import end_of_day
from queries.common_problem import members_by
from queries.figure import Definition
from queries.issue_figures import Condition, is_counted, issue_rows
from queries.repeat import repeated_among
from queries.standing import Ask, standing


def _is_repeated(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(is_counted(c, ask), c.issue_id.in_(repeated_among(_problems(ask), ask.as_of)))


def _is_common(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    return sa.and_(is_counted(c, ask), c.issue_id.in_(sa.select(members_by(ask.as_of).subquery().c.issue_id)))


def _number(condition: Condition, ask: Ask) -> int:
    s = standing(ask)
    return int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(condition(s.c, ask))) or 0)


def _problems(ask: Ask) -> sa.CTE:
    """All problems of all campaigns that counted at the end of the day, wherever: what may be repeated."""
    record: Any = Issue
    asked = sa.select(Issue.id.label("issue_id"), Issue.registered_on, Issue.told_on)
    if ask.is_past:
        record = IssueEvent
        last = (
            sa.select(IssueEvent.issue_id, sa.func.max(IssueEvent.position).label("position"))
            .where(IssueEvent.recorded_at < end_of_day(ask.as_of))
            .group_by(IssueEvent.issue_id)
            .subquery()
        )
        asked = (
            asked.select_from(IssueEvent)
            .join(last, sa.and_(last.c.issue_id == IssueEvent.issue_id, last.c.position == IssueEvent.position))
            .join(Issue, Issue.id == IssueEvent.issue_id)
        )
    columns = (record.responsible_unit_id, record.type_code, record.village_id, _item(ask).label("item_code"))
    return asked.add_columns(*columns).where(record.status.in_(IssueStatus.counted())).cte("problem")


def _item(ask: Ask) -> Any:
    """The subsidy item as it stood: a later correction is taken back."""
    corrected = sa.type_coerce(IssueEvent.detail, sa.Text).contains('"field":"item_code"', autoescape=True)
    later = ask.session.scalars(
        sa.select(IssueEvent)
        .where(IssueEvent.verb == Verb.CORRECT, corrected, IssueEvent.recorded_at >= end_of_day(ask.as_of))
        .order_by(IssueEvent.position.desc())
    )
    before = {event.issue_id: event.detail["old"] for event in later}
    if not before:
        return Issue.item_code
    return sa.case(*((Issue.id == i, sa.literal(old, sa.String)) for i, old in before.items()), else_=Issue.item_code)


REPEAT_FIGURES: dict[str, Definition] = {
    "issues_common": Definition(
        "列入共性问题的问题", "件", "问题总数中，截至当日归在某个共性问题之下的。",
        lambda ask: _number(_is_common, ask), lambda ask, part: issue_rows(_is_common, ask, part),
    ),
    "issues_repeated": Definition(
        "屡查屡犯问题", "件",
        "问题总数中，登记之日以前已有另一件交办过的问题（不论哪次专项治理，查否的除外）与它同一责任单位同一类别、同一村同一类别、"
        "同一村同一补贴项目、同一人、同一张卡（折）或同一共性问题的。",
        lambda ask: _number(_is_repeated, ask), lambda ask, part: issue_rows(_is_repeated, ask, part),
    ),
}  # fmt: skip
