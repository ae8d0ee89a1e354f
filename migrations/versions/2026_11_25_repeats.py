"""the day on which a problem was first handed over, and indexes by which the problems that one repeats are found"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_repeats"
down_revision = "2026_11_25_contest"
branch_labels = None
depends_on = None
NEW = (
    ("ix_issue_unit_type", "issue", ["responsible_unit_id", "type_code", "told_on"]),
    ("ix_issue_village_type", "issue", ["village_id", "type_code", "told_on"]),
    ("ix_issue_person_member_id", "issue_person", ["member_id"]),
    ("ix_household_member_identity_id", "household_member", ["identity_id"]),
    ("ix_identity_account_no", "identity", ["account_no"]),
)


def upgrade() -> None:
    op.add_column(
        "issue",
        sa.Column(
            "told_on",
            sa.Date(),
            nullable=True,
            comment="first handed over, or put right on the spot; never moves; from the events",
        ),
    )
    # Of a reopened problem the first assignment is overwritten: it was known by its first closing at the latest.
    op.execute(
        "update issue set told_on = case when round > 1 then coalesce(first_closed_on, assigned_on) "
        "else coalesce(assigned_on, requested_on) end"
    )
    for name, table, columns in NEW:
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    for name, table, _ in reversed(NEW):
        op.drop_index(name, table_name=table)
    op.drop_column("issue", "told_on")
