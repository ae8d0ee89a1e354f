"""Make a backup: one file with everything, taken while people go on working, read again before it counts."""

import errno
import os
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa

from actions.handout import whole_or_not_there
from actions.transaction import Caller, Transaction, transaction
from actions.upgrade import upgrade_database
from files.backup_archive import (
    DATABASE,
    FORMAT,
    SECRET,
    ArchiveWriter,
    Manifest,
    is_archived_name,
    new_archive,
    opened_archive,
)  # fmt: skip
from files.digest import file_sha256
from files.storage import EVIDENCE, PAYMENTS, Storage
from models.database import Database
from models.local_time import LocalTime
from models.refusal import Refused
from models.role import Permission
from queries.audit import Head
from queries.audit_files import recorded_files
from queries.database_copy import copy_postgresql, copy_sqlite, table_counts
from queries.reading import reading

ROOT = Path(__file__).parent.parent
FULL = "磁盘空间不足，备份没有完成，没有留下半份文件。请腾出空间或换一个目录再备份。"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as it lies there; `size` in bytes. `on_same_disk`: it would be lost together with the data."""

    path: Path
    size: int
    manifest: Manifest
    on_same_disk: bool

    @property
    def summary(self) -> str:
        """One sentence for the terminal."""
        names = [file.name for file in self.manifest.files]
        batches, evidence = (sum(name.startswith(folder) for name in names) for folder in (PAYMENTS, EVIDENCE))
        return (
            f"共 {self.size / 1_048_576:,.1f} MB：{len(self.manifest.tables)} 张表 {self.manifest.rows} 行，"
            f"发放批次 {batches} 个，佐证 {evidence} 份；写完后已逐个文件核对散列值。"
        )


def make_backup(caller: Caller, folder: Path) -> Backup:
    """Write one backup into `folder` of the server, made if it is not there. Who: admin, and the terminal.

    What is committed while it is being made may be in or not, each act whole. The audit entry comes after the file, so
    it is not inside. Refused: no room, a folder that cannot be written, a database that is damaged.
    """
    with reading() as session:
        Transaction(session, caller, caller.look_up(session)).require(Permission.BACKUP)
    with _refusing_disk_faults(), _working_folder(folder) as work:
        made = work / "backup.zip"
        manifest = _write(made, work / DATABASE, caller)
        with opened_archive(made) as archive:
            archive.check()
        target = _keep(made, folder, caller)
    with whole_or_not_there(target), transaction(caller) as tx:
        tx.require(Permission.BACKUP)
        size, same_disk = target.stat().st_size, _is_on_same_disk(folder)
        tx.record(
            "backup.make", "backup:*", file=target.name, bytes=size, sha256=file_sha256(target), head=manifest.head,
            rows=manifest.rows, files=len(manifest.files), findings=len(manifest.findings), same_disk=same_disk,
        )  # fmt: skip
    return Backup(target, size, manifest, same_disk)


def product_version() -> str:
    """The version of this program."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def _write(target: Path, copy: Path, caller: Caller) -> Manifest:
    """First the database, then the files: what its rows name was on the disk before them."""
    if Database.is_sqlite():
        copy_sqlite(copy)
    else:
        upgrade_database(f"sqlite:///{copy}")
        copy_postgresql(copy)
    with new_archive(target) as archive:
        with copy.open("rb") as file:
            archive.add(DATABASE, file)
        archive.add(SECRET, BytesIO(Storage.secret))
        for folder in (Storage.payments(), Storage.evidence()):
            _add_files(archive, folder)
        manifest = _manifest(copy, archive, caller)
        archive.close(manifest)
    return manifest


def _add_files(archive: ArchiveWriter, folder: Path) -> None:
    """Every finished file; one that is erased in this very moment is left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(Storage.data_dir).as_posix()
        if not is_archived_name(name):
            continue
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            archive.add(name, file)


def _manifest(copy: Path, archive: ArchiveWriter, caller: Caller) -> Manifest:
    with closing(sqlite3.connect(copy)) as connection:
        (revision,) = connection.execute("select version_num from alembic_version").fetchone()
        head = connection.execute("select seq, hash from audit_entry order by seq desc limit 1").fetchone()
    return Manifest(
        FORMAT, product_version(), revision, caller.wall.isoformat(timespec="seconds"),
        str(Head(*head) if head else Head.none()), table_counts(copy), tuple(archive.files),
        tuple(file_findings(copy, {file.name: file.sha256 for file in archive.files})),
    )  # fmt: skip


def file_findings(copy: Path, digests: dict[str, str]) -> Iterator[str]:
    """A sentence for each file that the rows of a copy name and that a backup lacks or has with other bytes."""
    engine = sa.create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            for name, digest, what in recorded_files(connection):
                if name not in digests:
                    yield f"{what}不见了。"
                elif digests[name] != digest:
                    yield f"{what}与登记时的散列值不符，被改动过。"
    finally:
        engine.dispose()


@contextmanager
def _working_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder beside the result, for no other disk may have the room; gone afterwards, and those of backups
    that were killed go with it."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".making-*"):
        if not _is_running(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    work = folder / f".making-{os.getpid()}"
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _is_running(process: str) -> bool:
    return process != str(os.getpid()) and Path("/proc", process).exists()


def _keep(made: Path, folder: Path, caller: Caller) -> Path:
    """Its name, by the local time; never over another."""
    stamp = caller.wall.astimezone(LocalTime.zone).strftime("%Y%m%d-%H%M%S")
    target = folder / f"xiaohaotai-{stamp}.zip"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"xiaohaotai-{stamp}-{number}.zip"
    os.rename(made, target)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return target


@contextmanager
def _refusing_disk_faults() -> Iterator[None]:
    """A full disk and an unwritable folder are said in a sentence; nothing half is left by then."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Refused(FULL) from error
        raise Refused("备份目录不能写入，备份没有完成。请检查目录是否存在、是否有写入权限。") from error
    except (sqlite3.Error, sa.exc.DBAPIError) as error:
        raise Refused(f"{FULL}如果空间足够，数据库文件可能已损坏，请保留现场并运行 verify-audit。") from error


def _is_on_same_disk(folder: Path) -> bool:
    return os.stat(folder).st_dev == os.stat(Storage.data_dir).st_dev
