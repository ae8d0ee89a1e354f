"""orders over many problems, with a result for each"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_bulk"
down_revision = "2026_11_24_withdrawn"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="who gave the order"),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=30), nullable=False, comment="value of Verb"),
        sa.Column(
            "given", models.database.JsonText(), nullable=False, comment="what the verb brings, the same for all"
        ),
        sa.Column("asked_at", models.database.UtcDateTime(), nullable=False),
        sa.Column("started_at", models.database.UtcDateTime(), nullable=True),
        sa.Column(
            "beat_at", models.database.UtcDateTime(), nullable=False, comment="wall clock; silent for long: cut off"
        ),
        sa.Column("ended_at", models.database.UtcDateTime(), nullable=True),
        sa.Column("dismissed_at", models.database.UtcDateTime(), nullable=True, comment="the person has seen it"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_bulk_run_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_bulk_run_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
    )
    op.create_index("ix_bulk_run_ended_at", "bulk_run", ["ended_at"])
    op.create_index("ix_bulk_run_user_id", "bulk_run", ["user_id", "id"])
    op.create_table(
        "bulk_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the problem, as it was on screen"),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True, comment="why not; the deadline where it was assigned"),
        sa.Column("units", models.database.JsonText(), nullable=False, comment="whom it reached"),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_bulk_item_issue_id_issue")),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_item_run_id_bulk_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_item")),
        sa.UniqueConstraint("run_id", "issue_id", name=op.f("uq_bulk_item_run_id_issue_id")),
    )


def downgrade() -> None:
    op.drop_table("bulk_item")
    op.drop_table("bulk_run")
