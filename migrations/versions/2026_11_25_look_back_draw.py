"""the provable draw of closed problems for a surprise re-check: frozen lists, draws, what was drawn"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_look_back_draw"
down_revision = "2026_11_25_links"
branch_labels = None
depends_on = None

APPEND_ONLY = ("look_back_frame", "look_back_drawn")


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
        "look_back_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False, comment="that looks back"),
        sa.Column("source_id", sa.Integer(), nullable=False, comment="whose closed problems these are"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, 3 … within the campaign"),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.Column(
            "numbers", sa.Text(), nullable=False, comment="of the problems, sorted, each followed by a line feed"
        ),
        sa.Column("numbers_hash", sa.String(64), nullable=False, comment="SHA-256 of numbers"),
        sa.Column("count", sa.Integer(), nullable=False, comment="problems in the frame"),
        sa.Column("seed_source", sa.String(300), nullable=False, comment="a named public number of a later day"),
        sa.Column("reason", sa.String(300), nullable=True, comment="why a further frame was frozen"),
        sa.Column("frozen_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.String(60), nullable=False),
        sa.CheckConstraint("share_percent between 1 and 100", name=op.f("ck_look_back_frame_share_is_a_percentage")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_look_back_frame_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["source_id"], ["campaign.id"], name=op.f("fk_look_back_frame_source_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_frame")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_look_back_frame_campaign_id_number")),
    )
    op.create_table(
        "look_back_draw",
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="optimistic lock: the second writer is refused"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("frame_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(300), nullable=False),
        sa.Column("drawn_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.String(60), nullable=False),
        sa.Column(
            "released_at", models.database.UtcDateTime(timezone=True), nullable=True,
            comment="units may see the list from here",
        ),
        sa.ForeignKeyConstraint(
            ["frame_id"], ["look_back_frame.id"], name=op.f("fk_look_back_draw_frame_id_look_back_frame")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_draw")),
        sa.UniqueConstraint("frame_id", name=op.f("uq_look_back_draw_frame_id")),
    )  # fmt: skip
    op.create_table(
        "look_back_drawn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("look_back_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False, comment="place in the frame by ascending hash, 1 first"),
        sa.Column("rank_hash", sa.String(64), nullable=False, comment="SHA-256 of seed|number"),
        sa.Column(
            "is_new", sa.Boolean(), nullable=False, comment="false: it had been taken over before, and was known"
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["look_back_draw.id"], name=op.f("fk_look_back_drawn_draw_id_look_back_draw")
        ),
        sa.ForeignKeyConstraint(
            ["look_back_id"], ["look_back.id"], name=op.f("fk_look_back_drawn_look_back_id_look_back")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_drawn")),
        sa.UniqueConstraint("draw_id", "look_back_id", name=op.f("uq_look_back_drawn_draw_id_look_back_id")),
    )
    op.create_index("ix_look_back_drawn_look_back_id", "look_back_drawn", ["look_back_id"])
    for table in APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    op.drop_table("look_back_drawn")
    op.drop_table("look_back_draw")
    op.drop_table("look_back_frame")
