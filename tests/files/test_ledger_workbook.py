"""The ledger at its three levels, read back by other programs."""

import csv
import dataclasses
import io
import subprocess
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from files.export_level import ExportLevel
from files.ledger_column import LEDGER_COLUMNS, shown_columns
from files.ledger_seal import Sealer
from files.ledger_workbook import (
    KEY_HEADER,
    SEAL_HEADER,
    VERSION_HEADER,
    FigureValue,
    LedgerRow,
    ledger_file_name,
    write_ledger,
)
from models.id_number import make_demo_id

SOMEONE = make_demo_id(date(1961, 2, 3), 124)
CARD = "6228480402564890018"
HEAD = "123 " + "ab12" * 16
AS_OF = date(2022, 9, 16)


def problem(**more: Any) -> LedgerRow:
    values: dict[str, Any] = {
        "row_number": 7,
        "number": "SZ2022-SX-0001",
        "source": "重点检查",
        "team": "第三检查专班",
        "found_on": date(2022, 7, 4),
        "type": "A03 虚报冒领",
        "reporting_unit": "随县",
        "town": "示例一镇",
        "village": "甲一村",
        "subsidy_item": "耕地地力保护补贴",
        "period": "2021",
        "facts": f"甲一村张三丰（{SOMEONE}，电话13800138000，卡号{CARD}）多领170.50元。",
        "people": ("张三丰", "李四"),
        "id_numbers": (SOMEONE,),
        "accounts": (CARD,),
        "households": 1,
        "persons": 2,
        "amount_cents": 17_050,
        "to_recover_cents": 17_050,
        "recovered_cents": 0,
        "to_pay_cents": None,
        "paid_cents": None,
        "severity": "较大性质",
        "nature": "立行立改",
        "handling": "限期整改",
        "responsible_unit": "示例一镇财政所",
        "responsible_leader": "王五一",
        "person_in_charge": "赵六一",
        "measures": "赵六一负责向李四追回。",
        "assigned_on": date(2022, 7, 10),
        "deadline": date(2022, 8, 9),
        "first_deadline": date(2022, 8, 2),
        "extensions": 1,
        "progress": "已通知张三丰退回。",
        "status": "整改中",
        "light": "超期 3 天",
        "evidence_count": 2,
        "returns": 0,
        "accepted_by": "孙七一",
        "closed_on": None,
        "referred_to": "示例移送机关",
        "sanctions": "批评教育 1 人",
        "rule_mended": "",
        "published_at": "",
        "remark": "-见附件",
        "key": 981_235,
        "version": 774_411,
    }
    return LedgerRow(**{**values, **more})


def exported(
    level: ExportLevel,
    rows: Iterable[LedgerRow] | None = None,
    figures: Iterable[tuple[str, FigureValue, str]] = (("问题总数", 1, "件"),),
) -> io.BytesIO:
    target = io.BytesIO()
    write_ledger(
        target,
        [problem()] if rows is None else rows,
        level=level,
        seal=Sealer(b"a secret").writer(1, level),
        title="随县惠民惠农“一卡通”专项治理问题整改台账",
        as_of=AS_OF,
        campaign_name="随州市惠民惠农“一卡通”专项治理",
        conditions="县区为随县",
        exported_by="周八一",
        exported_at=datetime(2022, 9, 16, 2, 5, tzinfo=UTC),
        audit_head=HEAD,
        definitions=[("问题总数", "件", "截至当日已登记、未查否的问题。")],
        figures=list(figures),
    )
    target.seek(0)
    return target


def table(level: ExportLevel, rows: Iterable[LedgerRow] | None = None) -> list[dict[str, Any]]:
    """The ledger's rows under their headers, as calamine reads them."""
    sheet = CalamineWorkbook.from_filelike(exported(level, rows)).get_sheet_by_index(0).to_python()
    headers = next(values for values in sheet[:7] if "问题编号" in values)
    body = sheet[sheet.index(headers) + 1 :]
    return [dict(zip(headers, values, strict=True)) for values in body if isinstance(values[0], float)]


def everything(level: ExportLevel) -> str:
    """All that stands anywhere in the zip."""
    with zipfile.ZipFile(exported(level)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_a_row_has_a_field_for_each_column_in_the_order_of_the_table() -> None:
    fields = [field.name for field in dataclasses.fields(LedgerRow)]
    assert fields == [*(column.field for column in LEDGER_COLUMNS), "key", "version"]
    assert len(LEDGER_COLUMNS) == 45


def test_the_table_is_understood_whole() -> None:
    """Every word of the packaged table means something here; a misspelt one would show what must be hidden."""
    words = {word for column in LEDGER_COLUMNS for word in column.shown.values()}
    assert words == {"show", "full", "masked", "hide", "de-identified text"}
    assert {column.kind for column in LEDGER_COLUMNS} == {"text", "int", "money", "date"}
    assert {who for column in LEDGER_COLUMNS for who in column.editable_by} == {"unit", "office"}


@pytest.mark.parametrize("level", list(ExportLevel))
def test_each_level_has_the_columns_of_the_table(level: ExportLevel) -> None:
    path = Path("files/ledger_columns.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        wanted = [line["header"] for line in csv.DictReader(lines) if line[level.value] != "hide"]
    keys = [] if level is ExportLevel.PUBLIC else [KEY_HEADER, VERSION_HEADER, SEAL_HEADER]
    assert list(table(level)[0]) == [*wanted, *keys]


def test_the_internal_copy_is_full() -> None:
    (row,) = table(ExportLevel.INTERNAL)
    assert (row["涉及人员"], row["身份证号"], row["银行账号"]) == ("张三丰、李四", SOMEONE, CARD)
    assert row["问题描述"] == problem().facts
    assert (row["涉及金额(元)"], row["已追缴(元)"], row["应补发(元)"]) == (170.5, 0.0, "—")
    assert (row["整改时限"], row["销号日期"]) == (date(2022, 8, 9), "—")
    assert (row["状态"], row["时限灯"]) == ("整改中", "超期 3 天")
    assert (row["备注"], row["建章立制"]) == ("-见附件", "无")
    assert (row[KEY_HEADER], row[VERSION_HEADER]) == (981_235, 774_411)


def test_the_units_copy_is_masked_in_every_cell() -> None:
    (row,) = table(ExportLevel.UNIT)
    assert (row["涉及人员"], row["身份证号"]) == ("张**、李*", f"000000********{SOMEONE[-4:]}")
    assert row["银行账号"] == "********0018"
    assert (
        row["问题描述"]
        == f"甲一村张**（000000********{SOMEONE[-4:]}，电话138****8000，卡号********0018）多领170.50元。"
    )
    assert (row["整改措施"], row["整改进展"]) == ("赵六一负责向李*追回。", "已通知张**退回。")
    hidden = (SOMEONE, CARD, "13800138000", "张三丰", "李四", "示例移送机关", "批评教育")
    assert not [value for value in hidden if value in everything(ExportLevel.UNIT)]


def test_the_public_copy_is_of_nobody() -> None:
    (row,) = table(ExportLevel.PUBLIC)
    assert row["问题描述"] == "甲一村某某（（身份证号略），电话（电话略），卡号（账号略））多领170.50元。"
    assert row["整改措施"] == "某某负责向某某追回。"


def test_what_the_public_may_not_see_is_nowhere_in_the_file() -> None:
    """Hidden columns, drop-downs, defined names and properties included."""
    content = everything(ExportLevel.PUBLIC)
    people = ("张三丰", "李四", "王五一", "赵六一", "孙七一", "周八一")
    hidden = ("第三检查专班", "较大性质", "示例移送机关", "批评教育", "见附件", "超期 3 天", "2022-08-02", "44775")
    numbers = (SOMEONE, SOMEONE[-4:], CARD, CARD[-4:], "13800138000", "981235", "774411", KEY_HEADER)
    assert not [value for value in (*people, *hidden, *numbers) if value in content]
    assert all(value in everything(ExportLevel.INTERNAL) for value in (*people[:5], *hidden[:6], "44775", *numbers))
    assert "选项" not in openpyxl.load_workbook(exported(ExportLevel.PUBLIC)).sheetnames
    assert "dataValidation" not in content


@pytest.mark.parametrize("level", list(ExportLevel))
def test_the_level_the_day_and_the_head_are_on_the_sheet_and_on_each_page(level: ExportLevel) -> None:
    for sheet in openpyxl.load_workbook(exported(level)).worksheets[:3]:
        assert sheet["A2"].value == f"{level.label} · 截至 2022年9月16日 · 校验头 {HEAD}"
        assert f"{level.label} · 截至 2022年9月16日" in sheet.oddHeader.left.text
        assert HEAD in sheet.oddHeader.right.text


def test_the_ledger_is_the_first_sheet_and_ready_to_print() -> None:
    book = openpyxl.load_workbook(exported(ExportLevel.INTERNAL))
    assert book.sheetnames[:3] == ["整改台账", "指标", "口径说明"]
    sheet = book.worksheets[0]
    assert sheet.print_title_rows == "$1:$4" and sheet.freeze_panes == "C5"
    assert sheet.print_area == "'整改台账'!$A$1:$AS$7"
    assert sheet.auto_filter.ref == "A4:AV5"
    assert sheet["A6"].value.startswith("共 1 件。") and sheet["A7"].value.startswith("填表人：")
    assert all(sheet.column_dimensions[letter].hidden for letter in ("AT", "AU", "AV"))


def test_a_ledger_on_paper_is_narrow_enough_to_read() -> None:
    """What is printed fits A4 landscape at two thirds of its size; the rest opens by the +."""
    for level in ExportLevel:
        sheet = openpyxl.load_workbook(exported(level)).worksheets[0]
        shown = [d.width for d in sheet.column_dimensions.values() if not d.hidden]
        assert sum(shown) < 230


def test_numbers_of_people_are_text_cells() -> None:
    sheet = openpyxl.load_workbook(exported(ExportLevel.INTERNAL)).worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[4]}
    for header in ("身份证号", "银行账号"):
        cell = sheet.cell(row=5, column=headers[header])
        assert (cell.number_format, cell.data_type) == ("@", "s")


def test_what_may_be_edited_is_tinted_and_guarded() -> None:
    for level, wanted in (
        (ExportLevel.INTERNAL, {"责任领导", "责任人", "整改措施", "整改进展", "建章立制", "备注"}),
        (ExportLevel.UNIT, {"责任人", "整改措施", "整改进展", "建章立制", "备注"}),
        (ExportLevel.PUBLIC, set()),
    ):
        sheet = openpyxl.load_workbook(exported(level)).worksheets[0]
        assert {cell.value for cell in sheet[4] if cell.fill.fgColor.rgb == "FFFFF2CC"} == wanted
        rules = sheet.data_validations.dataValidation
        guarded = {sheet.cell(row=4, column=next(iter(rule.ranges.ranges)).min_col).value: rule.type for rule in rules}
        assert set(guarded) == wanted
        assert {name for name, kind in guarded.items() if kind == "list"} == wanted & {"责任领导", "责任人"}


def test_drop_downs_offer_the_people_the_ledger_names() -> None:
    rows = [problem(), problem(person_in_charge="钱九一"), problem(person_in_charge="", responsible_leader="")]
    store = openpyxl.load_workbook(exported(ExportLevel.INTERNAL, rows))["选项"]
    offered = [{cell.value for cell in column} - {None} for column in store.columns]
    assert offered == [{"王五一"}, {"赵六一", "钱九一"}]


def test_rows_are_numbered_anew() -> None:
    assert [row["序号"] for row in table(ExportLevel.UNIT, [problem(), problem()])] == [1, 2]


def test_no_cell_of_the_ledger_is_blank() -> None:
    empty: dict[str, Any] = {}
    for field in dataclasses.fields(LedgerRow):
        empty |= {field.name: {"str": "", "int": 0, "tuple[str, ...]": ()}.get(str(field.type))}
        if field.type in (str, int):
            empty[field.name] = field.type()
        elif "tuple" in str(field.type):
            empty[field.name] = ()
    for level in ExportLevel:
        (row,) = table(level, [LedgerRow(**empty)])
        assert "" not in row.values()
        assert row["问题描述"] == "无" and row["整改时限"] == "—" and row["涉及金额(元)"] == "—"


def test_an_empty_ledger_says_so() -> None:
    sheet = openpyxl.load_workbook(exported(ExportLevel.UNIT, [])).worksheets[0]
    assert sheet["A5"].value.startswith("共 0 件。")
    assert table(ExportLevel.UNIT, []) == []


def test_figures_are_numbers_and_cents_become_yuan() -> None:
    figures: list[tuple[str, FigureValue, str]] = [
        ("追回资金", 3_012_345, "分"),
        ("销号率", "29.9%", ""),
        ("无数", None, "件"),
    ]
    rows = CalamineWorkbook.from_filelike(exported(ExportLevel.UNIT, figures=figures)).get_sheet_by_name("指标")
    assert rows.to_python()[4:] == [["追回资金", 30_123.45, "元"], ["销号率", "29.9%", "—"], ["无数", "—", "件"]]


def test_long_facts_rare_names_and_formulas_come_through() -> None:
    facts = "䶮" * 4_999 + "𠮷"
    (row,) = table(ExportLevel.INTERNAL, [problem(facts=facts, measures="=1+1", remark="@甲\t")])
    assert (row["问题描述"], row["整改措施"], row["备注"]) == (facts, "=1+1", "@甲\t")


def test_the_file_name_says_what_it_is() -> None:
    name = ledger_file_name("随县", "惠民惠农“一卡通”专项治理", date(2022, 7, 24), ExportLevel.INTERNAL)
    assert name == "随县惠民惠农“一卡通”专项治理问题整改台账(截至2022年7月24日)_内部版.xlsx"


def test_the_file_name_can_be_saved_anywhere() -> None:
    assert ledger_file_name("随县", "../治/理:*?\n", AS_OF, ExportLevel.PUBLIC).startswith("随县..治理问题整改台账")
    assert ledger_file_name("随州市", "随州市专项治理", AS_OF, ExportLevel.UNIT).startswith("随州市专项治理问题")
    long = ledger_file_name("随县", "治" * 300, AS_OF, ExportLevel.UNIT)
    assert len(long.encode()) <= 255 and long.endswith("问题整改台账(截至2022年9月16日)_责任单位版.xlsx")


def test_the_level_of_a_column_is_never_wider_in_public_than_for_a_unit() -> None:
    fields = [{column.field for column in shown_columns(level)} for level in ExportLevel]
    public, unit, internal = fields
    assert public < unit < internal


@pytest.mark.libreoffice
def test_libreoffice_prints_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(exported(ExportLevel.INTERNAL, [problem() for _ in range(60)]).getvalue())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    assert (tmp_path / "ledger.pdf").read_bytes().startswith(b"%PDF")
    info = subprocess.run(["pdfinfo", tmp_path / "ledger.pdf"], check=True, capture_output=True, text=True).stdout
    pages = int(info.split("Pages:")[1].split()[0])
    assert "A4" in info
    assert 5 <= pages <= 9  # 60 problems of five lines: eight to ten a page, the other two sheets a page each
    text = subprocess.run(
        ["pdftotext", tmp_path / "ledger.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert text.count("整改措施") >= pages - 2  # the head is repeated on each page


def test_the_figures_say_that_the_filter_of_the_ledger_does_not_narrow_them() -> None:
    figures: list[tuple[str, FigureValue, str]] = [("问题总数", 121, "件")]
    book = CalamineWorkbook.from_filelike(exported(ExportLevel.UNIT, figures=figures))
    said = "".join(str(cell) for row in book.get_sheet_by_name("指标").to_python()[:3] for cell in row)
    assert "不随台账的筛选条件变化" in said and "县区为随县" not in said
