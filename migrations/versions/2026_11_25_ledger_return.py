"""an edited ledger is long work like other files"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_ledger_return"
down_revision = "2026_11_25_money"
branch_labels = None
depends_on = None

BEFORE, AFTER = ("roster", "payments", "regions"), ("roster", "payments", "regions", "ledger")


def upgrade() -> None:
    _kinds(AFTER)


def downgrade() -> None:
    op.execute("delete from job where kind = 'ledger'")
    _kinds(BEFORE)


def _kinds(kinds: tuple[str, ...]) -> None:
    """SQLite cannot exchange a CHECK: the table is made anew and its rows are carried over."""
    if op.get_bind().dialect.name == "postgresql":
        name = op.f("ck_job_job_kind")
        op.drop_constraint(name, "job", type_="check")
        op.create_check_constraint(name, "job", sa.column("kind").in_(kinds))
        return
    with op.batch_alter_table("job", recreate="always", copy_from=_table(kinds)):
        pass


def _table(kinds: tuple[str, ...]) -> sa.Table:
    def word(name: str, *values: str) -> sa.Enum:
        return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)

    metadata = sa.MetaData(naming_convention=models.database.NAMING)
    for other in ("campaign", "user"):
        sa.Table(other, metadata, sa.Column("id", sa.Integer(), primary_key=True))
    moment = models.database.UtcDateTime(timezone=True)
    return sa.Table(
        "job",
        metadata,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", word("job_kind", *kinds), nullable=False),
        sa.Column("verb", word("job_verb", "CHECK", "TAKE"), nullable=False),
        sa.Column("campaign_id", sa.Integer(), sa.ForeignKey("campaign.id"), comment="none: regions"),
        sa.Column(
            "user_id", sa.Integer(), sa.ForeignKey("user.id"), nullable=False,
            comment="who asked, and as whom it is done",
        ),
        sa.Column(
            "state", word("job_state", "WAITING", "RUNNING", "DONE", "FAILED", "INTERRUPTED"), nullable=False
        ),
        sa.Column("folder", sa.String(32), nullable=False, comment="under DATA_DIR/jobs: file, progress, faulty rows"),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("options", models.database.JsonText(), nullable=False, comment="what was ticked and typed"),
        sa.Column("result", models.database.JsonText(), comment="counts and the first faults, masked"),
        sa.Column("sentence", sa.Text(), comment="why it failed, for the person"),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("started_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("dismissed_at", moment, comment="the person has seen it"),
        sa.Index("ix_job_state", "state", "id"),
        sa.Index("ix_job_user_id", "user_id", "kind", "id"),
    )  # fmt: skip
