"""A very large sheet, read a slice of rows at a time.

The reader holds a whole sheet, about a hundred bytes a cell. Beyond a few million cells the sheet's XML is cut between
rows and each slice is given to the same reader as a small workbook of its own, with the original styles and strings.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from defusedxml import ElementTree  # type: ignore[import-untyped]

from files.xlsx_check import inflated
from models.refusal import Refused

SLICE_FROM_CELLS = 1_500_000
FIRST_SLICE_BYTES = 2 * 1024**2
"""The first slice is small: the header is looked for in it alone."""

SLICE_BYTES = 12 * 1024**2
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet_parts(path: Path) -> dict[str, str]:
    """Sheet name → the part of the archive it stands in; only names that the archive really has."""
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        book = ElementTree.fromstring(archive.read(names["xl/workbook.xml"]))
        links = ElementTree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and (target := targets.get(sheet.get(_RELATIONSHIP))):
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
            if part in names:
                found[sheet.get("name", "")] = names[part]
    return found


def slices(path: Path, part: str) -> Iterator[io.BytesIO]:
    """Workbooks that together hold the rows of `part` in order, each with its rows at their own row numbers."""
    base = _base(path)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(part)
    head, tail, rows = b"", b"", bytearray()
    enough = FIRST_SLICE_BYTES
    with path.open("rb") as file:
        for piece in inflated(file, info):
            rows += piece
            if not head:
                head, tail, rows = _opening(rows)
            if head and len(rows) >= enough:
                cut = _after_last_row(rows, tail)
                yield _workbook(base, part, head + rows[:cut] + tail)
                rows, enough = rows[cut:], SLICE_BYTES
    yield _workbook(base, part, head + rows)


def _opening(text: bytearray) -> tuple[bytes, bytes, bytearray]:
    """What stands before the first row, what closes a slice, and the rest; three times nothing if not there yet."""
    match = re.search(rb"<(\w+:)?sheetData\s*>", text)
    if match is None:
        return b"", b"", text
    prefix = match[1] or b""
    tail = b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"
    return bytes(text[: match.end()]), tail, text[match.end() :]


def _after_last_row(rows: bytearray, tail: bytes) -> int:
    """Where the last whole row ends; a text cannot hold the end tag, since it would have to escape its `<`."""
    end_tag = tail[: tail.index(b"sheetData")] + b"row>"
    at = rows.rfind(end_tag)
    if at < 0:
        raise Refused("文件已损坏，打不开。请在 Excel 中打开后另存一份再导入。")
    return at + len(end_tag)


def _base(path: Path) -> bytes:
    """The workbook without any of its sheets."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as base:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")) and "/worksheets/" not in name.lower():
                with archive.open(name) as source, base.open(name, "w") as target:
                    while piece := source.read(1 << 20):
                        target.write(piece)
    return out.getvalue()


def _workbook(base: bytes, part: str, sheet: bytes) -> io.BytesIO:
    out = io.BytesIO(base)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:  # read once and thrown away
        archive.writestr(part, sheet)
    out.seek(0)
    return out
