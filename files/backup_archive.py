"""A backup as one file: a zip with the database, payment batches, evidence, the secret, and a manifest of it all.

What is inside is checked against the manifest piece by piece as it is read; no name from a zip becomes a path unless it
is one that a backup gives.
"""

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from models.refusal import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite"
SECRET = "secret.key"
_NAMES = re.compile(
    rf"{re.escape(DATABASE)}|{re.escape(SECRET)}|payments/[0-9a-f]{{64}}\.parquet|evidence/[0-9a-f]{{2}}/[0-9a-f]{{64}}"
)
_LARGEST_MANIFEST = 200 * 1024 * 1024
_PIECE = 1024 * 1024
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    zlib.error,
)
_BROKEN = "这个文件不是销号台的备份，或者没有拷贝完整，不能恢复。请换一份备份。"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One file of a backup; `size` in bytes of what was put in, `sha256` of the same."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `head` is `SEQ HASH`, `tables` the rows of each table, `made_at` in UTC.

    `findings` are sentences about files that the record names and that were not there, or not as recorded, on that day.
    """

    format: int
    product_version: str
    revision: str
    made_at: str
    head: str
    tables: dict[str, int]
    files: tuple[ArchivedFile, ...]
    findings: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())

    def digests(self) -> dict[str, str]:
        """Name → SHA-256."""
        return {file.name: file.sha256 for file in self.files}


def is_archived_name(name: str) -> bool:
    """Whether a backup has files of this name."""
    return _NAMES.fullmatch(name) is not None


class ArchiveWriter:
    """Puts one file after the other into a zip; each is hashed on its way."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: list[ArchivedFile] = []

    def add(self, name: str, source: IO[bytes]) -> ArchivedFile:
        """The rest of `source` under `name`. What is compressed already is stored as it is."""
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.external_attr = 0o600 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED if name == DATABASE else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self.archive.open(entry, "w", force_zip64=True) as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.files.append(ArchivedFile(name, size, digest.hexdigest()))
        return self.files[-1]

    def close(self, manifest: Manifest) -> None:
        """The manifest comes last: a backup cut short has none."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        self.archive.writestr(zipfile.ZipInfo(MANIFEST, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """A zip at `path`, readable by its owner only, on the disk when the block ends; the caller removes a failed one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", compresslevel=3) as archive:
            yield ArchiveWriter(archive)
        file.flush()
        os.fsync(file.fileno())


class ArchiveReader:
    """A backup opened for reading. Refused: no backup, cut short, or made by a version that writes another format."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.manifest = _manifest(archive)
        listed = sorted(file.name for file in self.manifest.files)
        there = sorted(name for name in archive.namelist() if name != MANIFEST)
        if strange := [name for name in listed if not is_archived_name(name)]:
            raise Refused(f"备份清单里有不该有的文件名“{strange[0]}”，备份被改动过，不能恢复。")
        if listed != there:
            wrong = sorted(set(listed) ^ set(there)) or listed
            raise Refused(f"备份里的文件与清单对不上：“{wrong[0]}”缺失、多出或重复，备份被改动过，不能恢复。")

    def check(self) -> None:
        """Read everything once. Refused with the name of the first file that is not as the manifest says."""
        for file in self.manifest.files:
            for _ in self._pieces(file):
                pass

    def unpack(self, folder: Path) -> None:
        """Everything into `folder`, checked on its way, readable by its owner only."""
        for file in self.manifest.files:
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                for piece in self._pieces(file):
                    out.write(piece)

    def _pieces(self, file: ArchivedFile) -> Iterator[bytes]:
        """The bytes of one file, never more than the manifest says; Refused when they are not those."""
        digest, size = hashlib.sha256(), 0
        try:
            with self.archive.open(file.name) as source:
                while size <= file.size and (piece := source.read(_PIECE)):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
        except _ZIP_FAULTS as error:
            raise Refused(_altered(file.name)) from error
        if size != file.size or digest.hexdigest() != file.sha256:
            raise Refused(_altered(file.name))


@contextmanager
def opened_archive(path: Path) -> Iterator[ArchiveReader]:
    """A backup, read in place."""
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_FAULTS as error:
        raise Refused(_BROKEN) from error
    with archive:
        yield ArchiveReader(archive)


def _altered(name: str) -> str:
    return f"备份里的“{name}”已损坏或被改动，与清单不符，没有恢复任何内容。请换一份备份。"


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise Refused(_BROKEN)
        found: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if found["format"] != FORMAT:
            raise Refused("这份备份来自更新的版本，本程序读不了。请先升级程序，再恢复。")
        files = tuple(ArchivedFile(str(f["name"]), int(f["size"]), str(f["sha256"])) for f in found["files"])
        return Manifest(**{**found, "files": files, "findings": _texts(found["findings"])})
    except (*_ZIP_FAULTS, TypeError) as error:
        raise Refused(_BROKEN) from error


def _texts(found: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(text) for text in found)
