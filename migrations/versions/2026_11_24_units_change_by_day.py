"""units change by day: names, places, ends with a successor"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_units"
down_revision = "2026_11_24_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. The column is added in place, as elsewhere: a rebuilt table would lose what refers to it."""
    op.add_column(
        "unit",
        sa.Column(
            "successor_id",
            sa.Integer(),
            sa.ForeignKey("unit.id"),
            nullable=True,
            comment="who took over, if anybody did",
        ),
        inline_references=True,
    )
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "RENAMED", "ATTACHED", "DISSOLVED", name="unit_change", native_enum=False, create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False, comment="first day on which it holds"),
        sa.Column("name_before", sa.String(length=80), nullable=True, comment="RENAMED only"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="from that day on"),
        sa.Column("region_id", sa.Integer(), nullable=True, comment="from that day on, as the next"),
        sa.Column("reporting_unit_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True, comment="DISSOLVED only"),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_unit_event_region_id_region")),
        sa.ForeignKeyConstraint(
            ["reporting_unit_id"], ["reporting_unit.id"], name=op.f("fk_unit_event_reporting_unit_id_reporting_unit")
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name=op.f("fk_unit_event_successor_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )  # fmt: skip
    op.create_index("ix_unit_event_unit_id", "unit_event", ["unit_id", "recorded_at"])
    _refuse_changes("unit_event")


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
    op.drop_table("unit_event")
    op.drop_column("unit", "successor_id")
