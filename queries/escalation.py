"""The escalation steps of a campaign: those in force, and which of them were taken on a problem."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.escalation import EscalationSetting, EscalationStep, reached
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueStatus
from queries.reading import reading
from queries.schedule import names_of

STEP = "step"
"""Key of a 督办's detail: the step it took."""


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A version of the steps, by whom and when. `version` 0: nobody has set any."""

    version: int
    steps: tuple[EscalationStep, ...]
    by: str
    recorded_at: datetime | None


def steps_in(session: Session, campaign_id: int) -> tuple[EscalationStep, ...]:
    """The steps in force, the earliest first."""
    last = _last(session, campaign_id)
    return () if last is None else tuple(EscalationStep.parse(step) for step in last.steps)


def escalation_setting(campaign_id: int) -> EscalationRow:
    """The version in force, for whoever wants to change it."""
    with reading() as session:
        last = _last(session, campaign_id)
        if last is None:
            return EscalationRow(0, (), "", None)
        steps = tuple(EscalationStep.parse(step) for step in last.steps)
        return EscalationRow(last.version, steps, names_of(session, [last.recorded_by])[last.recorded_by],
                             last.recorded_at)  # fmt: skip


def steps_to_take(session: Session, issue: Issue, today: date) -> tuple[str, ...]:
    """Names of the steps the problem has come to while it is rectified and that nobody has taken in this round."""
    if issue.status is not IssueStatus.RECTIFYING:
        return ()
    taken = steps_taken(session, [issue.id]).get(issue.id, frozenset())
    found = reached(steps_in(session, issue.campaign_id), issue.deadline, today)
    return tuple(step.name for step in found if step.name not in taken)


def steps_taken(session: Session, issue_ids: list[int]) -> dict[int, frozenset[str]]:
    """Problem → the steps taken by 督办 in its running round."""
    rows = session.execute(
        sa.select(IssueEvent.issue_id, IssueEvent.detail)
        .join(Issue, sa.and_(Issue.id == IssueEvent.issue_id, Issue.round == IssueEvent.round))
        .where(IssueEvent.issue_id.in_(issue_ids), IssueEvent.verb == Verb.SUPERVISE)
    )
    taken: dict[int, frozenset[str]] = {}
    for issue_id, detail in rows:
        if detail.get(STEP):
            taken[issue_id] = taken.get(issue_id, frozenset()) | {str(detail[STEP])}
    return taken


def _last(session: Session, campaign_id: int) -> EscalationSetting | None:
    return session.scalars(
        sa.select(EscalationSetting)
        .where(EscalationSetting.campaign_id == campaign_id)
        .order_by(EscalationSetting.version.desc())
        .limit(1)
    ).first()
