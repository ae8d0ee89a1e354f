"""what a local working day rests on, and who entered it"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_calendar"
down_revision = "2026_11_24_job"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Added in place: rebuilding the table, as batch mode does, would lose the triggers that keep it append-only."""
    op.add_column(
        "calendar_day",
        sa.Column("document", sa.String(length=60), nullable=True, comment="number of the notice an override rests on"),
    )
    op.add_column(
        "calendar_day",
        sa.Column(
            "recorded_by", sa.String(length=60), nullable=True, comment="user:ID or terminal:NAME; overrides only"
        ),
    )


def downgrade() -> None:
    """Back."""
    op.drop_column("calendar_day", "recorded_by")
    op.drop_column("calendar_day", "document")
