"""查看完整信息: a button only for those who may, a reason, and nothing kept once it is closed."""

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from models.audit import AuditEntry
from models.identity import Identity
from models.role import Permission
from pages.frame import who
from pages.money.reveal import SHOWN
from queries.reading import reading
from tests.factories import World
from tests.pages.conftest import mint
from tests.rosters import add_roster


def page() -> None:
    from pages.money.reveal import reveal_button

    reveal_button(1)


def opened(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A page with nothing but the button, as that person sees it."""
    token = mint(world, name)
    monkeypatch.setattr(who, "cookie_token", lambda: token)
    return AppTest.from_function(page, default_timeout=20).run()


@pytest.fixture
def person(world: World) -> Identity:
    """The head of a household in 甲一村, member 1."""
    add_roster(world, {"甲一村": 1})
    with reading() as session:
        return session.get_one(Identity, 1)


def looks() -> int:
    """How many looks are in the log."""
    with reading() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == Permission.REVEAL.value))
        return len(entries.all())


@pytest.mark.parametrize("name", ["leader", "inspector", "unit", "far_office", "admin"])
def test_who_may_not_finds_no_button(
    world: World, person: Identity, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert not opened(world, name, monkeypatch).button


def test_a_person_is_shown_whole_after_a_reason_and_nothing_stays(
    world: World, person: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(world, "office", monkeypatch)
    app.button(key="reveal_1").click().run()
    number = person.id_number or ""
    assert number not in str(app.table[0].value) and looks() == 0
    assert app.button(key="reveal_confirm").disabled
    app.text_input(key="reveal_reason").set_value("群众来电核对").run()
    app.button(key="reveal_confirm").click().run()
    assert not app.exception
    assert number in str(app.table[0].value) and (person.name or "") in str(app.table[0].value)
    assert looks() == 1
    app.button(key="reveal_close").click().run()
    assert SHOWN not in app.session_state and not app.table
    assert looks() == 1
