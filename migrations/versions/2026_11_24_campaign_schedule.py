"""a campaign's history, its stages and its tasks"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_schedule"
down_revision = "2026_11_24_field"
branch_labels = None
depends_on = None

APPEND_ONLY = ("campaign_event", "stage", "task")
STATES = ("PREPARING", "OPEN", "CONCLUDED", "ARCHIVED")
ACTOR = "user:ID or terminal:NAME"


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
    """Forward. Campaigns that exist begin without an event: nothing is written that no action sealed."""
    op.create_table(
        "campaign_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, 3 … within the campaign"),
        sa.Column("verb", sa.String(length=20), nullable=False, comment="create, edit or state"),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="campaign_state", native_enum=False, create_constraint=True, length=30),
            nullable=False,
            comment="after it",
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("year_to", sa.Integer(), nullable=False),
        sa.Column("rectify_by", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True, comment="needed for a step back"),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment=ACTOR),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_event_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_event")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_campaign_event_campaign_id_position")),
    )
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="which stage, within the campaign; its order is that of its days",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="last day, included"),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment=ACTOR),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_stage_days_in_order")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_stage_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("campaign_id", "number", "version", name=op.f("uq_stage_campaign_id_number_version")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="which task, within the campaign"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="who owes it"),
        sa.Column("person_in_charge", sa.String(length=40), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=True, comment=ACTOR),
        sa.Column("done_note", sa.String(length=300), nullable=True),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment=ACTOR),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(done_on is null) = (done_by is null)", name=op.f("ck_task_done_by_somebody")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_task_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_task_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("campaign_id", "number", "version", name=op.f("uq_task_campaign_id_number_version")),
    )
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Back."""
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
