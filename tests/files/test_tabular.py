import tracemalloc
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import pytest

from files import sheet_slices, tabular, xlsx_check
from files.cell import cell_text, column_letter, date_of, is_scientific
from files.headers import PAYMENT_HEADERS, PAYMENT_NEEDED, ROSTER_HEADERS, ROSTER_NEEDED, find_header, match_headers
from files.tabular import open_table
from models.refusal import Refused
from tests.files import hostile

MB = 1024**2


def texts(path: Path, name: str) -> list[list[str]]:
    return [[cell_text(cell) for cell in row] for row in open_table(path, name, 50 * MB)[0].rows()]


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    make, word = hostile.REFUSED[name]
    with pytest.raises(Refused, match=word) as refused:
        for sheet in open_table(make(tmp_path / name), name, 50 * MB, parquet=name.endswith("parquet")):
            list(sheet.rows())
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize("name", ["bomb.xlsx", "lying.xlsx", "overlapping.xlsx", "sparse.xlsx"])
def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, name: str) -> None:
    path = hostile.REFUSED[name][0](tmp_path / name)
    tracemalloc.start()
    with pytest.raises(Refused):
        open_table(path, name, 50 * MB)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 * MB


def test_an_oversize_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = hostile.bytes_file(tmp_path / "a.xlsx", bytes(2 * MB + 1))
    with pytest.raises(Refused, match="2 MB"):
        open_table(path, "a.xlsx", 2 * MB)


def test_parquet_is_for_payments_only(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Parquet"):
        open_table(hostile.bytes_file(tmp_path / "a.parquet", b"PAR1" + bytes(20)), "a.parquet", MB)


def test_the_extension_decides_nothing(tmp_path: Path) -> None:
    path = hostile.workbook(tmp_path / "really.csv", [["姓名", 12]])
    assert texts(path, "really.csv") == [["姓名", "12"]]
    path = hostile.bytes_file(tmp_path / "really.xlsx", "姓名,12\n".encode())
    assert texts(path, "really.xlsx") == [["姓名", "12"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_encoding_and_separator_of_a_csv_are_found_out(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(sign.join(["姓名", "村", '"甲,一\n村"']).encode(encoding))
    assert texts(path, "a.csv") == [["姓名", "村", "甲,一\n村"]]


def test_a_csv_that_wraps_a_number_as_formula_text_gives_the_number(tmp_path: Path) -> None:
    path = hostile.bytes_file(tmp_path / "a.csv", '户编号,姓名\n="0107","=""张三"""\n'.encode())
    assert texts(path, "a.csv")[1] == ["0107", "张三"]


def test_a_quote_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    path = hostile.bytes_file(tmp_path / "a.csv", ('姓名,村\n"张三,' + "甲" * 200_000).encode())
    with pytest.raises(Refused, match="引号"):
        texts(path, "a.csv")


def test_rows_keep_the_numbers_the_sheet_shows(tmp_path: Path) -> None:
    path = hostile.with_parts(
        tmp_path / "a.xlsx", {hostile.SHEET: hostile.sheet_xml('<row r="3"><c r="C3"><v>7</v></c></row>')}
    )
    assert [row for row in texts(path, "a.xlsx") if any(row)] == [["", "", "7"]]
    assert len(texts(path, "a.xlsx")) == 3


def test_an_old_workbook_is_read_too() -> None:
    path = hostile.FIXTURES / "roster.xls"
    sheet = open_table(path, "roster.xls", MB)[0]
    assert sheet.hidden_rows == 1
    assert texts(path, "roster.xls")[2][:5] == ["示例一镇", "甲一村", "0107", "户主", "张三"]


def test_hidden_rows_merged_cells_and_formula_errors_are_told(tmp_path: Path) -> None:
    path = hostile.workbook(tmp_path / "a.xlsx", [["姓名", "村"], ["张三", "=1/0"], ["李四", "甲"]], ["A2:A3"], [3])
    sheet = open_table(path, "a.xlsx", MB)[0]
    assert (sheet.hidden_rows, [(m.first_row, m.last_row) for m in sheet.merged]) == (1, [(2, 3)])
    errors = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'
    path = hostile.with_parts(tmp_path / "b.xlsx", {hostile.SHEET: hostile.sheet_xml(errors)})
    assert open_table(path, "b.xlsx", MB)[0].error_cells == 1


def test_a_sheet_read_in_slices_is_the_sheet_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [["姓名", "金额", "日期"]]
    rows += [[f"张{n}", n / 100, datetime(2021, 6, 1 + n % 30)] for n in range(5000)]
    rows[2500] = []
    path = hostile.workbook(tmp_path / "a.xlsx", rows, ["A10:A11"])
    whole = open_table(path, "a.xlsx", MB)[0]
    monkeypatch.setattr(tabular, "SLICE_FROM_CELLS", 10)
    monkeypatch.setattr(xlsx_check, "PIECE", 8_192)
    monkeypatch.setattr(sheet_slices, "FIRST_SLICE_BYTES", 10_000)
    monkeypatch.setattr(sheet_slices, "SLICE_BYTES", 50_000)
    sliced = open_table(path, "a.xlsx", MB)[0]
    assert len(list(sheet_slices.slices(path, hostile.SHEET))) > 3
    assert filled(sliced.rows()) == filled(whole.rows())
    assert sliced.merged == whole.merged


def filled(rows: Iterable[list[object]]) -> list[tuple[int, list[object]]]:
    return [(number, row) for number, row in enumerate(rows, 1) if any(row)]


DAY = date(2021, 6, 30)


@pytest.mark.parametrize(
    "written",
    [
        "2021-06-30",
        "2021/6/30",
        "2021.6.30",
        "20210630",
        "2021年6月30日",
        "２０２１年６月３０日",
        "2021 年 6 月 30 日",
        "44377",
        "44377.5",
        "2021-06-30 00:00:00",
        "2021/6/30 8:05",
        "2021-06-30T08:05:00",
    ],
)
def test_a_day_is_understood_as_offices_write_it(written: str) -> None:
    assert date_of(written) == DAY


@pytest.mark.parametrize(
    "written", ["", "2021-02-30", "2021-06", "20211301", "6/30/2021", "1899-12-30", "99999", "21.6.30", "３0日"]
)
def test_what_is_no_day_is_no_day(written: str) -> None:
    assert date_of(written) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (85.2, "85.2"),
        (0.1 + 0.2, "0.3"),
        (4.20000198001011e17, "4.20E+17"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e-7, "0.0000001"),
        (datetime(2021, 6, 30), "2021-06-30"),
        (date(2021, 6, 30), "2021-06-30"),
        ("　'0107\u200b ", "0107"),
        ("—", ""),
        ("无", ""),
        (float("nan"), ""),
    ],
)
def test_a_cell_is_the_text_its_user_sees(cell: object, text: str) -> None:
    assert cell_text(cell) == text  # type: ignore[arg-type]


def test_scientific_notation_is_recognised_and_nothing_else() -> None:
    assert all(map(is_scientific, ["4.2E+17", "4.20001E+17", "4e+17", "４.２Ｅ+17"]))
    assert not any(map(is_scientific, ["E123", "12E", "420000198001011234", "甲E+1", ""]))


def test_column_letters_are_those_of_the_sheet() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_headers_match_whatever_blanks_brackets_and_stars_stand_in_them() -> None:
    names = ["*乡镇名称", "村（居）", "户\n号", "与户主\n关系", "姓　名", "公民身份号码（18位）", "备注"]
    match = match_headers(names, ROSTER_HEADERS, ROSTER_NEEDED)
    assert [match.columns[name] for name in ROSTER_NEEDED] == [0, 1, 2, 3, 4, 5]
    assert (match.missing, match.unknown) == ((), ("备注",))


def test_the_standard_name_goes_before_a_synonym() -> None:
    match = match_headers(["户主姓名", "姓名", "户主身份证号", "身份证号"], ROSTER_HEADERS, ROSTER_NEEDED)
    assert (match.columns["姓名"], match.columns["身份证号"]) == (1, 3)
    assert match.repeated == ("户主姓名", "户主身份证号")


def test_due_and_paid_amounts_are_not_mixed_up() -> None:
    match = match_headers(["应发金额（元）", "实发金额（元）", "收款人", "受益人"], PAYMENT_HEADERS, PAYMENT_NEEDED)
    assert match.mapping == {
        "应发金额": "应发金额（元）",
        "金额": "实发金额（元）",
        "收款人": "收款人",
        "姓名": "受益人",
    }


def test_a_missing_header_is_said_with_what_looks_like_it() -> None:
    match = match_headers(["乡镇", "村", "户编号", "与户主关系", "姓名", "身份证编号"], ROSTER_HEADERS, ROSTER_NEEDED)
    assert match.missing == ("身份证号",)
    assert match.offered == {"身份证号": ("身份证编号",)}


def test_the_users_own_mapping_goes_before_all_and_a_stale_one_is_passed_over() -> None:
    names = ["姓名", "曾用名", "身份证号"]
    match = match_headers(names, ROSTER_HEADERS, ROSTER_NEEDED, {"姓名": "曾用名", "身份证号": "不在表里"})
    assert match.mapping == {"姓名": "曾用名", "身份证号": "身份证号"}


def test_the_header_is_found_under_titles() -> None:
    rows = [["随州某镇名册"], [], ["单位：元", "", "2022年"], ["乡镇", "村", "姓名"], ["示例一镇", "甲一村", "张三"]]
    found = find_header(rows, ROSTER_HEADERS, ROSTER_NEEDED)
    assert found is not None and (found.first_row, found.last_row) == (4, 4)


def test_two_header_rows_are_read_together() -> None:
    rows = [
        ["乡镇", "村", "户主信息", "", "补贴", "", "备注"],
        ["", "", "姓名", "身份证号", "项目", "金额", ""],
        ["示例一镇", "甲一村", "张三", "1", "S01", "3", ""],
    ]
    found = find_header(rows, PAYMENT_HEADERS, PAYMENT_NEEDED)
    assert found is not None and (found.first_row, found.last_row) == (1, 2)
    assert found.match.columns == {"乡镇": 0, "村": 1, "姓名": 2, "身份证号": 3, "补贴项目": 4, "金额": 5}


def test_a_header_below_the_tenth_row_is_no_header() -> None:
    assert find_header([["x"]] * 10 + [["乡镇", "村", "姓名"]], ROSTER_HEADERS, ROSTER_NEEDED) is None
