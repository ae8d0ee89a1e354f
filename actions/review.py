"""长期坚持: the office reviews whether it holds, at the days set on assignment."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.issue_step import Step, required_text, step
from actions.transaction import Caller
from models.issue import Verb
from models.issue_word import Nature
from models.local_time import day_text, iso_day
from models.refusal import Refused
from models.review import LONGEST_INTERVAL, IssueReview, ReviewOrder, ReviewPlan
from queries.review import review_standing


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """What a review found. `next_on` None: after the planned interval, on the next working day."""

    is_held: bool
    finding: str
    next_on: date | None = None


def review(caller: Caller, issue_id: int, done: ReviewDone, version: int | None = None) -> date | None:
    """Record a review 阶段复核. Who: office outside the responsible unit, who wrote nothing of this round.

    Returns the day of the next one; None when all that had to be held were: now the unit asks for 销号 as usual. One
    that holds counts on its day or later, one that does not is recorded any day. Raises Refused for a next day that is
    not to come or more than a year away.
    """
    with step(caller, Verb.REVIEW, issue_id, version) as now:
        issue, today = now.issue, now.tx.today
        standing = review_standing(now.tx.session, issue)
        plan, due = standing.plan, issue.next_step_on
        assert plan is not None and due is not None  # the rules refuse a problem without reviews to come
        if done.is_held and today < due:
            raise Refused(f"复核日期是{day_text(due)}，到期前不能记为保持；发现反弹的，可以随时记“没有保持”。")
        is_last = done.is_held and standing.held + 1 >= plan.times
        issue.next_step_on = None if is_last else _next_day(now, plan, done.next_on)
        now.note = required_text(done.finding, "复核发现", least=5, most=2000)
        now.tx.session.add(
            IssueReview(
                plan_id=plan.id, position=standing.last_position + 1, due_on=due, reviewed_on=today,
                is_held=done.is_held, finding=now.note, next_on=issue.next_step_on, person_id=now.tx.person_id,
                stood_in_for_id=now.stood_in_for_id, recorded_at=now.tx.now,
            )
        )  # fmt: skip
        now.detail = {
            "held": done.is_held, "count": standing.held + done.is_held, "times": plan.times,
            "next_on": iso_day(issue.next_step_on),
        }  # fmt: skip
    return issue.next_step_on


def plan_reviews(now: Step, order: ReviewOrder | None, nature: Nature) -> None:
    """Set the reviews of a round, after its measures. Raises Refused where 长期坚持 has none."""
    issue, tx = now.issue, now.tx
    if nature is not Nature.SUSTAINED:
        if review_standing(tx.session, issue).plan is not None:
            tx.session.add(_plan(now, tx.today, 0, 0))  # assigned anew in the same round
        return
    if order is None:
        raise Refused("长期坚持的问题，请设定首次复核日期、复核间隔和复核次数。")
    order.check(tx.today)
    tx.session.add(_plan(now, order.first_on, order.every_days, order.times))
    issue.next_step_on = order.first_on


def _plan(now: Step, first_on: date, every_days: int, times: int) -> ReviewPlan:
    return ReviewPlan(
        issue_id=now.issue.id, round=now.issue.round, first_on=first_on, every_days=every_days, times=times,
        person_id=now.tx.person_id, recorded_at=now.tx.now,
    )  # fmt: skip


def _next_day(now: Step, plan: ReviewPlan, named: date | None) -> date:
    today = now.tx.today
    if named is None:
        return now.calendar.workday_from(today + timedelta(days=plan.every_days))[0]
    if named <= today:
        raise Refused(f"下次复核日期{day_text(named)}须晚于今天。")
    if (named - today).days > LONGEST_INTERVAL:
        raise Refused(f"下次复核日期{day_text(named)}太远：最多 {LONGEST_INTERVAL} 天以后。")
    return named
