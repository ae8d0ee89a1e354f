"""The restore drill: everything back, row for row, on either database; and what is refused."""

import hashlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions.backup import Backup, make_backup
from actions.held_file import hold_file
from actions.restore import Place, restore_backup
from actions.upgrade import migrate
from files.backup_archive import DATABASE, MANIFEST, SECRET
from files.storage import Storage
from models.audit import AuditEntry
from models.database import Database, open_engine
from models.refusal import Refused
from models.schema import metadata
from queries.audit import Head, audit_head, verify
from queries.reading import reading
from queries.schema_state import newest_revision
from tests.actions.test_evidence import give, photo
from tests.conftest import ROOT, postgres_url
from tests.conftest import SECRET as KEY
from tests.factories import World
from tests.visits import Visits

Rows = dict[str, list[tuple[Any, ...]]]


def live_in(world: World) -> World:
    """Some of everything: roster, draw, payments, a form, a problem with evidence, a draft with a file."""
    Visits.build(world).usual_payments().filled()
    give(world, world.rectifying())
    hold_file(world.caller("office"), f"issue.raise:u{world.users['office']}", photo("green"))
    return world


@pytest.fixture
def lived_in(both_worlds: World) -> World:
    return live_in(both_worlds)


@pytest.fixture
def made(lived_in: World, tmp_path: Path) -> Backup:
    return make_backup(lived_in.terminal(), tmp_path / "backups")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Backup:
    """One backup for all that only look at it or spoil a copy."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copy(empty_sqlite, folder / "test.db")
    Database.open(f"sqlite:///{folder / 'test.db'}")
    Storage.open(folder / "data", KEY)
    backup = make_backup(live_in(World.build()).terminal(), folder / "backups")
    Database.close()
    return backup


@pytest.fixture
def empty_postgres(postgres: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    admin = sa.create_engine(postgres_url(postgres), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("drop database if exists restored with (force)"))
        connection.execute(sa.text("create database restored template template0"))
    yield sa.make_url(postgres_url(postgres)).set(database="restored").render_as_string(hide_password=False)
    Database.close()
    with admin.connect() as connection:
        connection.execute(sa.text("drop database restored with (force)"))
    admin.dispose()


def sqlite_place(folder: Path) -> Place:
    return Place(f"sqlite:///{folder / 'new.db'}", folder, folder / "secret.key")


def rows_of(table: sa.Table) -> list[tuple[Any, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key.columns))]


def all_rows() -> Rows:
    return {table.name: rows_of(table) for table in metadata.sorted_tables}


def all_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("payments", "evidence")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def opened(place: Place) -> None:
    Database.open(place.database_url)
    Storage.open(place.data_dir, place.secret_key_file.read_bytes())


def altered(backup: Path, folder: Path, name: str, change: Callable[[bytes], bytes], then_rehash: bool = False) -> Path:
    """A backup in which one file is another; with `then_rehash` the manifest is made to agree."""
    target = folder / "altered.zip"
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        for entry in old.namelist():
            data = change(old.read(entry)) if entry == name else old.read(entry)
            if entry == name and then_rehash:
                for file in manifest["files"]:
                    if file["name"] == name:
                        file.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
            if entry != MANIFEST:
                new.writestr(entry, data)
        text = json.dumps(manifest)
        new.writestr(MANIFEST, change(text.encode()) if name == MANIFEST else text)
    return target


def with_database(data: bytes, folder: Path, statements: tuple[str, ...]) -> bytes:
    """A copy of the database in which somebody wrote by hand."""
    file = folder / "by_hand.db"
    file.write_bytes(data)
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return file.read_bytes()


def is_untouched(folder: Path) -> bool:
    return not folder.exists() or not [path for path in folder.rglob("*") if path.is_file()]


# --- the drill ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgresql"))])
def test_everything_comes_back_row_for_row_whichever_database_it_was_and_is(
    made: Backup, tmp_path: Path, lived_in: World, kind: str, request: pytest.FixtureRequest
) -> None:
    before, files, head = all_rows(), all_files(Storage.data_dir), made.manifest.head
    place = sqlite_place(tmp_path / "new")
    if kind == "postgres":
        place = Place(request.getfixturevalue("empty_postgres"), place.data_dir, place.secret_key_file)
    restore_backup(lived_in.terminal(), made.path, place)
    opened(place)
    after = all_rows()
    (*entries, restored), (*before_entries, _) = after.pop("audit_entry"), before.pop("audit_entry")
    assert entries == before_entries
    assert [name for name in before if before[name] != after[name]] == []
    assert all_files(place.data_dir) == files
    assert len(files) == 3 and sum(map(len, before.values())) > 100
    assert restored[3:6] == ("backup.restore", "backup:*", restored[5]) and restored[5]["head"] == head
    assert place.secret_key_file.read_bytes() == KEY
    assert verify(Head.parse(head)).findings == ()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgresql"))])
def test_work_goes_on_where_it_was_restored(
    world: World, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    made = make_backup(world.terminal(), tmp_path / "backups")
    place = sqlite_place(tmp_path / "new")
    if kind == "postgres":
        place = Place(request.getfixturevalue("empty_postgres"), place.data_dir, place.secret_key_file)
    restore_backup(world.terminal(), made.path, place)
    opened(place)
    give(world, world.rectifying(), data=photo("blue"))
    assert verify(Head.parse(made.manifest.head)).ok
    with Database.writers() as session, pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.text("update issue_event set recorded_at = recorded_at"))


def test_an_older_backup_is_migrated_in_the_newer_version(world: World, tmp_path: Path) -> None:
    """The database inside is taken back to the first revision, as an older version would have written it."""
    made = make_backup(live_in(world).terminal(), tmp_path / "backups")
    older = tmp_path / "older.db"

    def to_first_revision(data: bytes) -> bytes:
        engine = open_engine(f"sqlite:///{older}")
        with engine.execution_options(write=True).begin() as connection:
            migrate(connection, "2026_11_24_first")
        engine.dispose()
        copy = tmp_path / "newer.db"
        copy.write_bytes(data)
        with closing(sqlite3.connect(older)) as db:
            db.execute("pragma journal_mode=delete")
            db.execute("attach ? as newer", (str(copy),))
            for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
                if table != "alembic_version":
                    names = ", ".join(f'"{row[1]}"' for row in db.execute(f'pragma table_info("{table}")'))
                    db.execute(f'insert into "{table}" ({names}) select {names} from newer."{table}"')
            db.commit()
        return older.read_bytes()

    def as_the_older_version_said(text: bytes) -> bytes:
        manifest = json.loads(text)
        manifest["revision"] = "2026_11_24_first"
        with closing(sqlite3.connect(older)) as db:
            tables = [n for (n,) in db.execute("select name from sqlite_master where type = 'table'")]
        manifest["tables"] = {name: manifest["tables"][name] for name in sorted(tables)}
        return json.dumps(manifest).encode()

    first = altered(made.path, tmp_path, DATABASE, to_first_revision, then_rehash=True)
    backup = altered(first.rename(first.with_name("first.zip")), tmp_path, MANIFEST, as_the_older_version_said)
    before = all_rows()
    place = sqlite_place(tmp_path / "new")
    restore_backup(world.terminal(), backup, place)
    opened(place)
    with reading() as session:
        assert session.scalar(sa.text("select version_num from alembic_version")) == newest_revision()
    kept = {name: rows for name, rows in before.items() if name in _tables_of(older) and name != "audit_entry"}
    assert [name for name, rows in kept.items() if rows_of(metadata.tables[name]) != rows] == []
    assert verify(Head.parse(made.manifest.head)).findings == ()


def _tables_of(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as db:
        return {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}


def test_a_backup_is_one_moment_though_people_write_meanwhile(both_worlds: World, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            both_worlds.registered()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = make_backup(both_worlds.terminal(), tmp_path / "backups")
    finally:
        stop.set()
        writer.join()
    restored = restore_backup(both_worlds.terminal(), made.path, sqlite_place(tmp_path / "new"))
    assert restored.findings == ()


# --- what is told ---------------------------------------------------------------------------------------------------


def test_the_record_says_that_a_backup_was_made_and_with_which_head(world: World, tmp_path: Path) -> None:
    made = make_backup(world.terminal(), tmp_path / "backups")
    with reading() as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.detail["head"]) == ("backup.make", made.manifest.head)
    assert entry.detail["sha256"] == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert int(made.manifest.head.split()[0]) == entry.seq - 1


def test_evidence_that_is_gone_is_said_and_the_rest_is_backed_up_all_the_same(world: World, tmp_path: Path) -> None:
    give(world, world.rectifying())
    next(path for path in Storage.evidence().rglob("*") if path.is_file()).unlink()
    made = make_backup(world.terminal(), tmp_path / "backups")
    assert made.manifest.findings == ("第 1 号佐证的文件不见了。",)
    with pytest.raises(Refused, match="第 1 号佐证的文件"):
        restore_backup(world.terminal(), made.path, sqlite_place(tmp_path / "new"))
    done = restore_backup(world.terminal(), made.path, sqlite_place(tmp_path / "new"), accept_findings=True)
    assert len(done.findings) == 1


def test_only_admin_and_the_terminal_back_up(world: World, tmp_path: Path) -> None:
    make_backup(world.caller("admin"), tmp_path / "backups")
    for name in set(world.users) - {"admin"}:
        with pytest.raises(Refused, match="备份与恢复"):
            make_backup(world.caller(name), tmp_path / "refused")
    assert is_untouched(tmp_path / "refused")


def test_whoever_restores_as_a_user_must_be_an_admin_of_the_restored_record(world: World, tmp_path: Path) -> None:
    made = make_backup(world.terminal(), tmp_path / "backups")
    place = sqlite_place(tmp_path / "new")
    for name in ("office", "nobody"):
        with pytest.raises(Refused):
            restore_backup(world.terminal(), made.path, place, name)
    assert is_untouched(place.data_dir)
    restore_backup(world.terminal(), made.path, place, "admin")


def test_a_backup_is_for_its_owner_only(world: World, tmp_path: Path) -> None:
    made = make_backup(world.terminal(), tmp_path / "backups")
    assert made.path.stat().st_mode & 0o077 == 0


# --- what is refused ------------------------------------------------------------------------------------------------


def test_a_place_that_is_not_empty_is_refused_and_left_as_it_is(world: World, whole: Backup, tmp_path: Path) -> None:
    here = Place(str(Database.engine.url), Storage.data_dir, Storage.data_dir / "secret.key")  # type: ignore[union-attr]
    head = audit_head()
    with pytest.raises(Refused, match="已经有数据库"):
        restore_backup(world.terminal(), whole.path, here)
    assert audit_head() == head
    place = sqlite_place(tmp_path / "new")
    (place.data_dir / "payments").mkdir(parents=True)
    (place.data_dir / "payments" / "somebody's.parquet").write_bytes(b"x")
    with pytest.raises(Refused, match="payments 目录里已经有文件"):
        restore_backup(world.terminal(), whole.path, place)


def test_a_restore_that_was_killed_before_its_last_step_can_be_begun_again(whole: Backup, tmp_path: Path) -> None:
    place = sqlite_place(tmp_path / "new")
    with zipfile.ZipFile(whole.path) as archive:
        archive.extractall(place.data_dir, [n for n in archive.namelist() if n.startswith("evidence/")])
    (place.data_dir / ".restoring").mkdir()
    (place.data_dir / ".restoring" / DATABASE).write_bytes(b"half")
    restore_backup(World().terminal(), whole.path, place)
    assert not (place.data_dir / ".restoring").exists()


@pytest.mark.parametrize("what", ["evidence", "payments", DATABASE, SECRET])
def test_a_changed_byte_is_found_and_the_file_named(whole: Backup, tmp_path: Path, what: str) -> None:
    name = next(file.name for file in whole.manifest.files if file.name.startswith(what))
    backup = altered(whole.path, tmp_path, name, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    place = sqlite_place(tmp_path / "new")
    with pytest.raises(Refused, match=name):
        restore_backup(World().terminal(), backup, place)
    assert is_untouched(place.data_dir)


def test_a_row_changed_by_hand_is_found_though_the_manifest_was_made_to_agree(whole: Backup, tmp_path: Path) -> None:
    backup = altered(
        whole.path, tmp_path, DATABASE,
        lambda data: with_database(data, tmp_path, ("update issue set title = '改过的标题'",)), then_rehash=True,
    )  # fmt: skip
    place = sqlite_place(tmp_path / "new")
    with pytest.raises(Refused, match="“问题”第 1 号"):
        restore_backup(World().terminal(), backup, place)
    assert is_untouched(place.data_dir)


def test_a_file_cut_short_and_a_file_of_another_kind_are_no_backups(whole: Backup, tmp_path: Path) -> None:
    good = whole.path.read_bytes()
    for number, data in enumerate((good[: len(good) // 2], b"", b"PK\x03\x04 nothing", good[100:])):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        with pytest.raises(Refused, match=r"不能恢复|已损坏"):
            restore_backup(World().terminal(), path, sqlite_place(tmp_path / "new"))
    assert is_untouched(tmp_path / "new")


def test_a_name_that_leads_out_of_the_folder_is_refused(whole: Backup, tmp_path: Path) -> None:
    first = whole.manifest.files[2].name
    backup = altered(whole.path, tmp_path, MANIFEST, lambda text: text.replace(first.encode(), b"../../escaped"))
    with pytest.raises(Refused, match="不该有的文件名"):
        restore_backup(World().terminal(), backup, sqlite_place(tmp_path / "new"))


def test_a_backup_from_a_newer_version_is_refused(whole: Backup, tmp_path: Path) -> None:
    newest = newest_revision().encode()
    backup = altered(whole.path, tmp_path, MANIFEST, lambda text: text.replace(newest, b"2031_01_01_later"))
    with pytest.raises(Refused, match="更新的版本"):
        restore_backup(World().terminal(), backup, sqlite_place(tmp_path / "new"))
    backup = altered(whole.path, tmp_path, MANIFEST, lambda text: text.replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(Refused, match="更新的版本"):
        restore_backup(World().terminal(), backup, sqlite_place(tmp_path / "new"))


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_a_disk_that_fills_in_the_middle_leaves_nothing_half(sqlite_world: World, tmp_path: Path, verb: str) -> None:
    """No file of the process may grow past 300 kB: writing fails in the middle, as on a full disk."""
    data = tmp_path / "data"
    Database.close()
    shutil.move(tmp_path / "test.db", data / "xiaohaotai.db")
    target = tmp_path / "target"
    if verb == "restore":
        _manage(data, "backup", str(tmp_path / "backups"))
        words = ("restore", str(next((tmp_path / "backups").iterdir())))
        done = _manage(target, *words, largest=300_000)
    else:
        done = _manage(data, "backup", str(target), largest=300_000)
    assert done.returncode == 1 and "空间不足" in done.stderr and done.stderr.count("\n") == 1
    assert [path.name for path in target.rglob("*") if path.is_file()] == []


def _manage(data: Path, *words: str, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATA_DIR": str(data), "DATABASE_URL": "", "SECRET_KEY_FILE": "", "TODAY": ""}

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True,
        preexec_fn=limit,
    )  # fmt: skip
