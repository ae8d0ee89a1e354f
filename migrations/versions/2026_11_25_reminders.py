"""the day's reminders, one a person a day; escalation steps a campaign names"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_reminders"
down_revision = "2026_11_25_carry_over"
branch_labels = None
depends_on = None

SETTING = "escalation_setting"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        SETTING,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column(
            "steps", models.database.JsonText(), nullable=False, comment="name, days from the deadline, who is told"
        ),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_escalation_setting_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_setting")),
        sa.UniqueConstraint("campaign_id", "version", name=op.f("uq_escalation_setting_campaign_id_version")),
    )
    _refuse_changes()
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who is reminded"),
        sa.Column("day", sa.Date(), nullable=False, comment="local day it is of"),
        sa.Column("sent_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_digest_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("campaign_id", "person_id", "day", name=op.f("uq_digest_campaign_id_person_id_day")),
    )
    op.create_table(
        "digest_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.String(length=20),
            nullable=True,
            comment="the escalation step it has come to, not yet taken",
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_digest_line_digest_id_digest")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_digest_line_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_line")),
        sa.UniqueConstraint("digest_id", "issue_id", name=op.f("uq_digest_line_digest_id_issue_id")),
    )
    op.create_index("ix_digest_line_issue_id", "digest_line", ["issue_id"])


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {SETTING}_no_{verb.lower()} BEFORE {verb} ON {SETTING} "
                f"BEGIN SELECT RAISE(ABORT, '{SETTING} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {SETTING}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {SETTING} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("digest_line")
    op.drop_table("digest")
    op.drop_table(SETTING)
