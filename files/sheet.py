"""A sheet as it is described, and its frame: all of it but the body rows, laid out by openpyxl for printing.

Print conventions: domain, ledger_formats.md section 9. The fonts are the office's; they are named, not shipped.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

Kind = Literal["text", "int", "number", "money", "date"]
Align = Literal["left", "center", "right"]

SIGNATURE = ("填表人：", "审核人：", "单位负责人：", "联系电话：")
COUNT = "{count}"  # stands in a footer line for the number of body rows
CHOICES_SHEET = "选项"

TITLE_FONT, HEADER_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
BODY_SIZE = 10.5
LINE_POINTS = 14.5
TALLEST_ROW = 409.0  # Excel's limit is 409.5 points

_UNBROKEN = re.compile(r"[\x21-\x7e]{6,}")
_FORMATS = {"text": "@", "int": "#,##0", "number": "#,##0.00##", "money": "#,##0.00", "date": "yyyy-mm-dd"}
_ALIGNS: dict[str, Align] = {"text": "left", "int": "center", "number": "right", "money": "right", "date": "center"}
_THIN = Side(style="thin", color="FF808080")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEADER_FILL = PatternFill("solid", fgColor="FFEAF0F6")
_EDITABLE_FILL = PatternFill("solid", fgColor="FFFFF2CC")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` in characters of the body font (a Chinese character is 2).

    money takes integer 分; int and number take numbers; date takes dates; each of them takes None. `hidden` columns are
    for the machine; `folded` ones open by the + above the column letters and are not printed. `choices` become a
    drop-down read when the body is written, so it may be filled while the rows pass; with `choices_only` nothing else
    can be typed. `longest` limits the characters of an editable cell. `empty` stands for nothing; where it is
    not given, 无 does in text columns and — in the others.
    """

    header: str
    kind: Kind = "text"
    width: float = 10
    align: Align | None = None
    hidden: bool = False
    folded: bool = False
    editable: bool = False
    choices: Iterable[str] | None = None
    choices_only: bool = True
    longest: int | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet. Without a title the header is the first row, so that the sheet can be read back as it is.

    `subtitle` lines are (left, right) pairs; a footer line may hold `COUNT`, a tuple is spread over the width;
    `page_header` is the (left, right) of the head of each printed page. The headers of editable columns are tinted.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    subtitle: Sequence[tuple[str, str]] = ()
    footer: Sequence[str | tuple[str, ...]] = ()
    page_header: tuple[str, str] = ("", "")
    frozen_columns: int = 0
    autofilter: bool = True

    @property
    def header_row(self) -> int:
        """1-based."""
        return (1 if self.title else 0) + len(self.subtitle) + 1

    @property
    def visible(self) -> list[int]:
        """Numbers, 1-based, of the columns that are not hidden."""
        return [number for number, column in enumerate(self.columns, 1) if not column.hidden]


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """Style ids of a column in the saved workbook: plain, for text that looks like a formula, for whole numbers."""

    plain: int
    quoted: int
    whole: int


def text_units(text: str) -> int:
    """Width of one line of text: a Latin character is 1, a Chinese one 2; UTF-8 takes 1 byte and 3 for them."""
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) // 2


def line_count(text: str, width: float) -> int:
    """Lines the text takes when wrapped in a column of that width."""
    capacity = max(2, int((width - 0.5) // 2) * 2)
    if "\n" not in text:
        return math.ceil(_wrapped_units(text, capacity) / capacity) or 1
    return sum(max(1, math.ceil(_wrapped_units(line, capacity) / capacity)) for line in text.split("\n"))


def _wrapped_units(line: str, capacity: int) -> float:
    units = text_units(line)
    if units <= capacity:
        return units
    # A number is not broken: it leaves part of the line before it empty.
    return units + sum(map(len, _UNBROKEN.findall(line))) / 3


def row_points(lines: int) -> float:
    """Height in points of a body row; neither openpyxl nor Excel fits the rows of a file that is only written."""
    return min(TALLEST_ROW, lines * LINE_POINTS * (1.0 if lines < 8 else 1.04) + 5)


def column_styles(book: Workbook, spec: SheetSpec) -> list[ColumnStyle]:
    """Register the body styles of a sheet and return their ids. They depend on the columns alone, never on the rows."""
    sheet = book[spec.name]
    return [
        ColumnStyle(
            plain=_style_id(sheet, column),
            quoted=_style_id(sheet, column, quoted=True),
            whole=_style_id(sheet, column, whole=True),
        )
        for column in spec.columns
    ]


def _style_id(sheet: Any, column: Column, quoted: bool = False, whole: bool = False) -> int:
    donor = WriteOnlyCell(sheet)  # a new one each time: the book keeps the style object itself
    donor.font = Font(name=BODY_FONT, size=BODY_SIZE)
    donor.border = _BORDER
    donor.alignment = Alignment(horizontal=column.align or _ALIGNS[column.kind], vertical="center", wrap_text=True)
    donor.number_format = _FORMATS["int" if whole and column.kind == "number" else column.kind]
    if quoted:
        donor.quotePrefix = True
    return int(donor.style_id)


def lay_out(sheet: Any, spec: SheetSpec, count: int, choices: dict[int, str]) -> None:
    """Everything but the body rows, for a body of `count` rows; `choices` are the drop-downs' ranges by column."""
    first = spec.header_row + 1
    last = spec.header_row + count
    _head(sheet, spec)
    _header_row(sheet, spec)
    for offset, line in enumerate(spec.footer, 1):
        text = line.replace(COUNT, f"{count:,}") if isinstance(line, str) else _spread(line, spec)
        _merged_line(sheet, spec, last + offset, text)
    _widths(sheet, spec)
    sheet.freeze_panes = f"{get_column_letter(spec.frozen_columns + 1)}{first}"
    if spec.autofilter:  # over the hidden columns too: sorting must carry the keys along with their rows
        sheet.auto_filter.ref = f"A{spec.header_row}:{get_column_letter(len(spec.columns))}{last}"
    if count:
        _validations(sheet, spec, first, last, choices)
    _print_setup(sheet, spec, max(last + len(spec.footer), spec.header_row))


def _put(sheet: Any, row: int, column: int, text: str, font: Font, align: Alignment) -> None:
    cell = sheet.cell(row=row, column=column)
    cell.value = text
    cell.data_type = "s"  # openpyxl would make a formula of a title that begins with =
    cell.font, cell.alignment = font, align


def _head(sheet: Any, spec: SheetSpec) -> None:
    width = _printed_width(spec, spec.visible)
    row = 1
    if spec.title:
        font, align = Font(name=TITLE_FONT, size=22), Alignment("center", "center", wrap_text=True)
        _put(sheet, row, 1, spec.title, font, align)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=spec.visible[-1])
        sheet.row_dimensions[row].height = 36 * math.ceil(text_units(spec.title) * 2.1 / width)
        row += 1
    for left, right in spec.subtitle:
        _two_sided_line(sheet, spec, row, left, right)
        row += 1


def _two_sided_line(sheet: Any, spec: SheetSpec, row: int, left: str, right: str) -> None:
    split = _split_column(spec, right)
    sides = ((left, 1, split, "left"), (right, split + 1, spec.visible[-1], "right"))
    lines = 1
    for text, start, end, side in sides:
        if start > end:
            continue
        font, align = Font(name=BODY_FONT, size=BODY_SIZE), Alignment(side, "center", wrap_text=True)
        _put(sheet, row, start, text, font, align)
        if end > start:
            sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=end)
        lines = max(lines, line_count(text, _printed_width(spec, range(start, end + 1))))
    sheet.row_dimensions[row].height = row_points(lines)


def _split_column(spec: SheetSpec, right: str) -> int:
    """Last column of the left half, so that the right half just holds its text."""
    if not right:
        return spec.visible[-1]
    taken = 0.0
    for number in reversed(spec.visible):
        taken += 0 if spec.columns[number - 1].folded else spec.columns[number - 1].width
        if taken >= text_units(right) + 2:
            return max(1, number - 1)
    return 1


def _header_row(sheet: Any, spec: SheetSpec) -> None:
    lines = 1
    for number, column in enumerate(spec.columns, 1):
        align = Alignment("center", "center", wrap_text=True)
        _put(sheet, spec.header_row, number, column.header, Font(name=HEADER_FONT, size=11), align)
        cell = sheet.cell(row=spec.header_row, column=number)
        cell.border = _BORDER
        cell.fill = _EDITABLE_FILL if column.editable else _HEADER_FILL
        if not column.hidden:
            lines = max(lines, line_count(column.header, column.width - 0.5))
    sheet.row_dimensions[spec.header_row].height = max(28.0, lines * 15.5 + 6)


def _merged_line(sheet: Any, spec: SheetSpec, row: int, text: str) -> None:
    _put(sheet, row, 1, text, Font(name=BODY_FONT, size=BODY_SIZE), Alignment("left", "center", wrap_text=True))
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=spec.visible[-1])
    sheet.row_dimensions[row].height = max(22.0, row_points(line_count(text, _printed_width(spec, spec.visible))))


def _spread(labels: Sequence[str], spec: SheetSpec) -> str:
    """The labels at even distances, room to write by hand after each."""
    room = int(_printed_width(spec, spec.visible) / len(labels))
    return "".join(label + "　" * max(3, (room - text_units(label)) // 2) for label in labels).rstrip("　")


def _printed_width(spec: SheetSpec, numbers: Iterable[int]) -> float:
    columns = [spec.columns[number - 1] for number in numbers]
    return max(4.0, sum(column.width for column in columns if not (column.hidden or column.folded)))


def _widths(sheet: Any, spec: SheetSpec) -> None:
    for number, column in enumerate(spec.columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width + 0.71  # Excel counts its cell padding in
        dimension.hidden = column.hidden or column.folded
        if column.folded:
            dimension.outlineLevel = 1
        elif number > 1 and spec.columns[number - 2].folded:
            dimension.collapsed = True


def _validations(sheet: Any, spec: SheetSpec, first: int, last: int, choices: dict[int, str]) -> None:
    for number, column in enumerate(spec.columns, 1):
        rule = _validation(column, choices.get(number))
        if rule is None:
            continue
        letter = get_column_letter(number)
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(rule)


def _validation(column: Column, choices: str | None) -> DataValidation | None:
    if column.choices is not None and choices is not None:
        rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=True)
        rule.errorStyle = "stop" if column.choices_only else "warning"
        rule.error = "请从下拉选项中选择。" if column.choices_only else "填写的内容不在下拉选项中，请核对后再确认。"
    elif column.longest is not None:
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", allow_blank=True, showErrorMessage=True)
        rule.formula1, rule.error = str(column.longest), f"最多填写 {column.longest} 字，请精简后再填。"
    else:
        return None
    rule.errorTitle = column.header
    return rule


def _print_setup(sheet: Any, spec: SheetSpec, last: int) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_properties.outlinePr.summaryRight = True
    sheet.print_options.horizontalCentered = True
    sheet.HeaderFooter.scaleWithDoc = False  # the audit head stays legible on a wide sheet
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.71, 0.47, 0.71, 0.63  # inches; the left is for binding
    margins.header = margins.footer = 0.31
    sheet.print_title_rows = f"1:{spec.header_row}"
    sheet.print_area = f"A1:{get_column_letter(spec.visible[-1])}{last}"
    for part, text in zip((sheet.oddHeader.left, sheet.oddHeader.right), spec.page_header, strict=True):
        part.text, part.size, part.font = text.replace("&", "&&") or None, 9, f"{BODY_FONT},Regular"
    sheet.oddFooter.center.text = "第&P页 共&N页"
    sheet.oddFooter.center.size, sheet.oddFooter.center.font = 9, f"{BODY_FONT},Regular"
