"""What comes out of the printer: a life of three rounds on A4, the second sheet in order where one is too small."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.actions.test_issue_print import long_life, printed
from tests.factories import World

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("reports", "sheets"), [(0, 1), (14, 2)])
def test_a_short_life_is_one_sheet_and_forty_steps_are_at_most_two(
    browser: Browser, world: World, tmp_path: Path, reports: int, sheets: int
) -> None:
    issue_id = long_life(world, reports) if reports else world.closed()
    printed(world, issue_id, tmp_path)
    page = browser.new_page()
    page.goto(f"file://{tmp_path / 'page.html'}")
    data = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type /Page\b", data)) == sheets
