import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from files.fault_workbook import fault_workbook
from files.headers import ROSTER_HEADERS
from files.roster import read_roster
from files.village_index import VillageIndex
from models.id_number import make_demo_id
from models.row_fault import RowFault
from tests.files import hostile

HEADER = ("姓名", "村", "金额")
FAULTS = [
    RowFault("名册", 3, "村", "没有村", "区划里没有村。", "B"),
    RowFault("名册", 3, "金额", "x", "金额应是数字。", "C"),
    RowFault("名册", 9, "姓名", "", "“姓名”没有填写。", "A"),
]
ROWS = {("名册", 3): ("张三", "没有村", "x"), ("名册", 9): ("", "甲一村", "3")}


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_each_faulty_row_stands_once_with_all_its_reasons_beside_it() -> None:
    sheet = opened(fault_workbook(FAULTS, HEADER, ROWS)).worksheets[0]
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] == [
        ["错误原因", "原工作表", "原行号", *HEADER],
        ["区划里没有村。\n金额应是数字。", "名册", "3", "张三", "没有村", "x"],
        ["“姓名”没有填写。", "名册", "9", "", "甲一村", "3"],
    ]


def test_the_wrong_cells_are_marked_and_the_others_are_not() -> None:
    sheet = opened(fault_workbook(FAULTS, HEADER, ROWS)).worksheets[0]
    assert [cell.fill.fill_type for cell in sheet[2]] == [None, None, None, None, "solid", "solid"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", '=HYPERLINK("http://x")', "000000195603040017"]
)
def test_whatever_a_text_begins_with_it_stays_text(text: str) -> None:
    sheet = opened(fault_workbook(FAULTS[:1], HEADER, {("名册", 3): (text, "村", "1")})).worksheets[0]
    cell = sheet["D2"]
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert str(cell.value).strip() == text.strip()


def test_characters_excel_cannot_hold_are_left_out() -> None:
    sheet = opened(fault_workbook(FAULTS[:1], HEADER, {("名册", 3): ("张\x00三\x0b", "村", "1")})).worksheets[0]
    assert sheet["D2"].value == "张三"


def test_faults_of_the_whole_file_stand_on_a_sheet_of_their_own() -> None:
    book = opened(fault_workbook([RowFault("名册", 0, "金额", "", "合计不符。"), *FAULTS], HEADER, ROWS))
    assert [row for row in book["整份文件的问题"].iter_rows(values_only=True)][1] == ("名册", "合计不符。")
    assert opened(fault_workbook(FAULTS, HEADER, ROWS)).sheetnames == ["有错误的行"]


def test_mended_in_place_it_can_be_imported_again(tmp_path: Path) -> None:
    villages = VillageIndex([("000000101000", "示例一镇", "示例一镇", "000000101201", "甲一村", "甲一村")])
    number = make_demo_id(date(1956, 3, 4), 17)
    rows = [["示例一镇", "没有村", "", "0107", "户主", "张三", number]]
    path = hostile.workbook(tmp_path / "roster.xlsx", [list(ROSTER_HEADERS), *rows])
    today, size = date(2022, 9, 16), 1024**2
    file = read_roster(path, "roster.xlsx", villages, today, max_bytes=size)
    originals = file.originals(path, "roster.xlsx", size)
    book = opened(fault_workbook(file.faults, originals.header, originals.rows))
    book.worksheets[0]["E2"] = "甲一村"
    book.save(tmp_path / "mended.xlsx")
    mended = read_roster(tmp_path / "mended.xlsx", "mended.xlsx", villages, today, max_bytes=size)
    assert (mended.faults, mended.rows[0].household_number, mended.rows[0].id_number) == ((), "0107", number)
