"""Payments as a workbook with the standard headers, so that an internal copy can be imported again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from files.export_level import ExportLevel, ExportMark
from files.roster_workbook import about_sheet
from files.sheet import Kind
from files.workbook import NO_VALUE, Column, SheetSpec, write_workbook
from models.masking import mask_account, mask_id, mask_name

PAYMENTS_SHEET = "发放明细"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as it was taken in, unmasked, in the order of the standard headers. Amounts in 分."""

    item: str
    period: str
    batch: str
    town: str
    village: str
    name: str
    id_number: str
    payee: str
    payee_id_number: str
    account_name: str
    bank: str
    account: str
    channel: str
    nature: str
    quantity: Decimal | int | float | str | None
    due_cents: int | None
    amount_cents: int | None
    due_on: date | None
    paid_on: date | None
    result: str
    returned_on: date | None
    approved_on: date | None


_COLUMNS: tuple[tuple[str, str, Kind, float], ...] = (
    ("补贴项目", "item", "text", 22),
    ("期间", "period", "text", 9),
    ("批次", "batch", "text", 12),
    ("乡镇", "town", "text", 11),
    ("村", "village", "text", 11),
    ("姓名", "name", "text", 9),
    ("身份证号", "id_number", "text", 21),
    ("收款人", "payee", "text", 9),
    ("收款人身份证号", "payee_id_number", "text", 21),
    ("户名", "account_name", "text", 9),
    ("开户银行", "bank", "text", 18),
    ("银行账号", "account", "text", 23),
    ("发放渠道", "channel", "text", 10),
    ("款项性质", "nature", "text", 10),
    ("数量", "quantity", "number", 9),
    ("应发金额", "due_cents", "money", 13),
    ("金额", "amount_cents", "money", 13),
    ("应发日期", "due_on", "date", 11),
    ("发放日期", "paid_on", "date", 11),
    ("发放结果", "result", "text", 9),
    ("退票日期", "returned_on", "date", 11),
    ("审批日期", "approved_on", "date", 11),
)
PAYMENT_HEADERS = tuple(header for header, _, _, _ in _COLUMNS)
_MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "payee": mask_name,
    "account_name": mask_name,
    "id_number": mask_id,
    "payee_id_number": mask_id,
    "account": mask_account,
}
_NOT_PUBLIC = frozenset({*_MASKS, "bank"})
# Not to be published at all, not even without names: in a village everybody knows whom it means (id_numbers.md, 4).
_WITHHELD = ("孤儿", "事实无人抚养", "感染儿童", "特别扶助")


def write_payments(
    path: Path | str | BinaryIO,
    rows: Iterable[PaymentRow],
    *,
    level: ExportLevel,
    as_of: date,
    campaign_name: str,
    conditions: str,
    exported_by: str,
    exported_at: datetime,
    audit_head: str,
) -> None:
    """Write the payments; rows are taken one by one. The header is row 1 and nothing follows the last payment.

    Internal: full. Unit: names and numbers masked. Public: no person columns, and no rows of items that must not be
    published. An empty cell holds —. Refused beyond Excel's 1,048,576 rows.
    """
    mark = ExportMark(level, as_of, campaign_name, conditions, exported_by, exported_at, audit_head)
    shown = [one for one in _COLUMNS if level is not ExportLevel.PUBLIC or one[1] not in _NOT_PUBLIC]
    sheet = SheetSpec(
        PAYMENTS_SHEET,
        [Column(header, kind, width, empty=NO_VALUE) for header, _, kind, width in shown],
        _bodies(rows, [field for _, field, _, _ in shown], level),
        page_header=mark.page_header,
        frozen_columns=2,
    )
    notes = [("金额单位", "元")]
    if level is ExportLevel.PUBLIC:
        notes.append(("未列入", "孤儿、事实无人抚养儿童、感染儿童和计划生育特别扶助等依规定不公开的补贴未列入。"))
    title = f"{campaign_name}{PAYMENTS_SHEET}"
    write_workbook(path, [sheet, about_sheet(mark, title, notes)], title=title, written_at=exported_at)


def _bodies(rows: Iterable[PaymentRow], fields: list[str], level: ExportLevel) -> Iterator[list[Any]]:
    masks = _MASKS if level is ExportLevel.UNIT else {}
    for row in rows:
        if level is ExportLevel.PUBLIC and any(word in row.item for word in _WITHHELD):
            continue
        yield [masks[field](getattr(row, field)) if field in masks else getattr(row, field) for field in fields]
