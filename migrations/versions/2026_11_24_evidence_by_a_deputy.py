"""whom the giver of evidence stood in for"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_deputy"
down_revision = "2026_11_24_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Added in place: rebuilding the table, as batch mode does, would lose the triggers that keep it append-only."""
    op.add_column(
        "evidence",
        sa.Column("stood_in_for_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, comment="代"),
        inline_references=True,
    )


def downgrade() -> None:
    op.drop_column("evidence", "stood_in_for_id")
