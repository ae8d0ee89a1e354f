"""结转: what becomes of the problems that are open at a campaign's end"""

import sqlalchemy as sa
from alembic import op

import models.database
from migrations.check_values import change_values

revision = "2026_11_25_carry_over"
down_revision = "2026_11_25_look_back_draw"
branch_labels = None
depends_on = None

TABLE = "carry_over"
GROUNDS = ("NEXT", "LONG_TERM", "LAWSUIT", "POLICY", "TRANSFERRED", "OTHER")


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


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(*GROUNDS, name="carry_ground", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("to_issue_id", sa.Integer(), nullable=True, comment="the problem it became in another campaign"),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ground = 'NEXT') = (to_issue_id is not null)", name=op.f("ck_carry_over_next_has_a_problem")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_carry_over_issue_id_issue")),
        sa.ForeignKeyConstraint(["to_issue_id"], ["issue.id"], name=op.f("fk_carry_over_to_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_carry_over_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_over")),
        sa.UniqueConstraint("to_issue_id", name=op.f("uq_carry_over_to_issue_id")),
    )
    op.create_index("ix_carry_over_issue_id", TABLE, ["issue_id"])
    _refuse_changes(TABLE)
    change_values("notice", "kind", "notice_kind", more=("CARRIED",))


def downgrade() -> None:
    """Refused by the CHECK where somebody was told."""
    change_values("notice", "kind", "notice_kind", less=("CARRIED",))
    op.drop_table(TABLE)
