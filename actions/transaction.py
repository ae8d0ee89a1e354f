"""The one owner of transactions: look the person up, check the permission, write, seal it in the chain, commit
(laws 2, 3, 5)."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError

import models.schema  # noqa: F401  a row may refer to any table, whichever pages were opened so far
from models.audit import GENESIS, OUTSIDE_THE_RECORD, AuditEntry, row_digest, row_key
from models.database import Base, Database
from models.refusal import Refused, SignedOut, Stale
from models.role import Permission
from queries.viewer import Viewer, terminal_viewer, viewer_of_session, viewer_of_user

CHAIN_LOCK = 7_202_209
"""Key of PostgreSQL's advisory lock: the chain has one writer at a time, to the commit."""
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls an action, and when. The doors (pages, routes, manage) make it from the session cookie and the
    clock."""

    now: datetime
    today: date
    wall: datetime
    token_hash: str | None = None
    user_id: int | None = None
    terminal: str | None = None

    def look_up(self, session: Session) -> Viewer:
        """The person as they are now. Raises SignedOut when the session is over or the account disabled."""
        viewer: Viewer | None = None
        if self.token_hash is not None:
            viewer = viewer_of_session(session, self.token_hash, self.wall, self.today)
        elif self.user_id is not None:
            viewer = viewer_of_user(session, self.user_id, self.today)
        elif self.terminal is not None:
            viewer = terminal_viewer(self.terminal)
        if viewer is None:
            raise SignedOut
        return viewer


@dataclass(slots=True)
class Transaction:
    """One open transaction. `record` must be called once by every action that writes something."""

    session: Session
    caller: Caller
    viewer: Viewer
    touched: dict[tuple[str, str], Base | None] = field(default_factory=dict)
    sets: list[list[Any]] = field(default_factory=list)
    entry: tuple[str, str, dict[str, Any]] | None = None

    @property
    def now(self) -> datetime:
        """The moment to record, UTC."""
        return self.caller.now

    @property
    def today(self) -> date:
        """The local date."""
        return self.caller.today

    @property
    def person_id(self) -> int:
        """The real person; refused from the terminal, which does nothing to a problem."""
        if self.viewer.person_id is None:
            raise Refused("这件事须由有权限的人登录办理，服务器终端不能代办。")
        return self.viewer.person_id

    def require(self, permission: Permission) -> None:
        """First line of an action: refuse whoever does not hold the permission anywhere."""
        if self.viewer.must_change_password:
            raise Refused("请先修改一次性密码。")
        if not self.viewer.may(permission):
            raise Refused(f"您没有“{permission.label}”的权限。")

    def record(self, action: str, subject: str, **detail: Any) -> None:
        """Name the action for the audit. `detail` holds no identity data."""
        self.entry = (action, subject, detail)

    def next_id(self, table: type[Base]) -> int:
        """The next free id of a table whose rows are written as a set."""
        return int(self.session.scalar(sa.select(sa.func.coalesce(sa.func.max(table.__table__.c.id), 0))) or 0) + 1

    def insert_set(self, model: type[Base], rows: Sequence[dict[str, Any]], column: str, value: int) -> None:
        """Insert many rows with given ids, ascending, sealed as one set: all rows of `model` where `column` =
        `value`."""
        table = sa.inspect(model).local_table
        assert isinstance(table, sa.Table)
        if not rows:
            return
        filled = [{c.name: row.get(c.name) for c in table.columns} for row in rows]
        digest = hashlib.sha256()
        for row in filled:
            digest.update(row_digest(table, row, early=True).encode())
        for start in range(0, len(filled), CHUNK):
            self.session.execute(sa.insert(table), filled[start : start + CHUNK])
        self._advance_sequence(table)
        self.sets.append(["set", table.name, column, value, len(filled), digest.hexdigest()])

    def insert_each(self, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows with given ids that may change later: each is sealed by itself, as if flushed."""
        table = sa.inspect(model).local_table
        assert isinstance(table, sa.Table)
        filled = [{c.name: row.get(c.name) for c in table.columns} for row in rows]
        for start in range(0, len(filled), CHUNK):
            self.session.execute(sa.insert(table), filled[start : start + CHUNK])
        if filled:
            self._advance_sequence(table)
        self.sets += [["row", table.name, row_key(table, row), row_digest(table, row)] for row in filled]

    def _advance_sequence(self, table: sa.Table) -> None:
        if not Database.is_sqlite():
            name = f'"{table.name}"'
            self.session.execute(
                sa.text(f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) from {name}))")
            )

    def head(self) -> tuple[int, str]:
        """Sequence and hash of the last entry before this transaction's own."""
        row = self.session.execute(
            sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
        ).first()
        return (0, GENESIS) if row is None else (row[0], row[1])

    def seal(self) -> None:
        """Write the audit entry: the digest of every row written, chained to the previous entry."""
        self.session.flush()
        writes = [_row_write(key, obj) for key, obj in sorted(self.touched.items(), key=lambda item: item[0])]
        writes += self.sets
        if self.entry is None:
            if writes:
                raise RuntimeError("an action wrote rows without naming itself to the audit")
            return
        action, subject, detail = self.entry
        seq, prev = self.head()
        entry = AuditEntry(
            seq=seq + 1, recorded_at=self.now, actor=self.viewer.actor, action=action, subject=subject, detail=detail,
            writes=writes, prev_hash=prev, hash="",
        )  # fmt: skip
        entry.hash = entry.computed_hash()
        self.session.add(entry)
        self.session.flush()


def _row_write(key: tuple[str, str], obj: Base | None) -> list[Any]:
    if obj is None:
        return ["gone", key[0], key[1]]
    return ["row", key[0], key[1], row_digest(_table(obj), _values(obj))]


def _table(obj: Base) -> sa.Table:
    table = sa.inspect(type(obj)).local_table
    assert isinstance(table, sa.Table)
    return table


def _values(obj: Base) -> dict[str, Any]:
    mapper = sa.inspect(type(obj))
    return {column.name: getattr(obj, mapper.get_property_by_column(column).key) for column in _table(obj).columns}


@contextmanager
def transaction(caller: Caller) -> Iterator[Transaction]:
    """Open, hand out, seal, commit; roll back on any exception. Raises SignedOut, Stale or whatever the action
    refuses with."""
    session = Database.writers()
    try:
        if not Database.is_sqlite():
            session.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
        tx = Transaction(session, caller, caller.look_up(session))
        event.listen(session, "after_flush", lambda s, context: _note(tx, s, context))
        yield tx
        tx.seal()
        session.commit()
    except StaleDataError as error:
        raise Stale("刚才有人先改了这条记录，请看过最新内容后再办。您填写的内容仍在下方。") from error
    except DataError as error:
        raise Refused("填写的内容超出了可以保存的长度或范围，没有保存。请改短后再试。") from error
    except IntegrityError as error:
        raise Refused("这条记录与已有记录冲突，没有保存。请刷新后再试。") from error
    finally:
        session.close()


def _note(tx: Transaction, session: Session, context: UOWTransaction) -> None:
    for obj in (*session.new, *session.dirty, *session.deleted):
        table = _table(obj)
        if table.name in OUTSIDE_THE_RECORD:
            continue
        key = (table.name, row_key(table, _values(obj)))
        tx.touched[key] = None if obj in session.deleted else obj


def who(caller: Caller) -> Viewer:
    """The person as they are now, for a query from the terminal. Raises SignedOut."""
    session = Database.readers()
    try:
        return caller.look_up(session)
    finally:
        session.close()
