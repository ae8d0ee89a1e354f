"""The schema's foundation: naming convention, column types, and how an engine is opened on SQLite and PostgreSQL.

Nothing here commits: transactions belong to `actions.transaction`.
"""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

WAIT_SECONDS = 120
"""How long a writer waits for another on SQLite: a county's roster holds the one lock for some ten seconds."""
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table. Names are singular snake_case; each relation between tables is a foreign key."""

    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite stores it naive; a naive value is refused on the way in."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in, UTC down."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC up, always aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(sa.types.TypeDecorator[Any]):
    """Canonical JSON in a text column: the same bytes on both databases, so that its digest is one."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """A value of plain JSON types."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What was put in."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: one text for one value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def enum_column(enum: type[StrEnum], name: str | None = None) -> sa.Enum:
    """An enum stored by value, with a CHECK that names it; `name` where a table has two columns of one enum."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [m.value for m in members],
        name=name or _snake(enum.__name__),
        length=30,
    )


def not_negative(*columns: str) -> list[sa.CheckConstraint]:
    """CHECKs that the named amounts or counts are never below zero."""
    return [sa.CheckConstraint(f"{c} >= 0", name=f"{c}_not_negative") for c in columns]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def open_engine(url: str) -> Engine:
    """An engine for SQLite (WAL, foreign keys, BEGIN IMMEDIATE for writes) or PostgreSQL (psycopg).

    Parameters are hidden: a logged database error must not carry identity numbers (law 8).
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    arguments = {"timeout": WAIT_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={WAIT_SECONDS * 1000}", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """A write begins IMMEDIATE: a deferred read that turns into a write fails "database is locked" despite the
    timeout."""
    immediate = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Database:
    """The one open database of a process. `open` is called once by app, manage or a test; actions and queries
    ask for sessions."""

    engine: Engine | None = None
    readers: sessionmaker[Session]
    writers: sessionmaker[Session]

    @classmethod
    def open(cls, url: str) -> None:
        """Open `url`; closes what was open before."""
        cls.close()
        cls.engine = open_engine(url)
        cls.readers = sessionmaker(cls.engine, expire_on_commit=False, autoflush=False)
        cls.writers = sessionmaker(cls.engine.execution_options(write=True), expire_on_commit=False, autoflush=False)

    @classmethod
    def close(cls) -> None:
        """Give all connections back."""
        if cls.engine is not None:
            cls.engine.dispose()
            cls.engine = None

    @classmethod
    def is_sqlite(cls) -> bool:
        """Whether the open database is SQLite."""
        return cls.engine is not None and cls.engine.dialect.name == "sqlite"
