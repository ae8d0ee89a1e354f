"""A database that goes away for a minute: a plain sentence meanwhile, nothing half done, and all goes on by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from actions.issue import raise_issue
from models.database import Database
from models.job import JobState
from pages.frame.incident import incident
from queries.audit import verify
from queries.schema_state import SchemaState, schema_state
from tests.actions.test_job import brought, mine, work
from tests.conftest import postgres_url
from tests.factories import World
from tests.register_files import roster_file


@contextmanager
def away(admin_url: str, url: str) -> Iterator[None]:
    """The server lets nobody in, and has thrown everybody out."""
    name = sa.make_url(url).database
    admin = sa.create_engine(postgres_url(admin_url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"alter database {name} allow_connections false"))
        thrown_out = "select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"
        connection.execute(sa.text(thrown_out), {"name": name})
        yield
        connection.execute(sa.text(f"alter database {name} allow_connections true"))
    admin.dispose()


@pytest.mark.xdist_group("postgresql")
def test_a_database_away_for_a_minute_is_said_plainly_and_work_goes_on(
    postgres: str, postgresql: str, tmp_path: Path
) -> None:
    world = World.build()
    brought(world, roster_file(tmp_path / "名册.xlsx"))
    with away(postgres, postgresql):
        assert schema_state() is SchemaState.UNREACHABLE
        with pytest.raises(OperationalError) as failed:
            raise_issue(world.caller("inspector"), world.finding())
        assert incident(failed.value).startswith("数据库暂时连不上，没有任何内容被改动")
        with pytest.raises(OperationalError):
            work(world)
    assert Database.engine is not None and schema_state() is SchemaState.READY
    assert raise_issue(world.caller("inspector"), world.finding())
    assert work(world) and mine(world).state is JobState.DONE
    assert verify().ok
