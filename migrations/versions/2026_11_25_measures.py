"""measures as a list, and the day of a problem's next step"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_measures"
down_revision = "2026_11_25_common"
branch_labels = None
depends_on = None

TABLE = "issue_measure"


def upgrade() -> None:
    """Forward. Problems assigned before keep their required measures as one text."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False, comment="1, 2, 3 … within the problem; stays with the measure"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … within the line; the last one counts"),
        sa.Column(
            "is_required", sa.Boolean(), nullable=False, comment="asked for by the office; else added by the unit"
        ),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("due", sa.Date(), nullable=True, comment="the last day to do it"),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True, comment="what was done"),
        sa.Column("is_dropped", sa.Boolean(), nullable=False, comment="assigned anew: no longer asked for"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("done_on is null or done is not null", name=op.f("ck_issue_measure_what_was_done_is_said")),
        sa.CheckConstraint("line > 0 and version > 0", name=op.f("ck_issue_measure_counted_from_1")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_measure_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_measure_person_id_person")),
        sa.ForeignKeyConstraint(
            ["stood_in_for_id"], ["person.id"], name=op.f("fk_issue_measure_stood_in_for_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_measure")),
        sa.UniqueConstraint("issue_id", "line", "version", name=op.f("uq_issue_measure_issue_id_line_version")),
    )
    op.create_index("ix_issue_measure_due", TABLE, ["due", "issue_id"])
    _refuse_changes(TABLE)
    comment = "with a deadline: the open step to be done next; without one: the next review"
    op.add_column("issue", sa.Column("next_step_on", sa.Date(), nullable=True, comment=comment))
    op.create_index("ix_issue_next_step_on", "issue", ["campaign_id", "next_step_on"])


def _refuse_changes(table: str) -> None:
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
    op.drop_index("ix_issue_next_step_on", "issue")
    op.drop_column("issue", "next_step_on")
    op.drop_table(TABLE)
