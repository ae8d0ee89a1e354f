"""Rows of a copy into PostgreSQL, in the transaction of whoever restores."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from models.refusal import Refused
from queries.database_copy import VERSION_TABLE

Convert = Callable[[Any], Any]


def load_rows(connection: sa.Connection, copy: Path) -> None:
    """All rows of the SQLite file `copy` into tables that a migration has just made.

    References between rows are checked when all are there: they may point in any direction. Refused when a value does
    not fit its column.
    """
    tables = [name for name in sa.inspect(connection).get_table_names() if name != VERSION_TABLE]
    references = _without_references(connection)
    with closing(sqlite3.connect(copy)) as source:
        for table in tables:
            try:
                _load_table(connection, source, table)
            except (psycopg.Error, ValueError, TypeError, sqlite3.Error) as error:
                raise Refused(f"备份里的表“{table}”有内容放不进数据库，没有恢复任何内容。") from error
    for statement in references:
        connection.exec_driver_sql(statement)


def _load_table(connection: sa.Connection, source: sqlite3.Connection, table: str) -> None:
    """Append-only tables refuse to be emptied of what the migration put there, so their triggers rest meanwhile."""
    connection.exec_driver_sql(f'alter table "{table}" disable trigger user')
    connection.exec_driver_sql(f'delete from "{table}"')
    converts = {column["name"]: _convert(column["type"]) for column in sa.inspect(connection).get_columns(table)}
    names = ", ".join(f'"{name}"' for name in converts)
    rows: Iterator[tuple[Any, ...]] = source.execute(f'select {names} from "{table}"')
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'copy "{table}" ({names}) from stdin') as into:
        for row in rows:
            into.write_row([v if v is None else c(v) for c, v in zip(converts.values(), row, strict=True)])
    connection.exec_driver_sql(f'alter table "{table}" enable trigger user')
    if "id" in converts:
        _advance_sequence(connection, table)


def _advance_sequence(connection: sa.Connection, table: str) -> None:
    counter = connection.scalar(sa.text("select pg_get_serial_sequence(:table, 'id')"), {"table": f'"{table}"'})
    if counter is not None:
        connection.exec_driver_sql(
            f"select setval('{counter}', coalesce((select max(id) from \"{table}\"), 1), "
            f'exists (select 1 from "{table}"))'
        )


def _without_references(connection: sa.Connection) -> list[str]:
    """Takes the foreign keys away; returns how to make them again, as they were."""
    found = connection.exec_driver_sql(
        "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
        "where contype = 'f' and connamespace = current_schema()::regnamespace order by conrelid, conname"
    ).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f'alter table {table} drop constraint "{name}"')
    return [f'alter table {table} add constraint "{name}" {definition}' for table, name, definition in found]


def _convert(kind: Any) -> Convert:
    """From what SQLite stores to what PostgreSQL takes."""
    if isinstance(kind, sa.DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return bool if isinstance(kind, sa.Boolean) else lambda value: value
