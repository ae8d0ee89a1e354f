"""Long work on a file: asked for on a page, done by the worker, one at a time, whoever stays or leaves.

Whoever may import may ask; each job runs as the person who asked, permission looked up anew when it runs. An import is
one transaction: a killed one left nothing, and its file is still there to be taken in from the beginning.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from actions.handout import to_fetch
from actions.importing import file_label, permitted
from actions.job_work import JobOptions, JobOrder, do_work
from actions.transaction import Caller, Transaction, transaction
from files.job_folder import JobFolder, one_at_a_time, sweep_jobs
from files.progress import READING
from models.job import Job, JobKind, JobState, JobVerb
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused, SignedOut
from queries.job import folders_wanted
from queries.reading import reading

KEPT_FOR = timedelta(days=7)
"""How long a file that was checked and not taken in, and a workbook of faulty rows, stay."""
STILL_AT_IT = "您的上一份文件还在处理，请等它完成。"
CUT_OFF = (
    "服务器中途停止。导入只会整份写入：导入记录里有这一份，就是已经导入；没有，就是一行也没有写入。"
    "文件还在，可以重新办理，不会重复。"
)
LEDGER_CUT_OFF = (
    "服务器中途停止。台账逐件收进：已收的记在各问题的办理记录里，没收的还没收。文件还在，可以重新办理，已收的不会重复。"
)
NOT_ANY_MORE = "办理时您的账号已停用，没有导入任何内容。"


def check_file(
    caller: Caller, kind: JobKind, campaign_id: int, upload: BinaryIO, name: str, options: JobOptions
) -> int:
    """Keep an upload and have it checked; the job's id. Who: whoever may import it.

    A former file of the kind that waited to be taken in is let go. Refused while another of theirs is under way.
    """
    viewer = permitted(caller, kind.permission)
    if viewer.user_id is None:
        raise Refused("服务器终端请用 import 直接导入。")
    folder = JobFolder.receive(upload)
    try:
        with transaction(caller) as tx:
            tx.require(kind.permission)
            former = _let_go(tx, kind)
            job = _job(tx, kind, JobVerb.CHECK, campaign_id or None, folder.name, file_label(name), options)
    except BaseException:
        folder.remove()
        raise
    for left in former:
        JobFolder(left).remove()
    return job.id


def check_again(caller: Caller, job_id: int, options: JobOptions) -> int:
    """The same file with other ticks, total or columns. Who: whoever brought it."""
    return _another(caller, job_id, JobVerb.CHECK, options)


def take_file(caller: Caller, job_id: int, skip_faulty: bool) -> int:
    """Take in a file as it was checked. Who: whoever brought it. Refused unless it was checked."""
    with reading() as session:
        job = session.get(Job, job_id)
        if job is None or job.result is None:
            raise Refused("请先检查文件再导入。")
        said = replace(JobOptions.unpacked(job.options), skip_faulty=skip_faulty, mapping=job.result["mapping"])
    return _another(caller, job_id, JobVerb.TAKE, said)


def do_again(caller: Caller, job_id: int) -> int:
    """An interrupted or failed job from its beginning. Who: whoever asked for it."""
    with reading() as session:
        job = session.get(Job, job_id)
        if job is None:
            raise NotFoundOrNotYours("办理")
        verb, said = job.verb, JobOptions.unpacked(job.options)
    return _another(caller, job_id, verb, said)


def put_away(caller: Caller, job_id: int) -> None:
    """Off the screen: the person has seen it. Its file goes, what it wrote stays. Who: whoever asked for it."""
    with transaction(caller) as tx:
        job = _own(tx, job_id)
        if not job.state.has_ended:
            raise Refused(STILL_AT_IT)
        job.dismissed_at = tx.now
    JobFolder(job.folder).remove()


def faulty_rows_to_fetch(caller: Caller, job_id: int) -> str:
    """The workbook of faulty rows waits for the person under a token, which is returned. Who: whoever brought the file.

    It holds what they uploaded, unmasked.
    """
    with reading() as session:
        job = session.get(Job, job_id)
        if job is None or job.user_id != caller.look_up(session).user_id:
            raise NotFoundOrNotYours("办理")
    permitted(caller, job.kind.permission)
    made = JobFolder(job.folder).faults
    if not made.is_file():
        raise Refused("有误的行只保留七天，已经清除。请再检查一次文件。")

    def write(target: Path) -> str:
        target.write_bytes(made.read_bytes())
        return f"{Path(job.file_name).stem[:80]}_有误的行.xlsx"

    return to_fetch(caller, write)


def run_next(caller_of: Callable[[int | None], Caller], incident: Callable[[BaseException], str]) -> bool:
    """Do the oldest waiting job to its end, as the person who asked. Whether there was one. Who: the worker.

    `caller_of` makes the caller for a user's id, None for the worker itself. Waits while another process is at work;
    what is marked as running then had been cut off.
    """
    with one_at_a_time():
        job = _claim(caller_of(None))
        if job is None:
            return False
        JobFolder(job.folder).report(READING, 0, 0)
        end = _outcome(job, caller_of, incident)
        if end.is_over:
            JobFolder(job.folder).drop_source()
        with transaction(caller_of(None)) as tx:
            row = tx.session.get_one(Job, job.id)
            row.state, row.result, row.sentence, row.ended_at = end.state, end.result, end.sentence, tx.now
    return True


def settle(caller: Caller) -> None:
    """At start-up: what a killed process was at is marked as cut off, its litter removed. Who: the worker."""
    with one_at_a_time():
        with transaction(caller) as tx:
            _cut_off(tx)
        with reading() as session:
            wanted = folders_wanted(session, caller.now - KEPT_FOR)
            batches = set(session.scalars(sa.select(PaymentImport.batch_file)))
        sweep_jobs(wanted, batches, caller.wall)


@dataclass(frozen=True, slots=True)
class _End:
    """How a job ended. `is_over`: its file is of no further use."""

    state: JobState
    result: dict[str, Any] | None = None
    sentence: str | None = None
    is_over: bool = False


def _outcome(job: Job, caller_of: Callable[[int | None], Caller], incident: Callable[[BaseException], str]) -> _End:
    order = JobOrder(job.kind, job.verb, job.campaign_id or 0, job.file_name, JobOptions.unpacked(job.options))
    try:
        result = do_work(caller_of(job.user_id), order, JobFolder(job.folder))
    except SignedOut:
        return _End(JobState.FAILED, sentence=NOT_ANY_MORE, is_over=True)
    except Refused as refused:
        return _End(JobState.FAILED, sentence=str(refused), is_over=True)
    except Exception as error:
        return _End(JobState.FAILED, sentence=incident(error))
    taken = job.verb is JobVerb.TAKE and not result.result.is_refused
    return _End(JobState.DONE, result.packed(), is_over=taken)


def _claim(worker: Caller) -> Job | None:
    with transaction(worker) as tx:
        _cut_off(tx)
        job = tx.session.scalar(sa.select(Job).where(Job.state == JobState.WAITING).order_by(Job.id).limit(1))
        if job is not None:
            job.state, job.started_at = JobState.RUNNING, tx.now
        return job


def _cut_off(tx: Transaction) -> None:
    """Nobody is at work: whoever holds `one_at_a_time` knows."""
    said = sa.case((Job.kind == JobKind.LEDGER, LEDGER_CUT_OFF), else_=CUT_OFF)
    tx.session.execute(
        sa.update(Job)
        .where(Job.state == JobState.RUNNING)
        .values(state=JobState.INTERRUPTED, sentence=said, ended_at=tx.now)
    )


def _another(caller: Caller, job_id: int, verb: JobVerb, options: JobOptions) -> int:
    """Another piece of work on the file of a job that ended."""
    with transaction(caller) as tx:
        former = _own(tx, job_id)
        tx.require(former.kind.permission)
        if not former.state.has_ended:
            raise Refused(STILL_AT_IT)
        if former.dismissed_at is not None or not JobFolder(former.folder).source.is_file():
            raise Refused("这份文件已经办完或清除，请重新选择文件。")
        former.dismissed_at = tx.now
        job = _job(tx, former.kind, verb, former.campaign_id, former.folder, former.file_name, options)
    return job.id


def _job(
    tx: Transaction, kind: JobKind, verb: JobVerb, campaign_id: int | None, folder: str, name: str, options: JobOptions
) -> Job:
    """A waiting job of the caller's."""
    job = Job(
        kind=kind, verb=verb, campaign_id=campaign_id, user_id=tx.viewer.user_id, state=JobState.WAITING, folder=folder,
        file_name=name, options=options.packed(), asked_at=tx.now,
    )  # fmt: skip
    tx.session.add(job)
    tx.session.flush()
    return job


def _own(tx: Transaction, job_id: int) -> Job:
    job = tx.session.get(Job, job_id)
    if job is None or job.user_id != tx.viewer.user_id:
        raise NotFoundOrNotYours("办理")
    return job


def _let_go(tx: Transaction, kind: JobKind) -> tuple[str, ...]:
    """The caller's former jobs of a kind, put away; the folders that go with them."""
    own = sa.select(Job).where(Job.user_id == tx.viewer.user_id, Job.kind == kind, Job.dismissed_at.is_(None))
    former = tx.session.scalars(own).all()
    if any(not job.state.has_ended for job in former):
        raise Refused(STILL_AT_IT)
    for job in former:
        job.dismissed_at = tx.now
    return tuple(job.folder for job in former)
