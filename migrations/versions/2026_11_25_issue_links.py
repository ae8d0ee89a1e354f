"""problems split and merged: what two problems have to do with each other"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_links"
down_revision = "2026_11_25_look_back"
branch_labels = None
depends_on = None

TABLE = "issue_link"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="value of LinkKind"),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_issue_link_of_two_problems")),
        sa.ForeignKeyConstraint(["from_id"], ["issue.id"], name=op.f("fk_issue_link_from_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issue_link_person_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["issue.id"], name=op.f("fk_issue_link_to_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_link")),
    )
    op.create_index("ix_issue_link_from_id", TABLE, ["from_id"])
    op.create_index("ix_issue_link_to_id", TABLE, ["to_id"])
    _refuse_changes()


def _refuse_changes() -> None:
    """History is added to, never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back."""
    op.drop_table(TABLE)
