"""long work that survives leaving the page"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_job"
down_revision = "2026_11_24_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roster", "payments", "regions", name="job_kind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column(
            "verb",
            sa.Enum("CHECK", "TAKE", name="job_verb", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("campaign_id", sa.Integer(), nullable=True, comment="none: regions"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="who asked, and as whom it is done"),
        sa.Column(
            "state",
            sa.Enum(
                "WAITING",
                "RUNNING",
                "DONE",
                "FAILED",
                "INTERRUPTED",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "folder", sa.String(length=32), nullable=False, comment="under DATA_DIR/jobs: file, progress, faulty rows"
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("options", models.database.JsonText(), nullable=False, comment="what was ticked and typed"),
        sa.Column("result", models.database.JsonText(), nullable=True, comment="counts and the first faults, masked"),
        sa.Column("sentence", sa.Text(), nullable=True, comment="why it failed, for the person"),
        sa.Column("asked_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", models.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "dismissed_at", models.database.UtcDateTime(timezone=True), nullable=True, comment="the person has seen it"
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_job_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_job_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_state", "job", ["state", "id"], unique=False)
    op.create_index("ix_job_user_id", "job", ["user_id", "kind", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("job")
