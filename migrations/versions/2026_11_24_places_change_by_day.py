"""places change by day: names, merges, whom they report for"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_places"
down_revision = "2026_11_24_lights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. The column is added in place, as elsewhere: a rebuilt table would lose what refers to it."""
    op.add_column(
        "region",
        sa.Column(
            "merged_into_id",
            sa.Integer(),
            sa.ForeignKey("region.id"),
            nullable=True,
            comment="the village that took this one in, from the day after valid_to on",
        ),
        inline_references=True,
    )
    op.create_table(
        "region_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "ADDED", "RENAMED", "MERGED", "REPORTS", name="region_change", native_enum=False,
                create_constraint=True, length=30,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False, comment="first day on which it holds"),
        sa.Column("name_before", sa.String(length=60), nullable=True, comment="RENAMED only, as the next two"),
        sa.Column("short_name_before", sa.String(length=60), nullable=True),
        sa.Column("kind_before", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False, comment="from that day on"),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=True, comment="MERGED: the survivor"),
        sa.Column(
            "reporting_unit_id", sa.Integer(), nullable=True, comment="REPORTS: for whom it counts from that day on"
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.ForeignKeyConstraint(["into_id"], ["region.id"], name=op.f("fk_region_event_into_id_region")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_event_region_id_region")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_region_event_reporting_unit_id_reporting_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_event")),
    )  # fmt: skip
    op.create_index("ix_region_event_region_id", "region_event", ["region_id", "effective_on"])
    _refuse_changes("region_event")


def _refuse_changes(table: str) -> None:
    """History is added to, never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("region_event")
    op.drop_column("region", "merged_into_id")
