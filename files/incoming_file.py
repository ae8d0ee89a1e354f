"""An upload on disk for as long as it is read: nothing of it stays, not even after a power cut."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from files.storage import Storage


@contextmanager
def incoming_file(upload: BinaryIO) -> Iterator[Path]:
    """The bytes of an upload as a file of `Storage`, read from their beginning; removed at the end.

    The file is locked while in use. Files nobody holds, left behind by a process that was killed, are removed first.
    """
    folder = Storage.data_dir / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    handle, name = tempfile.mkstemp(dir=folder, prefix="upload-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            upload.seek(0)
            shutil.copyfileobj(upload, file, 1 << 20)
            file.flush()
            yield path
    finally:
        path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    for path in folder.glob("upload-*"):
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
