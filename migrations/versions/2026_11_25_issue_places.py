"""one problem, several places: each with its unit, its day, who crossed it off"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_places"
down_revision = "2026_11_25_ledger_return"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Evidence gets its place in place: a rebuilt table would lose the triggers that keep it append-only."""
    op.create_table(
        "issue_place",
        sa.Column("version", sa.Integer(), nullable=False, comment="optimistic lock, beside the problem's own"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, 3 … within the problem; never given twice"),
        sa.Column("region_id", sa.Integer(), nullable=True, comment="village, or town as a whole"),
        sa.Column(
            "unit_id",
            sa.Integer(),
            nullable=True,
            comment="who puts it right here; empty: the problem's responsible unit",
        ),
        sa.Column("unit_name", sa.String(length=80), nullable=True, comment="as it was called on that day"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="empty: the problem's deadline; never after it"),
        sa.Column(
            "done_on", sa.Date(), nullable=True, comment="crossed off; empty again when looking back finds it undone"
        ),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=True, comment="what was done, as reported when it was crossed off"),
        sa.Column("recorded_at", models.database.UtcDateTime(), nullable=False),
        sa.Column("ended_at", models.database.UtcDateTime(), nullable=True, comment="left out from then on"),
        sa.CheckConstraint("region_id is not null or unit_id is not null", name=op.f("ck_issue_place_is_somewhere")),
        sa.CheckConstraint("(done_on is null) = (done_by_id is null)", name=op.f("ck_issue_place_done_by_somebody")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_issue_place_done_by_id_person")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_place_issue_id_issue")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_issue_place_region_id_region")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_issue_place_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_place")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_issue_place_issue_id_position")),
    )
    op.create_index("ix_issue_place_region_id", "issue_place", ["region_id", "issue_id"])
    op.create_index("ix_issue_place_unit_id", "issue_place", ["unit_id", "issue_id"])
    op.add_column(
        "evidence",
        sa.Column(
            "place_id",
            sa.Integer(),
            sa.ForeignKey("issue_place.id"),
            nullable=True,
            comment="of which place of the problem; empty: of the whole",
        ),
        inline_references=True,
    )


def downgrade() -> None:
    """Back."""
    op.drop_column("evidence", "place_id")
    op.drop_table("issue_place")
