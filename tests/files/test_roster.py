from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from files import table
from files.headers import ROSTER_HEADERS
from files.roster import RosterFile, read_roster
from files.village_index import NoVillage, VillageIndex
from models.id_number import make_demo_id
from models.refusal import Refused
from tests.files import hostile

TODAY = date(2022, 9, 16)
MB = 1024**2
HEADER = list(ROSTER_HEADERS)
ZHANG = make_demo_id(date(1956, 3, 4), 17)
LI = make_demo_id(date(1958, 5, 6), 18)
FIRST, SECOND = ("000000101000", "示例一镇", "示例一镇"), ("000000102000", "示例二镇", "示例二镇")
VILLAGES = VillageIndex(
    [
        (*FIRST, "000000101201", "甲一村村民委员会", "甲一村"),
        (*FIRST, "000000101202", "中心村委会", "中心村"),
        (*SECOND, "000000102201", "中心村", "中心村"),
        (*SECOND, "000000102202", "丙一村", "丙一村"),
        (*SECOND, "000000102203", "丙一村", "丙一村"),
        (*SECOND, "000000102001", "丁一社区居民委员会", "丁一社区"),
    ]
)


def person(**changed: Any) -> list[Any]:
    """A sound row; the Chinese headers are the names of what is changed."""
    sound = ["示例一镇", "甲一村", "三组", "0107", "户主", "张三", ZHANG, "男"]
    row = dict(
        zip(HEADER, [*sound, "示例农商行", "6228480400000000018", "卡", "13800000000", "三组 7 号"], strict=True)
    )
    return list((row | changed).values())


def wife(**changed: Any) -> list[Any]:
    return person(**({"与户主关系": "配偶", "姓名": "李四", "身份证号": LI, "性别": "女"} | changed))


def read(tmp_path: Path, rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), **how: Any) -> RosterFile:
    """The roster as a workbook, the header over the rows unless the rows bring their own."""
    table = rows if how.pop("whole", False) else [HEADER, *rows]
    path = hostile.workbook(tmp_path / "roster.xlsx", table, merged)
    return read_roster(path, "roster.xlsx", VILLAGES, TODAY, **{"max_bytes": MB, **how})


def faults(file: RosterFile) -> list[tuple[str, str]]:
    return [(fault.reference, fault.message) for fault in file.faults]


def test_a_sound_roster_is_read_whole(tmp_path: Path) -> None:
    file = read(tmp_path, [person(), wife()])
    assert (file.faults, file.notices, file.total_rows, len(file.rows)) == ((), (), 2, 2)
    first = file.rows[0]
    assert (first.row, first.village_code, first.household_number, first.is_head) == (2, "000000101201", "0107", True)
    assert (first.name, first.id_number, first.sex, first.account_no) == ("张三", ZHANG, "男", "6228480400000000018")
    assert not file.rows[1].is_head
    assert len(file.sha256) == 64


def test_workbook_old_workbook_and_csv_give_the_same_rows(tmp_path: Path) -> None:
    old = read_roster(hostile.FIXTURES / "roster.xls", "roster.xls", VILLAGES, TODAY, max_bytes=MB)
    assert old.faults == ()
    rows = [["示例一镇名册"], ["乡镇", "村", "户编号", "与户主关系", "姓名", "身份证号", "银行账号"]]
    rows += [
        ["示例一镇", "甲一村", "0107", "户主", "张三", ZHANG, "6228480400000000018"],
        ["示例一镇", "甲一村", "12", "户主", "李四", make_demo_id(date(1957, 3, 4), 18), "62284804"],
    ]
    for encoding in ("utf-8", "gb18030"):
        path = tmp_path / "roster.csv"
        path.write_text("\n".join(map(",".join, rows)), encoding=encoding)
        file = read_roster(path, "roster.csv", VILLAGES, TODAY, max_bytes=MB)
        assert [replace(row, sheet="名册") for row in file.rows] == list(old.rows)
        assert file.rows[0].sheet == "roster.csv"


def test_a_household_number_keeps_its_zero_and_loses_excels_decimal(tmp_path: Path) -> None:
    file = read(
        tmp_path, [person(户编号="0107"), wife(户编号=12), wife(户编号="１ 3", 身份证号=make_demo_id(TODAY, 2))]
    )
    assert [row.household_number for row in file.rows] == ["0107", "12", "13"]


def test_title_rows_and_two_header_rows_are_passed_over(tmp_path: Path) -> None:
    rows = [
        ["随州某镇名册"],
        ["乡镇", "村", "户编号", "人员", "", "", "备注"],
        ["", "", "", "关系", "姓名", "身份证号码", ""],
        ["示例一镇", "甲一村", "0107", "户主", "张三", ZHANG, ""],
    ]
    file = read(tmp_path, rows, ["A1:G1", "D2:F2", "A2:A3"], whole=True)
    assert (file.faults, [row.row for row in file.rows]) == ((), [4])


def test_synonyms_are_known_and_the_users_mapping_is_followed(tmp_path: Path) -> None:
    header = ["镇办", "村（居）", "户号", "关系", "户主姓名", "某号"]
    rows = [header, ["示例一镇", "甲一村", "1", "户主", "张三", ZHANG]]
    assert faults(read(tmp_path, rows, whole=True))[0][0] == "名册"
    file = read(tmp_path, rows, whole=True, mapping={"身份证号": "某号"})
    assert (file.faults, len(file.rows)) == ((), 1)
    assert file.headers is not None and file.headers.mapping["乡镇"] == "镇办"


def test_wrong_headers_are_one_fault_each_and_no_row_is_read(tmp_path: Path) -> None:
    file = read(tmp_path, [["乡镇", "村", "姓名"], ["示例一镇", "甲一村", "张三"]], whole=True)
    assert [fault.column for fault in file.whole_file_faults] == ["户编号", "与户主关系", "身份证号"]
    assert (file.rows, file.total_rows) == ((), 0)


def test_a_file_without_any_header_says_which_columns_are_needed(tmp_path: Path) -> None:
    ((_, message),) = faults(read(tmp_path, [["甲", "乙"], ["1", "2"]], whole=True))
    assert "乡镇、村、户编号、与户主关系、姓名、身份证号" in message


def test_a_header_without_rows_is_a_fault(tmp_path: Path) -> None:
    assert "没有数据行" in faults(read(tmp_path, []))[0][1]


@pytest.mark.parametrize("column", ["乡镇", "村", "户编号", "与户主关系", "姓名", "身份证号"])
@pytest.mark.parametrize("blank", ["", "　", "—"])
def test_a_needed_cell_left_blank_is_a_fault(tmp_path: Path, column: str, blank: str) -> None:
    ((reference, message),) = faults(read(tmp_path, [person(**{column: blank})]))
    assert reference == f"名册!{'ABCDEFG'[HEADER.index(column)]}2"
    assert "没有填写" in message


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (ZHANG[:17], "17 位"),
        ("000000560304017", "15 位"),
        (ZHANG[:17] + ("1" if ZHANG[17] != "1" else "2"), "校验码"),
        ("00000019560230017X", "出生日期"),
        ("000000********0017", "星号"),
    ],
)
def test_a_wrong_identity_number_is_a_fault_and_is_not_repeated(tmp_path: Path, number: str, word: str) -> None:
    (fault,) = read(tmp_path, [person(身份证号=number)]).faults
    assert fault.reference == "名册!G2"
    assert word in fault.message
    assert number not in fault.message + fault.value


def test_wrong_numbers_are_taken_as_they_are_if_the_office_says_so(tmp_path: Path) -> None:
    file = read(tmp_path, [person(身份证号=ZHANG[:17]), wife(身份证号="1" * 18)], accept_as_is=True)
    assert file.faults == ()
    assert [row.id_number for row in file.rows] == [ZHANG[:17], "1" * 18]


@pytest.mark.parametrize("as_is", [False, True])
@pytest.mark.parametrize("number", [420000198001011234, "4.2E+17", "4.20000198001011e+17"])
def test_a_number_excel_turned_scientific_is_named_and_never_repaired(tmp_path: Path, number: Any, as_is: bool) -> None:
    (fault,) = read(tmp_path, [person(身份证号=number)], accept_as_is=as_is).faults
    assert fault.message == "身份证号被 Excel 变成科学计数，末几位已丢失，请把该列设为文本后重新填写。"
    assert "E+17" in fault.value.upper()


def test_an_account_excel_turned_scientific_is_a_fault_and_a_short_one_is_text(tmp_path: Path) -> None:
    file = read(tmp_path, [person(银行账号=6228480400000000018), wife(银行账号=622848040000001)])
    assert [fault.column for fault in file.faults] == ["银行账号"]
    assert file.rows[0].account_no == "622848040000001"


def test_a_household_number_excel_turned_into_a_date_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, [person(户编号=datetime(2022, 1, 2))]).faults
    assert "日期" in fault.message


def test_the_same_person_twice_names_both_rows(tmp_path: Path) -> None:
    file = read(tmp_path, [person(), wife(), person(户编号="0108", 身份证号=f" {ZHANG.lower()} ")])
    (fault,) = file.faults
    assert fault.row == 4
    assert "第 4 行与第 2 行是同一个身份证号" in fault.message
    assert [row.row for row in file.rows] == [2, 3]


def test_an_old_number_and_its_new_form_are_one_person(tmp_path: Path) -> None:
    file = read(tmp_path, [person(), wife(身份证号="000000560304017")], accept_as_is=True)
    assert "同一个身份证号" in file.faults[0].message


def test_the_same_person_on_two_sheets_is_found_too(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("一村", "二村"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(person())
    book.save(tmp_path / "two.xlsx")
    file = read_roster(tmp_path / "two.xlsx", "two.xlsx", VILLAGES, TODAY, max_bytes=MB)
    assert [(fault.reference, "工作表“一村”第 2 行" in fault.message) for fault in file.faults] == [("二村!G2", True)]


def test_a_village_not_in_the_tree_is_a_fault(tmp_path: Path) -> None:
    assert faults(read(tmp_path, [person(村="没有村")]))[0] == (
        "名册!B2",
        "区划里没有村“没有村”，请改成区划里的名称。",
    )
    assert "区划里没有乡镇" in faults(read(tmp_path, [person(乡镇="示例九镇")]))[0][1]


def test_a_village_of_another_town_says_where_its_namesake_is(tmp_path: Path) -> None:
    assert "同名的村在示例一镇" in faults(read(tmp_path, [person(乡镇="示例二镇")]))[0][1]


def test_two_villages_with_one_name_are_told_apart_by_their_town(tmp_path: Path) -> None:
    file = read(tmp_path, [person(村="中心村"), wife(乡镇="示例二镇", 村="中心村")])
    assert [row.village_code for row in file.rows] == ["000000101202", "000000102201"]
    found = VILLAGES.find("中心村")
    assert isinstance(found, NoVillage) and "请填写乡镇" in found.message


def test_two_villages_with_one_name_in_one_town_are_told_apart_by_code_only(tmp_path: Path) -> None:
    ((reference, message),) = faults(read(tmp_path, [person(乡镇="示例二镇", 村="丙一村")]))
    assert reference == "名册!B2"
    assert "000000102202、000000102203" in message
    assert read(tmp_path, [person(乡镇="示例二镇", 村="000000102203")]).rows[0].village_code == "000000102203"


@pytest.mark.parametrize("name", ["甲一村", "甲一村村民委员会", "甲一村委会", "甲一", " 甲一村 "])
def test_a_village_is_found_by_every_name_it_goes_by(name: str) -> None:
    found = VILLAGES.find(name, "示例一镇")
    assert not isinstance(found, NoVillage) and found.village_code == "000000101201"


def test_a_community_is_found_without_its_committee() -> None:
    found = VILLAGES.find("丁一社区居委会", "示例二镇")
    assert not isinstance(found, NoVillage) and found.village_code == "000000102001"


def test_merged_cells_of_data_are_a_fault_on_the_row_they_blank(tmp_path: Path) -> None:
    file = read(tmp_path, [person(), wife(村=None, 户编号=None)], ["B2:B3", "D2:D3"])
    assert [fault.reference for fault in file.faults] == ["名册!B3", "名册!D3"]
    assert all("第 2 行的单元格合并" in fault.message for fault in file.faults)
    assert [row.row for row in file.rows] == [2]


def test_more_merged_cells_than_any_list_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_SWALLOWED", 8)
    with pytest.raises(Refused, match="合并的单元格太多"):
        read(tmp_path, [person()], ["B2:C6"])


def test_totals_signatures_and_repeated_headers_are_told_and_not_read(tmp_path: Path) -> None:
    total, foot = ["合 计", "", "", "2 人"], ["制表人：张三", "", "审核人：李四"]
    file = read(tmp_path, [person(), HEADER, [""] * 13, wife(), total, foot])
    assert (file.faults, file.total_rows) == ((), 2)
    assert [notice.message for notice in file.notices] == [
        "第 6 行是合计行，不作为数据读入。",
        "第 7 行是表尾说明行，不作为数据读入。",
        "第 3 行是重复的表头行，不作为数据读入。",
    ]


def test_a_row_with_an_identity_number_is_data_whatever_else_it_says(tmp_path: Path) -> None:
    assert read(tmp_path, [person(组="合计")]).total_rows == 1


def test_a_sex_that_contradicts_the_number_is_only_a_notice(tmp_path: Path) -> None:
    file = read(tmp_path, [person(性别="女")])
    assert (file.faults, file.rows[0].sex) == ((), "女")
    assert "身份证号表明是男" in file.notices[0].message


def test_a_sex_left_blank_follows_the_number(tmp_path: Path) -> None:
    assert read(tmp_path, [wife(性别="")]).rows[0].sex == "女"


def test_a_household_without_a_head_or_with_two_is_a_notice(tmp_path: Path) -> None:
    assert "没有写明谁是户主" in read(tmp_path, [wife()]).notices[0].message
    two = read(tmp_path, [person(), wife(与户主关系="本人")])
    assert "有 2 个户主（第 2、3 行）" in two.notices[0].message


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    path = hostile.workbook(tmp_path / "a.xlsx", [HEADER, person(), wife()], hidden=[3])
    file = read_roster(path, "a.xlsx", VILLAGES, TODAY, max_bytes=MB)
    assert len(file.rows) == 2
    assert "1 行被隐藏" in file.notices[0].message


def test_other_sheets_and_hidden_sheets_are_told_and_not_read(tmp_path: Path) -> None:
    book = Workbook()
    book["Sheet"].append(["填表说明"])
    for name, state in (("名册", "visible"), ("旧名册", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(person())
        sheet.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    file = read_roster(tmp_path / "a.xlsx", "a.xlsx", VILLAGES, TODAY, max_bytes=MB)
    assert (file.faults, len(file.rows)) == ((), 1)
    assert [notice.sheet for notice in file.notices] == ["Sheet", "旧名册"]


def test_all_faults_of_all_rows_come_at_once(tmp_path: Path) -> None:
    file = read(tmp_path, [person(姓名="", 村="没有村"), wife(身份证号="1"), person()])
    assert [fault.reference for fault in file.faults] == ["名册!B2", "名册!F2", "名册!G3", "名册!G4"]
    assert (file.faulty_rows, file.total_rows) == (3, 3)


def test_a_cell_longer_than_the_record_has_room_for_is_a_fault(tmp_path: Path) -> None:
    assert "超过 60 个字" in faults(read(tmp_path, [person(姓名="张" * 61)]))[0][1]


def test_a_name_loses_its_spacing_but_not_its_rare_characters(tmp_path: Path) -> None:
    file = read(tmp_path, [person(姓名="张　三"), wife(姓名="买买提·𠀀𫠠")])
    assert [row.name for row in file.rows] == ["张三", "买买提·𠀀𫠠"]
