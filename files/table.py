"""A sheet whose header was found, and its data rows: titles, totals, signatures and repeated headers are told apart."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from files.cell import Cell, cell_text, column_letter
from files.headers import HEADER_ROWS, FoundHeader, HeaderMatch, find_header
from files.incoming_sheet import Merge, Sheet
from files.tabular import open_table
from models.refusal import Refused
from models.row_fault import RowFault

_TOTAL = re.compile(r"(?:本?[页户组村镇县]|全[村镇县市])?(?:合|总|小|共|累)计[^\d]{0,2}.{0,20}")
_GRAND_TOTAL = re.compile(r"(?:全[村镇县市])?(?:合|总|共)计")
_FOOTER = re.compile(r"(?:制表|填表|填报|审核|复核|经办|负责人|单位负责|分管|签字|盖章|备注|注|说明|联系人|联系电话)")
MAX_SWALLOWED = 500_000
_IDENTIFIES = 10
"""A row with so many characters in its identity column is data, whatever stands beside them."""


@dataclass(frozen=True)
class TotalRow:
    """A row of totals at the foot of a table, as written; not data."""

    row: int
    label: str
    cells: tuple[Cell, ...]

    @property
    def is_grand(self) -> bool:
        """Of the whole table; a 小计 is only of the rows above it."""
        return _GRAND_TOTAL.match("".join(self.label.split())) is not None


@dataclass
class Table:
    """One sheet with its header. `totals`, `footers`, `repeats` are complete once `data_rows` was read to its end."""

    sheet: Sheet
    header: FoundHeader
    totals: list[TotalRow] = field(default_factory=list)
    footers: list[int] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)

    @property
    def match(self) -> HeaderMatch:
        return self.header.match

    def data_rows(self, identity: str = "身份证号", name: str = "姓名") -> Iterator[tuple[int, list[Cell]]]:
        """Row number (1-based, as the sheet shows it) and cells of each row of data; blank rows are passed over."""
        width = len(self.header.names)
        id_at = self.match.columns.get(identity, -1)
        name_at = self.match.columns.get(name, -1)
        for number, row in enumerate(self.sheet.rows(), 1):
            if number <= self.header.last_row:
                continue
            if len(row) < width:
                row += [""] * (width - len(row))
            identifies = row[id_at] if id_at >= 0 else ""
            doubtful = isinstance(identifies, str) and len(identifies) < _IDENTIFIES
            if doubtful and not self._is_data(number, row, id_at, name_at):
                continue
            yield number, row

    def _is_data(self, number: int, row: list[Cell], id_at: int, name_at: int) -> bool:
        texts = [text for cell in row if cell != "" and (text := cell_text(cell))]
        if not texts:
            return False
        label = next((text for text in texts[:3] if "计" in text and _TOTAL.fullmatch("".join(text.split()))), None)
        if label is not None:
            self.totals.append(TotalRow(number, label, tuple(row)))
            return False
        identifies, name = (cell_text(row[at]) if at >= 0 else "" for at in (id_at, name_at))
        if id_at >= 0 and identifies == self.header.names[id_at]:
            self.repeats.append(number)
            return False
        if not identifies and not name and _FOOTER.match(texts[0]):
            self.footers.append(number)
            return False
        return True

    def letter(self, standard: str) -> str:
        """The sheet's own letter of the column that answers a standard header; empty where none does."""
        at = self.match.columns.get(standard)
        return "" if at is None else column_letter(at)

    def heading(self, standard: str) -> str:
        """The header as the user wrote it."""
        return self.match.mapping.get(standard, standard)

    def fault(self, row: int, standard: str, value: str, message: str) -> RowFault:
        return RowFault(self.sheet.name, row, self.heading(standard), value, message, self.letter(standard))

    def merged_faults(self) -> dict[tuple[int, str], RowFault]:
        """Cells of data swallowed by a merged range, by row and standard header: blank to a reader, not to the eye.

        Rows that are no data are among them; more than `MAX_SWALLOWED` are refused, for that is no list of people.
        """
        found: dict[tuple[int, str], RowFault] = {}
        swallowed = 0
        for merge in self.sheet.merged:
            first = max(merge.first_row, self.header.last_row + 1)
            columns = [
                each for each in self.match.columns.items() if merge.first_column <= each[1] <= merge.last_column
            ]
            swallowed += max(0, merge.last_row + 1 - first) * len(columns)
            if swallowed > MAX_SWALLOWED:
                raise Refused(f"工作表“{self.sheet.name}”里合并的单元格太多，请取消合并并逐行填写后再导入。")
            for standard, at in columns:
                for row in range(first, merge.last_row + 1):
                    if (row, at) != (merge.first_row, merge.first_column):
                        found[row, standard] = self.fault(row, standard, "", _merged_message(merge, standard))
        return found

    def notices(self) -> list[RowFault]:
        """What the user should know and need not mend."""
        totals = [total.row for total in self.totals]
        notices = []
        for numbers, what in ((totals, "合计行"), (self.footers, "表尾说明行"), (self.repeats, "重复的表头行")):
            if numbers:
                notices.append(self._notice(f"第 {_some(numbers)} 行是{what}，不作为数据读入。"))
        if self.match.repeated:
            notices.append(self._notice(f"有几列指同一内容，只读最先的一列，未读：{'、'.join(self.match.repeated)}。"))
        return notices

    def _notice(self, message: str) -> RowFault:
        return RowFault(self.sheet.name, 0, "", "", message)


@dataclass(frozen=True)
class Tables:
    """The tables of one file, and what kept other sheets from being one."""

    tables: tuple[Table, ...]
    faults: tuple[RowFault, ...]
    notices: tuple[RowFault, ...]
    headers: HeaderMatch | None
    """Of the first table, or of the nearest thing to one: for the screen where columns are matched by hand."""


def find_tables(
    sheets: Sequence[Sheet],
    standard: Mapping[str, tuple[str, ...]],
    needed: Sequence[str],
    mapping: Mapping[str, str] | None = None,
) -> Tables:
    """The tables among the visible sheets. A needed column that is missing is a fault of the whole sheet."""
    tables, faults, notices = [], [], list(_file_notices(sheets))
    for sheet in sheets:
        header = _header(sheet, standard, needed, mapping)
        if header is None or sheet.hidden:
            if header is not None or (not sheet.hidden and any(True for _ in sheet.rows())):
                why = "是隐藏的工作表" if sheet.hidden else f"前 {HEADER_ROWS} 行里没有认得出的表头"
                notices.append(RowFault(sheet.name, 0, "", "", f"{why}，没有读入。"))
            continue
        table = Table(sheet, header)
        tables.append(table)
        faults += [_missing_fault(table, name) for name in header.match.missing]
    if not tables:
        faults.append(_no_header(sheets, needed))
    return Tables(tuple(tables), tuple(faults), tuple(notices), tables[0].match if tables else None)


@dataclass(frozen=True)
class OriginalRows:
    """Rows as they stood in the user's own file, for handing them back: keys are sheet and row number."""

    header: tuple[str, ...]
    rows: Mapping[tuple[str, int], tuple[str, ...]]


def original_rows(
    path: Path, name: str, max_bytes: int, found: Sequence[Table], faults: Sequence[RowFault]
) -> OriginalRows:
    """The rows the faults speak of, read once more from the file, under the header of the first table."""
    wanted = {(fault.sheet, fault.row) for fault in faults if fault.row}
    header = found[0].header.names if found else ()
    rows: dict[tuple[str, int], tuple[str, ...]] = {}
    for sheet in open_table(path, name, max_bytes, parquet=True) if wanted else ():
        last = max((row for of, row in wanted if of == sheet.name), default=0)
        for number, row in enumerate(islice(sheet.rows(), last), 1):
            if (sheet.name, number) in wanted:
                rows[sheet.name, number] = tuple(map(cell_text, row))
    return OriginalRows(header, rows)


def _header(
    sheet: Sheet, standard: Mapping[str, tuple[str, ...]], needed: Sequence[str], mapping: Mapping[str, str] | None
) -> FoundHeader | None:
    merged_to: dict[int, int] = {}
    for merge in sheet.merged:
        merged_to[merge.first_row] = max(merge.last_row, merged_to.get(merge.first_row, 0))
    return find_header(list(islice(sheet.rows(), HEADER_ROWS)), standard, needed, mapping, merged_to)


def _missing_fault(table: Table, name: str) -> RowFault:
    offered = table.match.offered.get(name, ())
    hint = f"表里的“{'”“'.join(offered)}”可能就是它，请在对应关系里选定，或" if offered else "请"
    return RowFault(table.sheet.name, 0, name, "", f"缺少“{name}”一列，{hint}把表头改成“{name}”后再导入。")


def _no_header(sheets: Sequence[Sheet], needed: Sequence[str]) -> RowFault:
    name = sheets[0].name if sheets else ""
    if not any(cell != "" for sheet in sheets for row in sheet.rows() for cell in row):
        return RowFault(name, 0, "", "", "表格里没有内容，请检查是否选错了文件。")
    columns = "、".join(needed)
    return RowFault(
        name, 0, "", "", f"前 {HEADER_ROWS} 行里没有找到表头。需要的列：{columns}。请检查表头文字后再导入。"
    )


def _file_notices(sheets: Sequence[Sheet]) -> Iterator[RowFault]:
    """Hidden rows and formula errors are counted a file, not a sheet."""
    if sheets and (hidden := max(sheet.hidden_rows for sheet in sheets)):
        yield RowFault(sheets[0].name, 0, "", "", f"文件里有 {hidden} 行被隐藏或筛掉，这些行也读入了。")
    if sheets and (errors := max(sheet.error_cells for sheet in sheets)):
        yield RowFault(sheets[0].name, 0, "", "", f"文件里有 {errors} 格是公式错误（如 #N/A），按空白处理。")


def _merged_message(merge: Merge, standard: str) -> str:
    return f"“{standard}”与第 {merge.first_row} 行的单元格合并了，读不出本行的值，请取消合并并逐行填写。"


def _some(numbers: Sequence[int]) -> str:
    shown = "、".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} 等 {len(numbers)}"
