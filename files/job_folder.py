"""What lies on disk of a piece of long work: the file it reads, how far it is, and the workbook of its faulty rows.

Progress is a file and not a row: an import holds the one write lock of SQLite to its end, so that nobody, itself
included, could write how far it is.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from files.payment_store import BATCH_NAME
from files.storage import Storage

JUST_MADE = timedelta(hours=1)
"""What is younger may belong to somebody who has not written its row yet: it is nobody's litter."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The last word of a running job; `total` 0: not known yet."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one file on its way in, by a name nobody guesses."""

    name: str

    @classmethod
    def receive(cls, upload: BinaryIO) -> "JobFolder":
        """Keep the bytes of an upload, read from their beginning, whole or not at all."""
        folder = cls(secrets.token_hex(16))
        folder.path.mkdir(parents=True, mode=0o700)
        try:
            upload.seek(0)
            with folder.source.open("wb") as file:
                shutil.copyfileobj(upload, file, 1 << 20)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            folder.remove()
            raise
        return folder

    @property
    def path(self) -> Path:
        return _jobs() / self.name

    @property
    def source(self) -> Path:
        """The file as it came."""
        return self.path / "source"

    @property
    def faults(self) -> Path:
        """The workbook of faulty rows, where there are any. Unmasked: for nobody but whoever brought the file."""
        return self.path / "faults.xlsx"

    def report(self, step: str, done: int, total: int) -> None:
        """Say how far it is. Whoever reads sees the former word or this one; a full disk stops nothing here."""
        with suppress(OSError):
            new = self.path / "progress.new"
            new.write_text(json.dumps([step, done, total]), encoding="utf-8")
            new.replace(self.path / "progress")

    def progress(self) -> Progress | None:
        """The last word; None before the first one and after the end."""
        try:
            return Progress(*json.loads((self.path / "progress").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def drop_source(self) -> None:
        """The file was taken in or is of no use; the faulty rows stay."""
        self.source.unlink(missing_ok=True)
        (self.path / "progress").unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def remove(self) -> None:
        """Everything."""
        shutil.rmtree(self.path, ignore_errors=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no process of this installation does long work. What is marked as running then, is not."""
    Storage.data_dir.mkdir(parents=True, exist_ok=True)
    with (Storage.data_dir / "jobs.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep_jobs(wanted: Collection[str], batches: Collection[str], wall: datetime) -> None:
    """Remove what a killed process left behind: folders of no job in `wanted`, previews, and batches no row names."""
    litter = [folder for folder in _jobs().glob("*") if folder.name not in wanted]
    litter += (Storage.data_dir / "incoming").glob("*")
    litter += Storage.payments().glob(".batch-*.tmp")
    litter += [f for f in Storage.payments().glob("*") if BATCH_NAME.fullmatch(f.name) and f.name not in batches]
    for path in litter:
        with suppress(OSError):
            if wall - datetime.fromtimestamp(path.stat().st_mtime, UTC) < JUST_MADE:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _jobs() -> Path:
    return Storage.data_dir / "jobs"
