"""An .xlsx from a stranger is looked through, piece by piece and in constant memory, before anything opens it.

Sizes a ZIP declares are claims. Every part is inflated here by our own hand and counted, so that what passes can be
given to a reader that trusts them.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from files.file_kind import SAVE_AS_XLSX
from models.refusal import Refused

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_RATIO = 200
RATIO_COUNTS_FROM = 32 * 1024**2
MAX_AREA = 24_000_000
"""Cells of the rectangle a sheet spans, empty ones too, for the reader lays it out whole: 24 columns, 1 M rows."""

MOST_FORMULAS = 50_000
"""Formula cells remembered a sheet; whoever must not take any has enough with these."""

PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_CORRUPT = f"文件已损坏，打不开。{SAVE_AS_XLSX}"
_BOMB = "文件解压后大得不正常，不像正常的表格，没有打开。请删去空白行列和图片后另存一份再导入。"
_TOO_MANY_CELLS = (
    "表格行列太多（含空白格），超过 2400 万格。请删去多余的空白行列，或拆成几个文件，或另存为 CSV 再导入。"
)
_DTD = (b"<!DOCTYPE", b"<!ENTITY")
_WIDE_XML = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


@dataclass
class SheetExtent:
    """What one sheet part holds, as counted: the reader's memory follows from it."""

    part: str
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    error_cells: int = 0
    places_said: bool = True
    merged: list[str] = field(default_factory=list)
    """Ranges such as `A3:A6`."""
    formulas: list[tuple[int, int]] = field(default_factory=list)
    """Row (1-based) and column (0-based) of cells that hold a real formula; (0, 0) where the cell does not say."""


@dataclass(frozen=True)
class XlsxFacts:
    """A workbook that was found harmless: its sheet parts by name."""

    sheets: dict[str, SheetExtent] = field(default_factory=dict)

    @property
    def hidden_rows(self) -> int:
        return sum(sheet.hidden_rows for sheet in self.sheets.values())

    @property
    def error_cells(self) -> int:
        return sum(sheet.error_cells for sheet in self.sheets.values())


def check_xlsx(path: Path) -> XlsxFacts:
    """Refuses what is no workbook, carries macros, hides a DTD, or would not fit memory once unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
        _check_names(path, parts)
        _check_declared_sizes(path, parts)
        with path.open("rb") as file:
            return _look_through(file, parts)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError) as error:
        raise Refused(_CORRUPT) from error


def inflated(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of one part in pieces of at most `PIECE` bytes, and never more than it declared."""
    if part.header_offset < 0:
        raise zipfile.BadZipFile
    file.seek(part.header_offset)
    header = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if header[0] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(header[9] + header[10], 1)
    pieces = _stored(file, part) if part.compress_type == zipfile.ZIP_STORED else _deflated(file, part)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > part.file_size:
            raise Refused(_BOMB)
        yield piece
    if size != part.file_size:
        raise zipfile.BadZipFile


def _stored(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    left = part.compress_size
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _deflated(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left = part.compress_size
    waiting = b""
    while not inflate.eof:
        if not waiting:
            waiting = file.read(min(PIECE, left))
            left -= len(waiting)
        piece = inflate.decompress(waiting, PIECE)
        if not piece and not waiting and not inflate.eof:
            raise EOFError
        waiting = inflate.unconsumed_tail
        yield piece


def _check_names(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower().replace("\\", "/") for part in parts}
    if len(parts) > MAX_PARTS:
        raise Refused(_BOMB)
    if len(names) != len(parts):
        raise Refused(_CORRUPT)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件加了密码，请在 Excel 中去掉密码后再导入。")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Refused("文件带有宏，为安全起见不打开。请另存为不带宏的“Excel 工作簿（.xlsx）”再导入。")
    if "xl/workbook.xml" not in names:
        raise Refused(_what_it_is_instead(names))


def _what_it_is_instead(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "这是 Word 文档，不是 Excel 表格，请选择 Excel（.xlsx、.xls）或 CSV 文件。"
    if any(name.startswith("ppt/") for name in names):
        return "这是幻灯片，不是 Excel 表格，请选择 Excel（.xlsx、.xls）或 CSV 文件。"
    if "xl/workbook.bin" in names or "content.xml" in names:
        return f"不支持这种表格格式（.xlsb 或 .ods）。{SAVE_AS_XLSX}"
    return "这是压缩包，不是 Excel 表格，请解压后选择里面的表格文件。"


def _check_declared_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    packed = path.stat().st_size
    unpacked = sum(part.file_size for part in parts)
    # Parts that together are larger than the file share bytes: a bomb of overlapping parts.
    overlapping = sum(part.compress_size for part in parts) > packed
    if overlapping or unpacked > MAX_UNPACKED_BYTES or unpacked > max(RATIO_COUNTS_FROM, MAX_RATIO * packed):
        raise Refused(_BOMB)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Refused(_CORRUPT)


def _look_through(file: BinaryIO, parts: list[zipfile.ZipInfo]) -> XlsxFacts:
    facts = XlsxFacts()
    for part in parts:
        name = part.filename.lower().replace("\\", "/")
        if name.endswith((".xml", ".rels", ".vml")):
            extent = SheetExtent(part.filename)
            _look_through_xml(inflated(file, part), extent)
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                facts.sheets[part.filename] = extent
        else:
            for _ in inflated(file, part):
                pass
    return facts


def _look_through_xml(pieces: Iterator[bytes], extent: SheetExtent) -> None:
    counter: _CellCounter | None = None
    tail = b""
    for piece in pieces:
        text = tail + piece
        if counter is None and text:
            if text.startswith(_WIDE_XML):
                raise Refused(_CORRUPT)
            counter = _CellCounter(extent, text)
        cut = text.rfind(b"<")
        tail, whole = (text[cut:], text[:cut]) if cut > 0 else (text, b"")
        if len(tail) > 2 * PIECE:
            raise Refused(_CORRUPT)
        if counter and whole:
            counter.count(whole)
    if counter:
        counter.count(tail)


class _CellCounter:
    """Counts the cells of one sheet part and finds its corner, without parsing it: a second a hundred megabytes."""

    def __init__(self, extent: SheetExtent, beginning: bytes) -> None:
        self.extent = extent
        prefix = re.search(rb"<(\w+:)?worksheet\b", beginning[:4096])
        self.is_sheet = prefix is not None
        tag = (prefix[1] or b"") if prefix else b""
        self.cell_tags = tuple(b"<" + tag + end for end in (b"c ", b"c>", b"c/"))
        self.column = re.compile(b"<" + tag + rb'c r="([A-Z]{1,3})[0-9]')
        self.cell_row = re.compile(b"<" + tag + rb'c r="[A-Z]{1,3}([0-9]{1,7})"')
        self.row = re.compile(b"<" + tag + rb"row\b([^>]*)")
        self.any_cell = re.compile(b"<" + tag + rb"(row|c)\b([^>]*)")
        self.formula = b"<" + tag + b"f"
        self.cell_or_formula = re.compile(
            b"<" + tag + rb"""(?:c\b(?:[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})")?|(f)[\s/>])"""
        )
        self.last_cell: re.Match[bytes] | None = None
        self.implicit_column = 0

    def count(self, text: bytes) -> None:
        if any(declaration in text for declaration in _DTD):
            raise Refused("文件的 XML 里带有 DTD 或实体声明，表格软件不会这样保存，为安全起见不打开。" + SAVE_AS_XLSX)
        if not self.is_sheet:
            return
        extent = self.extent
        cells = sum(text.count(tag) for tag in self.cell_tags)
        extent.cells += cells
        extent.error_cells += text.count(b't="e"')
        self._formulas(text)
        self._rows(text)
        rows = self.cell_row.findall(text)
        if len(rows) == cells:
            extent.last_row = max(extent.last_row, max(map(int, set(rows)), default=0))
            extent.last_column = max(extent.last_column, max(map(_column, set(self.column.findall(text))), default=0))
        else:
            extent.places_said = False
            self._cells_one_by_one(text)
        if b"mergeCell " in text:
            extent.merged += [place.decode() for place in re.findall(rb'mergeCell ref="([A-Z0-9:]+)"', text)]
        if extent.last_row * extent.last_column > MAX_AREA or extent.cells > MAX_AREA:
            raise Refused(_TOO_MANY_CELLS)

    def _rows(self, text: bytes) -> None:
        attributes = self.row.findall(text)
        self.extent.hidden_rows += sum(1 for a in attributes if b'hidden="1"' in a or b'hidden="true"' in a)

    def _formulas(self, text: bytes) -> None:
        """Where real formulas stand; a piece may end between a cell and its formula."""
        if self.formula not in text:
            self.last_cell = self.cell_or_formula.match(text, max(0, text.rfind(b"<")))
            return
        for found in self.cell_or_formula.finditer(text):
            if found[3] is None:
                self.last_cell = found
            elif len(self.extent.formulas) < MOST_FORMULAS:
                cell = self.last_cell
                place = (int(cell[2]), _column(cell[1]) - 1) if cell and cell[1] else (0, 0)
                self.extent.formulas.append(place)

    def _cells_one_by_one(self, text: bytes) -> None:
        """Cells that do not say first, or at all, where they stand: counted along their row."""
        extent = self.extent
        for kind, attributes in self.any_cell.findall(text):
            place = re.search(rb"""\br\s*=\s*["']([^"']*)["']""", attributes)
            if kind == b"row":
                self.implicit_column = 0
                extent.last_row = max(extent.last_row + 1, int(place[1]) if place and place[1].isdigit() else 0)
            elif place is None:
                self.implicit_column += 1
            elif match := re.fullmatch(rb"([A-Z]{1,3})([0-9]{1,7})", place[1]):
                self.implicit_column = _column(match[1])
                extent.last_row = max(extent.last_row, int(match[2]))
            else:
                raise Refused(_CORRUPT)
            extent.last_column = max(extent.last_column, self.implicit_column)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
