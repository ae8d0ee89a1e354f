"""A payment register, read and checked column by column, up to a million rows; nothing is taken in here.

What a register says is taken as written, identical rows and impossible identity numbers too: to find them is what the
cross-check is for. A fault is only what cannot be read, or names no item or village of the campaign.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from files import payment_columns as read_as
from files.cell import Cell, cell_text
from files.digest import file_sha256
from files.headers import PAYMENT_HEADERS, PAYMENT_NEEDED, HeaderMatch
from files.payment_columns import SCHEMA, Bad, Memo, Readers
from files.progress import READING, Report, unheard
from files.table import OriginalRows, Table, find_tables, original_rows
from files.tabular import open_table
from files.village_index import NoVillage, VillageIndex
from models.masking import mask_account, mask_id
from models.money import NotMoney, parse_yuan, yuan
from models.row_fault import RowFault

CHUNK_ROWS = 32_768
_MASKED = {"身份证号": mask_id, "收款人身份证号": mask_id, "银行账号": mask_account}


@dataclass(frozen=True)
class PaymentFile:
    """What a payment register holds.

    `clean` are the rows without fault, a pyarrow Table in `payment_columns.SCHEMA`; `total_rows` and `total_cents` (分)
    are of all rows, the faulty ones too where their amount can be read. A fault with row 0 is of the whole file and
    stands in the way of taking in anything; other faults only of their rows. Notices have the form of a fault and
    stand in nobody's way.
    """

    clean: Any
    faults: tuple[RowFault, ...]
    notices: tuple[RowFault, ...]
    sha256: str
    total_rows: int
    total_cents: int
    headers: HeaderMatch | None
    tables: tuple[Table, ...] = field(default=(), repr=False)

    @property
    def whole_file_faults(self) -> tuple[RowFault, ...]:
        return tuple(fault for fault in self.faults if fault.row == 0)

    @property
    def faulty_rows(self) -> int:
        """How many rows have a fault."""
        return self.total_rows - int(self.clean.num_rows)

    @property
    def clean_cents(self) -> int:
        """The sum of the rows without fault, 分."""
        return int(pc.sum(self.clean["amount_cents"]).as_py() or 0)

    def originals(self, path: Path, name: str, max_bytes: int) -> OriginalRows:
        """The faulty rows as the user wrote them, for `fault_workbook`."""
        return original_rows(path, name, max_bytes, self.tables, self.faults)


def read_payments(
    path: Path,
    name: str,
    villages: VillageIndex,
    items: Sequence[tuple[str, str]],
    control_total_cents: int | None,
    today: date,
    mapping: Mapping[str, str] | None = None,
    *,
    max_bytes: int,
    report: Report = unheard,
) -> PaymentFile:
    """Reads the register at `path`, called `name` by the user. Refused are only files that are no table at all.

    `items` are the campaign's (code, name). `control_total_cents` (分) is the sum stated by whoever hands the register
    in; any difference, of one 分, is a fault of the whole file. `report` hears how far it is.
    """
    found = find_tables(open_table(path, name, max_bytes, parquet=True), PAYMENT_HEADERS, PAYMENT_NEEDED, mapping)
    expected = sum(table.sheet.expected_rows for table in found.tables)
    reading = _Reading(Readers(villages, items), today, report, expected)
    faults = list(found.faults)
    if not faults:
        for table in found.tables:
            reading.read(table)
        faults += _of_the_whole(reading, found.tables[0], control_total_cents) + reading.faults
    return PaymentFile(
        pa.Table.from_batches(reading.batches, SCHEMA),
        tuple(faults),
        (*found.notices, *reading.notices),
        file_sha256(path),
        reading.rows,
        reading.cents,
        found.headers,
        found.tables,
    )


class _Reading:
    """One file on its way through, a chunk of rows at a time."""

    def __init__(self, readers: Readers, today: date, report: Report, expected: int) -> None:
        self.readers, self.today, self.report, self.expected = readers, today, report, expected
        self.batches: list[Any] = []
        self.faults: list[RowFault] = []
        self.notices: list[RowFault] = []
        self.rows = self.cents = self.unreadable_amounts = 0

    def read(self, table: Table) -> None:
        merged = table.merged_faults()
        before, future = self.cents, 0
        rows = table.data_rows()
        while chunk := list(islice(rows, CHUNK_ROWS)):
            self.report(READING, self.rows, self.expected)
            reader = _Chunk(table, chunk, self.readers, merged)
            batch = reader.batch()
            self.batches.append(batch)
            self.faults += reader.sorted_faults()
            self.rows += len(chunk)
            self.cents += reader.cents
            self.unreadable_amounts += reader.unreadable_amounts
            future += pc.sum(pc.greater(batch["paid_date"], pa.scalar(self.today))).as_py() or 0
        if future:
            message = f"有 {future} 笔的发放日期晚于今天（{self.today.isoformat()}），请核对。"
            self.notices.append(table.fault(0, "发放日期", "", message))
        self.notices += table.notices()
        self.notices += _totals_that_differ(table, self.cents - before)


class _Chunk:
    """Some thousand rows of one table, turned into columns. A row has at most one fault a column."""

    def __init__(
        self,
        table: Table,
        rows: list[tuple[int, list[Cell]]],
        readers: Readers,
        merged: Mapping[tuple[int, str], RowFault],
    ) -> None:
        self.table, self.readers = table, readers
        self.numbers = [number for number, _ in rows]
        # Every row is at least as wide as the header, so that zip loses no column of it.
        columns = list(zip(*(cells for _, cells in rows), strict=False))
        self.texts = {standard: _texts(columns[at]) for standard, at in table.match.columns.items()}
        self.blank = [""] * len(rows)
        self.faults: dict[tuple[int, str], RowFault] = {}
        if merged:
            for at, number in enumerate(self.numbers):
                self.faults.update({(at, s): merged[number, s] for s in self.texts if (number, s) in merged})
        self.cents = self.unreadable_amounts = 0

    def batch(self) -> Any:
        """The rows without fault. Fills in faults and sums on the way."""
        columns = self._columns()
        arrays = [pa.array(columns[f.name], type=f.type) for f in SCHEMA]
        batch = pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
        if not self.faults:
            return batch
        faulty = {at for at, _ in self.faults}
        return batch.filter(pa.array([at not in faulty for at in range(len(self.numbers))]))

    def sorted_faults(self) -> list[RowFault]:
        order = {standard: at for at, standard in enumerate(PAYMENT_HEADERS)}
        return [self.faults[key] for key in sorted(self.faults, key=lambda key: (key[0], order[key[1]]))]

    def _columns(self) -> dict[str, list[Any]]:
        readers = self.readers
        periods = self._memo("期间", readers.period)
        places = self._places()
        amounts = self._memo("金额", readers.money["金额"])
        self.cents = sum(cents for cents in amounts if cents is not None)
        self.unreadable_amounts = amounts.count(None)
        channels = self._memo("发放渠道", readers.optional["发放渠道"])
        return {
            "row": self.numbers,
            "item_code": self._memo("补贴项目", readers.item),
            "period": [each and each.name for each in periods],
            "period_start": [each and each.first_day for each in periods],
            "year": [each and each.year for each in periods],
            "batch": self._memo("批次", readers.text["批次"]),
            "town_code": [each and each[0] for each in places],
            "village_code": [each and each[1] for each in places],
            "name": self._each("姓名", read_as.person_name),
            "id_number": self._each("身份证号", read_as.identity),
            "payee_name": self._each("收款人", read_as.optional_text),
            "payee_id": self._each("收款人身份证号", read_as.payee_identity),
            "account_name": self._each("户名", read_as.optional_text),
            "bank_name": self._memo("开户银行", readers.optional["开户银行"]),
            "account_no": self._accounts(channels),
            "channel": channels,
            "pay_kind": self._memo("款项性质", readers.text["款项性质"]),
            "quantity": self._memo("数量", readers.quantity),
            "due_cents": self._memo("应发金额", readers.money["应发金额"]),
            "amount_cents": amounts,
            "due_date": self._memo("应发日期", readers.dates["应发日期"]),
            "paid_date": self._memo("发放日期", readers.dates["发放日期"]),
            "status": self._memo("发放结果", readers.status),
            "return_date": self._memo("退票日期", readers.dates["退票日期"]),
            "approve_date": self._memo("审批日期", readers.dates["审批日期"]),
        }

    def _memo(self, standard: str, memo: Memo) -> list[Any]:
        texts = self.texts.get(standard)
        if texts is None:
            return [memo[""]] * len(self.numbers)
        values = [memo[text] for text in texts]
        return self._sifted(standard, texts, values) if memo.any_bad else values

    def _each(self, standard: str, read: Any) -> list[Any]:
        texts = self.texts.get(standard)
        if texts is None:
            return [None] * len(self.numbers)
        return self._sifted(standard, texts, list(map(read, texts)))

    def _sifted(self, standard: str, texts: list[str], values: list[Any]) -> list[Any]:
        """The values with None where one is bad; what is bad becomes a fault of its row."""
        for at, value in enumerate(values):
            if type(value) is Bad:
                self._fault(at, standard, texts[at], value)
                values[at] = None
        return values

    def _places(self) -> list[Any]:
        towns, villages = self.texts.get("乡镇", self.blank), self.texts.get("村", self.blank)
        memo = self.readers.place
        places = [memo[place] for place in zip(towns, villages, strict=True)]
        if memo.any_bad:
            for at, place in enumerate(places):
                if type(place) is NoVillage:
                    self._fault(
                        at, place.column, (towns if place.column == "乡镇" else villages)[at], Bad(place.message)
                    )
                    places[at] = None
        return places

    def _accounts(self, channels: list[str | None]) -> list[Any]:
        accounts = self._each("银行账号", read_as.account)
        for at, account in enumerate(accounts):
            # None is a fault already; what was paid out in cash or kind has no account to name.
            if account == "" and channels[at] not in read_as.WITHOUT_ACCOUNT:
                self._fault(at, "银行账号", "", Bad("“银行账号”没有填写，请补上。"))
        return accounts

    def _fault(self, at: int, standard: str, text: str, sentence: Bad) -> None:
        if (at, standard) not in self.faults:
            mask = _MASKED.get(standard)
            value = mask(text) if mask and "E" not in text.upper() else text[:60]
            self.faults[at, standard] = self.table.fault(self.numbers[at], standard, value, str(sentence))


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [cell if type(cell) is str else cell_text(cell) for cell in cells]


def _of_the_whole(reading: _Reading, table: Table, control_total_cents: int | None) -> list[RowFault]:
    if not reading.rows:
        return [table.fault(0, "", "", "表头下面没有数据行，请检查是否选错了文件。")]
    if control_total_cents is None or reading.cents == control_total_cents:
        return []
    difference = reading.cents - control_total_cents
    more = "多" if difference > 0 else "少"
    message = (
        f"金额合计 {yuan(reading.cents)} 元，与填报的总额 {yuan(control_total_cents)} 元不符，"
        f"{more} {yuan(abs(difference))} 元，请核对清册或总额。"
    )
    if reading.unreadable_amounts:
        message += f"另有 {reading.unreadable_amounts} 行的金额读不出，没有算进合计。"
    return [table.fault(0, "金额", yuan(difference), message)]


def _totals_that_differ(table: Table, cents: int) -> Iterator[RowFault]:
    """The register's own bottom line, where it does not add up."""
    at = table.match.columns["金额"]
    for total in table.totals:
        try:
            stated = parse_yuan(cell_text(total.cells[at]))
        except NotMoney:
            continue
        if total.is_grand and stated != cents:
            message = (
                f"第 {total.row} 行写的合计是 {yuan(stated)} 元，各行相加是 {yuan(cents)} 元，"
                f"相差 {yuan(abs(cents - stated))} 元，请核对。"
            )
            yield table.fault(total.row, "金额", yuan(stated), message)
