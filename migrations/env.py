"""Runs the migrations against DATABASE_URL, or against the address or the connection a caller put into the
configuration."""

import sqlalchemy as sa
from alembic import context

from models.database import open_engine
from models.schema import metadata
from settings import Settings

config = context.config
given: sa.Connection | None = config.attributes.get("connection")
url = config.get_main_option("sqlalchemy.url") or Settings.read().database_url


def run() -> None:
    """One transaction for all; batch mode, since SQLite cannot alter a table in place."""
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    if given is not None:
        migrate(given)
        return
    engine = open_engine(url).execution_options(write=True)
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()


def migrate(connection: sa.Connection) -> None:
    """In the transaction of whoever opened one, else in one of its own."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True,
        include_name=lambda name, kind, parents: True,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


run()
