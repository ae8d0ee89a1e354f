"""Long work: done as whoever asked, one at a time, and either whole or not at all, even when the server is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import job_work
from actions.job import (
    CUT_OFF,
    NOT_ANY_MORE,
    STILL_AT_IT,
    check_again,
    check_file,
    do_again,
    faulty_rows_to_fetch,
    put_away,
    run_next,
    settle,
    take_file,
)
from actions.job_work import JobOptions
from actions.transaction import Caller, transaction
from files.job_folder import JobFolder
from files.storage import Storage
from models.audit import AuditEntry
from models.database import Database
from models.job import Job, JobKind, JobState, JobVerb
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.roster import HouseholdMember, RosterImport
from models.user import Membership, User
from queries.audit import verify
from queries.job import JobRow, job_ahead, last_job
from queries.reading import reading
from queries.viewer import Viewer
from tests.factories import World
from tests.register_files import EIGHT_PAYMENTS_CENTS, FOUR_HOUSEHOLDS, Somebody, payment_file, roster_file

PLAIN = JobOptions()
ROOT = Path(__file__).parent.parent.parent


def workers(world: World) -> Callable[[int | None], Caller]:
    """Callers as the worker makes them."""

    def caller_of(user_id: int | None) -> Caller:
        if user_id is None:
            return Caller(world.now, world.caller("office").today, world.now, terminal="worker")
        return Caller(world.now, world.caller("office").today, world.now, user_id=user_id)

    return caller_of


def work(world: World) -> bool:
    return run_next(workers(world), lambda error: f"事件 {type(error).__name__}")


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        return world.caller(name).look_up(session)


def mine(world: World, name: str = "office", kind: JobKind = JobKind.ROSTER) -> JobRow:
    found = last_job(viewer(world, name), kind, world.campaign_id)
    assert found is not None
    return found


def brought(world: World, path: Path, name: str = "office", options: JobOptions = PLAIN,
            kind: JobKind = JobKind.ROSTER) -> int:  # fmt: skip
    return check_file(world.caller(name), kind, world.campaign_id, BytesIO(path.read_bytes()), path.name, options)


def checked(world: World, path: Path, name: str = "office", options: JobOptions = PLAIN,
            kind: JobKind = JobKind.ROSTER) -> int:  # fmt: skip
    job_id = brought(world, path, name, options, kind)
    assert work(world)
    return job_id


def members() -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(HouseholdMember)) or 0


def test_a_file_is_checked_then_taken_in_and_the_result_stays(both_worlds: World, tmp_path: Path) -> None:
    world = both_worlds
    job_id = checked(world, roster_file(tmp_path / "名册.xlsx"))
    assert (mine(world).state, members()) == (JobState.DONE, 0)
    take_file(world.caller("office"), job_id, skip_faulty=False)
    assert work(world) and not work(world)
    row = mine(world)
    assert row.result is not None and row.result["taken"] == 8 and not row.has_source
    with reading() as session:
        assert session.scalar(sa.select(RosterImport.recorded_by)) == f"user:{world.users['office']}"
    assert verify().ok


def test_a_permission_taken_away_meanwhile_refuses_the_waiting_import(world: World, tmp_path: Path) -> None:
    take_file(world.caller("office"), checked(world, roster_file(tmp_path / "名册.xlsx")), skip_faulty=False)
    with transaction(world.terminal()) as tx:
        held = tx.session.scalar(sa.select(Membership).where(Membership.user_id == world.users["office"]))
        assert held is not None
        held.ended_at, held.ended_by = world.now, "terminal:tests"
        tx.record("grant.end", "user:1")
    work(world)
    assert mine(world).state is JobState.FAILED and "没有“导入名册”的权限" in mine(world).sentence
    assert members() == 0


def test_a_disabled_account_imports_nothing_any_more(world: World, tmp_path: Path) -> None:
    take_file(world.caller("office"), checked(world, roster_file(tmp_path / "名册.xlsx")), skip_faulty=False)
    with transaction(world.terminal()) as tx:
        tx.session.get_one(User, world.users["office"]).disabled_at = world.now
        tx.record("user.disable", "user:1")
    work(world)
    with reading() as session:
        assert session.scalar(sa.select(Job.sentence).order_by(Job.id.desc())) == NOT_ANY_MORE
    assert members() == 0


def test_the_second_waits_its_turn_and_is_told_who_is_at_it(both_worlds: World, tmp_path: Path) -> None:
    world = both_worlds
    brought(world, roster_file(tmp_path / "a.xlsx", FOUR_HOUSEHOLDS[:4]), "office2")
    brought(world, roster_file(tmp_path / "b.xlsx", FOUR_HOUSEHOLDS[4:]), "office")
    ahead = job_ahead(viewer(world, "office"))
    assert ahead is not None and (ahead.person, ahead.is_own) == ("O某某", False)
    assert job_ahead(viewer(world, "inspector")) is None
    assert work(world)
    assert (mine(world, "office2").state, mine(world).state) == (JobState.DONE, JobState.WAITING)
    assert work(world) and mine(world).state is JobState.DONE


def test_the_same_file_twice_at_once_is_taken_in_once(world: World, tmp_path: Path) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    jobs = [(name, checked(world, path, name)) for name in ("office", "office2")]
    for name, job_id in jobs:
        take_file(world.caller(name), job_id, skip_faulty=False)
    assert work(world) and work(world)
    second = mine(world, "office2").result
    assert second is not None and (second["taken"], second["unchanged"], members()) == (0, 8, 8)


def test_nobody_touches_anothers_job(world: World, tmp_path: Path) -> None:
    job_id = checked(world, roster_file(tmp_path / "名册.xlsx", [*FOUR_HOUSEHOLDS, Somebody(51, village="没有村")]))
    other = world.caller("office2")
    for attempt in (
        lambda: take_file(other, job_id, skip_faulty=True), lambda: check_again(other, job_id, JobOptions()),
        lambda: do_again(other, job_id), lambda: put_away(other, job_id), lambda: faulty_rows_to_fetch(other, job_id),
    ):  # fmt: skip
        with pytest.raises(NotFoundOrNotYours):
            attempt()
    assert last_job(viewer(world, "office2"), JobKind.ROSTER, world.campaign_id) is None


def test_one_person_has_one_file_of_a_kind_under_way(world: World, tmp_path: Path) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    first = brought(world, path)
    with pytest.raises(Refused, match=STILL_AT_IT):
        brought(world, path)
    with pytest.raises(Refused, match=STILL_AT_IT):
        put_away(world.caller("office"), first)
    work(world)
    brought(world, path)
    assert len(list((Storage.data_dir / "jobs").iterdir())) == 1, "the former file is let go"


def test_faulty_rows_stay_to_be_fetched_after_the_import(world: World, tmp_path: Path) -> None:
    job_id = checked(world, roster_file(tmp_path / "名册.xlsx", [*FOUR_HOUSEHOLDS, Somebody(51, village="没有村")]))
    job_id = take_file(world.caller("office"), job_id, skip_faulty=True)
    work(world)
    assert (members(), mine(world).has_source) == (8, False)
    assert len(faulty_rows_to_fetch(world.caller("office"), job_id)) == 32


def test_a_fault_of_the_program_keeps_the_file_to_try_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(job_work, "_read", lambda *a, **k: 1 / 0)
        job_id = checked(world, roster_file(tmp_path / "名册.xlsx"))
    assert mine(world).sentence == "事件 ZeroDivisionError"
    do_again(world.caller("office"), job_id)
    work(world)
    assert mine(world).state is JobState.DONE


def test_progress_is_said_while_the_database_is_written(world: World, tmp_path: Path) -> None:
    job_id = checked(world, roster_file(tmp_path / "名册.xlsx"))
    take_file(world.caller("office"), job_id, skip_faulty=False)
    folder = JobFolder(next((Storage.data_dir / "jobs").iterdir()).name)
    said: list[str] = []
    sa.event.listen(Database.engine, "before_cursor_execute", lambda *a: said.append(str(folder.progress())))
    work(world)
    assert any("正在写入" in word and "total=8" in word for word in said)


@pytest.mark.parametrize("kind", [JobKind.ROSTER, JobKind.PAYMENTS])
def test_an_import_killed_in_the_middle_left_nothing_and_is_done_again(
    world: World, tmp_path: Path, kind: JobKind
) -> None:
    roster_file(tmp_path / "名册.xlsx")
    payment_file(tmp_path / "发放.xlsx")
    path = tmp_path / ("名册.xlsx" if kind is JobKind.ROSTER else "发放.xlsx")
    job_id = checked(world, path, options=JobOptions(control_total_cents=EIGHT_PAYMENTS_CENTS), kind=kind)
    take_file(world.caller("office"), job_id, skip_faulty=False)
    entries = verify().entries
    assert killed_while_writing(world, tmp_path)
    settle(workers(world)(None))
    assert mine(world, kind=kind).state is JobState.INTERRUPTED and mine(world, kind=kind).sentence == CUT_OFF
    found = verify()
    assert found.ok and found.entries == entries
    with reading() as session:
        assert not session.scalar(sa.select(sa.func.count()).select_from(RosterImport))
        assert not session.scalar(sa.select(sa.func.count()).select_from(PaymentImport))
    do_again(world.caller("office"), mine(world, kind=kind).id)
    work(world)
    result = mine(world, kind=kind).result
    assert result is not None and result["taken"] == 8 and verify().ok


def killed_while_writing(world: World, folder: Path) -> bool:
    """A process of its own does the waiting job and is killed at the moment it would commit."""
    code = (
        "import os, signal, sys, sqlalchemy as sa\n"
        "from tests.actions.test_job import work\n"
        "from files.storage import Storage\nfrom models.database import Database\nfrom tests.factories import World\n"
        "from tests.conftest import SECRET\n"
        "Database.open(sys.argv[1]); Storage.open(__import__('pathlib').Path(sys.argv[2]), SECRET)\n"
        "world = World(); world.users['office'] = int(sys.argv[3])\n"
        "def dies(conn):\n"
        '    if conn.scalar(sa.text("select count(*) from roster_import")) or '
        'conn.scalar(sa.text("select count(*) from payment_import")):\n'
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "sa.event.listen(Database.engine, 'commit', dies)\n"
        "work(world)\n"
    )
    assert Database.engine is not None
    arguments = [str(Database.engine.url), str(Storage.data_dir), str(world.users["office"])]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kind", [JobKind.ROSTER, JobKind.PAYMENTS])
def test_a_full_disk_leaves_nothing_half_and_the_work_goes_on_when_there_is_room(
    sqlite_world: World, tmp_path: Path, kind: JobKind
) -> None:
    world = sqlite_world
    people = [Somebody(n, household=f"{n:04d}") for n in range(1, 401)]
    roster_file(tmp_path / "名册.xlsx", people)
    payment_file(tmp_path / "发放.xlsx")
    path = tmp_path / ("名册.xlsx" if kind is JobKind.ROSTER else "发放.xlsx")
    job_id = checked(world, path, options=JobOptions(control_total_cents=EIGHT_PAYMENTS_CENTS), kind=kind)
    take_file(world.caller("office"), job_id, skip_faulty=False)
    entries = verify().entries
    in_a_process_of_its_own(world, WITHOUT_ROOM[kind])
    assert (mine(world, kind=kind).state, mine(world, kind=kind).sentence) == (JobState.FAILED, "disk full: True")
    found = verify()
    assert found.ok and found.entries == entries and not list(Storage.payments().glob("*"))
    do_again(world.caller("office"), mine(world, kind=kind).id)
    work(world)
    assert mine(world, kind=kind).state is JobState.DONE and verify().entries == entries + 1


WITHOUT_ROOM = {
    # A roster: the write-ahead log may grow by 64 KB more. Payments: no file may hold more than 1 KB.
    JobKind.ROSTER: "limit = os.path.getsize(Database.engine.url.database + '-wal') + 65_536\n",
    JobKind.PAYMENTS: "limit = 1_024\n",
}


def in_a_process_of_its_own(world: World, limit: str) -> None:
    """Does the waiting job where files may not grow beyond a limit."""
    code = (
        "import os, resource, sys\n"
        "from pathlib import Path\n"
        "from actions import job\n"
        "from files.storage import Storage\nfrom models.database import Database\n"
        "from queries.schema_state import is_disk_full\n"
        "from tests.actions.test_job import workers\n"
        "from tests.conftest import SECRET\nfrom tests.factories import World\n"
        "Database.open(sys.argv[1]); Storage.open(Path(sys.argv[2]), SECRET)\n"
        "world = World(); world.users['office'] = int(sys.argv[3])\n"
        f"{limit}"
        "def with_limit(work):\n"
        "    def limited(*given):\n"
        "        was = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, was[1]))\n"
        "        try:\n"
        "            return work(*given)\n"
        "        finally:\n"
        "            resource.setrlimit(resource.RLIMIT_FSIZE, was)\n"
        "    return limited\n"
        "job.do_work = with_limit(job.do_work)\n"
        "job.run_next(workers(world), lambda error: f'disk full: {is_disk_full(error)}')\n"
    )
    assert Database.engine is not None
    arguments = [str(Database.engine.url), str(Storage.data_dir), str(world.users["office"])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, check=True)


def test_the_litter_of_a_killed_process_is_swept_and_what_is_wanted_stays(world: World, tmp_path: Path) -> None:
    checked(world, roster_file(tmp_path / "名册.xlsx"))
    litter = [Storage.data_dir / "jobs" / "ffffffff" / "source", Storage.payments() / f"{'a' * 64}.parquet",
              Storage.payments() / ".batch-x.tmp", Storage.data_dir / "incoming" / "tmp1" / "preview"]  # fmt: skip
    for path in litter:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"somebody's numbers")
    settle(workers(world)(None))
    assert all(path.exists() for path in litter), "young files may be somebody's who is about to commit"
    for path in (*litter, *(p.parent for p in litter if p.parent.name not in ("payments",))):
        os.utime(path, (0, 0))
    world.now += timedelta(days=1)
    settle(workers(world)(None))
    assert not any(path.exists() for path in litter)
    assert mine(world).has_source


def test_only_imports_of_the_worker_leave_audit_entries_a_job_none(world: World, tmp_path: Path) -> None:
    before = verify().entries
    put_away(world.caller("office"), checked(world, roster_file(tmp_path / "名册.xlsx")))
    assert verify().entries == before
    with reading() as session:
        assert JobVerb.CHECK in session.scalars(sa.select(Job.verb))
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before
