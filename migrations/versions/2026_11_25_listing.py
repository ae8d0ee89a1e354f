"""挂牌督办: which leader took charge of a problem, and notices of it"""

import sqlalchemy as sa
from alembic import op

import models.database
from migrations.check_values import change_values

revision = "2026_11_25_listing"
down_revision = "2026_11_25_measures"
branch_labels = None
depends_on = None

NEW_NOTICES = ("LIST", "UNLIST")


def upgrade() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False, comment="who takes charge, by name"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who recorded it"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_listing_issue_id_issue")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_listing_leader_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_listing_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_index("ix_listing_issue_id", "listing", ["issue_id"])
    _refuse_changes("listing")
    change_values("notice", "kind", "notice_kind", more=NEW_NOTICES)


def _refuse_changes(table: str) -> None:
    """History is added to, never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Refused by the CHECK where somebody was told of a listing."""
    change_values("notice", "kind", "notice_kind", less=NEW_NOTICES)
    op.drop_table("listing")
