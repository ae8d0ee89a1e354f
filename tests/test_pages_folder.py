"""Every page stands in the menu, under its permission, and says so itself to whoever comes by the address."""

import pytest

from models.role import Role, may
from pages.frame.menu import MENU, PAGES, Entry
from tests.factories import World
from tests.pages.conftest import OpenPage, open_page  # noqa: F401  the fixture

GUARDED = [entry for entry in MENU if entry.permissions and entry.path.exists()]


def test_no_python_file_stands_where_streamlit_would_serve_it_without_the_front_door() -> None:
    assert list(PAGES.glob("*.py")) == []


def test_no_two_pages_share_an_address() -> None:
    addresses = [entry.address for entry in MENU]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize("entry", GUARDED, ids=lambda entry: entry.file)
def test_a_page_refuses_whoever_finds_it_by_its_address(
    world: World, open_page: OpenPage, entry: Entry  # noqa: F811
) -> None:  # fmt: skip
    own = any(may(Role.DISCIPLINE, permission) for permission in entry.permissions)
    app = open_page("security" if own else "discipline", entry.file)
    assert [title.value for title in app.title] == ["这一页不对您开放"]
    assert [b.key for b in app.button] == ["frame_leave"], "nothing but the way out"
