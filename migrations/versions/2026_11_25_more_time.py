"""more time: what was asked for, and what became of it"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_more_time"
down_revision = "2026_11_25_documents"
branch_labels = None
depends_on = None

TABLES = ("extension_request", "extension_answer")


def upgrade() -> None:
    """Forward. Nobody could ask for more time before."""
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False, comment="in force when it was asked"),
        sa.Column("until", sa.Date(), nullable=False, comment="the new date asked for"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="the responsible unit that asked"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until > deadline", name=op.f("ck_extension_request_later_than_the_deadline")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_extension_request_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extension_request_person_id_person")),
        sa.ForeignKeyConstraint(
            ["stood_in_for_id"], ["person.id"], name=op.f("fk_extension_request_stood_in_for_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extension_request_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    op.create_index("ix_extension_request_issue_id", "extension_request", ["issue_id", "round"])
    op.create_table(
        "extension_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("GRANTED", "REFUSED", "VOID", name="outcome", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True, comment="the deadline granted"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'GRANTED') = (until is not null)", name=op.f("ck_extension_answer_a_date_only_when_granted")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extension_answer_person_id_person")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["extension_request.id"], name=op.f("fk_extension_answer_request_id_extension_request")
        ),
        sa.ForeignKeyConstraint(
            ["stood_in_for_id"], ["person.id"], name=op.f("fk_extension_answer_stood_in_for_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_answer")),
        sa.UniqueConstraint("request_id", name=op.f("uq_extension_answer_request_id")),
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
