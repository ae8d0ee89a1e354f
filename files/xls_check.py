"""An .xls from a stranger (an OLE file): its streams are named and its records counted before a reader opens it."""

import io
import struct
from collections.abc import Iterator

import olefile  # type: ignore[import-untyped]

from files.file_kind import SAVE_AS_XLSX
from files.xlsx_check import MAX_AREA
from models.refusal import Refused

_CORRUPT = f"文件已损坏，打不开。{SAVE_AS_XLSX}"
_ENCRYPTED = "文件加了密码，请在 Excel 中去掉密码后再导入。"
_FILEPASS, _BOUNDSHEET, _BOF = 0x002F, 0x0085, 0x0809
_ONE_CELL = {0x0203, 0x0204, 0x0205, 0x0006, 0x00FD, 0x027E, 0x0201, 0x00D6}
_MANY_CELLS = {0x00BD, 0x00BE}
_MACRO_SHEETS = {1, 6}


def checked_book(content: bytes) -> bytes:
    """The stream of the workbook's records.

    Refused are encrypted workbooks (new ones are OLE files too), macros, other Office files and huge rectangles. The
    stream is taken out with olefile, which bounds every chain of sectors; xlrd's own way runs round for ever in a
    chain that bites its tail.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as document:
            names = {entry[-1].lower(): entry for entry in document.listdir(streams=True, storages=True)}
            _check_names(set(names))
            book = bytes(document.openstream(names.get("workbook") or names["book"]).read())
        _walk(book)
    except Refused:
        raise
    except Exception as error:  # a damaged directory of streams fails in any way there is
        raise Refused(_CORRUPT) from error
    return book


def _check_names(names: set[str]) -> None:
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise Refused(_ENCRYPTED)
    if any("vba" in name for name in names):
        raise Refused("文件带有宏，为安全起见不打开。请另存为不带宏的“Excel 工作簿（.xlsx）”再导入。")
    if "worddocument" in names:
        raise Refused("这是 Word 文档，不是 Excel 表格，请选择 Excel（.xlsx、.xls）或 CSV 文件。")
    if "powerpoint document" in names:
        raise Refused("这是幻灯片，不是 Excel 表格，请选择 Excel（.xlsx、.xls）或 CSV 文件。")
    if not names & {"workbook", "book"}:
        raise Refused("认不出这是什么文件，请选择 Excel（.xlsx、.xls）或 CSV 文件。")


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _walk(book: bytes) -> None:
    """The rectangles of all sheets are added up, since all of them are read."""
    area = last_row = last_column = 0
    for kind, data in _records(book):
        if kind == _FILEPASS:
            raise Refused(_ENCRYPTED)
        if kind == _BOUNDSHEET and data[5] in _MACRO_SHEETS:
            raise Refused("文件带有宏表，为安全起见不打开。" + SAVE_AS_XLSX)
        if kind == _BOF:
            area, last_row, last_column = area + last_row * last_column, 0, 0
        elif kind in _ONE_CELL or kind in _MANY_CELLS:
            row, column = struct.unpack_from("<HH", data)
            last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind in _MANY_CELLS else column
            last_row, last_column = max(last_row, row + 1), max(last_column, last + 1)
        if area + last_row * last_column > MAX_AREA:
            raise Refused("表格行列太多（含空白格）。请删去多余的空白行列，或拆成几个文件再导入。")
