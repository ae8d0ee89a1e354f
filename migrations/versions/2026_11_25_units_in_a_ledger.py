"""indexes that answer for a ledger alone, whatever the database knows of its own numbers: its units and towns, what a
unit may see, what waits for a person in this round"""

from alembic import op

revision = "2026_11_25_units_in_a_ledger"
down_revision = "2026_11_25_repeats"
branch_labels = None
depends_on = None
TOWN = ["town_id", "campaign_id", "reporting_unit_id", "status"]
ORDER = [
    *("campaign_id", "status", "deadline", "number", "reporting_unit_id", "town_id", "village_id"),
    *("responsible_unit_id", "type_code", "author_id", "amount_cents"),
]
PLACES = ["campaign_id", "reporting_unit_id", "town_id", "village_id"]
CHANGED = (
    ("ix_issue_responsible_unit_id", ["responsible_unit_id", "status"], ["responsible_unit_id", *PLACES, "status"]),
    ("ix_issue_author_id", ["author_id"], ["author_id", "campaign_id"]),
    ("ix_issue_town_id", TOWN, [*TOWN, "responsible_unit_id", "village_id"]),
    ("ix_issue_order", ORDER, [*ORDER, "round"]),
)


def upgrade() -> None:
    for name, _, after in CHANGED:
        _anew(name, after)


def downgrade() -> None:
    for name, before, _ in CHANGED:
        _anew(name, before)


def _anew(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name="issue")
    op.create_index(name, "issue", columns, unique=False)
