"""reviews of 长期坚持: what was planned, and each one held"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_reviews"
down_revision = "2026_11_25_listing"
branch_labels = None
depends_on = None

TABLES = ("review_plan", "issue_review")


def upgrade() -> None:
    """Forward. What was assigned as 长期坚持 before keeps the deadline it was given."""
    op.create_table(
        "review_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column(
            "every_days",
            sa.Integer(),
            nullable=False,
            comment="calendar days from one review to the next, when none is named",
        ),
        sa.Column("times", sa.Integer(), nullable=False, comment="how many must be held before 销号 is asked for"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("times between 0 and 36", name=op.f("ck_review_plan_times_in_reach")),
        sa.CheckConstraint("times = 0 or every_days between 1 and 366", name=op.f("ck_review_plan_interval_in_reach")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_review_plan_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_plan_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_plan")),
    )
    op.create_index("ix_review_plan_issue_id", "review_plan", ["issue_id", "round"])
    op.create_table(
        "issue_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, 3 … within the plan"),
        sa.Column("due_on", sa.Date(), nullable=False, comment="the day it was set for"),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False, comment="the rectification holds"),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True, comment="none after the last one that had to be held"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_review_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["review_plan.id"], name=op.f("fk_issue_review_plan_id_review_plan")),
        sa.ForeignKeyConstraint(
            ["stood_in_for_id"], ["person.id"], name=op.f("fk_issue_review_stood_in_for_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_review")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_issue_review_plan_id_position")),
    )
    for table in TABLES:
        _refuse_changes(table)


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
    for table in reversed(TABLES):
        op.drop_table(table)
