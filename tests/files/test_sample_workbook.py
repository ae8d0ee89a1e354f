"""A sample's workbook holds all that is needed to draw it again, and the test does so from the workbook alone."""

import hashlib
import io
from collections import defaultdict
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from files.export_level import ExportLevel
from files.sample_workbook import DrawnHousehold, DrawnVillage, FrameUnit, SampleSheets, write_sample
from models.draw import draw_two_stage, frame_hash, rank_hash
from models.id_number import make_demo_id

SEED = "福彩双色球 2022082 期 01 05 09'"
TOWNS = {f"42132110{t}": [f"42132110{t}2{v:02d}" for v in range(7)] for t in (1, 2)}
HOMES = {v: [f"{v}/{n:04d}" for n in range(1, 6)] for villages in TOWNS.values() for v in villages}
MUST_VILLAGES, MUST_HOMES = ["421321101203"], [f"{v}/0002" for v in HOMES]
HEAD = "123 " + "ab12" * 16


def sample(**more: Any) -> SampleSheets:
    draw = draw_two_stage(SEED, TOWNS, HOMES, MUST_VILLAGES, MUST_HOMES, Fraction(3, 10), Fraction(2, 5))
    values: dict[str, Any] = {
        "sample_id": 2,
        "campaign_name": "随州市惠民惠农“一卡通”专项治理",
        "state": "已采用",
        "seed": SEED,
        "seed_source": "2022年7月19日福彩双色球开奖号码",
        "rule": "村 30%、户 40%，向上取整",
        "village_frame_hash": frame_hash(HOMES),
        "household_frame_hash": frame_hash(h for homes in HOMES.values() for h in homes),
        "mandatory_village_hash": frame_hash(MUST_VILLAGES),
        "mandatory_household_hash": frame_hash(MUST_HOMES),
        "frozen_on": date(2022, 7, 18),
        "drawn_on": date(2022, 7, 20),
        "villages": [
            DrawnVillage("示例一镇", u.code, "甲一村", u.position, u.hash, u.kind.label, "待查", "")
            for town in draw.villages.values()
            for u in town
            if u.chosen
        ],
        "households": (
            DrawnHousehold(village, u.code, u.position, u.hash, u.kind.label, "待查")
            for village, homes in draw.households.items()
            for u in homes
            if u.chosen
        ),
        "village_frame": (FrameUnit(v, v in MUST_VILLAGES, t) for t, vs in TOWNS.items() for v in vs),
        "household_frame": (FrameUnit(h, h in MUST_HOMES, v) for v, homes in HOMES.items() for h in homes),
        "level": ExportLevel.UNIT,
        "as_of": date(2022, 9, 16),
        "exported_by": "示例办公室",
        "exported_at": datetime(2022, 9, 16, 2, 5, tzinfo=UTC),
        "audit_head": HEAD,
    }
    return SampleSheets(**{**values, **more})


def written(content: SampleSheets) -> io.BytesIO:
    target = io.BytesIO()
    write_sample(target, content)
    target.seek(0)
    return target


def table(book: CalamineWorkbook, name: str) -> list[dict[str, Any]]:
    rows = book.get_sheet_by_name(name).to_python()
    start = next(n for n, row in enumerate(rows) if row[0] in ("乡镇", "村代码", "户代码", "项目"))
    filled = [row for row in rows[start + 1 :] if len(row) > 1 and row[1] != ""]
    return [dict(zip(rows[start], row, strict=True)) for row in filled]


def digest(codes: list[str]) -> str:
    return hashlib.sha256("".join(code + "\n" for code in codes).encode()).hexdigest()


def test_the_sheets_are_named_and_in_order() -> None:
    book = openpyxl.load_workbook(written(sample()))
    assert book.sheetnames == ["抽样结果", "户", "抽样框", "户抽样框", "怎样复算"]
    headers = [cell.value for cell in book["抽样结果"][4]]
    assert headers == ["乡镇", "村代码", "村", "次序", "散列值", "入选方式", "情况", "说明"]


def test_codes_are_text() -> None:
    book = openpyxl.load_workbook(written(sample()))
    for sheet, cell in (("抽样框", "A2"), ("户抽样框", "A2"), ("抽样结果", "B5"), ("户", "A5")):
        assert (book[sheet][cell].data_type, book[sheet][cell].number_format) == ("s", "@")


def test_the_draw_is_repeated_from_the_workbook_alone() -> None:
    book = CalamineWorkbook.from_filelike(written(sample()))
    facts = {row["项目"]: row["内容"] for row in table(book, "怎样复算")}
    frame = table(book, "抽样框")
    codes = [row["村代码"] for row in frame]
    assert digest(codes) == facts["村抽样框散列值"]
    assert digest([row["村代码"] for row in frame if row["必查"] == "是"]) == facts["必查村名单散列值"]
    homes = table(book, "户抽样框")
    assert digest([row["户代码"] for row in homes]) == facts["户抽样框散列值"]
    assert digest([row["户代码"] for row in homes if row["必查"] == "是"]) == facts["必查户名单散列值"]

    towns = defaultdict(list)
    for row in frame:
        order = hashlib.sha256(f"{facts['种子']}|{row['村代码']}".encode()).hexdigest()
        towns[row["乡镇代码"]].append((row["必查"] != "是", order, row["村代码"]))
    expected = {code for units in towns.values() for _, _, code in sorted(units)[: (3 * len(units) + 9) // 10]}
    assert {row["村代码"] for row in table(book, "抽样结果")} == expected
    drawn_homes = table(book, "户")
    assert len(drawn_homes) == 2 * len(expected)
    for row in drawn_homes:
        assert row["散列值"] == rank_hash(SEED, row["户代码"])


def test_the_steps_name_the_numbers_and_an_example_that_holds() -> None:
    facts = {row["项目"]: row["内容"] for row in table(CalamineWorkbook.from_filelike(written(sample())), "怎样复算")}
    first = sample().villages
    village = next(iter(first))
    assert village.hash in facts["举例"] and f"{SEED}|{village.code}" in facts["举例"]
    assert (
        facts["在命令行核对（Linux）"]
        == "printf '%s' '" + f"{SEED}|{village.code}".replace("'", "'\\''") + "' | sha256sum"
    )
    assert facts["种子"] == SEED and facts["校验头"] == HEAD
    assert facts["抽样框冻结日期"] == "2022-07-18"
    assert len([name for name in facts if name.startswith("第")]) == 6


def test_a_seed_not_registered_beforehand_is_said_to_be_so() -> None:
    book = CalamineWorkbook.from_filelike(written(sample(seed_source="", mandatory_village_hash="")))
    facts = {row["项目"]: row["内容"] for row in table(book, "怎样复算")}
    assert (facts["种子来源"], facts["必查村名单散列值"]) == ("种子未事先登记", "—")


def test_reasons_carry_no_number_of_a_person() -> None:
    someone = make_demo_id(date(1961, 2, 3), 124)
    village = DrawnVillage("示例一镇", "421321101200", "甲一村", 4, "00ff", "替补", "已替补", f"{someone} 全村外出")
    (row,) = table(CalamineWorkbook.from_filelike(written(sample(villages=[village]))), "抽样结果")
    assert row["说明"] == f"000000********{someone[-4:]} 全村外出"


def test_the_public_copy_does_not_tell_which_households_are_poor() -> None:
    book = CalamineWorkbook.from_filelike(written(sample(level=ExportLevel.PUBLIC)))
    assert set(table(book, "户抽样框")[0]) == {"户代码", "村代码"}
    assert {row["入选方式"] for row in table(book, "户")} == {"入选"}
    assert {row["入选方式"] for row in table(book, "抽样结果")} == {"必查", "抽中"}
    assert "公开版的限度" in {row["项目"] for row in table(book, "怎样复算")}


def test_an_empty_sample_is_written_too() -> None:
    empty = sample(villages=[], households=[], village_frame=[], household_frame=[])
    book = openpyxl.load_workbook(written(empty))
    assert book["抽样结果"]["A5"].value == "共 0 个村（含替补）。"
    assert book["抽样框"].max_row == 1


@pytest.mark.parametrize("level", list(ExportLevel))
def test_level_day_and_head_are_on_every_page(level: ExportLevel) -> None:
    for sheet in openpyxl.load_workbook(written(sample(level=level))).worksheets:
        assert level.label in sheet.oddHeader.left.text and HEAD in sheet.oddHeader.right.text
