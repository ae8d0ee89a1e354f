"""what becomes of a problem is told to whom it concerns, 督办 with a day of reply; drafts thrown away"""

import sqlalchemy as sa
from alembic import op

import models.database
from migrations.check_values import change_values

revision = "2026_11_25_news"
down_revision = "2026_11_25_units_in_a_ledger"
branch_labels = None
depends_on = None

MORE = ("ASSIGNED", "RETURNED", "BACK", "CLOSED", "REOPENED", "TIME_DECIDED")
DRAFTS = "discarded_draft"


def upgrade() -> None:
    """Forward."""
    change_values("notice", "kind", "notice_kind", MORE)
    comment = "督办: the day by which an answer is owed"
    op.add_column("notice", sa.Column("reply_by", sa.Date(), nullable=True, comment=comment))
    op.create_table(
        DRAFTS,
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_discarded_draft_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_discarded_draft_person_id_person")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_discarded_draft")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {DRAFTS}_no_{verb.lower()} BEFORE {verb} ON {DRAFTS} "
                f"BEGIN SELECT RAISE(ABORT, '{DRAFTS} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {DRAFTS}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {DRAFTS} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back; news is not kept."""
    op.drop_table(DRAFTS)
    op.execute(f"DELETE FROM notice WHERE kind IN ({', '.join(repr(kind) for kind in MORE)})")
    op.drop_column("notice", "reply_by")
    change_values("notice", "kind", "notice_kind", less=MORE)
