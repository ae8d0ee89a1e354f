"""已办: what the person did last to each problem, and when; people look for what they did, the latest on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.issue import Verb
from models.issue_record import IssueEvent
from models.local_time import local, local_day
from queries.scope import Condition
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class LastAct:
    """One's own last verb on a problem; what was done standing in for somebody counts, and for whom one was away."""

    at: datetime
    verb: str

    @property
    def text(self) -> str:
        """9月15日 16:20 批准销号."""
        day = local_day(self.at)
        words = Verb(self.verb).label if self.verb in set(Verb) else "登记"
        return f"{day.month}月{day.day}日 {local(self.at):%H:%M} {words}"


def last_by(viewer: Viewer) -> sa.Subquery:
    """issue_id, last: the id of the viewer's last event on each problem; ids grow with time."""
    return (
        sa.select(IssueEvent.issue_id, sa.func.max(IssueEvent.id).label("last"))
        .where(_mine(viewer))
        .group_by(IssueEvent.issue_id)
        .subquery("last_by")
    )


def last_acts(session: Session, viewer: Viewer, issue_ids: Sequence[int]) -> Mapping[int, LastAct]:
    """By problem; nothing for those the viewer did nothing to."""
    last = sa.select(sa.func.max(IssueEvent.id)).where(_mine(viewer), IssueEvent.issue_id.in_(issue_ids))
    rows = session.execute(
        sa.select(IssueEvent.issue_id, IssueEvent.recorded_at, IssueEvent.verb).where(
            IssueEvent.id.in_(last.group_by(IssueEvent.issue_id))
        )
    )
    return {issue_id: LastAct(at, verb) for issue_id, at, verb in rows}


def _mine(viewer: Viewer) -> Condition:
    person = viewer.person_id or 0
    return sa.or_(IssueEvent.person_id == person, IssueEvent.stood_in_for_id == person)
