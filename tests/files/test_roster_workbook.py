"""The roster's workbook: an internal copy is what the import asks for, the other levels are masked or of nobody."""

import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from files import headers
from files.export_level import ExportLevel
from files.roster_workbook import ROSTER_HEADERS, RosterRow, write_roster
from models.id_number import make_demo_id

SOMEONE = make_demo_id(date(1961, 2, 3), 124)
CARD = "6228480402564890018"
ROW = RosterRow(
    town="示例一镇",
    village="甲一村",
    group="三组",
    household_number="0107",
    relation="户主",
    name="张𠮷丰",
    id_number=SOMEONE,
    sex="女",
    bank="示例农商行",
    account=CARD,
    account_kind="卡",
    phone="13800138000",
    address="示例一镇甲一村三组十二号",
)


def exported(level: ExportLevel, rows: list[RosterRow]) -> io.BytesIO:
    target = io.BytesIO()
    write_roster(
        target,
        rows,
        level=level,
        as_of=date(2022, 9, 16),
        campaign_name="随州市专项治理",
        conditions="乡镇为示例一镇",
        exported_by="周八一",
        exported_at=datetime(2022, 9, 16, 2, 5, tzinfo=UTC),
        audit_head="123 abcd",
    )
    target.seek(0)
    return target


def sheet(level: ExportLevel, rows: list[RosterRow]) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(exported(level, rows)).get_sheet_by_index(0).to_python()


def test_the_internal_copy_has_the_standard_headers_and_nothing_but_rows() -> None:
    standard = "乡镇 村 组 户编号 与户主关系 姓名 身份证号 性别 开户银行 银行账号 卡折类型 联系电话 住址"
    assert " ".join(ROSTER_HEADERS) == standard
    assert tuple(headers.ROSTER_HEADERS) == ROSTER_HEADERS  # as the import knows them
    head, *rows = sheet(ExportLevel.INTERNAL, [ROW, ROW])
    assert tuple(head) == ROSTER_HEADERS
    assert rows == [[getattr(ROW, name) for name in RosterRow.__slots__]] * 2


def test_the_units_copy_is_masked() -> None:
    values = dict(zip(*sheet(ExportLevel.UNIT, [ROW]), strict=True))
    assert (values["姓名"], values["身份证号"]) == ("张**", f"000000********{SOMEONE[-4:]}")
    assert (values["银行账号"], values["联系电话"]) == ("********0018", "138****8000")
    assert values["住址"] == "示例一镇甲一村三组"
    assert values["户编号"] == "0107"


def test_the_public_copy_is_of_nobody() -> None:
    head, _ = sheet(ExportLevel.PUBLIC, [ROW])
    assert head == ["乡镇", "村", "组", "与户主关系", "性别"]
    with zipfile.ZipFile(exported(ExportLevel.PUBLIC, [ROW])) as archive:
        content = "".join(archive.read(name).decode() for name in archive.namelist())
    personal = ("张𠮷丰", SOMEONE, CARD, "13800138000", "十二号", "0107", "周八一")
    assert not [value for value in personal if value in content]


@pytest.mark.parametrize("level", list(ExportLevel))
def test_level_and_head_are_on_the_second_sheet_and_each_page(level: ExportLevel) -> None:
    book = openpyxl.load_workbook(exported(level, [ROW]))
    about = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=2)}
    assert about["导出级别"] == level.label
    assert about["截至和校验头"].endswith("截至 2022年9月16日 · 校验头 123 abcd")
    assert level.label in book["名册"].oddHeader.left.text


def test_what_is_not_known_is_a_dash() -> None:
    empty = RosterRow(*[""] * len(ROSTER_HEADERS))
    for level in ExportLevel:
        assert set(sheet(level, [empty])[1]) == {"—"}


def test_numbers_are_text_and_an_empty_roster_is_a_head() -> None:
    cells = openpyxl.load_workbook(exported(ExportLevel.INTERNAL, [ROW]))["名册"]
    assert {cells[at].number_format for at in ("D2", "G2", "J2", "L2")} == {"@"}
    assert cells.freeze_panes == "C2" and cells.auto_filter.ref == "A1:M2"
    assert len(sheet(ExportLevel.INTERNAL, [])) == 1
