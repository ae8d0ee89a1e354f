"""what people are told: 催办 and 督办"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_notices"
down_revision = "2026_11_24_calendar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who is told"),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("REMIND", "SUPERVISE", name="notice_kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=True, comment="what was written with it"),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", models.database.UtcDateTime(), nullable=False),
        sa.Column("read_at", models.database.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_notice_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_notice_sender_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id", "read_at", "id"])
    op.create_index("ix_notice_issue_id", "notice", ["issue_id"])


def downgrade() -> None:
    op.drop_table("notice")
