"""what a problem is found by: a folded copy of its number, title and facts"""

import sqlalchemy as sa
from alembic import op

from models.search_text import search_text

revision = "2026_11_24_search_text"
down_revision = "2026_11_24_bulk"
branch_labels = None
depends_on = None

CHUNK = 1_000


def upgrade() -> None:
    op.add_column(
        "issue",
        sa.Column(
            "search_text",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="folded copy of number, title and facts, for searching; says nothing of its own",
        ),
    )
    _fold(op.get_bind())


def _fold(connection: sa.Connection) -> None:
    """Whatever stands there already; outside the digests, so that the chain says the same as before."""
    columns = [sa.column("id", sa.Integer), *(sa.column(name, sa.Text) for name in ("number", "title", "facts"))]
    issue = sa.table("issue", *columns, sa.column("search_text", sa.Text))
    last = 0
    while rows := connection.execute(
        sa.select(*columns).select_from(issue).where(issue.c.id > last).order_by(issue.c.id).limit(CHUNK)
    ).all():
        connection.execute(
            sa.update(issue).where(issue.c.id == sa.bindparam("of")).values(search_text=sa.bindparam("folded")),
            [{"of": row.id, "folded": search_text(row.number, row.title, row.facts)} for row in rows],
        )
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("issue", "search_text")
