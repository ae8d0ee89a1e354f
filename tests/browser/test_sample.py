"""抽样 in a browser: a village replaced by a click, the lists and the workbook brought home."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queries.sample_check import verify_draw
from tests.browser.conftest import RunningApp, build_world
from tests.factories import World
from tests.samples import adopted, villages

pytestmark = pytest.mark.browser


def build_adopted() -> tuple[World, int]:
    """The small world with an adopted draw."""
    world = build_world()
    return world, adopted(world)


@pytest.fixture(scope="module")
def world_app(start_app: Callable[[Callable[[], object]], RunningApp]) -> RunningApp:
    """Over the adopted draw instead of the bare world."""
    return start_app(build_adopted)


def click_row(page: Page, table: str, row: int) -> None:
    """Tick a row of the grid with that name: cells are canvas."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=20_000)
    grid = page.get_by_label(table, exact=True).first
    expect(page.get_by_test_id("data-grid-canvas").nth(1)).to_be_visible(timeout=20_000)
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 36 + 34 * row + 17)


def test_a_village_is_replaced_by_the_next_in_rank(app: RunningApp, signed_in: Callable[..., Page]) -> None:
    page = signed_in("office", "/sample")
    expect(page.get_by_text("逐镇达标").first).to_be_visible(timeout=20_000)
    click_row(page, "村名单", 0)
    page.get_by_role("button", name="替换这个村").click()
    page.get_by_text("整村搬迁").click()
    page.get_by_role("button", name="确认替换").click()
    expect(page.get_by_text("已替换").first).to_be_visible(timeout=20_000)
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=20_000)
    _, sample_id = app.built
    assert sum(v.replaced_at is not None for v in villages(sample_id)) == 1
    assert verify_draw(sample_id).ok


def test_a_stranger_takes_home_what_is_needed_to_draw_again(app: RunningApp, signed_in: Callable[..., Page]) -> None:
    page = signed_in("auditor", "/sample")
    page.get_by_role("button", name="怎样自己复算").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="户清单.txt").click()
    assert download.value.suggested_filename == "户清单.txt"
    text = Path(download.value.path()).read_bytes()
    assert text.count(b"\n") == 58
    digest = sha256(text).hexdigest()
    page.get_by_role("button", name="在本系统里复算一次").click()
    expect(page.get_by_text("逐一相符")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_text(f"{digest[:8]} {digest[8:16]}")).to_be_visible(timeout=20_000)


def test_the_workbook_is_downloaded_with_its_level_in_the_name(app: RunningApp, signed_in: Callable[..., Page]) -> None:
    page = signed_in("office", "/sample")
    page.get_by_role("button", name="导出名单与抽样框").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="责任单位版").click()
    assert download.value.suggested_filename.endswith("第1次抽样_责任单位版.xlsx")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
