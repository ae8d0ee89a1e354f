"""when 临期 begins, by campaign"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_24_lights"
down_revision = "2026_11_24_schedule"
branch_labels = None
depends_on = None

TABLE = "light_setting"


def upgrade() -> None:
    """Forward. A campaign without a row keeps the usual thresholds."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 …"),
        sa.Column(
            "soon_workdays",
            sa.Integer(),
            nullable=False,
            comment="the last so many working days warn, whatever the limit",
        ),
        sa.Column(
            "soon_days_long",
            sa.Integer(),
            nullable=False,
            comment="a long limit's last so many calendar days warn too",
        ),
        sa.Column("long_limit_days", sa.Integer(), nullable=False, comment="a limit of more days than this is long"),
        sa.Column("recorded_by", sa.String(length=60), nullable=False, comment="user:ID or terminal:NAME"),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("soon_workdays between 0 and 30", name=op.f("ck_light_setting_soon_workdays_in_reach")),
        sa.CheckConstraint("soon_days_long between 0 and 90", name=op.f("ck_light_setting_soon_days_long_in_reach")),
        sa.CheckConstraint("long_limit_days between 1 and 999", name=op.f("ck_light_setting_long_limit_days_in_reach")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_light_setting_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_light_setting")),
        sa.UniqueConstraint("campaign_id", "version", name=op.f("uq_light_setting_campaign_id_version")),
    )
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
