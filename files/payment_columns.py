"""The columns of a payment batch, and how each is read from what a register says."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from files.cell import clean, date_of, is_scientific
from files.village_index import NoVillage, VillageIndex
from models import id_number, period
from models.money import NotMoney, parse_yuan

SUCCESS = "SUCCESS"
RETURNED = "RETURNED"

SCHEMA = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("item_code", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("year", pa.int16(), nullable=False),
        pa.field("batch", pa.string(), nullable=False),
        pa.field("town_code", pa.string(), nullable=False),
        pa.field("village_code", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("id_number", pa.string(), nullable=False),
        pa.field("payee_name", pa.string()),
        pa.field("payee_id", pa.string()),
        pa.field("account_name", pa.string()),
        pa.field("bank_name", pa.string()),
        pa.field("account_no", pa.string(), nullable=False),
        pa.field("channel", pa.string()),
        pa.field("pay_kind", pa.string(), nullable=False),
        pa.field("quantity", pa.float64()),
        pa.field("due_cents", pa.int64()),
        pa.field("amount_cents", pa.int64(), nullable=False),
        pa.field("due_date", pa.date32()),
        pa.field("paid_date", pa.date32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("return_date", pa.date32()),
        pa.field("approve_date", pa.date32()),
    ]
)
"""One payment a row. `row` is the sheet's; amounts are 分, negative for 冲正; `period` is 2021, 2021-06 or 2021Q2.

Where nothing is written a nullable column is null, `batch` and `pay_kind` are empty texts, `account_no` is empty for
payments in cash or kind only, and `status` is SUCCESS.
"""

WITHOUT_ACCOUNT = ("现金", "实物")
LARGEST_PAYMENT_CENTS = 10**12
MEMO_ENTRIES = 200_000

_PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?", re.ASCII)
_BRACKETED = re.compile(r"\(.*?\)")
_SUCCESSES = {"", "成功", "已到账", "到账", "发放成功", "支付成功", "到账成功", "已发放", "已支付", "正常"}
_RETURNS = {"退票", "已退票", "退回", "退汇", "失败", "发放失败", "支付失败", "到账失败", "未到账", "不成功"}


class Bad(str):
    """Not a value but the sentence that says why there is none."""

    __slots__ = ()


class Memo(dict[Any, Any]):
    """Reads each distinct text once. `any_bad` says whether looking for faults among the values is worth the while."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self.read, self.any_bad = read, False

    def __missing__(self, text: Any) -> Any:
        if len(self) >= MEMO_ENTRIES:
            self.clear()
        value = self[text] = self.read(text)
        self.any_bad = self.any_bad or isinstance(value, Bad | NoVillage)
        return value


@dataclass(frozen=True, slots=True)
class Period:
    """A canonical period with what the rules ask of it."""

    name: str
    first_day: date
    year: int


class Readers:
    """How each standard column is read: one `Memo` a column, kept through the whole file."""

    def __init__(self, villages: VillageIndex, items: Sequence[tuple[str, str]]) -> None:
        self._villages = villages
        self._items = _item_names(items)
        self.item = Memo(self._item)
        self.period = Memo(_period)
        self.place = Memo(self._place)
        self.text = {name: Memo(_text(name)) for name in ("批次", "款项性质")}
        self.optional = {name: Memo(_optional) for name in ("开户银行", "发放渠道")}
        self.money = {"金额": Memo(_money(True)), "应发金额": Memo(_money(False))}
        self.quantity = Memo(_quantity)
        self.status = Memo(_status)
        self.dates = {name: Memo(_date(name)) for name in ("应发日期", "发放日期", "退票日期", "审批日期")}

    def _item(self, text: str) -> str:
        if not clean(text):
            return Bad("“补贴项目”没有填写，请补上。")
        code = self._items.get(_folded(text)) or self._items.get(_BRACKETED.sub("", _folded(text)))
        return code or Bad("补贴项目清单里没有这个项目，请改成清单里的名称或代码。")

    def _place(self, place: tuple[str, str]) -> Any:
        town, village = map(clean, place)
        for column, text in (("乡镇", town), ("村", village)):
            if not text:
                return NoVillage(column, f"“{column}”没有填写，请补上。")
        found = self._villages.find(village, town)
        return found if isinstance(found, NoVillage) else (found.town_code, found.village_code)


def person_name(text: str) -> str:
    """A beneficiary's name as written."""
    return clean(text) or Bad("“姓名”没有填写，请补上。")


def optional_text(text: str) -> str | None:
    """As written, or null."""
    return clean(text) or None


def identity(text: str) -> str:
    """A beneficiary's identity number, normalised, right or wrong."""
    return _number(text, "身份证号") or Bad("“身份证号”没有填写，请补上。")


def payee_identity(text: str) -> str | None:
    """A payee's identity number, normalised, right or wrong; null where none is written."""
    return _number(text, "收款人身份证号") or None


def account(text: str) -> str:
    """An account, normalised, right or wrong; may be empty."""
    return _number(text, "银行账号")


def _number(text: str, column: str) -> str:
    if text.isascii() and text.isdigit():
        return text
    text = clean(text)
    if is_scientific(text):
        return Bad(f"{column}被 Excel 变成科学计数，末几位已丢失，请把该列设为文本后重新填写。")
    if "*" in text:
        return Bad(f"{column}是打了星号的，请用没有遮盖的原件。")
    return id_number.normalise(text)


def _item_names(items: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Code, name, and the name without its bracket where that is still one item."""
    names: dict[str, str] = {}
    short: dict[str, set[str]] = {}
    for code, name in items:
        names[_folded(code)] = names[_folded(name)] = code
        short.setdefault(_BRACKETED.sub("", _folded(name)), set()).add(code)
    return {name: codes.pop() for name, codes in short.items() if len(codes) == 1} | names


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", clean(text)).split()).upper()


def _period(text: str) -> Period | Bad:
    written = clean(text)
    if not written:
        return Bad("“期间”没有填写，请补上。")
    name = period.canonical(written)
    if name is None:
        return Bad("期间应写成 2021、2021-06 或 2021Q2（年、月或季度），请改正。")
    return Period(name, period.first_day(name), int(name[:4]))


def _text(column: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        written = clean(text)
        return written if len(written) <= 100 else Bad(f"“{column}”超过 100 个字，请缩短。")

    return read


def _optional(text: str) -> str | None:
    return clean(text)[:100] or None


def _money(needed: bool) -> Callable[[str], int | Bad | None]:
    def read(text: str) -> int | Bad | None:
        written = clean(text)
        if not written:
            return Bad("“金额”没有填写，请补上。") if needed else None
        try:
            cents = parse_yuan(written)
        except NotMoney as error:
            return Bad(error)
        return cents if abs(cents) <= LARGEST_PAYMENT_CENTS else Bad("金额过大，请核对单位是不是元。")

    return read


def _quantity(text: str) -> float | Bad | None:
    written = "".join(unicodedata.normalize("NFKC", clean(text)).split())
    if not written:
        return None
    if not _PLAIN_NUMBER.fullmatch(written):
        return Bad("数量应只写数字，如 3.25，请改正。")
    return float(written.replace(",", ""))


def _status(text: str) -> str:
    written = _folded(text)
    if written in _SUCCESSES:
        return SUCCESS
    return RETURNED if written in _RETURNS else Bad("发放结果应写“成功”或“退票”，请改正。")


def _date(column: str) -> Callable[[str], date | Bad | None]:
    needed = column == "发放日期"

    def read(text: str) -> date | Bad | None:
        written = clean(text)
        if not written:
            return Bad(f"“{column}”没有填写，请补上。") if needed else None
        return date_of(written) or Bad(f"{column}应写成 2021-06-30 这样的日期，请改正。")

    return read
