"""A CSV from outside as a sheet: encoding and separator are found out, not asked for."""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from files.cell import Cell
from files.incoming_sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from models.refusal import Refused

_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def csv_sheet(path: Path, name: str) -> Sheet:
    """UTF-8 with or without a mark, UTF-16 with one, or GB18030; parted by commas, tabs or semicolons."""
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    wrapped = _has(path, b'="')

    def rows() -> Iterator[list[Cell]]:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            number = 0
            try:
                for row in reader:
                    number += 1
                    if len(row) > MAX_COLUMNS or number > MAX_ROWS:
                        raise Refused(f"表格行列太多：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列，请拆成几个文件再导入。")
                    yield [_unwrapped(cell) for cell in row] if wrapped else list(row)
            except csv.Error as error:
                raise Refused(f"第 {reader.line_num} 行附近的引号不成对，读不下去，请检查后再导入。") from error

    return Sheet(name, rows, expected_rows=_lines(path))


def _unwrapped(cell: str) -> str:
    """`="0107"`, by which a CSV tells Excel to leave a number alone."""
    match = _TEXT_FORMULA.fullmatch(cell)
    return match[1] if match else cell


def _has(path: Path, what: bytes) -> bool:
    with path.open("rb") as file:
        return any(what in piece for piece in iter(lambda: file.read(1 << 20), b""))


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise Refused("认不出文字编码，请在 Excel 中另存为“CSV UTF-8”或“Excel 工作簿（.xlsx）”再导入。")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                if "\x00" in decoder.decode(piece):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(path: Path, encoding: str) -> str:
    """The sign that parts most cells in the first lines: comma, tab or semicolon."""
    with path.open(encoding=encoding, newline="") as file:
        lines = "".join(file.readline(65_536) for _ in range(10))
    return max(",\t;", key=lambda sign: lines.count(sign))
