"""回头看: closed problems a later campaign took over, what was found of each, and the papers of it"""

import sqlalchemy as sa
from alembic import op

import models.database
from migrations.check_values import change_values

revision = "2026_11_25_look_back"
down_revision = "2026_11_25_reviews"
branch_labels = None
depends_on = None

APPEND_ONLY = ("look_back", "look_back_check")


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


def _enum(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    op.create_table(
        "look_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False, comment="that looks back"),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="of the problem when it was taken over"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_look_back_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_look_back_issue_id_issue")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_back_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back")),
        sa.UniqueConstraint("campaign_id", "issue_id", name=op.f("uq_look_back_campaign_id_issue_id")),
    )
    op.create_index("ix_look_back_issue_id", "look_back", ["issue_id"])
    op.create_table(
        "look_back_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("look_back_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column("verdict", _enum("HELD", "REBOUNDED", "NEVER_DONE", name="look_back_verdict"), nullable=False),
        sa.Column("how", _enum("ON_SITE", "DOCUMENTS", "CALL_BACK", name="look_back_how"), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stood_in_for_id", sa.Integer(), nullable=True, comment="代"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["look_back_id"], ["look_back.id"], name=op.f("fk_look_back_check_look_back_id_look_back")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_back_check_person_id_person")),
        sa.ForeignKeyConstraint(
            ["stood_in_for_id"], ["person.id"], name=op.f("fk_look_back_check_stood_in_for_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_look_back_check_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_check")),
        sa.UniqueConstraint("look_back_id", "position", name=op.f("uq_look_back_check_look_back_id_position")),
    )
    for table in APPEND_ONLY:
        _refuse_changes(table)
    change_values("evidence", "purpose", "evidence_purpose", more=("LOOK_BACK",))


def downgrade() -> None:
    """Refused by the CHECK where papers of it were given: history is not thrown away."""
    change_values("evidence", "purpose", "evidence_purpose", less=("LOOK_BACK",))
    op.drop_table("look_back_check")
    op.drop_table("look_back")
