"""The ledger as it comes back: which cells no longer hold what was exported, and which rows cannot be read at all.

Columns are found by their names, rows by their hidden key and seal (files/ledger_seal.py), wherever they were moved. A
row that is gone is said, never taken for a deletion. Identity columns and masked ones are not read.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from files.cell import Cell, cell_text, column_letter
from files.export_level import ExportLevel
from files.fault_workbook import REASON, ROW, SHEET
from files.file_kind import SAVE_AS_XLSX, FileKind, file_kind
from files.ledger_column import LEDGER_COLUMNS, LedgerColumn
from files.ledger_seal import NEVER_READ, RowSeal, Sealer, compared_columns, plain_text
from files.ledger_workbook import KEY_HEADER, SEAL_HEADER, VERSION_HEADER
from files.progress import READING, Report, unheard
from files.table import Table, find_tables
from files.tabular import open_table
from files.xlsx_check import MOST_FORMULAS
from models.masking import mask_text
from models.refusal import Refused
from models.row_fault import RowFault

NEEDED = (KEY_HEADER, VERSION_HEADER, SEAL_HEADER)
_HEADERS: Mapping[str, tuple[str, ...]] = {name: () for name in (*(c.header for c in LEDGER_COLUMNS), *NEEDED)}
_BY_HEADER = {column.header: column for column in LEDGER_COLUMNS}
_OURS = frozenset({REASON, SHEET, ROW})
_COUNTED = re.compile(r"共 ([\d,]+) 件")
_TELL_EVERY = 2_000

NOT_OURS = (
    "没有找到“记录键”“记录版本”“导出标记”三个隐藏列，认不出这是哪些问题。请用本系统导出的责任单位版或内部版台账修改后导回；"
    "公开版不能导回。"
)
ADDED = "这一行是新增的，没有收：新问题请在系统里“登记问题”，台账里不能新增。"
NO_SEAL = "本行隐藏的“导出标记”没有了或对不上，没有收。可能是复制、拆分过单元格，或改过隐藏列；请重新导出再改。"
TORN = "问题编号和本行隐藏的记录键不是同一件，没有收。可能只排序了一部分列；请重新导出再改，排序时选中全部列。"
TWICE = "与第 {row} 行是同一件问题，没有收；一件问题只能有一行，请删去多余的一行。"
FORMULA = "这一格是公式，没有收。请改成文字：复制后“选择性粘贴”为“值”。"
HIDDEN = "文件里有 {rows:,} 行被隐藏或筛掉，这些行也读入了。"
NO_PLACE = "表里有公式，但看不出在哪一格，没有收。请用 Excel 或 WPS 打开后另存一份再导回。"
OTHER_CAMPAIGN = "这份台账是另一次专项治理导出的，没有收。请先选对专项治理再导回。"


@dataclass(frozen=True, slots=True)
class EditedCell:
    """A cell that no longer holds what was exported."""

    column: LedgerColumn
    letter: str
    cell: Cell

    @property
    def text(self) -> str:
        """As it is meant: nothing where 无 or — stands."""
        return plain_text(self.cell)


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A row with such cells. `number` is the problem's as the sheet shows it."""

    sheet: str
    row: int
    number: str
    issue_id: int
    seal: RowSeal
    cells: tuple[EditedCell, ...]

    def fault(self, cell: EditedCell, message: str) -> RowFault:
        """A fault of one of the cells."""
        return RowFault(self.sheet, self.row, cell.column.header, shown(cell.text), message, cell.letter)


@dataclass
class ReturnedLedger:
    """What was read. `rows` have a sound seal; `unchanged` of them hold what was exported."""

    rows: int = 0
    unchanged: int = 0
    edited: list[EditedRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    notices: list[RowFault] = field(default_factory=list)
    tables: tuple[Table, ...] = ()


def read_ledger(
    path: Path, name: str, max_bytes: int, sealer: Sealer, campaign_id: int, report: Report = unheard
) -> ReturnedLedger:
    """Read an edited ledger of this campaign. Raises Refused for what is no workbook, as any import does."""
    sheets = open_table(path, name, max_bytes)
    if file_kind(path, max_bytes) is not FileKind.XLSX:
        raise Refused(f"台账只从 .xlsx 导回。{SAVE_AS_XLSX}")
    found = find_tables(sheets, _HEADERS, ())
    tables = tuple(table for table in found.tables if all(n in table.match.columns for n in NEEDED))
    read = ReturnedLedger(tables=tables)
    if hidden := max(sheet.hidden_rows for sheet in sheets):
        read.notices.append(RowFault(sheets[0].name, 0, "", "", HIDDEN.format(rows=hidden)))
    if not tables:
        read.faults.append(RowFault(sheets[0].name, 0, "", "", NOT_OURS))
    seen: dict[int, int] = {}
    for table in tables:
        _Reader(table, sealer, campaign_id, read, seen, report).read()
    return read


def shown(text: str) -> str:
    """A cell's text as a fault quotes it: numbers masked, not the whole story."""
    text = mask_text(text)
    return text if len(text) <= 60 else f"{text[:60]}…"


class _Reader:
    """One sheet. `seen` says on which row a problem stood already."""

    def __init__(
        self, table: Table, sealer: Sealer, campaign_id: int, read: ReturnedLedger, seen: dict[int, int], report: Report
    ) -> None:
        self.table, self.open, self.campaign_id, self.read_ = table, sealer.open, campaign_id, read
        self.seen, self.report = seen, report
        columns = table.match.columns
        self.key_at, self.version_at, self.seal_at = (columns[name] for name in NEEDED)
        self.places = [
            (_BY_HEADER[header].field, at)
            for header, at in columns.items()
            if header in _BY_HEADER and _BY_HEADER[header].field not in NEVER_READ
        ]
        self.swallowed = table.merged_faults()
        self.picks: dict[ExportLevel, Callable[[Sequence[Cell]], Sequence[Cell]] | None] = {}
        self.positions: set[int] = set()
        self.counted = 0
        self.passed_over = 0

    def read(self) -> None:
        """Every row, then what is to be said of the sheet as a whole."""
        formulas = self.table.sheet.formulas
        if (0, 0) in formulas or len(formulas) >= MOST_FORMULAS:
            self._whole(NO_PLACE)
            return
        before = self.read_.rows
        for row, cells in self.table.data_rows(SEAL_HEADER, KEY_HEADER):
            if row % _TELL_EVERY == 0:
                self.report(READING, row, self.table.sheet.expected_rows)
            if not self._row(row, cells):
                return
        self.read_.notices += self._notices(self.read_.rows - before)

    def _row(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether reading goes on."""
        text = cells[self.seal_at]
        issue_id, version = _whole_number(cells[self.key_at]), _whole_number(cells[self.version_at])
        if text == "" and issue_id is None:
            self._without_key(row, cells)
            return True
        seal = self.open(str(text), issue_id, version or 0) if issue_id is not None else None
        if seal is None or issue_id is None:
            self._fault(row, KEY_HEADER, NO_SEAL)
            return True
        if seal.campaign_id != self.campaign_id:
            self._whole(OTHER_CAMPAIGN)
            return False
        if issue_id in self.seen:
            self._fault(row, KEY_HEADER, TWICE.format(row=self.seen[issue_id]))
            return True
        self.seen[issue_id] = row
        self.positions.add(seal.position)
        self.read_.rows += 1
        self._compare(row, issue_id, seal, cells)
        return True

    def _compare(self, row: int, issue_id: int, seal: RowSeal, cells: Sequence[Cell]) -> None:
        compared = self._compared(seal.level)
        untouched = compared is not None and seal.is_untouched(compared(cells))
        columns = [] if untouched else list(seal.edited({field: cells[at] for field, at in self.places}))
        formulas = self.table.sheet.formulas and self._formulas(row, seal)
        if not columns and not formulas:
            self.read_.unchanged += 1
            return
        if any(column.field == "number" for column in columns):
            self._fault(row, "问题编号", TORN)
            return
        edited = tuple(self._edited(row, seal, columns, cells))
        if edited:
            at = self.table.match.columns.get("问题编号")
            number = cell_text(cells[at]) if at is not None else ""
            self.read_.edited.append(EditedRow(self.table.sheet.name, row, number, issue_id, seal, edited))
        elif not formulas and not any((row, c.header) in self.swallowed for c in columns):
            self.read_.unchanged += 1

    def _compared(self, level: ExportLevel) -> Callable[[Sequence[Cell]], Sequence[Cell]] | None:
        """Picks the cells a seal of that level speaks of, in its order; None where a column is gone."""
        if level not in self.picks:
            places = dict(self.places)
            wanted = [places.get(column.field) for column, _, _ in compared_columns(level)]
            self.picks[level] = None if None in wanted else itemgetter(*wanted)
        return self.picks[level]

    def _edited(
        self, row: int, seal: RowSeal, columns: Sequence[LedgerColumn], cells: Sequence[Cell]
    ) -> Iterator[EditedCell]:
        for column in columns:
            at = self.table.match.columns[column.header]
            if column.shown[seal.level] == "masked":
                self.passed_over += 1
            elif (row, at) in self.table.sheet.formulas:
                pass
            elif (row, column.header) in self.swallowed:
                self.read_.faults.append(self.swallowed[row, column.header])
            else:
                yield EditedCell(column, column_letter(at), cells[at])

    def _formulas(self, row: int, seal: RowSeal) -> bool:
        """Whether a column that is read holds a formula here; each is a fault, whatever it comes to."""
        found = False
        for header, at in self.table.match.columns.items():
            column = _BY_HEADER.get(header)
            if (row, at) in self.table.sheet.formulas and column and column.field not in NEVER_READ:
                self._fault(row, header, FORMULA)
                found = True
        return found

    def _without_key(self, row: int, cells: Sequence[Cell]) -> None:
        """The line with the count below the table; anything else was added."""
        first = next((text for cell in cells if cell != "" and (text := cell_text(cell))), "")
        if count := _COUNTED.match(first):
            self.counted = int(count[1].replace(",", ""))
            return
        self.read_.faults.append(RowFault(self.table.sheet.name, row, "问题编号", shown(first), ADDED, "A"))

    def _notices(self, rows: int) -> Iterator[RowFault]:
        total = max(self.counted, max(self.positions, default=0))
        if rows == len(self.positions) < total:
            yield self._notice(f"导出时有 {total:,} 件，表里少了 {total - rows:,} 件：删行不当作删除，系统里照旧。")
        if self.passed_over:
            yield self._notice(f"有 {self.passed_over:,} 处改动在打码的列里，没有读入；请在系统里改。")
        strange = [name for name in self.table.match.unknown if name not in _OURS]
        if strange:
            yield self._notice(f"有几列不是台账的列，没有读入：{'、'.join(strange[:20])}。")

    def _notice(self, message: str) -> RowFault:
        return RowFault(self.table.sheet.name, 0, "", "", message)

    def _whole(self, message: str) -> None:
        self.read_.faults.append(self._notice(message))

    def _fault(self, row: int, header: str, message: str) -> None:
        self.read_.faults.append(self.table.fault(row, header, "", message))


def _whole_number(cell: Cell) -> int | None:
    """A key or version, also where a program made text of it."""
    if isinstance(cell, float) and cell.is_integer() and 0 <= cell < 1e15:
        return int(cell)
    text = cell_text(cell)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
