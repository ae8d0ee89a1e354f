"""共性问题: problems under one cause and one remedy, and their coming and going"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_common"
down_revision = "2026_11_25_places"
branch_labels = None
depends_on = None

APPEND_ONLY = ("common_problem", "common_member")


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
        "common_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the campaign"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … of this common problem"),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column(
            "remedy", sa.Text(), nullable=False, comment="what is mended for all of them: a rule, a system, a duty"
        ),
        sa.Column("owner_unit_id", sa.Integer(), nullable=False),
        sa.Column("owner_name", sa.String(80), nullable=False, comment="of the unit, as it was called then"),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("document_number", sa.String(60), nullable=True, comment="of the paper that mends it"),
        sa.Column("reason", sa.String(500), nullable=True, comment="why it was changed, or what was done"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(done_on is null) = (document_number is null)", name=op.f("ck_common_problem_done_by_a_document")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_common_problem_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["unit.id"], name=op.f("fk_common_problem_owner_unit_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_common_problem_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_problem")),
        sa.UniqueConstraint(
            "campaign_id", "number", "version", name=op.f("uq_common_problem_campaign_id_number_version")
        ),
    )
    op.create_table(
        "common_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the common problem"),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("is_in", sa.Boolean(), nullable=False, comment="false: it left"),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_common_member_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_common_member_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_common_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_member")),
    )
    op.create_index("ix_common_member_campaign_id", "common_member", ["campaign_id", "number"])
    op.create_index("ix_common_member_issue_id", "common_member", ["issue_id"])
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    op.drop_table("common_member")
    op.drop_table("common_problem")
