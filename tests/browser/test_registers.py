"""名册与发放登记 in a browser: a file in, its faults, one import whatever the clicks, and files out."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Download, Page, expect
from python_calamine import CalamineWorkbook

from models.payment import PaymentImport
from models.roster import RosterImport
from queries.audit import verify
from queries.reading import reading
from tests.browser.conftest import RunningApp, build_world
from tests.files import hostile
from tests.register_files import FOUR_HOUSEHOLDS, Somebody, payment_file, roster_file

pytestmark = pytest.mark.browser
SignedIn = Callable[..., Page]


@pytest.fixture(scope="module")
def world_app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """The application with a limit of 1 MB, so that a file over it is quickly made."""
    return start_app(build_world, MAX_UPLOAD_MB="1")


def count(model: type[RosterImport] | type[PaymentImport]) -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def check(page: Page, path: Path) -> None:
    """Choose a file and have it checked."""
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="检查文件").click()


def cells(download: Download) -> list[list[str]]:
    """The first sheet of a workbook fetched by the browser."""
    rows = CalamineWorkbook.from_path(download.path()).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def test_a_roster_comes_in_once_however_often_one_clicks(app: RunningApp, signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("office", "/registers")
    check(page, roster_file(tmp_path / "名册.xlsx"))
    page.get_by_role("button", name="导入 8 行").dblclick()
    expect(page.get_by_text("已导入 8 行，未变 0 行。")).to_be_visible()
    expect(page.get_by_text("共 1 次导入，新增或更新 8 行")).to_be_visible()
    assert count(RosterImport) == 1
    assert verify().ok
    assert list((app.data_dir / "jobs").iterdir()) == []


def test_faulty_rows_are_fetched_with_their_reasons(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("office", "/registers")
    check(page, roster_file(tmp_path / "有误.xlsx", [*FOUR_HOUSEHOLDS, Somebody(51, village="没有村")]))
    expect(page.get_by_text("有误 1 行")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载有误的行").click()
    assert download.value.suggested_filename == "有误_有误的行.xlsx"
    assert "区划里没有村" in cells(download.value)[1][0]


def test_payments_come_in_with_their_total_and_leave_in_full(
    app: RunningApp, signed_in: SignedIn, tmp_path: Path
) -> None:
    page = signed_in("office2", "/registers")
    page.get_by_text("发放登记", exact=True).click()
    page.get_by_label("控制总额（元）").fill("804")
    check(page, payment_file(tmp_path / "发放.xlsx"))
    page.get_by_role("button", name="导入 8 笔").click()
    expect(page.get_by_text("已导入 8 笔，合计 804.00 元")).to_be_visible()
    assert count(PaymentImport) == 1
    page.get_by_role("button", name="导出发放登记").click()
    page.get_by_text("内部版").click()
    page.get_by_label("用途").fill("移交审计")
    with page.expect_download() as download:
        page.get_by_role("button", name="确认导出").click()
    assert download.value.suggested_filename.endswith("_内部版.xlsx")
    assert FOUR_HOUSEHOLDS[0].number in str(cells(download.value))


def test_a_file_over_the_limit_is_refused_in_chinese(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("office", "/registers")
    big = tmp_path / "大.csv"
    big.write_bytes(b"x" * 1_500_000)
    page.set_input_files("input[type=file]", str(big))
    expect(page.get_by_text("文件超过 1")).to_be_visible()
    expect(page.get_by_role("button", name="检查文件")).to_be_disabled()


def test_a_word_document_called_xlsx_is_answered_in_a_sentence(signed_in: SignedIn, tmp_path: Path) -> None:
    page = signed_in("office", "/registers")
    check(page, hostile.word_document(tmp_path / "说明.xlsx"))
    expect(page.get_by_text("这是 Word 文档，不是 Excel 表格")).to_be_visible()
