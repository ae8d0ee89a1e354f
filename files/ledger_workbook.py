"""The rectification ledger 整改台账 as a workbook ready to print, at one of three levels.

Columns, who may edit them and what each level shows: `files/ledger_column.py`. The ledger is the first sheet; figures
and definitions follow. There is no 合计 row: the ledger comes back in (`files/ledger_return.py`), sums are figures.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from files.export_level import ExportLevel, ExportMark
from files.ledger_column import LedgerColumn, shown_columns
from files.ledger_seal import Seal
from files.sheet import COUNT, SIGNATURE
from files.workbook import NO_VALUE, Column, SheetSpec, write_workbook
from models.local_time import day_text
from models.masking import deidentify_text, mask_account, mask_id, mask_name, mask_text
from models.money import yuan

LEDGER_SHEET, FIGURES_SHEET, DEFINITIONS_SHEET = "整改台账", "指标", "口径说明"
KEY_HEADER, VERSION_HEADER, SEAL_HEADER = "记录键", "记录版本", "导出标记"
FIGURES_SCOPE = "导出人看得到的全部问题和检查，不随台账的筛选条件变化"
LONGEST_EDIT = 5_000

FigureValue = int | float | Decimal | str | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One problem, unmasked, in the order of `ledger_columns.csv`; the level is applied on writing.

    Amounts in 分, None where there is none. `row_number` is given anew at each export. `key` and `version` let the
    edited workbook find its record again; a seal of what each cell held stands beside them (`files/ledger_seal.py`).
    """

    row_number: int
    number: str
    source: str
    team: str
    found_on: date | None
    type: str
    reporting_unit: str
    town: str
    village: str
    subsidy_item: str
    period: str
    facts: str
    people: tuple[str, ...]
    id_numbers: tuple[str, ...]
    accounts: tuple[str, ...]
    households: int | None
    persons: int | None
    amount_cents: int | None
    to_recover_cents: int | None
    recovered_cents: int | None
    to_pay_cents: int | None
    paid_cents: int | None
    severity: str
    nature: str
    handling: str
    responsible_unit: str
    responsible_leader: str
    person_in_charge: str
    measures: str
    assigned_on: date | None
    deadline: date | None
    first_deadline: date | None
    extensions: int
    progress: str
    status: str
    light: str
    evidence_count: int
    returns: int
    accepted_by: str
    closed_on: date | None
    referred_to: str
    sanctions: str
    rule_mended: str
    published_at: str
    remark: str
    key: int
    version: int


_WIDTHS: dict[str, float] = {
    field: width
    for width, fields in (
        (5, ("row_number", "households", "persons", "extensions", "evidence_count", "returns")),
        (7, ("reporting_unit", "status", "light", "responsible_leader", "person_in_charge", "accepted_by", "severity")),
        (8, ("source", "period", "people", "nature", "handling", "town", "village", "remark")),
        (9, ("type", "rule_mended")),
        (10, ("number", "responsible_unit")),
        (10.3, ("found_on", "assigned_on", "deadline", "first_deadline", "closed_on")),
        (12, ("amount_cents", "to_recover_cents", "recovered_cents", "to_pay_cents", "paid_cents", "subsidy_item")),
        (16, ("referred_to", "sanctions", "published_at")),
        (20, ("id_numbers", "accounts")),
        (22, ("measures", "progress")),
        (34, ("facts",)),
    )
    for field in fields
}
_CENTRED = frozenset(
    {"number", "source", "period", "severity", "nature", "handling", "status", "light"}
    | {"responsible_leader", "person_in_charge", "accepted_by"}
)
# What stands on paper: the columns offices print, and all that may be edited. The others open by the + on top.
_PRINTED = frozenset(
    {"row_number", "number", "type", "reporting_unit", "town", "village", "facts", "amount_cents", "responsible_unit"}
    | {"responsible_leader", "person_in_charge", "measures", "deadline", "progress", "status", "light", "closed_on"}
    | {"rule_mended", "remark"}
)
_SUGGESTED = frozenset(("responsible_leader", "person_in_charge"))
_FREE_TEXT = frozenset(
    ("source", "facts", "measures", "progress", "rule_mended", "published_at", "sanctions", "remark")
)
_PEOPLE: dict[str, Callable[[str], str]] = {"people": mask_name, "id_numbers": mask_id, "accounts": mask_account}


def write_ledger(
    path: Path | str | BinaryIO,
    rows: Iterable[LedgerRow],
    *,
    level: ExportLevel,
    seal: Seal,
    title: str,
    as_of: date,
    campaign_name: str,
    conditions: str,
    exported_by: str,
    exported_at: datetime,
    audit_head: str,
    definitions: Sequence[tuple[str, str, str]],
    figures: Sequence[tuple[str, FigureValue, str]],
) -> None:
    """Write the ledger; rows are taken one by one and not kept. `seal` is the campaign's and of this level.

    `conditions` is the filter in words, `audit_head` is `SEQ HASH`, definitions are (label, unit, definition), figures
    (label, value, unit; a value in 分 is shown in 元). What the level hides is not written anywhere in the file.
    """
    mark = ExportMark(level, as_of, campaign_name, conditions, exported_by, exported_at, audit_head)
    sheets = [
        _ledger_sheet(rows, mark, title, seal),
        _figures_sheet(figures, mark),
        _definitions_sheet(definitions, mark),
    ]
    write_workbook(path, sheets, title=title, written_at=exported_at)


def ledger_file_name(region: str, campaign: str, as_of: date, level: ExportLevel) -> str:
    """随县惠民惠农“一卡通”专项治理问题整改台账(截至2022年7月24日)_内部版.xlsx, without what a file system refuses."""
    place = "" if campaign.startswith(region) else region
    ending = f"问题整改台账(截至{day_text(as_of)})_{level.label}.xlsx"
    subject = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", f"{place}{campaign}").strip(" .")
    room = 250 - len(ending.encode())  # bytes: the limit of common file systems is 255
    return subject.encode()[:room].decode(errors="ignore") + ending


def shown_value(row: LedgerRow, column: LedgerColumn, level: ExportLevel) -> Any:
    """What this level writes into the cell; None and "" become 无 or —. Reading back compares with exactly this.

    Beyond the table: numbers and known names are masked in every free text below the internal level, not in the facts
    alone, for people write them into measures and remarks too.
    """
    value = getattr(row, column.field)
    if _as_it_is(column, level):
        return value
    if column.field == "source" and level is ExportLevel.PUBLIC:
        return value.split("（")[0]  # the letter it came by is not the public's: a petition's number leads to a person
    if column.field in _PEOPLE:
        hide = _PEOPLE[column.field] if column.shown[level] == "masked" else str
        return "、".join(hide(one) for one in value)
    if not value:
        return value
    if level is ExportLevel.PUBLIC:
        return deidentify_text(value, (*row.people, row.responsible_leader, row.person_in_charge, row.accepted_by))
    return mask_text(value, row.people)


def _as_it_is(column: LedgerColumn, level: ExportLevel) -> bool:
    """Whether the level changes nothing in this column, whatever the row."""
    return column.field not in _PEOPLE and (column.field not in _FREE_TEXT or level is ExportLevel.INTERNAL)


def _ledger_sheet(rows: Iterable[LedgerRow], mark: ExportMark, title: str, seal: Seal) -> SheetSpec:
    columns = shown_columns(mark.level)
    suggestions: dict[str, dict[str, None]] = {name: {} for name in _SUGGESTED}
    described = [_column(column, mark.level, suggestions) for column in columns]
    if mark.level is not ExportLevel.PUBLIC:
        described += [Column(header, "int", hidden=True) for header in (KEY_HEADER, VERSION_HEADER)]
        described.append(Column(SEAL_HEADER, hidden=True))
    return SheetSpec(
        LEDGER_SHEET,
        described,
        _bodies(rows, columns, mark.level, suggestions, seal),
        title=title,
        subtitle=[(mark.proof, "单位：户、人、元"), (mark.scope, mark.maker)],
        footer=[_count_line(mark.level), SIGNATURE],
        page_header=mark.page_header,
        frozen_columns=2,
    )


def _column(column: LedgerColumn, level: ExportLevel, suggestions: Mapping[str, dict[str, None]]) -> Column:
    editable = _may_be_edited(column, level)
    return Column(
        column.header,
        column.kind,
        _WIDTHS.get(column.field, 10),
        align="center" if column.field in _CENTRED else None,
        folded=column.field not in _PRINTED,
        editable=editable,
        choices=suggestions[column.field] if editable and column.field in _SUGGESTED else None,
        choices_only=False,
        longest=LONGEST_EDIT if editable else None,
    )


def _may_be_edited(column: LedgerColumn, level: ExportLevel) -> bool:
    """The unit's copy opens the unit's columns, the internal one the office's too; a public copy never comes back."""
    editors = {ExportLevel.PUBLIC: set[str](), ExportLevel.UNIT: {"unit"}, ExportLevel.INTERNAL: {"unit", "office"}}
    return bool(column.editable_by & editors[level])


def _bodies(
    rows: Iterable[LedgerRow],
    columns: Sequence[LedgerColumn],
    level: ExportLevel,
    suggestions: Mapping[str, dict[str, None]],
    seal: Seal,
) -> Iterator[list[Any]]:
    plain = attrgetter(*(column.field for column in columns))
    changed = [(at, column) for at, column in enumerate(columns) if not _as_it_is(column, level)]
    places = [at for at, column in enumerate(columns) if column.field == "row_number"]
    for number, row in enumerate(rows, 1):
        for field, names in suggestions.items():
            if name := getattr(row, field).strip():
                names[name] = None
        values = list(plain(row))
        for at in places:
            values[at] = number
        for at, column in changed:
            values[at] = shown_value(row, column, level)
        if level is not ExportLevel.PUBLIC:
            values += (row.key, row.version, seal(values, number, row.key, row.version))
        yield values


def _count_line(level: ExportLevel) -> str:
    line = f"共 {COUNT} 件。其余各列点列标上方的“+”展开，不打印。"
    return line if level is ExportLevel.PUBLIC else line + "浅黄色表头的列可以修改后导回。"


def _figures_sheet(figures: Sequence[tuple[str, FigureValue, str]], mark: ExportMark) -> SheetSpec:
    rows = [(label, *_figure(value, unit)) for label, value, unit in figures]
    return SheetSpec(
        FIGURES_SHEET,
        [Column("指标", width=44), Column("数值", "number", width=20), Column("单位", width=14, align="center")],
        rows,
        title=FIGURES_SHEET,
        subtitle=[(mark.proof, ""), (f"{mark.campaign_name}　范围：{FIGURES_SCOPE}", "")],
        page_header=mark.page_header,
        autofilter=False,
    )


def _figure(value: FigureValue, unit: str) -> tuple[FigureValue, str]:
    if unit == "分" and isinstance(value, int):
        return Decimal(yuan(value).replace(",", "")), "元"
    return value, unit or NO_VALUE


def _definitions_sheet(definitions: Sequence[tuple[str, str, str]], mark: ExportMark) -> SheetSpec:
    rows = [
        *definitions,
        ("“无”和“—”", NO_VALUE, "本表没有空格：没有内容的文字写“无”，没有数或日期的写“—”，0 就是 0。"),
    ]
    return SheetSpec(
        DEFINITIONS_SHEET,
        [Column("名称", width=32), Column("单位", width=10, align="center"), Column("口径", width=96)],
        rows,
        title=DEFINITIONS_SHEET,
        subtitle=[(mark.proof, "")],
        page_header=mark.page_header,
        autofilter=False,
    )
