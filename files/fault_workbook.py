"""The faulty rows of a file, handed back as a workbook: each row as the user wrote it, with what is wrong beside it.

Mended in place it can be imported again: the headers are the user's own, and the columns of reasons are passed over.
"""

import io
from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from models.row_fault import RowFault

REASON, SHEET, ROW = "错误原因", "原工作表", "原行号"
_LONGEST_CELL = 32_767
_WRONG = PatternFill("solid", start_color="FFF2CC")
_HEAD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")


def fault_workbook(
    faults: Sequence[RowFault], header: Sequence[str], rows: Mapping[tuple[str, int], Sequence[str]]
) -> bytes:
    """An .xlsx of the faulty rows: reason, sheet and row number, then the original columns, all as text.

    `rows` are the originals by (sheet, row). Faults of the whole file stand on a second sheet. The workbook holds what
    the user uploaded, unmasked: give it to nobody else.
    """
    book = Workbook(write_only=True)
    _rows_sheet(book, faults, header, rows)
    whole = [fault for fault in faults if fault.row == 0]
    if whole:
        sheet = book.create_sheet("整份文件的问题")
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 90
        sheet.append([_text(sheet, name, bold=True) for name in ("工作表", "问题")])
        for fault in whole:
            sheet.append([_text(sheet, fault.sheet), _text(sheet, fault.message)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows_sheet(
    book: Workbook, faults: Sequence[RowFault], header: Sequence[str], rows: Mapping[tuple[str, int], Sequence[str]]
) -> None:
    sheet = book.create_sheet("有错误的行")
    sheet.freeze_panes = "D2"
    for at, width in enumerate((60, 12, 8, *(18 for _ in header)), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.append([_text(sheet, name, bold=True) for name in (REASON, SHEET, ROW, *header)])
    for (name, row), of_row in _by_row(faults):
        wrong = {fault.column for fault in of_row}
        cells = [
            _text(sheet, "\n".join(fault.message for fault in of_row), wrap=True),
            _text(sheet, name),
            _text(sheet, str(row)),
        ]
        original = rows.get((name, row), ())
        for at, value in enumerate(original):
            cells.append(_text(sheet, value, wrong=at < len(header) and header[at] in wrong))
        sheet.append(cells)


def _by_row(faults: Sequence[RowFault]) -> Iterator[tuple[tuple[str, int], list[RowFault]]]:
    grouped: dict[tuple[str, int], list[RowFault]] = {}
    for fault in faults:
        if fault.row:
            grouped.setdefault((fault.sheet, fault.row), []).append(fault)
    yield from grouped.items()


def _text(sheet: object, value: str, bold: bool = False, wrap: bool = False, wrong: bool = False) -> WriteOnlyCell:
    """A cell that is text whatever it begins with: no formula leaves this house, no number loses its digits."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL])
    cell.data_type = "s"
    cell.number_format = "@"
    if value.startswith(("=", "+", "-", "@", "\t", "\r")):
        cell.quotePrefix = True
    if bold:
        cell.font = _HEAD
    if wrap:
        cell.alignment = _WRAP
    if wrong:
        cell.fill = _WRONG
    return cell
