"""Open what the settings name, once a process, and close it at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from actions.first_admin import setup_code
from files.storage import Storage
from models.database import Database
from models.local_time import LocalTime
from queries.schema_state import SchemaState, schema_state
from settings import Settings


def open_installation(settings: Settings) -> None:
    """Database, folders and zone. The database need not answer yet: pages say so until it does."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    Database.open(settings.database_url)
    Storage.open(settings.data_dir, settings.secret_key(), settings.max_upload_mb * 1024 * 1024)
    LocalTime.zone = settings.timezone


@asynccontextmanager
async def opened_installation(app: Starlette) -> AsyncIterator[None]:
    """For the server's lifespan."""
    open_installation(Settings.read())
    if schema_state() is SchemaState.READY:
        setup_code()  # a file for whoever started the server, while there is nobody who could sign in
    yield
    Database.close()
