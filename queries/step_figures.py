"""Figures of what has days of its own: measures that are late, reviews of 长期坚持 that were missed; as of a day.

Both read the dated rows themselves, so that what is done today changes nothing of yesterday.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.issue_word import IssueStatus
from models.local_time import end_of_day
from models.measure import IssueMeasure
from models.review import IssueReview, ReviewPlan
from queries.figure import Definition
from queries.issue_figures import Condition, issue_rows
from queries.standing import Ask, standing


def _has_late_measure(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    measure, later = aliased(IssueMeasure), aliased(IssueMeasure)
    changed = sa.exists().where(
        later.issue_id == measure.issue_id, later.line == measure.line, later.version > measure.version,
        later.recorded_at < end_of_day(ask.as_of),
    )  # fmt: skip
    late = sa.exists().where(
        measure.issue_id == c.issue_id, measure.round == c.round, measure.recorded_at < end_of_day(ask.as_of),
        sa.not_(measure.is_dropped), measure.done_on.is_(None), measure.due < ask.as_of, sa.not_(changed),
    )  # fmt: skip
    return sa.and_(c.status == IssueStatus.RECTIFYING, late)


def _missed_review(c: Any, ask: Ask) -> sa.ColumnElement[bool]:
    plan, later = aliased(ReviewPlan), aliased(ReviewPlan)
    known = end_of_day(ask.as_of)
    planned_anew = sa.exists().where(
        later.issue_id == plan.issue_id, later.round == plan.round, later.id > plan.id, later.recorded_at < known
    )
    done = sa.and_(IssueReview.plan_id == plan.id, IssueReview.recorded_at < known)
    last = sa.select(IssueReview.next_on).where(done).order_by(IssueReview.position.desc()).limit(1)
    due = sa.case((sa.exists().where(done), last.scalar_subquery()), else_=plan.first_on)
    missed = sa.exists().where(
        plan.issue_id == c.issue_id, plan.round == c.round, plan.recorded_at < known, plan.times > 0, due < ask.as_of,
        sa.not_(planned_anew),
    )  # fmt: skip
    return sa.and_(c.status == IssueStatus.RECTIFYING, missed)


def _definition(label: str, definition: str, condition: Condition) -> Definition:
    def count(ask: Ask) -> int:
        s = standing(ask)
        return int(ask.session.scalar(sa.select(sa.func.count()).select_from(s).where(condition(s.c, ask))) or 0)

    return Definition(label, "件", definition, count, lambda ask, part: issue_rows(condition, ask, part))


STEP_FIGURES: dict[str, Definition] = {
    "measures_overdue": _definition(
        "措施逾期问题",
        "整改中、措施清单里有应完成日期已过而没有填报完成的措施（含分阶段整改的各步）的问题；与超期问题是两个数。",
        _has_late_measure,
    ),
    "reviews_missed": _definition(
        "未按期复核问题",
        "整改中、长期坚持、办公室应复核的日期已过而没有复核的问题；是办公室的，不计入超期问题。", _missed_review,
    ),
}  # fmt: skip
