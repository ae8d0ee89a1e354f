"""When was the last backup, and can it be relied on? From the record's own entries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from models.audit import AuditEntry
from models.role import Permission
from queries.reading import reading
from queries.viewer import Viewer

SHOWN = 20
OFTEN_ENOUGH, TOO_OLD = timedelta(hours=26), timedelta(days=7)
"""A backup a night, with two hours to spare; after a week a county would have to enter a week's visits anew."""


class BackupAge(StrEnum):
    """How the last backup stands."""

    FRESH = "FRESH"
    LATE = "LATE"
    TOO_OLD = "TOO_OLD"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup that was made and verified. `made_at` UTC, `size` in bytes, `findings` files missing or altered then."""

    made_at: datetime
    file: str
    size: int
    sha256: str
    head: str
    rows: int
    files: int
    findings: int
    on_same_disk: bool


@dataclass(frozen=True, slots=True)
class Backups:
    """Newest first. `restored_from` is the head of the last restore, if the record was ever restored."""

    rows: tuple[BackupRow, ...]
    restored_from: str | None = None
    restored_at: datetime | None = None

    @property
    def last(self) -> BackupRow | None:
        """The newest."""
        return self.rows[0] if self.rows else None

    def age(self, now: datetime) -> BackupAge:
        """At the moment `now`."""
        if self.last is None:
            return BackupAge.NONE
        since = now - self.last.made_at
        if since > TOO_OLD:
            return BackupAge.TOO_OLD
        return BackupAge.LATE if since > OFTEN_ENOUGH else BackupAge.FRESH


def backups(viewer: Viewer) -> Backups:
    """The last backups. Who: admin and the terminal; nothing for others."""
    if not viewer.may(Permission.BACKUP):
        return Backups(())
    with reading() as session:
        newest = sa.select(AuditEntry).order_by(AuditEntry.seq.desc())
        made = session.scalars(newest.where(AuditEntry.action == "backup.make").limit(SHOWN)).all()
        restored = session.scalars(newest.where(AuditEntry.action == "backup.restore").limit(1)).first()
    rows = tuple(_row(entry) for entry in made)
    return Backups(rows) if restored is None else Backups(rows, restored.detail["head"], restored.recorded_at)


def _row(entry: AuditEntry) -> BackupRow:
    said = entry.detail
    return BackupRow(
        entry.recorded_at, said["file"], said["bytes"], said["sha256"], said["head"], said["rows"], said["files"],
        said["findings"], said["same_disk"],
    )  # fmt: skip
