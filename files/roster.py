"""A roster of households, read and checked row by row; nothing is taken in here.

Headers and their synonyms are in `files.headers`. Needed are 乡镇, 村, 户编号, 与户主关系, 姓名 and 身份证号.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from files.cell import Cell, cell_text, is_scientific
from files.digest import file_sha256
from files.headers import ROSTER_HEADERS, ROSTER_NEEDED, HeaderMatch
from files.progress import EVERY, READING, Report, unheard
from files.table import OriginalRows, Table, find_tables, original_rows
from files.tabular import open_table
from files.village_index import NoVillage, VillageIndex
from models import id_number
from models.id_number import IdVerdict
from models.masking import mask_account, mask_id
from models.row_fault import RowFault

LONGEST: Mapping[str, int] = {
    "组": 40,
    "户编号": 30,
    "与户主关系": 30,
    "姓名": 60,
    "身份证号": 30,
    "性别": 4,
    "开户银行": 80,
    "银行账号": 40,
    "卡折类型": 20,
    "联系电话": 30,
    "住址": 200,
}
"""Characters the record has room for."""

DIGITS_LOST = "被 Excel 变成科学计数，末几位已丢失，请把该列设为文本后重新填写。"

_HEADS = {"户主", "本人", "户主本人", "本人户主", "户主(本人)", "本人(户主)"}
_ACCOUNT = re.compile(r"\d{12,23}", re.ASCII)
_SPACED = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_DECIMAL_ZERO = re.compile(r"(\d+)\.0", re.ASCII)
_NUMBERS = ("身份证号", "银行账号", "联系电话")
_REPEATED = {"乡镇", "村", "组", "户编号", "与户主关系", "性别", "开户银行", "卡折类型"}
_NEVER_DATES = ("组", "户编号", "与户主关系", "姓名", "身份证号", "银行账号", "联系电话")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the roster gives them, unmasked. Texts are empty where nothing is written.

    `sheet` and `row` say where; `household_number` is text and keeps its zeros; `id_number` is normalised; `sex` is
    男 or 女 as written, else by the number; `is_head` follows 与户主关系; `account_kind` is as written.
    """

    sheet: str
    row: int
    village_code: str
    household_number: str
    group_name: str
    relation: str
    is_head: bool
    name: str
    id_number: str
    sex: str
    bank_name: str
    account_no: str
    account_kind: str
    phone: str
    address: str


@dataclass(frozen=True)
class RosterFile:
    """What a roster file holds: rows without fault, every fault at once, notices, and the SHA-256 of the file.

    `total_rows` counts the rows of data, faulty ones too. A fault with row 0 is of the whole file and stands in the way
    of taking in anything; other faults only of their rows. Notices have the form of a fault and stand in nobody's way.
    """

    rows: tuple[RosterRow, ...]
    faults: tuple[RowFault, ...]
    notices: tuple[RowFault, ...]
    sha256: str
    total_rows: int
    headers: HeaderMatch | None
    tables: tuple[Table, ...] = field(default=(), repr=False)

    @property
    def whole_file_faults(self) -> tuple[RowFault, ...]:
        return tuple(fault for fault in self.faults if fault.row == 0)

    @property
    def faulty_rows(self) -> int:
        """How many rows have a fault."""
        return len({(fault.sheet, fault.row) for fault in self.faults if fault.row})

    def originals(self, path: Path, name: str, max_bytes: int) -> OriginalRows:
        """The faulty rows as the user wrote them, for `fault_workbook`."""
        return original_rows(path, name, max_bytes, self.tables, self.faults)


def read_roster(
    path: Path,
    name: str,
    villages: VillageIndex,
    today: date,
    accept_as_is: bool = False,
    mapping: Mapping[str, str] | None = None,
    *,
    max_bytes: int,
    report: Report = unheard,
) -> RosterFile:
    """Reads the roster at `path`, called `name` by the user. Refused are only files that are no table at all.

    `accept_as_is` (按原样接收) takes identity numbers with a wrong length, date or check digit as they are written;
    those that Excel turned into 4.2E+17 are a fault all the same. `mapping` is the user's remembered mapping. `report`
    hears how far it is.
    """
    found = find_tables(open_table(path, name, max_bytes), ROSTER_HEADERS, ROSTER_NEEDED, mapping)
    reading = _Reading(villages, today, accept_as_is, report, sum(t.sheet.expected_rows for t in found.tables))
    reading.faults += found.faults
    if not found.faults:
        for table in found.tables:
            reading.read(table)
        if not reading.total_rows:
            reading.faults.append(_no_rows(found.tables))
    notices = [*found.notices, *reading.notices, *reading.households.notices()]
    return RosterFile(
        tuple(reading.rows),
        tuple(reading.faults),
        tuple(notices),
        file_sha256(path),
        reading.total_rows,
        found.headers,
        found.tables,
    )


class _Households:
    """Who is the head of which household, and where each household was first written."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[Table, int]] = {}
        self._heads: dict[tuple[str, str], list[int]] = {}

    def add(self, table: Table, row: RosterRow) -> None:
        household = (row.village_code, row.household_number)
        self._first.setdefault(household, (table, row.row))
        if row.is_head:
            self._heads.setdefault(household, []).append(row.row)

    def notices(self) -> Iterator[RowFault]:
        for household, (table, row) in self._first.items():
            heads = self._heads.get(household, [])
            this = f"户编号 {household[1]} 这一户"
            if not heads:
                yield table.fault(row, "与户主关系", "", f"{this}没有写明谁是户主，请核对。")
            elif len(heads) > 1:
                rows = "、".join(map(str, heads[:5]))
                yield table.fault(row, "与户主关系", "", f"{this}有 {len(heads)} 个户主（第 {rows} 行），请核对。")


class _Reading:
    """One file on its way through: what was seen so far, and what is wrong with it."""

    def __init__(self, villages: VillageIndex, today: date, accept_as_is: bool, report: Report, expected: int) -> None:
        self.today, self.accept_as_is = today, accept_as_is
        self.report, self.expected = report, expected
        self.rows: list[RosterRow] = []
        self.faults: list[RowFault] = []
        self.notices: list[RowFault] = []
        self.total_rows = 0
        self.households = _Households()
        self._villages = villages
        self._known = _KnownTexts()
        self._places: dict[tuple[str, str], str | NoVillage] = {}
        self._people: dict[str, tuple[str, int]] = {}

    def read(self, table: Table) -> None:
        columns = list(table.match.columns.items())
        merged = table.merged_faults()
        for number, cells in table.data_rows():
            if self.total_rows % EVERY == 0:
                self.report(READING, self.total_rows, self.expected)
            self.total_rows += 1
            row = _Row(table, number, {standard: cells[at] for standard, at in columns}, self._known)
            if merged:
                row.faults.update({s: fault for s, _ in columns if (fault := merged.get((number, s)))})
            person = self._person(row)
            self.faults += sorted(row.faults.values(), key=lambda fault: (len(fault.letter), fault.letter))
            self.notices += row.notices
            if not row.faults:
                self.rows.append(person)
                self.households.add(table, person)
        self.notices += table.notices()

    def _person(self, row: "_Row") -> RosterRow:
        row.check_cells()
        for standard in ROSTER_NEEDED:
            if not row.texts.get(standard):
                row.fault(standard, "", f"“{standard}”没有填写，请补上。")
        village_code = self._village(row)
        number = self._identity(row)
        relation = unicodedata.normalize("NFKC", row.texts["与户主关系"])
        return RosterRow(
            sheet=row.table.sheet.name,
            row=row.number,
            village_code=village_code,
            household_number=_household_number(row.texts["户编号"]),
            group_name=row.texts.get("组", ""),
            relation=relation,
            is_head="".join(relation.split()) in _HEADS,
            name=_SPACED.sub("", row.texts["姓名"]),
            id_number=number,
            sex=_sex(row, number),
            bank_name=row.texts.get("开户银行", ""),
            account_no=_account(row),
            account_kind=row.texts.get("卡折类型", ""),
            phone=row.texts.get("联系电话", ""),
            address=row.texts.get("住址", ""),
        )

    def _village(self, row: "_Row") -> str:
        town, village = row.texts["乡镇"], row.texts["村"]
        if not village or not town:
            return ""
        if (town, village) not in self._places:
            found = self._villages.find(village, town)
            self._places[town, village] = found if isinstance(found, NoVillage) else found.village_code
        place = self._places[town, village]
        if isinstance(place, NoVillage):
            row.fault(place.column, row.texts[place.column], place.message)
            return ""
        return place

    def _identity(self, row: "_Row") -> str:
        number = id_number.normalise(row.texts["身份证号"])
        if not number or "身份证号" in row.faults:
            return number
        verdict = id_number.check(number, self.today)
        if verdict is not IdVerdict.OK and not self.accept_as_is:
            row.fault("身份证号", mask_id(number), _sentence(verdict, number))
            return number
        same = id_number.upgraded(number)
        place = (row.table.sheet.name, row.number)
        sheet, first = self._people.setdefault(same, place)
        if (sheet, first) != place:
            where = f"第 {first} 行" if sheet == place[0] else f"工作表“{sheet}”第 {first} 行"
            message = f"第 {row.number} 行与{where}是同一个身份证号，一个人只能在名册里出现一次，请删去一行或改正号码。"
            row.fault("身份证号", mask_id(number), message)
        return number


class _KnownTexts(dict[str, str]):
    """What stands in thousands of rows is cleaned once and held once."""

    def __missing__(self, cell: str) -> str:
        if len(self) >= 50_000:
            self.clear()
        text = self[cell] = cell_text(cell)
        return text


class _Row:
    """One row as it is being checked; at most one fault a column, the first one found."""

    def __init__(self, table: Table, number: int, cells: Mapping[str, Cell], known: _KnownTexts) -> None:
        self.table, self.number, self.cells = table, number, cells
        self.texts = {
            standard: known[cell] if standard in _REPEATED and isinstance(cell, str) else cell_text(cell)
            for standard, cell in cells.items()
        }
        self.faults: dict[str, RowFault] = {}
        self.notices: list[RowFault] = []

    def fault(self, standard: str, value: str, message: str) -> None:
        self.faults.setdefault(standard, self.table.fault(self.number, standard, value, message))

    def notice(self, standard: str, value: str, message: str) -> None:
        self.notices.append(self.table.fault(self.number, standard, value, message))

    def check_cells(self) -> None:
        """What can be wrong with any cell: digits lost, turned into a date by Excel, or too long."""
        for standard, text in self.texts.items():
            if not text or (text.isdigit() and len(text) <= LONGEST.get(standard, 200)):
                continue
            if standard in _NUMBERS and is_scientific(text):
                self.fault(standard, text, f"{standard}{DIGITS_LOST}")
            elif standard in _NUMBERS and "*" in text:
                self.fault(standard, "", f"{standard}是打了星号的，请用没有遮盖的原件。")
            elif standard in _NEVER_DATES and isinstance(self.cells[standard], date):
                self.fault(standard, "", f"“{standard}”被 Excel 当成了日期，请把该列设为文本后重新填写。")
            elif len(text) > LONGEST.get(standard, 200):
                self.fault(standard, "", f"“{standard}”超过 {LONGEST.get(standard, 200)} 个字，请缩短。")


def _household_number(text: str) -> str:
    """As written, half-width and without blanks; 12.0 of other programs is 12, and 0107 stays 0107."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    match = _DECIMAL_ZERO.fullmatch(folded)
    return match[1] if match else folded


def _sentence(verdict: IdVerdict, number: str) -> str:
    if verdict is IdVerdict.FORMAT and len(number) == 15 and number.isdigit():
        return "这是 15 位的旧身份证号，请换成 18 位的号码。"
    if verdict is IdVerdict.FORMAT:
        return f"身份证号应为 18 位（前 17 位是数字，末位是数字或 X），这里是 {len(number)} 位，请对照证件改正。"
    return verdict.sentence


def _sex(row: _Row, number: str) -> str:
    written = row.texts.get("性别", "").removesuffix("性")
    stated = id_number.sex(number)
    if written in ("男", "女"):
        if stated and stated != written:
            row.notice("性别", written, f"性别写的是{written}，身份证号表明是{stated}，请核对。")
        return written
    if written:
        row.notice("性别", written, "性别应写男或女，已按身份证号判定。")
    return stated


def _account(row: _Row) -> str:
    account = id_number.normalise(row.texts.get("银行账号", ""))
    if account and "银行账号" not in row.faults and not _ACCOUNT.fullmatch(account):
        row.notice("银行账号", mask_account(account), "银行账号一般是 12 至 23 位数字，请核对。")
    return account


def _no_rows(tables: Sequence[Table]) -> RowFault:
    return RowFault(tables[0].sheet.name, 0, "", "", "表头下面没有数据行，请检查是否选错了文件。")
