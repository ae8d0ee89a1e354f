"""申辩 and its answer, papers of their own kind, notices of them"""

import sqlalchemy as sa
from alembic import op

import models.database
from migrations.check_values import change_values

revision = "2026_11_25_contest"
down_revision = "2026_11_25_more_time"
branch_labels = None
depends_on = None

APPEND_ONLY = ("contest", "contest_answer")
WIDER = (
    ("evidence", "purpose", "evidence_purpose", ("CONTEST",)),
    ("notice", "kind", "notice_kind", ("CONTEST", "ANSWER")),
)
"""Table, column, name of its CHECK, values it takes from now on."""


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


def upgrade() -> None:
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="responsible then"),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("papers", models.database.JsonText(), nullable=False, comment="ids of the evidence it brought"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_contest_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contest_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contest_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    op.create_index("ix_contest_issue_id", "contest", ["issue_id", "round"])
    op.create_table(
        "contest_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "UPHELD", "PARTLY", "REJECTED", name="contest_verdict", native_enum=False, create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_contest_answer_contest_id_contest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contest_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_answer")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_contest_answer_contest_id")),
    )  # fmt: skip
    for table in APPEND_ONLY:
        _refuse_changes(table)
    for table, column, name, values in WIDER:
        change_values(table, column, name, more=values)


def downgrade() -> None:
    """Refused by the CHECKs where a 申辩 was made: history is not thrown away."""
    for table, column, name, values in WIDER:
        change_values(table, column, name, less=values)
    op.drop_table("contest_answer")
    op.drop_table("contest")
