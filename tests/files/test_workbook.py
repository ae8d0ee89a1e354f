"""The streaming writer: what it writes is read back by three other programs, and it never holds the rows."""

import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from files import workbook
from files.sheet import COUNT, SIGNATURE
from files.workbook import CUT_SHORT, Column, SheetSpec, write_workbook
from files.xlsx_check import check_xlsx
from models.refusal import Refused

AT = datetime(2022, 9, 16, 2, 5, tzinfo=UTC)
COLUMNS = [
    Column("编号", width=12),
    Column("内容", width=30),
    Column("户数", "int"),
    Column("数量", "number"),
    Column("金额", "money", 14),
    Column("日期", "date", 11),
    Column("键", "int", hidden=True),
]


def sheet(rows: Iterable[Sequence[Any]], columns: Sequence[Column] = COLUMNS, **more: Any) -> SheetSpec:
    return SheetSpec("台账", columns, rows, **{"title": "测试台账", "frozen_columns": 1, **more})


def row(text: str | None = "甲", **more: Any) -> list[Any]:
    values = {"number": "0107", "text": text, "households": 3, "quantity": Decimal("4.5"), "cents": 12_345, "day": None}
    return [*{**values, **more}.values(), 9]


def written(*specs: SheetSpec) -> io.BytesIO:
    target = io.BytesIO()
    write_workbook(target, specs, title="测试", written_at=AT)
    target.seek(0)
    return target


def body(spec: SheetSpec) -> list[list[Any]]:
    """The sheet below its title, as calamine reads it."""
    rows = CalamineWorkbook.from_filelike(written(spec)).get_sheet_by_index(0).to_python()
    return [list(values) for values in rows[spec.header_row :]]


def test_values_come_back_as_they_went_in() -> None:
    day = date(2022, 7, 24)
    assert body(sheet([row("甲一村", day=day)])) == [["0107", "甲一村", 3.0, 4.5, 123.45, day, 9.0]]


@pytest.mark.parametrize("cents", [0, 1, 5, 99, -1, -170, 1_999, 10**15 - 1, 123_456_789_012_345])
def test_money_is_exact_to_the_cent(cents: int) -> None:
    """The digits in the file are those of the integer; a float is made by the reader only."""
    target = written(sheet([row(cents=cents)]))
    xml = zipfile.ZipFile(target).read("xl/worksheets/sheet1.xml").decode()
    digits = xml.split('<c r="E3"')[1].split("<v>")[1].split("</v>")[0]
    assert Decimal(digits) * 100 == cents
    assert round(body(sheet([row(cents=cents)]))[0][4] * 100) == cents


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-见附件", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","点")', "=cmd|' /C'!A0"]
)
def test_what_looks_like_a_formula_leaves_as_text(text: str) -> None:
    spec = sheet([row(text)])
    assert body(spec)[0][1] == text
    cell = openpyxl.load_workbook(written(spec))["台账"]["B3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    xml = zipfile.ZipFile(written(spec)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml and b"<f " not in xml


def test_a_formula_in_the_head_leaves_as_text_too() -> None:
    spec = sheet([row()], [Column("=1+1"), *COLUMNS[1:]], title="=2+2", subtitle=[("=3+3", "=4+4")], footer=["=5+5"])
    cells = openpyxl.load_workbook(written(spec))["台账"]
    assert [cells[at].data_type for at in ("A1", "A2", "A3", "A5")] == ["s"] * 4


def test_rare_characters_stay_and_what_xml_forbids_goes() -> None:
    assert body(sheet([row("𠮷野与䶮·\U0002a6d6 <&>\"' ]]>")]))[0][1] == "𠮷野与䶮·\U0002a6d6 <&>\"' ]]>"
    assert body(sheet([row("甲\x00\x08\x0b\x1f\ufffe\ud800村")]))[0][1] == "甲村"
    assert body(sheet([row("\x01")]))[0][1] == "无"
    assert body(sheet([row("一\r\n二\r三")]))[0][1] == "一\n二\n三"


def test_an_odd_text_among_plain_ones_is_written_as_if_it_stood_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain texts are looked at together once a column has had many: what one of them needs, it still gets."""
    odd = ["A&B", "A<B", "A>B", "=1+1", " 空格", "空格\u3000", "两行\n字", "a\x01b", "甲\r\n乙", "长" * 40_000, "é😀"]
    odd += ["", " "]
    alone = openpyxl.load_workbook(written(sheet([row(text) for text in odd])))["台账"]
    monkeypatch.setattr(workbook, "_BATCH", 2)
    plain = [f"第{n}户少发，编号A-{n}" for n in range(600)]
    mixed = [text for each in odd for text in (each, plain[0])]
    among = openpyxl.load_workbook(written(sheet([row(text) for text in [*plain, *mixed]])))["台账"]
    assert [among.cell(place, 2).value for place in range(3, 603)] == plain
    for n in range(len(odd)):
        pair = [(alone, 3 + n), (among, 603 + 2 * n)]
        assert len({(s.cell(r, 2).value, s.cell(r, 2).quotePrefix, s.row_dimensions[r].height) for s, r in pair}) == 1


def test_spaces_at_the_ends_are_kept() -> None:
    assert body(sheet([row("  甲  ")]))[0][1] == "  甲  "


def test_no_cell_is_blank() -> None:
    nothing = row("", households=None, quantity=None, cents=None, day=None)
    assert body(sheet([nothing]))[0] == ["0107", "无", "—", "—", "—", "—", 9.0]
    assert body(sheet([row(" ", households=0, cents=0)]))[0][1:5] == ["无", 0.0, 4.5, 0.0]
    assert body(sheet([row(None)], [COLUMNS[0], Column("内容", empty="—"), *COLUMNS[2:]]))[0][1] == "—"


def test_a_day_before_excels_calendar_is_written_out() -> None:
    assert body(sheet([row(day=date(1900, 2, 28))]))[0][5] == "1900-02-28"
    assert body(sheet([row(day=date(1900, 3, 1))]))[0][5] == date(1900, 3, 1)


def test_formats_are_those_of_the_office() -> None:
    cells = openpyxl.load_workbook(written(sheet([row(quantity=4, day=date(2022, 7, 4))])))["台账"]
    formats = [cells.cell(row=3, column=n).number_format for n in range(1, 7)]
    assert formats == ["@", "@", "#,##0", "#,##0", "#,##0.00", "yyyy-mm-dd"]
    assert openpyxl.load_workbook(written(sheet([row()])))["台账"]["D3"].number_format == "#,##0.00##"
    body_cell = cells["B3"]
    assert body_cell.font.name == "仿宋_GB2312" and body_cell.alignment.wrap_text
    assert {side.style for side in (body_cell.border.left, body_cell.border.top)} == {"thin"}
    assert (cells["A1"].font.name, cells["A1"].font.size, cells["A2"].font.name) == ("方正小标宋简体", 22, "黑体")
    assert cells["E3"].alignment.horizontal == "right"


def test_it_is_ready_to_print() -> None:
    spec = sheet(
        [row(), row()], subtitle=[("左", "右")], footer=[f"共 {COUNT} 件", SIGNATURE], page_header=("左&", "右")
    )
    cells = openpyxl.load_workbook(written(spec))["台账"]
    assert (cells.page_setup.orientation, int(cells.page_setup.paperSize)) == ("landscape", 9)
    assert cells.sheet_properties.pageSetUpPr.fitToPage
    assert (int(cells.page_setup.fitToWidth), int(cells.page_setup.fitToHeight)) == (1, 0)
    assert cells.print_title_rows == "$1:$3"
    assert cells.print_area == "'台账'!$A$1:$F$7"
    assert cells.freeze_panes == "B4"
    assert cells.oddFooter.center.text == "第&P页 共&N页"
    assert cells.oddHeader.left.text.endswith("左&&")
    assert cells["A6"].value == "共 2 件"
    assert all(label in cells["A7"].value for label in ("填表人：", "审核人：", "单位负责人：", "联系电话："))


def test_sorting_carries_the_hidden_key_along() -> None:
    cells = openpyxl.load_workbook(written(sheet([row(), row()])))["台账"]
    assert cells.auto_filter.ref == "A2:G4"
    assert cells.column_dimensions["G"].hidden and not cells.column_dimensions["F"].hidden


def test_folded_columns_open_by_a_plus_and_are_not_printed() -> None:
    columns = [COLUMNS[0], Column("内容", folded=True), *COLUMNS[2:]]
    cells = openpyxl.load_workbook(written(sheet([row()], columns)))["台账"]
    assert cells.column_dimensions["B"].hidden and cells.column_dimensions["B"].outlineLevel == 1
    assert cells.column_dimensions["C"].collapsed


def test_a_drop_down_may_be_filled_while_the_rows_pass() -> None:
    names: list[str] = []

    def rows() -> Iterable[list[Any]]:
        for name in ("=王五", "赵六,钱七"):
            names.append(name)
            yield row(name)

    columns = [COLUMNS[0], Column("责任人", editable=True, choices=names, choices_only=False), *COLUMNS[2:]]
    book = openpyxl.load_workbook(written(sheet(rows(), columns)))
    (rule,) = book["台账"].data_validations.dataValidation
    assert (rule.type, str(rule.sqref), rule.formula1) == ("list", "B3:B4", "'选项'!$A$1:$A$2")
    assert rule.errorStyle == "warning"
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"]] == ["=王五", "赵六,钱七"]
    assert {cell.data_type for cell in book["选项"]["A"]} == {"s"}


def test_an_editable_text_has_a_longest_length() -> None:
    columns = [COLUMNS[0], Column("措施", editable=True, longest=5_000), *COLUMNS[2:]]
    (rule,) = openpyxl.load_workbook(written(sheet([row()], columns)))["台账"].data_validations.dataValidation
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("textLength", "5000", "B3")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    texts = ["短", "长" * 60, "一\n二\n三\n四", "长" * 5_000]
    cells = openpyxl.load_workbook(written(sheet([row(text) for text in texts])))["台账"]
    heights = [cells.row_dimensions[n].height for n in range(3, 7)]
    assert heights[0] < heights[1] < heights[3] <= 409
    assert heights[1] >= 5 * 14  # 60 characters, 14 to a line
    assert heights[2] >= 4 * 14


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so() -> None:
    text = body(sheet([row("𠮷" * 20_000)]))[0][1]
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.startswith("𠮷" * 16_000) and text.endswith(CUT_SHORT)
    assert body(sheet([row("事" * 5_000)]))[0][1] == "事" * 5_000


def test_no_rows_make_a_sheet_all_the_same() -> None:
    spec = sheet([], footer=[f"共 {COUNT} 件", SIGNATURE])
    cells = openpyxl.load_workbook(written(spec))["台账"]
    assert [cell.value for cell in cells[2]] == [column.header for column in COLUMNS]
    assert cells["A3"].value == "共 0 件"
    assert (cells.auto_filter.ref, cells.print_area) == ("A2:G2", "'台账'!$A$1:$F$4")


def test_without_a_title_the_header_is_the_first_row() -> None:
    rows = CalamineWorkbook.from_filelike(written(sheet([row()], title=""))).get_sheet_by_index(0).to_python()
    assert rows[0] == [column.header for column in COLUMNS]


def test_sheets_of_different_columns_keep_their_styles_apart() -> None:
    first = sheet([row()] * 3, footer=["共 {count} 件"])
    second = SheetSpec("二", [Column("金额", "money"), Column("日期", "date")], [(100, date(2022, 1, 1))])
    book = openpyxl.load_workbook(written(first, second))
    assert (book["二"]["A2"].value, book["二"]["A2"].number_format) == (1, "#,##0.00")
    assert book["二"]["B2"].number_format == "yyyy-mm-dd"
    assert book["台账"]["E5"].number_format == "#,##0.00"


def test_the_same_rows_give_the_same_bytes() -> None:
    assert written(sheet([row()])).getvalue() == written(sheet([row()])).getvalue()


def test_the_only_time_in_the_file_is_the_one_given() -> None:
    properties = openpyxl.load_workbook(written(sheet([row()]))).properties
    assert properties.created == properties.modified == datetime(2022, 9, 16, 2, 5)
    assert properties.creator == "销号台"


def test_a_refused_export_leaves_nothing_behind_and_the_old_file_whole(tmp_path: Path) -> None:
    def rows() -> Iterable[list[Any]]:
        yield row()
        raise Refused("不行。")

    path = tmp_path / "台账.xlsx"
    path.write_text("old")
    with pytest.raises(Refused, match="不行"):
        write_workbook(path, [sheet(rows())], title="测试", written_at=AT)
    assert [file.name for file in tmp_path.iterdir()] == ["台账.xlsx"]
    assert path.read_text() == "old"


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 6)
    assert len(body(sheet([row()] * 4))) == 4
    with pytest.raises(Refused, match="“台账”超过了 Excel 一张表 6 行的上限"):
        written(sheet([row()] * 5))


def test_a_row_too_short_is_an_error_not_a_shifted_column() -> None:
    with pytest.raises(ValueError):
        written(sheet([row()[:-1]]))


def peak_of(count: int, path: Path) -> int:
    tracemalloc.start()
    try:
        write_workbook(path, [sheet(row("内容" * 20) for _ in range(count))], title="测试", written_at=AT)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_twenty_thousand_rows_take_the_memory_of_two_thousand(tmp_path: Path) -> None:
    """Ten times the rows would be ten times the memory, were they kept."""
    few, many = peak_of(2_000, tmp_path / "few.xlsx"), peak_of(20_000, tmp_path / "many.xlsx")
    assert many < few * 1.5
    rows = CalamineWorkbook.from_path(tmp_path / "many.xlsx").get_sheet_by_index(0).to_python()
    assert len(rows) == 20_002


def test_our_own_workbook_passes_our_own_door(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_workbook(path, [sheet([row()] * 50)], title="测试", written_at=AT)
    assert check_xlsx(path).hidden_rows == 0


@pytest.mark.libreoffice
def test_libreoffice_prints_it_one_page_wide(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    wide = [*COLUMNS[:-1], *[Column(f"列{n}", width=20) for n in range(12)], COLUMNS[-1]]
    rows = [[*row()[:-1], *["内容"] * 12, 9] for _ in range(3)]
    write_workbook(path, [sheet(rows, wide, footer=[SIGNATURE])], title="测试", written_at=AT)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    pages = (tmp_path / "台账.pdf").read_bytes()
    assert pages.count(b"/Type/Page/") + pages.count(b"/Type/Page\n") == 1


@pytest.mark.libreoffice
def test_libreoffice_reads_the_values(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    rows = [row("=1+1", day=date(2022, 7, 4)), row('𠮷,"引号"', cents=-5)]
    write_workbook(path, [sheet(rows, title="")], title="测试", written_at=AT)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    # Token 7: fields as shown; 76 is UTF-8.
    csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    command = ["soffice", "--headless", profile, "--convert-to", csv, "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    lines = (tmp_path / "ledger.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["0107,=1+1,3,4.50,123.45,2022-07-04,9", '0107,"𠮷,""引号""",3,4.50,-0.05,—,9']
