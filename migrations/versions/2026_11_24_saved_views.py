"""views over the ledger that people named"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_views"
down_revision = "2026_11_24_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose it is"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "conditions", models.database.JsonText(), nullable=False, comment="as in the address: key → text or texts"
        ),
        sa.Column("shared", sa.Boolean(), nullable=False, comment="the owner's unit finds it too"),
        sa.Column("saved_at", models.database.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_saved_view_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("campaign_id", "person_id", "name", name=op.f("uq_saved_view_campaign_id_person_id_name")),
    )


def downgrade() -> None:
    op.drop_table("saved_view")
