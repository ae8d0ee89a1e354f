"""indexes by which a county's 100,000 problems are found: what a person did, wrote, and what changed on a day"""

from alembic import op

revision = "2026_11_24_county"
down_revision = "2026_11_24_views"
branch_labels = None
depends_on = None
CHANGES = ["recorded_at", "from_status", "status", "verb", "issue_id", "reporting_unit_id", "town_id", "village_id"]
NEW = (
    ("ix_issue_author_id", "issue", ["author_id"]),
    ("ix_issue_town_id", "issue", ["town_id", "campaign_id", "reporting_unit_id", "status"]),
    ("ix_issue_event_stood_in_for_id", "issue_event", ["stood_in_for_id"]),
    ("ix_evidence_person_id", "evidence", ["person_id"]),
    ("ix_evidence_stood_in_for_id", "evidence", ["stood_in_for_id"]),
)


def upgrade() -> None:
    op.drop_index("ix_issue_event_recorded_at", table_name="issue_event")
    op.create_index("ix_issue_event_recorded_at", "issue_event", CHANGES, unique=False)
    for name, table, columns in NEW:
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    for name, table, _ in NEW:
        op.drop_index(name, table_name=table)
    op.drop_index("ix_issue_event_recorded_at", table_name="issue_event")
    op.create_index("ix_issue_event_recorded_at", "issue_event", ["recorded_at"], unique=False)
