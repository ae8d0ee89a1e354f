"""Tables from outside: .xlsx, .xls and CSV, opened by what they are and only after a look through them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath

import python_calamine
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from files.cell import Cell
from files.csv_sheet import csv_sheet
from files.file_kind import SAVE_AS_XLSX, FileKind, file_kind
from files.incoming_sheet import Merge, Sheet
from files.parquet_sheet import parquet_sheet
from files.sheet_slices import SLICE_FROM_CELLS, sheet_parts, slices
from files.xls_sheets import xls_sheets
from files.xlsx_check import SheetExtent, check_xlsx
from models.refusal import Refused

SLICE_TOO_LARGE = "表格太大，且不是 Excel 或 WPS 保存的样式，请另存为 CSV 再导入。"
_CORRUPT = f"文件已损坏，打不开。{SAVE_AS_XLSX}"


def open_table(path: Path, name: str, max_bytes: int, parquet: bool = False) -> list[Sheet]:
    """The sheets of the file at `path`, called `name` by the user; a CSV or Parquet file is one sheet of that name.

    Refused with a sentence before the file is opened whole: empty or larger than `max_bytes`, encrypted, carrying
    macros or a DTD, a bomb, corrupt, too many cells, or no table at all whatever its extension says.
    """
    kind = file_kind(path, max_bytes)
    if kind is FileKind.CSV:
        return [csv_sheet(path, PurePath(name).name)]
    if kind is FileKind.PARQUET and parquet:
        return [parquet_sheet(path, PurePath(name).name)]
    if kind is FileKind.PARQUET:
        raise Refused(f"Parquet 文件只用于导入发放数据，这里请用 Excel 或 CSV。{SAVE_AS_XLSX}")
    try:
        sheets = _xlsx_sheets(path) if kind is FileKind.XLSX else xls_sheets(path)
    except (CalamineError, KeyError, ValueError, SyntaxError) as error:
        raise Refused(_CORRUPT) from error
    if not sheets:
        raise Refused("工作簿里没有工作表，请检查是否选错了文件。")
    return sheets


def _xlsx_sheets(path: Path) -> list[Sheet]:
    facts = check_xlsx(path)
    special = {
        part: extent for part, extent in facts.sheets.items() if extent.cells > SLICE_FROM_CELLS or extent.formulas
    }
    parts = {name: part for name, part in sheet_parts(path).items() if part in special} if special else {}
    book = _open(path)
    found = []
    for name, hidden in _worksheets(book):
        extent = special.get(parts.get(name, ""))
        if extent and extent.cells > SLICE_FROM_CELLS:
            sheet = _large_sheet(path, name, hidden, extent)
        else:
            sheet = _sheet(book.get_sheet_by_name(name), hidden, facts.hidden_rows, facts.error_cells)
        found.append(replace(sheet, formulas=frozenset(extent.formulas)) if extent else sheet)
    return found


def _open(source: object) -> CalamineWorkbook:
    """A reader that panics does so with a BaseException of its own, which must not end the process."""
    try:
        return CalamineWorkbook.from_object(source)  # type: ignore[arg-type]
    except python_calamine.PasswordError as error:
        raise Refused("文件加了密码，请在 Excel 中去掉密码后再导入。") from error
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise Refused(_CORRUPT) from error
        raise


def _worksheets(book: CalamineWorkbook) -> list[tuple[str, bool]]:
    return [
        (sheet.name, sheet.visible is not SheetVisibleEnum.Visible)
        for sheet in book.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
    ]


def _sheet(sheet: CalamineSheet, hidden: bool, hidden_rows: int, error_cells: int) -> Sheet:
    merged = tuple(Merge(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ())

    def rows() -> Iterator[list[Cell]]:
        left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        for row in sheet.iter_rows():
            yield left + row if left else row

    return Sheet(sheet.name, rows, merged, hidden, hidden_rows, error_cells, sheet.total_height)


def _large_sheet(path: Path, name: str, hidden: bool, extent: SheetExtent) -> Sheet:
    if not extent.places_said:
        raise Refused(SLICE_TOO_LARGE)

    def rows() -> Iterator[list[Cell]]:
        number = 0
        for workbook in slices(path, extent.part):
            sheet = _open(workbook).get_sheet_by_name(name)
            if sheet.start is None:
                continue
            left: list[Cell] = [""] * sheet.start[1]
            # The reader begins at row 1 with blank rows; those that earlier slices brought are passed over.
            for row in islice(sheet.iter_rows(), number, None):
                yield left + row if left else row
            number = sheet.start[0] + sheet.height

    merged = tuple(map(_merge, extent.merged))
    return Sheet(name, rows, merged, hidden, extent.hidden_rows, extent.error_cells, extent.last_row)


def _merge(place: str) -> Merge:
    corners = re.findall(r"([A-Z]+)(\d+)", place)
    (left, top), (right, bottom) = corners[0], corners[-1]
    return Merge(int(top), _index(left), int(bottom), _index(right))


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
