"""from where somebody is signed in"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_sessions"
down_revision = "2026_11_24_search_text"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Sessions of before have neither."""
    op.add_column(
        "session",
        sa.Column(
            "address", sa.String(length=60), nullable=True, comment="network address of the browser, as far as known"
        ),
    )
    op.add_column(
        "session",
        sa.Column("device", sa.String(length=40), nullable=True, comment="kind of browser and machine, in words"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_column("session", "device")
    op.drop_column("session", "address")
