"""The roster 名册 as a workbook with the standard headers, so that an internal copy can be imported again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from files.export_level import ExportLevel, ExportMark
from files.workbook import NO_VALUE, Column, SheetSpec, write_workbook
from models.masking import mask_account, mask_id, mask_name, mask_phone

ROSTER_SHEET, ABOUT_SHEET = "名册", "说明"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the roster gives them, unmasked, in the order of the standard headers; "" for nothing."""

    town: str
    village: str
    group: str
    household_number: str
    relation: str
    name: str
    id_number: str
    sex: str
    bank: str
    account: str
    account_kind: str
    phone: str
    address: str


_COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("乡镇", "town", 12),
    ("村", "village", 12),
    ("组", "group", 8),
    ("户编号", "household_number", 10),
    ("与户主关系", "relation", 10),
    ("姓名", "name", 10),
    ("身份证号", "id_number", 21),
    ("性别", "sex", 6),
    ("开户银行", "bank", 20),
    ("银行账号", "account", 23),
    ("卡折类型", "account_kind", 9),
    ("联系电话", "phone", 14),
    ("住址", "address", 28),
)
ROSTER_HEADERS = tuple(header for header, _, _ in _COLUMNS)
# The public copy is of nobody: what leads to a person or a household is not in it at all.
_PUBLIC_FIELDS = frozenset({"town", "village", "group", "relation", "sex"})


def write_roster(
    path: Path | str | BinaryIO,
    rows: Iterable[RosterRow],
    *,
    level: ExportLevel,
    as_of: date,
    campaign_name: str,
    conditions: str,
    exported_by: str,
    exported_at: datetime,
    audit_head: str,
) -> None:
    """Write the roster; rows are taken one by one. The header is row 1 and nothing follows the last person.

    Internal: full. Unit: name, numbers and phone masked, the address up to the group. Public: no person columns at all.
    An empty cell holds —.
    """
    mark = ExportMark(level, as_of, campaign_name, conditions, exported_by, exported_at, audit_head)
    shown = [one for one in _COLUMNS if level is not ExportLevel.PUBLIC or one[1] in _PUBLIC_FIELDS]
    sheet = SheetSpec(
        ROSTER_SHEET,
        [Column(header, width=width, empty=NO_VALUE) for header, _, width in shown],
        _bodies(rows, [field for _, field, _ in shown], level),
        page_header=mark.page_header,
        frozen_columns=2,
    )
    title = f"{campaign_name}{ROSTER_SHEET}"
    write_workbook(path, [sheet, about_sheet(mark, title, [])], title=title, written_at=exported_at)


def about_sheet(mark: ExportMark, title: str, notes: Iterable[tuple[str, str]]) -> SheetSpec:
    """A second sheet that says what the first one is, which holds rows and nothing else."""
    rows = [
        ("导出级别", mark.level.label),
        ("截至和校验头", mark.proof),
        ("范围", mark.scope),
        ("导出", mark.maker),
        ("空格", "没有内容的格写“—”，导入时按空格处理。"),
        *notes,
    ]
    columns = [Column("项目", width=20), Column("内容", width=100)]
    return SheetSpec(ABOUT_SHEET, columns, rows, title=title, page_header=mark.page_header, autofilter=False)


def _bodies(rows: Iterable[RosterRow], fields: list[str], level: ExportLevel) -> Iterator[list[str]]:
    for row in rows:
        yield [_shown(row, field, level) for field in fields]


def _shown(row: RosterRow, field: str, level: ExportLevel) -> str:
    value = str(getattr(row, field))
    if level is not ExportLevel.UNIT or not value:
        return value
    match field:
        case "name":
            return mask_name(value)
        case "id_number":
            return mask_id(value)
        case "account":
            return mask_account(value)
        case "phone":
            return mask_phone(value)
        case "address":
            return f"{row.town}{row.village}{row.group}"
    return value
