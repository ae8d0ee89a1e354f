"""Long work as people see it: their own job and what came of it, and who is at it while they wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.job_folder import JobFolder, Progress
from models.job import UNFINISHED, Job, JobKind, JobState, JobVerb
from models.unit import Person
from models.user import User
from queries.reading import reading
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class JobRow:
    """A person's own job. `result` as `actions.job_result` packs it; `has_source`: the file is still there."""

    id: int
    kind: JobKind
    verb: JobVerb
    state: JobState
    file_name: str
    options: Mapping[str, Any]
    result: Mapping[str, Any] | None
    sentence: str
    asked_at: datetime
    ended_at: datetime | None
    has_source: bool
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class JobAhead:
    """The job under way: whose, of which kind, how far. Not which file: that may be another office's."""

    person: str
    kind: JobKind
    verb: JobVerb
    progress: Progress | None
    is_own: bool


def last_job(viewer: Viewer, kind: JobKind, campaign_id: int | None) -> JobRow | None:
    """The viewer's own newest job of a kind that they have not put away. Who: whoever asked for it, nobody else."""
    newest = (
        sa.select(Job)
        .where(Job.user_id == viewer.user_id, Job.kind == kind, Job.dismissed_at.is_(None))
        .where(Job.campaign_id == campaign_id if campaign_id else Job.campaign_id.is_(None))
        .order_by(Job.id.desc())
        .limit(1)
    )
    with reading() as session:
        job = session.scalar(newest)
    return None if job is None else _row(job)


def job_ahead(viewer: Viewer) -> JobAhead | None:
    """What is being done right now, or next. Who: whoever may import anything."""
    if not any(viewer.may(kind.permission) for kind in JobKind):
        return None
    first = (
        sa.select(Job, Person.name)
        .join(User, User.id == Job.user_id)
        .join(Person, Person.id == User.person_id)
        .where(Job.state.in_(UNFINISHED))
        .order_by(sa.case((Job.state == JobState.RUNNING, 0), else_=1), Job.id)
        .limit(1)
    )
    with reading() as session:
        found = session.execute(first).first()
    if found is None:
        return None
    job, person = found
    return JobAhead(person, job.kind, job.verb, JobFolder(job.folder).progress(), job.user_id == viewer.user_id)


def folders_wanted(session: Session, since: datetime) -> set[str]:
    """The folders of jobs that wait, run, or ended since then and were not put away."""
    kept = sa.and_(Job.dismissed_at.is_(None), Job.ended_at >= since)
    return set(session.scalars(sa.select(Job.folder).where(sa.or_(Job.state.in_(UNFINISHED), kept))))


def _row(job: Job) -> JobRow:
    folder = JobFolder(job.folder)
    return JobRow(
        job.id, job.kind, job.verb, job.state, job.file_name, job.options, job.result, job.sentence or "",
        job.asked_at, job.ended_at, folder.source.is_file(), folder.progress(),
    )  # fmt: skip
