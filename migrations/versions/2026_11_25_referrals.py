"""referrals with their papers and answers; what a sanction corrects, and why"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_referrals"
down_revision = "2026_11_25_reminders"
branch_labels = None
depends_on = None

TABLES = ("referral", "referral_paper", "referral_answer")


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


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("body", _enum("referral_body", "DISCIPLINE", "POLICE", "AUDIT", "OTHER"), nullable=False),
        sa.Column("body_name", sa.String(length=60), nullable=True, comment="of another authority"),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False, comment="of the letter 移送函"),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(body = 'OTHER') = (body_name is not null)", name=op.f("ck_referral_other_is_named")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_referral_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_referral_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_issue_id", "referral", ["issue_id"])
    op.create_table(
        "referral_paper",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_referral_paper_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_paper_referral_id_referral")),
        sa.PrimaryKeyConstraint("referral_id", "evidence_id", name=op.f("pk_referral_paper")),
    )
    op.create_index("ix_referral_paper_evidence_id", "referral_paper", ["evidence_id"])
    op.create_table(
        "referral_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("answer_kind", "REPLY", "SEPARATE"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=True, comment="of the letter that replied"),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'REPLY') = (document_number is not null)", name=op.f("ck_referral_answer_reply_has_a_letter")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_referral_answer_person_id_person")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_answer_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_answer")),
    )
    op.create_index("ix_referral_answer_referral_id", "referral_answer", ["referral_id"])
    for table in TABLES:
        _refuse_changes(table)
    first = sa.Column(
        "corrects_id", sa.Integer(), sa.ForeignKey("outcome.id"), nullable=True,
        comment="the row whose number of people this one puts right",
    )  # fmt: skip
    op.add_column("outcome", first, inline_references=True)
    op.add_column("outcome", sa.Column("reason", sa.String(500), nullable=True, comment="why it was corrected"))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("outcome") as table:
        table.drop_column("reason")
        table.drop_column("corrects_id")
    _refuse_again_on_sqlite()
    for table_name in reversed(TABLES):
        op.drop_table(table_name)


def _refuse_again_on_sqlite() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes("outcome")
