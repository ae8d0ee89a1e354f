"""What hands do on these screens: choose from the menu, press twice, hand over a file. And what they hold."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

DESK: Mapping[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: Mapping[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
}  # fmt: skip


def menu(page: Page, section: str, title: str) -> None:
    """Through the menu, as a person goes."""
    page.get_by_role("button", name=section, exact=True).click()
    page.get_by_role("menuitem", name=title).click()


def confirm(place: Page | Locator, button: str) -> None:
    """Wait until it may be pressed; press it twice. While a dialog is drawn anew its old button may still be there."""
    found = place.get_by_role("button", name=button, exact=True, disabled=False)
    expect(found).to_have_count(1)
    found.first.dblclick()


def stands_at(page: Page, status: str) -> None:
    """The badge below the title of a problem."""
    expect(page.locator(".stMarkdownBadge").filter(has_text=status)).to_be_visible()


def choose_file(place: Page | Locator, name: str, media_type: str, content: bytes) -> None:
    field = place.locator("input[type=file]")
    expect(field).to_have_count(1)  # while another form takes the place of one, both may stand there
    field.set_input_files({"name": name, "mimeType": media_type, "buffer": content})


def fits_the_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def open_first_row(page: Page) -> None:
    """The grid is a canvas: a click lands on a place."""
    box = page.get_by_test_id("data-grid-canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 110, box["y"] + 36 + 17)
