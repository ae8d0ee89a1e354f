"""One moment of the whole database as one SQLite file, whichever database it is, while everybody goes on working."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from models.database import Database

AT_ONCE = 2_000
"""Rows held in memory."""
VERSION_TABLE = "alembic_version"


def copy_sqlite(target: Path) -> None:
    """A copy of the open SQLite database; `target` must not exist. Writers go on; erased content does not come
    along, as it would in a copy page by page."""
    if Database.engine is None:
        raise RuntimeError("no database is open")
    connection = Database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def copy_postgresql(target: Path) -> None:
    """All rows of the open PostgreSQL database into the SQLite file `target`, which has the same schema.

    Values are written as SQLAlchemy stores them in SQLite, so that the copy is a database of the product.
    """
    if Database.engine is None:
        raise RuntimeError("no database is open")
    source = Database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with source.connect() as connection, closing(sqlite3.connect(target)) as copy, copy:
        copy.execute("begin")
        triggers = _without_triggers(copy)
        for table in sa.inspect(connection).get_table_names():
            if table != VERSION_TABLE:
                _copy_table(connection, copy, table)
        for statement in triggers:
            copy.execute(statement)


def table_counts(copy: Path) -> dict[str, int]:
    """Rows of each table of a SQLite file."""
    with closing(sqlite3.connect(copy)) as connection:
        tables = [name for (name,) in connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        )]  # fmt: skip
        return {name: int(connection.execute(f'select count(*) from "{name}"').fetchone()[0]) for name in tables}


def _copy_table(connection: sa.Connection, copy: sqlite3.Connection, table: str) -> None:
    columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    rows = connection.execute(sa.text(f'select {names} from "{table}"'), execution_options={"yield_per": AT_ONCE})
    for some in rows.partitions():
        copy.executemany(f'insert into "{table}" ({names}) values ({marks})', [[_stored(v) for v in r] for r in some])


def _without_triggers(copy: sqlite3.Connection) -> list[str]:
    """Empty the tables a migration filled; append-only ones need their triggers off. Returns how to make them again."""
    found = copy.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in found:
        copy.execute(f'drop trigger "{name}"')
    for (table,) in copy.execute("select name from sqlite_master where type = 'table'").fetchall():
        if table != VERSION_TABLE and not table.startswith("sqlite_"):
            copy.execute(f'delete from "{table}"')
    return [sql for _, sql in found]


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return bytes(value) if isinstance(value, memoryview) else value
