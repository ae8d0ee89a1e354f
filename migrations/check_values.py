"""What an enum's CHECK lets into a column, changed in place: for migrations of both databases."""

import re

import sqlalchemy as sa
from alembic import op


def change_values(table: str, column: str, name: str, more: tuple[str, ...] = (), less: tuple[str, ...] = ()) -> None:
    """Another list of values for a column: those it has, and more, or without some."""
    bind, full = op.get_bind(), f"ck_{table}_{name}"
    if bind.dialect.name == "sqlite":
        _rebuild(table, rf"({column} IN \()([^)]*)(\))", more, less)
        return
    said = next(c["sqltext"] for c in sa.inspect(bind).get_check_constraints(table) if c["name"] == full)
    values = [v for v in (*re.findall(r"'([A-Z_]+)'", said), *more) if v not in less]
    op.drop_constraint(op.f(full), table, type_="check")
    op.create_check_constraint(op.f(full), table, f"{column} IN ({', '.join(repr(v) for v in values)})")


def _rebuild(table: str, pattern: str, more: tuple[str, ...], less: tuple[str, ...]) -> None:
    """SQLite alters no CHECK: the same table under the same words, then its rows, its indexes and its triggers again."""
    bind = op.get_bind()
    kept = bind.execute(
        sa.text("select type, sql from sqlite_master where tbl_name = :table and sql is not null"), {"table": table}
    ).all()
    old = next(sql for kind, sql in kept if kind == "table")

    def widened(found: re.Match[str]) -> str:
        values = [v for v in (*re.findall(r"'([A-Z_]+)'", found[2]), *more) if v not in less]
        return found[1] + ", ".join(repr(v) for v in values) + found[3]

    new, changed = re.subn(pattern, widened, old, count=1)
    assert changed == 1, f"no list of values in {table}"
    op.execute(re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", new, count=1))
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for kind, sql in kept:
        if kind in ("index", "trigger"):
            op.execute(sql)
