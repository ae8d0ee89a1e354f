"""Bring the database to the newest schema: the only way it changes."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parent.parent


def upgrade_database(url: str) -> None:
    """Create or migrate the database at `url`."""
    config = _config()
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Create or migrate within the transaction that is open on `connection`; its owner commits."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
