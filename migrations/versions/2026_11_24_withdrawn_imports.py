"""imports are withdrawn, not erased"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_withdrawn"
down_revision = "2026_11_24_units"
branch_labels = None
depends_on = None
TABLES = ("roster_import", "payment_import")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column(
                "withdrawn_at",
                models.database.UtcDateTime(timezone=True),
                nullable=True,
                comment="its rows count no more from then on",
            ),
        )
        op.add_column(table, sa.Column("withdrawn_by", sa.String(length=60), nullable=True))
        op.add_column(table, sa.Column("withdrawn_reason", sa.String(length=200), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        for column in ("withdrawn_at", "withdrawn_by", "withdrawn_reason"):
            op.drop_column(table, column)
