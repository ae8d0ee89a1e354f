"""Files made for one person to fetch: each in a folder named by a token nobody guesses, gone after half an hour."""

import re
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from files.storage import Storage

KEPT_FOR = timedelta(minutes=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def new_outgoing(user_id: int, wall: datetime) -> tuple[str, Path]:
    """A token and an empty folder for one file of a user. Sweeps out what nobody fetched."""
    sweep(wall)
    token = secrets.token_urlsafe(24)
    folder = _of_user(user_id) / token
    folder.mkdir(parents=True, mode=0o700)
    return token, folder


def outgoing_file(user_id: int, token: str, wall: datetime) -> Path | None:
    """The file behind a token, the user's own and complete; None for any other."""
    sweep(wall)
    if not _TOKEN.fullmatch(token):
        return None
    folder = _of_user(user_id) / token
    files = [p for p in folder.glob("*") if not p.name.startswith(".")] if folder.is_dir() else []
    return files[0] if len(files) == 1 else None


def sweep(wall: datetime) -> None:
    """Remove what is older than `KEPT_FOR`; `wall` is the real moment, never a rehearsed one."""
    for folder in _outgoing().glob("*/*"):
        if wall - datetime.fromtimestamp(folder.stat().st_mtime, UTC) > KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)


def _outgoing() -> Path:
    return Storage.data_dir / "outgoing"


def _of_user(user_id: int) -> Path:
    return _outgoing() / f"u{user_id}"
