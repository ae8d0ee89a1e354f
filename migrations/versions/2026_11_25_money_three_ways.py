"""money goes on to the treasury; what a movement corrects, and why"""

import sqlalchemy as sa
from alembic import op

import models.database

revision = "2026_11_25_money"
down_revision = "2026_11_25_news"
branch_labels = None
depends_on = None
NAME = sa.sql.elements.conv("ck_issue_money_direction")
OLD = "direction in ('RECOVER', 'PAY')"


def _before() -> sa.Table:
    """The table as it stood: SQLite rebuilds it, and reads no CHECK back."""
    return sa.Table(
        "issue_money",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", models.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(OLD, name=NAME),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name="fk_issue_money_issue_id_issue"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_issue_money_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_money"),
        sa.Index("ix_issue_money_issue_id", "issue_id"),
    )


def _refuse_changes_again() -> None:
    """A table that SQLite rebuilt has lost its triggers; PostgreSQL changed it in place and kept them."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER issue_money_no_{verb.lower()} BEFORE {verb} ON issue_money "
                f"BEGIN SELECT RAISE(ABORT, 'issue_money is append-only'); END"
            )


def upgrade() -> None:
    with op.batch_alter_table("issue_money", copy_from=_before()) as table:
        table.drop_constraint(NAME, type_="check")
        table.create_check_constraint(NAME, "direction in ('RECOVER', 'PAY', 'REMIT')")
    _refuse_changes_again()
    op.add_column(
        "issue_money",
        sa.Column(
            "is_reissued", sa.Boolean(), nullable=True, comment="PAY only: paid out of what was recovered; empty: no"
        ),
    )
    op.add_column(
        "issue_money",
        sa.Column(
            "corrects_id", sa.Integer(), sa.ForeignKey("issue_money.id"), nullable=True,
            comment="the row whose amount this one puts right",
        ),
        inline_references=True,
    )  # fmt: skip
    op.add_column(
        "issue_money", sa.Column("reason", sa.String(length=500), nullable=True, comment="why it was corrected")
    )
    op.create_index("ix_issue_money_voucher", "issue_money", ["voucher"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "COMMENT ON COLUMN issue_money.direction IS 'RECOVER from whom it was wrongly paid, PAY whom it is owed, "
            "REMIT what came back to the treasury'"
        )


def downgrade() -> None:
    """Only while nothing was handed to the treasury: the old table has no word for it."""
    op.drop_index("ix_issue_money_voucher", "issue_money")
    in_place = op.get_bind().dialect.name == "postgresql"
    args = () if in_place else (sa.CheckConstraint(OLD, name=NAME),)  # SQLite reads no CHECK back, and rebuilds
    with op.batch_alter_table("issue_money", table_args=args) as table:
        for column in ("reason", "corrects_id", "is_reissued"):
            table.drop_column(column)
    if in_place:
        op.drop_constraint(NAME, "issue_money")
        op.create_check_constraint(NAME, "issue_money", OLD)
    _refuse_changes_again()
