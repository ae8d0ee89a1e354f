"""Every page by every role that must not, and links to another county's things by those who may open the page."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from models.database import Database
from models.local_time import local_day
from models.user import Session as SignIn
from pages.frame import who
from pages.frame.menu import MENU, Entry
from queries.signin import token_hash
from tests.access.scene import HOLDERS, Scene, told
from tests.conftest import ROOT

Open = Callable[..., AppTest]
CLOSED = "这一页不对您开放"
PEOPLE = [name for name in HOLDERS if name != "terminal"]
OPEN_TO_ALL = {"home/today.py", "home/account.py", "home/manual.py"}
"""Pages without a permission: each shows what is the person's own; the manual is the same for everybody."""


@pytest.fixture
def open_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_for(person: str, page: str, alone: bool = False, **query: str) -> AppTest:
        monkeypatch.setenv("TODAY", local_day(scene.world.now).isoformat())
        token = minted(scene, person)
        monkeypatch.setattr(who, "cookie_token", lambda: token)
        app = AppTest.from_file(str(ROOT / (f"pages/{page}" if alone else "app.py")), default_timeout=30)
        if not alone:
            app.switch_page(f"pages/{page}")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_for


def minted(scene: Scene, name: str) -> str:
    """The token of a session, as if the person had just signed in."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with Database.writers() as session:
        session.add(SignIn(token_hash=token_hash(token), user_id=scene.world.users[name], started_at=now, seen_at=now))
        session.commit()
    return token


def seen(app: AppTest) -> str:
    """All that is on the screen."""
    return " ".join(told(getattr(element, "value", "")) for element in app.main)


def test_every_page_asks_for_a_permission_or_is_said_to_be_everybodys() -> None:
    assert {entry.file for entry in MENU if not entry.permissions} == OPEN_TO_ALL


@pytest.mark.parametrize("entry", [e for e in MENU if e.permissions], ids=lambda e: e.file)
def test_a_page_is_closed_to_every_role_without_its_permission(scene: Scene, open_page: Open, entry: Entry) -> None:
    """The first of them through the front door, the others straight at the page, which asks all the same."""
    people = [name for name in PEOPLE if not entry.is_for(scene.viewer(name))]
    assert people != []
    opened = []
    for number, name in enumerate(people):
        app = open_page(name, entry.file, alone=number > 0)
        buttons = [button.key for button in app.button if button.key != "frame_leave"]
        if app.exception or [title.value for title in app.title] != [CLOSED] or app.dataframe or buttons:
            opened.append(name)
    assert opened == []


ELSEWHERE = [
    ("far_office", "ledger/issue.py", {"id": "issue_id"}),
    ("far_unit", "ledger/issue.py", {"id": "issue_id"}),
    ("other_unit", "ledger/issue.py", {"id": "issue_id"}),
    ("inspector2", "ledger/issue.py", {"id": "draft_id"}),
    ("far_office", "ledger/common_one.py", {"number": "common"}),
    ("far_unit", "ledger/common.py", {}),
    ("far_office", "ledger/look_back.py", {}),
    ("far_inspector", "ledger/look_back_one.py", {"id": "look_back_id"}),
    ("far_office", "ledger/look_back_take.py", {}),
    ("far_inspector", "field/household.py", {"id": "check_id"}),
    ("villager", "field/household.py", {"id": "check_id"}),
    ("far_inspector", "field/households.py", {"village": "village_id"}),
    ("far_inspector", "ledger/raise_issue.py", {"line": "line_id"}),
    ("far_leader", "office/figure.py", {"name": "issues_total", "region": "421381000000"}),
    ("far_office", "ledger/ledger.py", {"q": "12户补贴少发"}),
    ("far_leader", "office/dashboard.py", {"region": "421381000000"}),
    ("far_office", "money/registers.py", {}),
    ("far_auditor", "admin/audit.py", {}),
    ("nobody", "home/today.py", {}),
    ("far_unit", "home/today.py", {}),
]
"""Who opens what, with which things of 甲县 in the link."""


@pytest.mark.parametrize(("name", "page", "link"), ELSEWHERE, ids=lambda value: str(value))
def test_a_link_to_another_countys_things_shows_nothing_of_them(
    scene: Scene, open_page: Open, name: str, page: str, link: dict[str, str]
) -> None:
    app = open_page(name, page, **{key: str(scene.args.get(word, word)) for key, word in link.items()})
    assert not app.exception
    assert seen(app).strip()
    assert [mark for mark in scene.marks if mark in seen(app)] == []


def test_whoever_may_does_see_them(scene: Scene, open_page: Open) -> None:
    """Or nothing above would be proved."""
    assert scene.marks[0] in seen(open_page("office", "ledger/issue.py", id=str(scene.args["issue_id"])))
    assert scene.marks[1] in seen(open_page("office", "ledger/ledger.py"))


def test_no_page_puts_a_file_where_any_signed_in_person_could_fetch_it() -> None:
    """Streamlit's own media addresses ask for a session only, not whose it is: files go by `/evidence` and
    `/download`."""
    calls = ("st.image(", "download_button(", "st.audio(", "st.video(", "st.pdf(")
    pages = (ROOT / "pages").rglob("*.py")
    found = {p.name for p in pages if any(call in p.read_text(encoding="utf-8") for call in calls)}
    named = {"sample_recompute.py": "the codes of a frame, which name nobody", "manual.py": "the manual's own pictures",
             "look_back_draw.py": "the numbers of a frame, which name nobody"}  # fmt: skip
    assert found == set(named)
