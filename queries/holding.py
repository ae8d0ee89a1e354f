"""Who held a problem and how long, read from its events: all rounds, or since the clock of the running one began."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.holding import Handed, Holding, holdings
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.local_time import local_day
from models.unit import Unit
from models.workday import Calendar
from queries.merged import unit_name_at

STARTS = (Verb.ASSIGN, Verb.REOPEN)
"""What starts the responsible unit's clock."""


def holdings_of(session: Session, issue: Issue, calendar: Calendar, today: date) -> tuple[Holding, ...]:
    """All stretches, the earliest first; units by the name they had then."""
    return holdings(_acts(session, issue), calendar, today)


def holdings_of_the_clock(session: Session, issue: Issue, calendar: Calendar, today: date) -> tuple[Holding, ...]:
    """Only those since it was assigned, or reopened, the last time: what 已用 and 审核用时 add up."""
    started = sa.select(sa.func.max(IssueEvent.position)).where(
        IssueEvent.issue_id == issue.id, IssueEvent.verb.in_(STARTS)
    )
    return holdings(_acts(session, issue, session.scalar(started) or 0), calendar, today)


def _acts(session: Session, issue: Issue, first: int = 0) -> list[Handed]:
    rows = session.execute(
        sa.select(IssueEvent.recorded_at, IssueEvent.status, Unit.id, unit_name_at(IssueEvent.recorded_at))
        .select_from(IssueEvent)
        .outerjoin(Unit, Unit.id == IssueEvent.responsible_unit_id)
        .where(IssueEvent.issue_id == issue.id, IssueEvent.position >= first)
        .order_by(IssueEvent.position)
    )
    return [Handed(local_day(at), status, unit_id, unit or "") for at, status, unit_id, unit in rows]
