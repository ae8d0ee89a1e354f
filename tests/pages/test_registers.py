"""名册与发放登记 without a browser: checked first, shown with all faults, taken in on a click, nothing half done."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from actions.job import check_file
from actions.job_work import JobOptions
from actions.payment import PaymentOptions, import_payments
from actions.register_export import export_roster
from actions.roster import import_roster
from files.export_level import ExportLevel
from files.job_folder import JobFolder
from files.outgoing import outgoing_file
from files.storage import Storage
from models.audit import AuditEntry
from models.job import JobKind
from models.payment import PaymentImport
from models.region import Region
from models.roster import HouseholdMember, RosterImport
from pages.frame import who
from pages.frame.worker import Worker
from pages.money.register_kind import RegisterKind
from pages.money.register_run import AGAIN, CHECK, TAKE, Flow
from pages.money.withdrawal import ASKED
from queries.reading import reading
from tests.factories import World
from tests.files import hostile
from tests.pages.conftest import OpenPage
from tests.register_files import (
    EIGHT_PAYMENTS,
    FOUR_HOUSEHOLDS,
    ROSTER_HEADER,
    Somebody,
    payment_file,
    payment_row,
    roster_file,
)

PAGE = "money/registers.py"
CSV_HEADER = "code,parent_code,level,name_zh,short_name,kind,reporting_unit_guess,abbreviation\n"


def count(model: Any) -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def nothing_left() -> bool:
    """No uploaded file lies about."""
    return not list((Storage.data_dir / "jobs").iterdir())


def words(app: AppTest) -> str:
    """All that is said in markdown."""
    return " ".join(m.value for m in (*app.markdown, *app.caption, *app.success, *app.error))


def checked(app: AppTest, path: Path, kind: str = "roster", generation: int = 0) -> AppTest:
    """The page after this file was chosen and checked."""
    uploader = app.file_uploader(key=f"register_file_{kind}_{generation}")
    uploader.set_value((path.name, path.read_bytes(), "application/octet-stream")).run()
    return app.button(key=f"register_check_{kind}_{generation}").click().run()


def payments_checked(app: AppTest, path: Path, total: str) -> AppTest:
    app.segmented_control(key="register_kind").set_value(app.segmented_control(key="register_kind").options[1]).run()
    app.text_input(key="register_total_payments_0").set_value(total).run()
    return checked(app, path, "payments")


def with_faults(path: Path) -> Path:
    """Eight good rows and three faulty ones."""
    odd = Somebody(50, id_number="000000196001010000")
    return roster_file(path, [*FOUR_HOUSEHOLDS, odd, Somebody(51, village="没有村"), FOUR_HOUSEHOLDS[0]])


def test_an_empty_page_says_what_to_do(open_page: OpenPage) -> None:
    app = open_page("office", PAGE)
    assert not app.exception
    assert "还没有导入过名册" in words(app)
    assert app.button(key="register_check_roster_0").disabled


@pytest.mark.parametrize("name", ["inspector", "unit", "leader", "auditor"])
def test_the_page_is_not_for_others(open_page: OpenPage, name: str) -> None:
    app = open_page(name, PAGE)
    assert [t.value for t in app.title] == ["这一页不对您开放"]
    assert not app.file_uploader


def test_admin_finds_only_the_places(open_page: OpenPage) -> None:
    app = open_page("admin", PAGE)
    assert not app.exception
    assert app.segmented_control(key="register_kind").options == ["区划"]
    assert "2 个填报单位，3 个镇，9 个村" in words(app)


def test_a_roster_is_checked_then_taken_in(open_page: OpenPage, tmp_path: Path) -> None:
    app = checked(open_page("office", PAGE), roster_file(tmp_path / "名册.xlsx"))
    assert "可导入 **8** 行 · 未变 **0** 行 · 有误 0 行" in words(app)
    assert count(RosterImport) == 0
    app.button(key="register_take_roster_0").click().run()
    assert not app.exception
    assert [s.value for s in app.success] == ["已导入 8 行，未变 0 行。"]
    assert "共 1 次导入，新增或更新 8 行" in words(app)
    assert count(HouseholdMember) == 8
    assert app.file_uploader(key="register_file_roster_1").value is None
    assert nothing_left()


def test_the_same_file_again_has_nothing_to_take(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(world.caller("office"), world.campaign_id, path, path.name)
    app = checked(open_page("office", PAGE), path)
    assert "8 行都已在库中，没有变动，不需要导入" in words(app)
    assert "register_take_roster_0" not in [b.key for b in app.button]


def test_faults_stand_in_a_table_without_whole_numbers(open_page: OpenPage, tmp_path: Path) -> None:
    app = checked(open_page("office", PAGE), with_faults(tmp_path / "名册.xlsx"))
    table = app.dataframe[0].value
    assert list(table["位置"]) == ["名册!G10", "名册!B11", "名册!G12"]
    assert list(table["所填内容"]) == [
        "000000********0000",
        "没有村",
        f"000000********{FOUR_HOUSEHOLDS[0].number[-4:]}",
    ]
    assert "共 3 处错误" in words(app)
    assert FOUR_HOUSEHOLDS[0].number not in str(table)


def test_with_faults_the_button_waits_for_the_tick(open_page: OpenPage, tmp_path: Path) -> None:
    app = checked(open_page("office", PAGE), with_faults(tmp_path / "名册.xlsx"))
    assert app.button(key="register_take_roster_0").disabled
    app.checkbox(key="register_skip_roster_0").check().run()
    app.button(key="register_take_roster_0").click().run()
    assert [s.value for s in app.success] == ["已导入 8 行，未变 0 行，跳过有误 3 行。"]
    assert count(HouseholdMember) == 8


def test_odd_numbers_are_taken_as_they_are_after_a_tick(open_page: OpenPage, tmp_path: Path) -> None:
    app = checked(open_page("office", PAGE), with_faults(tmp_path / "名册.xlsx"))
    app.checkbox(key="register_as_is_roster_0").check().run()
    assert "可导入 **9** 行" in words(app)


def test_the_faulty_rows_are_fetched_by_their_owner(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    app = checked(open_page("office", PAGE), with_faults(tmp_path / "名册.xlsx"))
    app.button(key="register_fault_rows_roster_0").click().run()
    assert not app.exception
    token = next(c.value for c in app.caption if "/download/" in c.value).split("/download/")[1].split(")")[0]
    path = outgoing_file(world.users["office"], token, world.now)
    assert path is not None and path.name == "名册_有误的行.xlsx"
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert len(rows) == 4 and "同一个身份证号" in str(rows[3][0])
    assert "共 3 处错误" in words(app)


def test_payments_need_a_total_that_agrees(open_page: OpenPage, tmp_path: Path) -> None:
    app = payments_checked(open_page("office", PAGE), payment_file(tmp_path / "发放.xlsx"), "804.01")
    assert "少 0.01 元" in words(app)
    assert "register_take_payments_0" not in [b.key for b in app.button]
    app.text_input(key="register_total_payments_0").set_value("804").run()
    app.button(key="register_check_payments_0").click().run()
    assert "可导入 **8** 笔" in words(app) and "合计 **804.00** 元" in words(app)
    app.button(key="register_take_payments_0").click().run()
    assert [s.value for s in app.success] == ["已导入 8 笔，合计 804.00 元，未变 0 笔。"]
    assert "共 1 次导入，8 笔，合计 804.00 元" in words(app)


@pytest.mark.parametrize("typed", ["一千", "12.345", "1e5"])
def test_a_total_that_is_no_money_is_said_at_once(open_page: OpenPage, tmp_path: Path, typed: str) -> None:
    app = open_page("office", PAGE)
    app.segmented_control(key="register_kind").set_value(app.segmented_control(key="register_kind").options[1]).run()
    path = payment_file(tmp_path / "发放.xlsx")
    app.file_uploader(key="register_file_payments_0").set_value((path.name, path.read_bytes(), "")).run()
    app.text_input(key="register_total_payments_0").set_value(typed).run()
    assert app.button(key="register_check_payments_0").disabled
    assert any(":red[" in c.value for c in app.caption)


def test_another_total_makes_the_former_check_void(open_page: OpenPage, tmp_path: Path) -> None:
    app = payments_checked(open_page("office", PAGE), payment_file(tmp_path / "发放.xlsx"), "804")
    app.text_input(key="register_total_payments_0").set_value("805").run()
    assert "register_take_payments_0" not in [b.key for b in app.button]


def test_columns_are_matched_by_hand_and_remembered(open_page: OpenPage, tmp_path: Path) -> None:
    header = ["片区", "驻地", *ROSTER_HEADER[2:]]
    path = hostile.workbook(tmp_path / "别样.xlsx", [header, *(p.row for p in FOUR_HOUSEHOLDS)])
    app = checked(open_page("office", PAGE), path)
    assert "缺少“乡镇”一列" in words(app)
    app.selectbox(key="match_乡镇_roster_0").select("片区")
    app.selectbox(key="match_村_roster_0").select("驻地")
    app.button(key="match_again_roster_0").click().run()
    assert "可导入 **8** 行" in words(app)
    again = checked(open_page("office", PAGE), path)
    assert "可导入 **8** 行" in words(again)


def test_a_table_without_any_known_header_is_matched_by_hand_too(open_page: OpenPage, tmp_path: Path) -> None:
    strange = [f"栏{n}" for n in "甲乙丙丁戊己庚辛壬癸子丑寅"]
    path = hostile.workbook(tmp_path / "怪.xlsx", [strange, *(p.row for p in FOUR_HOUSEHOLDS)])
    app = checked(open_page("office", PAGE), path)
    assert "没有找到表头" in words(app)
    for standard, name in zip(ROSTER_HEADER, strange, strict=True):
        app.selectbox(key=f"match_{standard}_roster_0").select(name)
    app.button(key="match_again_roster_0").click().run()
    assert "可导入 **8** 行" in words(app)


def test_one_column_is_not_two_things(open_page: OpenPage, tmp_path: Path) -> None:
    header = ["片区", "驻地", *ROSTER_HEADER[2:]]
    path = hostile.workbook(tmp_path / "别样.xlsx", [header, *(p.row for p in FOUR_HOUSEHOLDS)])
    app = checked(open_page("office", PAGE), path)
    app.selectbox(key="match_乡镇_roster_0").select("片区")
    app.selectbox(key="match_村_roster_0").select("片区")
    app.button(key="match_again_roster_0").click().run()
    assert "一列只能对应一项" in words(app)


def test_places_are_checked_and_taken_in(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "区划.csv"
    path.write_text(
        CSV_HEADER + "421381903000,421381000000,town,示例五镇,示例五镇,镇,,\n"
        "421381903201,421381903000,village,戊一村村民委员会,戊一村,村委会,,\n",
        encoding="utf-8-sig",
    )
    app = checked(open_page("admin", PAGE), path, "regions")
    assert "可导入 **2** 行" in words(app)
    app.button(key="register_take_regions_0").click().run()
    assert "4 个镇，10 个村" in words(app)
    with reading() as session:
        assert session.scalar(sa.select(Region.name).where(Region.code == "421381903201")) == "戊一村村民委员会"


def test_an_office_of_one_county_is_told_that_places_are_not_its_to_change(open_page: OpenPage, tmp_path: Path) -> None:
    app = open_page("far_office", PAGE)
    app.segmented_control(key="register_kind").set_value(app.segmented_control(key="register_kind").options[2]).run()
    path = tmp_path / "区划.csv"
    path.write_text(CSV_HEADER + "421381903000,421381000000,town,示例五镇,示例五镇,镇,,\n")
    assert "统一导入" in words(checked(app, path, "regions"))


def test_a_file_over_the_limit_is_refused_unread(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Storage, "max_upload_bytes", 2_000)
    app = checked(open_page("office", PAGE), roster_file(tmp_path / "名册.xlsx"))
    assert "超过上限" in words(app) and not app.exception
    assert count(RosterImport) == 0


Maker = Callable[[Path], Path]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: hostile.bytes_file(path, b""), "空"),
        (hostile.word_document, "Word"),
        (hostile.encrypted_workbook, "密码"),
        (hostile.macro_workbook, "宏"),
        (hostile.bomb, "解压后大得不正常"),
        (hostile.entity_workbook, "外部|声明|DTD|XML"),
        (hostile.truncated_workbook, "损坏"),
        (hostile.encrypted_xls, "密码"),
        (lambda path: hostile.workbook(path, [["a", "b"], [1, 2]]), "表头"),
        (lambda path: hostile.workbook(path, [ROSTER_HEADER]), "没有数据行"),
    ],
)
def test_whatever_is_brought_the_answer_is_a_sentence(
    open_page: OpenPage, tmp_path: Path, make: Maker, sentence: str
) -> None:
    before = (count(RosterImport), count(HouseholdMember), count(AuditEntry))
    app = checked(open_page("office", PAGE), make(tmp_path / "坏.xlsx"))
    assert not app.exception
    assert len(app.error) == 1
    assert re.search(sentence, app.error[0].value)
    assert (count(RosterImport), count(HouseholdMember), count(AuditEntry)) == before
    app.button(key="register_seen_roster_0").click().run()
    assert nothing_left()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"身份证号": 4.2e17}, "科学计数"),
        ({"发放日期": "去年夏天"}, "2021-06-30 这样的日期"),
        ({"村": "没有村"}, "区划里没有村"),
        ({"补贴项目": "没有的补贴"}, "没有这个项目"),
    ],
)
def test_a_payment_that_cannot_be_read_is_said(
    open_page: OpenPage, tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    rows = [*EIGHT_PAYMENTS, payment_row(Somebody(70), **change)]
    app = payments_checked(open_page("office", PAGE), payment_file(tmp_path / "发放.xlsx", rows), "904.50")
    assert sentence in str(app.dataframe[0].value["问题和办法"][0])
    assert app.button(key="register_take_payments_0").disabled
    assert count(PaymentImport) == 0


def test_a_session_ended_meanwhile_takes_nothing_in(
    world: World, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = checked(open_page("office", PAGE), roster_file(tmp_path / "名册.xlsx"))
    monkeypatch.setattr(who, "cookie_token", lambda: None)
    app.button(key="register_take_roster_0").click().run()
    assert count(RosterImport) == 0


def test_whoever_comes_back_in_another_browser_finds_the_file_where_it_stood(
    open_page: OpenPage, tmp_path: Path
) -> None:
    payments_checked(open_page("office", PAGE), payment_file(tmp_path / "发放.xlsx"), "804")
    again = open_page("office", PAGE)
    again.segmented_control(key="register_kind").set_value("发放登记").run()
    assert "可导入 **8** 笔" in words(again)
    again.button(key="register_take_payments_0").click().run()
    later = open_page("office", PAGE)
    later.segmented_control(key="register_kind").set_value("发放登记").run()
    assert [s.value for s in later.success] == ["已导入 8 笔，合计 804.00 元，未变 0 笔。"]
    later.button(key="register_seen_payments_0").click().run()
    assert not later.success


def test_others_see_who_is_at_it_and_not_the_file(
    world: World, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "wake", lambda self: None)
    with roster_file(tmp_path / "名册.xlsx").open("rb") as file:
        check_file(world.caller("office"), JobKind.ROSTER, world.campaign_id, file, "名册.xlsx", JobOptions())
    app = open_page("far_office", PAGE)
    assert "**O某某正在检查名册**" in words(app)
    assert "名册.xlsx" not in words(app)
    assert not app.file_uploader(key="register_file_roster_0").disabled


def test_a_large_file_shows_how_far_it_is_and_locks_the_form(
    world: World, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Worker, "wake", lambda self: None)
    with roster_file(tmp_path / "名册.xlsx").open("rb") as file:
        check_file(world.caller("office"), JobKind.ROSTER, world.campaign_id, file, "名册.xlsx", JobOptions())
    JobFolder(next((Storage.data_dir / "jobs").iterdir()).name).report("正在读取", 45_000, 200_000)
    app = open_page("office", PAGE)
    assert "正在检查 名册.xlsx" in words(app) and "可以离开本页" in words(app)
    assert app.button(key="register_check_roster_0").disabled


def test_a_button_pressed_twice_asks_once() -> None:
    flow = Flow(RegisterKind.ROSTER)
    flow.ask(TAKE)
    assert flow.job == "", "nothing was checked"
    flow.ask(CHECK)
    flow.ask(AGAIN)
    assert flow.job == CHECK


def test_imports_of_others_elsewhere_are_not_listed_to_a_county(
    world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(world.caller("office"), world.campaign_id, path, path.name)
    assert "共 1 次导入" in words(open_page("office2", PAGE))
    assert "还没有导入过名册" in words(open_page("far_office", PAGE))


def test_what_was_exported_in_full_comes_back_and_changes_nothing(
    world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(world.caller("office"), world.campaign_id, path, path.name)
    out = tmp_path / "导出.xlsx"
    export_roster(world.caller("office"), world.campaign_id, ExportLevel.INTERNAL, "核对", out)
    assert "未变 **8** 行 · 有误 0 行" in words(checked(open_page("office", PAGE), out))


def test_payments_listed_are_added_up(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    for name, rows, cents in (("a", EIGHT_PAYMENTS[:4], 40_200), ("b", EIGHT_PAYMENTS[4:], 40_200)):
        path = payment_file(tmp_path / f"{name}.xlsx", rows)
        import_payments(world.caller("office"), world.campaign_id, path, path.name, PaymentOptions(cents))
    app = open_page("office", PAGE)
    app.segmented_control(key="register_kind").set_value(app.segmented_control(key="register_kind").options[1]).run()
    assert "共 2 次导入，8 笔，合计 804.00 元" in words(app)
    assert list(app.dataframe[0].value["文件"]) == ["b.xlsx", "a.xlsx"]


def test_a_roster_is_withdrawn_with_a_reason_and_comes_back_by_import(
    world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(world.caller("office"), world.campaign_id, path, path.name)
    app = open_page("office", PAGE)
    app.session_state[ASKED] = 1
    app.run()
    assert app.button(key="withdraw_confirm").disabled
    app.text_input(key="withdraw_reason").set_value("选错了文件").run()
    app.button(key="withdraw_confirm").click().run()
    assert not app.exception
    assert "共 0 次导入，新增或更新 0 行；另有 1 次已撤回，不计" in words(app)
    assert "选错了文件" in str(app.dataframe[0].value["状态"][0])
    assert "可导入 **8** 行" in words(checked(open_page("office", PAGE), path))
