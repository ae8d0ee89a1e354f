"""The scene is written once a worker; each test finds it open and as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from files.storage import Storage
from models.database import Database
from tests.access.scene import Scene, build_scene
from tests.conftest import SECRET


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Scene:
    return build_scene(tmp_path_factory.mktemp("access"), empty_sqlite)


@pytest.fixture
def scene(built: Scene) -> Iterator[Scene]:
    Database.open(f"sqlite:///{built.database}")
    Storage.open(built.database.parent / "data", SECRET)
    yield built
    Database.close()
