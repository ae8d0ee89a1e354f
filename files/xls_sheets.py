"""Sheets of an old .xls, read by xlrd.

Not by calamine, which reads the newer ones: on a damaged .xls it asks for hundreds of gigabytes by a number it found
in the file, and takes the whole process with it. xlrd is plain Python and merely fails.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlrd
from xlrd.xldate import xldate_as_datetime

from files.cell import Cell
from files.file_kind import SAVE_AS_XLSX
from files.incoming_sheet import Merge, Sheet
from files.xls_check import checked_book
from models.refusal import Refused


def xls_sheets(path: Path) -> list[Sheet]:
    """The worksheets of the file at `path`; refused is what `checked_book` refuses and what is damaged."""
    records = checked_book(path.read_bytes())
    try:
        with open(os.devnull, "w") as nowhere:
            book = xlrd.open_workbook(file_contents=records, logfile=nowhere, formatting_info=True, ragged_rows=True)
            return [_sheet(book.sheet_by_index(at), book.datemode) for at in range(book.nsheets)]
    except Exception as error:  # whatever a damaged record leads to
        raise Refused(f"文件已损坏，打不开。{SAVE_AS_XLSX}") from error


def _sheet(sheet: Any, datemode: int) -> Sheet:
    def rows() -> Iterator[list[Cell]]:
        for number in range(sheet.nrows):
            types, values = sheet.row_types(number), sheet.row_values(number)
            yield [_cell(kind, value, datemode) for kind, value in zip(types, values, strict=True)]

    return Sheet(
        sheet.name,
        rows,
        tuple(Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells),
        sheet.visibility != 0,
        sum(1 for row in sheet.rowinfo_map.values() if row.hidden),
        sum(sheet.row_types(number).count(xlrd.XL_CELL_ERROR) for number in range(sheet.nrows)),
    )


def _cell(kind: int, value: str | float, datemode: int) -> Cell:
    if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
        return value
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            day: datetime = xldate_as_datetime(value, datemode)
            return day
        except (ValueError, OverflowError):
            return float(value)
    return ""
