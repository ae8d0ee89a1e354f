"""The chain of audit entries: own sequence, previous hash, and a digest of every row an action wrote (design, law 5).

Altered, removed and smuggled-in rows are found by recomputing digests; a cut tail or a rewritten chain by comparing
with a head (sequence, hash) that left the house.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, canonical_json

GENESIS = "0" * 64
OUTSIDE_THE_RECORD = {
    "audit_entry": "the chain itself",
    "session": "who is signed in, changes with every click; sign-ins are entries of their own",
    "signin_attempt": "slows down guessing",
    "draft": "working paper, becomes a record on submission",
    "job": "who waits for what; what was taken in is an entry of its own",
    "bulk_run": "an order over many problems; each problem's own step is an entry of its own",
    "bulk_item": "its results, for the person who gave it",
    "saved_view": "how somebody likes to look at the ledger",
    "digest": "the copy somebody reads of what comes due; that so many were written is an entry",
    "digest_line": "its problems",
    "notice": "the copy somebody reads; that it was sent, and to whom, stands in the problem's history",
}
"""Tables whose rows have no digest, each with the reason."""


class AuditEntry(Base):
    """One action: who, what, on what, and the digest of all it wrote. No identity data, ever."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(80), comment="issue:12, sample:3 …")
    detail: Mapped[dict[str, Any]] = mapped_column(JsonText)
    writes: Mapped[list[list[Any]]] = mapped_column(
        JsonText,
        comment='["row", table, key, digest] · ["gone", table, key] · ["set", table, column, value, count, digest]',
    )
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

    def computed_hash(self) -> str:
        """What `hash` must be, from everything else in the entry."""
        body = {
            "seq": self.seq,
            "recorded_at": _plain(self.recorded_at),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "detail": self.detail,
            "writes": self.writes,
            "prev_hash": self.prev_hash,
        }
        return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def row_key(table: sa.Table, row: Mapping[str, Any]) -> str:
    """The primary key of a row as text."""
    return "|".join(str(_plain(row[c.name])) for c in table.primary_key.columns)


def row_digest(table: sa.Table, row: Mapping[str, Any], *, early: bool = False) -> str:
    """SHA-256 over table name and all filled columns.

    Empty columns are left out, so that a column added later does not change old digests. Columns marked
    `digest: False` never enter (identity data, password hashes); with `early`, columns marked `late` are left out as
    well: rows written as a set are sealed before those are filled.
    """
    values = {name: _plain(value) for name in _digested(table, early) if (value := row[name]) is not None}
    return hashlib.sha256(f"{table.name}|{_encode(values)}".encode()).hexdigest()


@cache
def _digested(table: sa.Table, early: bool) -> tuple[str, ...]:
    """The columns that enter a digest."""
    return tuple(c.name for c in table.columns if c.info.get("digest", True) and not (early and c.info.get("late")))


def late_columns(table: sa.Table) -> tuple[str, ...]:
    """Columns that may be filled once after the row was sealed in a set."""
    return tuple(c.name for c in table.columns if c.info.get("late"))


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""As `canonical_json`, without building an encoder a row."""


def _plain(value: Any) -> Any:
    if type(value) in (str, int, bool, float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value
