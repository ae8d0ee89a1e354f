"""problems that came by letter: two more sources, sender, document number and date"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_documents"
down_revision = "2026_11_24_county"
branch_labels = None
depends_on = None

BEFORE = (
    *("SELF_CHECK", "INSPECTION", "SUPERVISION", "COVERT", "TIP", "CROSS_CHECK", "SPECIAL_AUDIT", "SUPERIOR"),
)  # fmt: skip
AFTER = (*BEFORE, "PATROL", "PETITION")
COMMENT = "folded copy of number, title, facts and document, for searching; says nothing of its own"


def upgrade() -> None:
    """Columns are added in place and the CHECK is changed in place: a rebuilt table would lose its triggers."""
    for column in (
        sa.Column("document_from", sa.String(80), nullable=True, comment="who sent it, where the source is outside"),
        sa.Column("document_number", sa.String(60), nullable=True, comment="of the letter it came by"),
        sa.Column("document_on", sa.Date(), nullable=True, comment="day on that letter"),
    ):
        op.add_column("issue", column)
    for table in ("issue", "issue_event"):
        _change_sources(table, BEFORE, AFTER)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN issue.search_text IS '{COMMENT}'")


def _change_sources(table: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """SQLite changes a CHECK by its own documented way (lang_altertable, section 7): the text of the schema."""
    was, now = (f"source IN ({', '.join(repr(v) for v in values)})" for values in (before, after))
    bind, name = op.get_bind(), f"ck_{table}_issue_source"
    if bind.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({now})")
        return
    schema = sa.table("sqlite_master", sa.column("type"), sa.column("name"), sa.column("sql"))
    here = sa.and_(schema.c.type == "table", schema.c.name == table)
    sql = str(bind.execute(sa.select(schema.c.sql).where(here)).scalar_one())
    if was not in sql:
        raise RuntimeError(f"{table} has no such CHECK on its source")
    version = int(bind.exec_driver_sql("PRAGMA schema_version").scalar_one())
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.execute(sa.update(schema).where(here).values(sql=sql.replace(was, now)))
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")


def downgrade() -> None:
    """Back, while nothing came from the new sources."""
    for table in ("issue", "issue_event"):
        _change_sources(table, AFTER, BEFORE)
    for column in ("document_on", "document_number", "document_from"):
        op.drop_column("issue", column)
