"""Put a backup back into an empty place: files first, the database last and in one step, so that nothing is half there.

The rows of a copy go into SQLite as the file they are, into PostgreSQL in one transaction; an older backup is migrated
on the way, and the chain goes on with an entry that says where it was taken up again (law 5).
"""

import os
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.util.exc import CommandError
from sqlalchemy.orm import Session

from actions.database_load import load_rows
from actions.transaction import Caller, Transaction
from actions.upgrade import migrate
from files.backup_archive import DATABASE, SECRET, ArchiveReader, Manifest, opened_archive
from files.digest import file_sha256
from files.storage import EVIDENCE, PAYMENTS
from models.database import open_engine
from models.local_time import moment_text
from models.refusal import Refused
from models.role import Permission
from queries.audit import Head, verify
from queries.audit_files import recorded_files
from queries.database_copy import table_counts
from queries.schema_state import knows_revision
from queries.viewer import viewer_named

STAGING = ".restoring"
_FULL = "恢复没有完成，没有留下任何内容：磁盘空间不足，或目录不能写入。请检查后再恢复。"
_NO_ANSWER = "恢复没有完成，没有留下任何内容：数据库没有应答，或不接收备份里的数据。请检查 DATABASE_URL。"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation is to be."""

    database_url: str
    data_dir: Path
    secret_key_file: Path

    @property
    def sqlite_file(self) -> Path | None:
        """The database's file; None for PostgreSQL."""
        url = sa.make_url(self.database_url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `head` is the one the chain was taken up from, `findings` what did not agree with it."""

    manifest: Manifest
    findings: tuple[str, ...]

    @property
    def head(self) -> str:
        """`SEQ HASH`, as the backup printed it."""
        return self.manifest.head

    @property
    def made_at(self) -> str:
        """When the backup was made, local time."""
        return moment_text(datetime.fromisoformat(self.manifest.made_at))


def restore_backup(
    caller: Caller, file: Path, place: Place, user_name: str | None = None, *, accept_findings: bool = False
) -> Restored:
    """Put the backup `file` into `place`. Who: the terminal; with `user_name`, an admin of the restored record.

    Refused: a place that is not empty, a file that is damaged, altered or of a newer version, and, unless
    `accept_findings`, a record that does not prove itself.
    """
    with _refusing_faults(), opened_archive(file) as archive:
        _check_version(archive.manifest)
        _check_room(archive.manifest, place)
        _check_empty(archive, place)
        with _staged(archive, place) as stage, _database(stage, place, archive.manifest) as connection:
            findings = _findings(connection, archive.manifest)
            if findings and not accept_findings:
                raise Refused(_not_proven(findings))
            _say_so(connection, caller, user_name, archive.manifest, file, findings)
            _put_in_place(stage, archive.manifest, place)
    return Restored(archive.manifest, findings)


# --- before anything is written -------------------------------------------------------------------------------------


def _check_version(manifest: Manifest) -> None:
    if not knows_revision(manifest.revision):
        raise Refused(
            f"这份备份来自更新的版本（{manifest.product_version}，{manifest.revision}），本程序不认识。请先升级程序，再恢复。"
        )


def _check_room(manifest: Manifest, place: Place) -> None:
    """Twice the database: the copy, and the migrated one's journal."""
    needed = sum(file.size * (2 if file.name == DATABASE else 1) for file in manifest.files)
    place.data_dir.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(place.data_dir).free < needed:
        raise Refused(f"磁盘空间不足：恢复约需 {needed / 1_048_576:,.0f} MB。没有恢复任何内容。")


def _check_empty(archive: ArchiveReader, place: Place) -> None:
    """Nothing may be written over. Files that an interrupted restore of the same backup put there are its own."""
    if _has_tables(place):
        raise Refused(
            "这里已经有数据库，备份只能恢复到空的地方。请换一个空的 DATA_DIR 或空的数据库，不要先运行 upgrade。"
        )
    ours = archive.manifest.digests()
    for folder in (PAYMENTS, EVIDENCE):
        for path in (place.data_dir / folder).rglob("*"):
            if path.is_file() and path.relative_to(place.data_dir).as_posix() not in ours:
                raise Refused(f"{folder} 目录里已经有文件，备份只能恢复到空的地方。请换一个空的 DATA_DIR。")
    key = place.secret_key_file
    if key.exists() and key.parent != place.data_dir and file_sha256(key) != ours.get(SECRET):
        raise Refused(f"密钥文件 {key} 已经存在，与备份里的不同。请先移走它，或另设 SECRET_KEY_FILE。")


def _has_tables(place: Place) -> bool:
    file = place.sqlite_file
    if file is not None and not file.exists():
        return False
    engine = sa.create_engine(place.database_url, hide_parameters=True)
    try:
        return bool(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


# --- the files, and the database before anybody sees it -------------------------------------------------------------


@contextmanager
def _staged(archive: ArchiveReader, place: Place) -> Iterator[Path]:
    """Everything unpacked and checked, on the disk it will stay on."""
    stage = place.data_dir / STAGING
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    try:
        archive.unpack(stage)
        _check_copy(stage / DATABASE, archive.manifest)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _check_copy(copy: Path, manifest: Manifest) -> None:
    connection = sqlite3.connect(copy)
    try:
        whole = connection.execute("pragma quick_check").fetchall() == [("ok",)]
        head = connection.execute("select seq, hash from audit_entry order by seq desc limit 1").fetchone()
        (revision,) = connection.execute("select version_num from alembic_version").fetchone()
    finally:
        connection.close()
    same = str(Head(*head) if head else Head.none()) == manifest.head and revision == manifest.revision
    if not whole or not same or table_counts(copy) != manifest.tables:
        raise Refused(f"备份里的“{DATABASE}”与清单不符（校验头、版本或各表行数不同），被改动过，不能恢复。")


@contextmanager
def _database(stage: Path, place: Place, manifest: Manifest) -> Iterator[sa.Connection]:
    """The restored database, migrated, in a transaction that ends with the block; in place only if the block did."""
    file = place.sqlite_file
    url = place.database_url if file is None else f"sqlite:///{stage / DATABASE}"
    engine = open_engine(url).execution_options(write=True)
    try:
        with engine.begin() as connection:
            if file is None:
                migrate(connection, manifest.revision)
                load_rows(connection, stage / DATABASE)
            migrate(connection)
            yield connection
    finally:
        engine.dispose()
    if file is not None:
        _move_database(stage / DATABASE, file)


def _move_database(made: Path, file: Path) -> None:
    """The last step: a whole database takes the place of none."""
    for left in ("-wal", "-shm"):
        Path(f"{file}{left}").unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}{STAGING}")
    shutil.move(made, beside)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(beside, file)


def _put_in_place(stage: Path, manifest: Manifest, place: Place) -> None:
    for file in manifest.files:
        if file.name == DATABASE:
            continue
        target = place.secret_key_file if file.name == SECRET else place.data_dir / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(stage / file.name, target)
    os.sync()


# --- does it prove itself? ------------------------------------------------------------------------------------------


def _findings(connection: sa.Connection, manifest: Manifest) -> tuple[str, ...]:
    """What the record, as it stands after migration, says against itself and against the files."""
    chain = verify(Head.parse(manifest.head), files=False, on=connection)
    digests = manifest.digests()
    files = [what for name, digest, what in recorded_files(connection) if digests.get(name) != digest]
    return (*(finding.sentence for finding in chain.findings), *(f"{what}缺失或被改动过。" for what in files))


def _not_proven(findings: tuple[str, ...]) -> str:
    shown = " ".join(findings[:3])
    return (
        f"备份里的记录与它自己的校验不符，共 {len(findings)} 处，没有恢复任何内容。{shown}"
        " 如果备份之前就已如此、仍要恢复，请加 --accept-findings，不符之处会记入操作记录。"
    )


def _say_so(
    connection: sa.Connection, caller: Caller, user_name: str | None, manifest: Manifest, file: Path,
    findings: tuple[str, ...],
) -> None:  # fmt: skip
    """The first entry after the backup's last: restored from head H."""
    with Session(bind=connection, expire_on_commit=False, autoflush=False) as session:
        viewer = viewer_named(session, user_name, caller.today) if user_name else caller.look_up(session)
        if viewer is None:
            raise Refused(f"备份里没有名为 {user_name} 的账号，或已停用。没有恢复任何内容。")
        tx = Transaction(session, caller, viewer)
        tx.require(Permission.BACKUP)
        tx.record(
            "backup.restore", "backup:*", head=manifest.head, sha256=file_sha256(file), made_at=manifest.made_at,
            revision=manifest.revision, findings=len(findings),
        )  # fmt: skip
        tx.seal()


@contextmanager
def _refusing_faults() -> Generator[None]:
    """A full disk, a database that does not answer, rows that the schema does not take."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise Refused(_FULL) from error
    except (sa.exc.DBAPIError, CommandError) as error:
        raise Refused(
            "恢复没有完成，没有留下任何内容：数据库没有应答，或不接收备份里的数据。请检查 DATABASE_URL。"
        ) from error
