"""Pages without a browser: Streamlit's AppTest over the small world. The one seam is who holds the session cookie."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models.database import Database
from models.local_time import local_day
from models.user import Session as SignIn
from pages.frame import who
from pages.money import register_run
from queries.signin import token_hash
from tests.factories import World

ROOT = Path(__file__).parent.parent.parent
OpenPage = Callable[..., AppTest]


def mint(world: World, user_name: str) -> str:
    """The token of a new session, as if the person had just signed in."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    session = Database.writers()
    session.add(SignIn(token_hash=token_hash(token), user_id=world.users[user_name], started_at=now, seen_at=now))
    session.commit()
    session.close()
    return token


@pytest.fixture
def open_page(world: World, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """`open_page("office", "ledger/ledger.py", id="7")`: the page as that person sees it, on the world's day."""

    monkeypatch.setattr(register_run, "PATIENCE_SECONDS", 30.0)

    def open_for(user_name: str, page: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("TODAY", local_day(world.now).isoformat())
        token = mint(world, user_name)
        monkeypatch.setattr(who, "cookie_token", lambda: token)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
        if page:
            app.switch_page(f"pages/{page}")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_for
