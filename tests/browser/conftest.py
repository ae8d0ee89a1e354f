"""The real application in a real browser: once a module, on a free port, over a database a builder prepared."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from files.storage import Storage
from models.database import Database
from models.password import hashed
from models.user import Session as SignIn
from models.user import User
from queries.signin import SESSION_COOKIE, token_hash
from tests.factories import World

ROOT = Path(__file__).parent.parent.parent
TODAY = "2022-09-16"
PASSWORD = "invented-2022-for-tests"
_HASH = hashed(PASSWORD)


@dataclass
class RunningApp:
    """One server process. `built` is what the builder returned; actions called by a test reach the same database."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    built: Any
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def use(self) -> None:
        """Point this test process at the application's database."""
        Database.open(f"sqlite:///{self.data_dir / 'xiaohaotai.db'}")
        Storage.open(self.data_dir, (self.data_dir / "secret.key").read_bytes())

    def restart(self, **environment: str) -> None:
        """The same address over the same data, as after a reboot; `TODAY` may have moved on. Session state is gone."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process = _serve(self.data_dir, int(self.url.rpartition(":")[2]), environment)
        wait_until_healthy(self)

    def mint(self, user_name: str) -> str:
        """The token of a new session, as if the person had just signed in."""
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        session = Database.writers()
        user_id = session.scalar(sa.select(User.id).where(User.name == user_name))
        session.add(SignIn(token_hash=token_hash(token), user_id=user_id, started_at=now, seen_at=now))
        session.commit()
        session.close()
        return token

    def cookie(self, user_name: str) -> dict[str, str]:
        """The cookie of a minted session, as playwright and plain HTTP want it."""
        return {"name": SESSION_COOKIE, "value": self.mint(user_name), "url": self.url}


def give_passwords() -> None:
    """Every account of the world gets PASSWORD; hashed once, for argon2 is slow on purpose."""
    session = Database.writers()
    session.execute(sa.update(User).values(password_hash=_HASH))
    session.commit()
    session.close()


def build_world() -> World:
    """The small world with passwords: what most browser tests need."""
    world = World.build()
    give_passwords()
    return world


@pytest.fixture(scope="session")
def start_app(
    tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path
) -> Iterator[Callable[[Callable[[], Any]], RunningApp]]:
    """`start_app(builder)` starts a server over what `builder()` wrote into an empty, migrated database."""
    started: list[RunningApp] = []

    def start(builder: Callable[[], Any], **environment: str) -> RunningApp:
        data_dir = tmp_path_factory.mktemp("app")
        shutil.copy(empty_sqlite, data_dir / "xiaohaotai.db")
        (data_dir / "secret.key").write_bytes(os.urandom(32))
        app = launch(data_dir, environment)
        app.use()
        app.built = builder()
        wait_until_healthy(app)
        started.append(app)
        return app

    yield start
    for app in started:
        app.process.terminate()
        app.process.wait(timeout=20)


@pytest.fixture(scope="module")
def world_app(start_app: Callable[[Callable[[], Any]], RunningApp]) -> RunningApp:
    """The application over the small world, one a module."""
    return start_app(build_world)


@pytest.fixture
def app(world_app: RunningApp) -> Iterator[RunningApp]:
    """The module's application, with this process pointed at its database."""
    world_app.use()
    yield world_app
    Database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. What is expected may take as long as a busy machine needs."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure says what stood on each screen: the place it failed may have nothing to see afterwards but this."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        for page in (page for context in browser.contexts for page in context.pages):
            report.sections.append((f"On the screen of {page.url}", _said(page)))
    return report


def _said(page: Page) -> str:
    try:
        return page.inner_text("body", timeout=2_000)
    except Error as fault:
        return str(fault)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile, as wide as an office screen."""
    fresh = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def signed_in(app: RunningApp, context: BrowserContext) -> Callable[..., Page]:
    """`signed_in("office", "/ledger")`: a page with that person's session."""

    def open_page(user_name: str, path: str = "/") -> Page:
        context.add_cookies([app.cookie(user_name)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(app.url + path)
        return page

    return open_page


def launch(data_dir: Path, environment: dict[str, str]) -> RunningApp:
    """A server over a data folder, on a free port, not yet healthy."""
    port = _free_port()
    process = _serve(data_dir, port, environment)
    return RunningApp(f"http://127.0.0.1:{port}", data_dir, process, None, data_dir / "server.log")


def _serve(data_dir: Path, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true",
        "--server.address", "127.0.0.1", "--server.port", str(port),
    ]  # fmt: skip
    settings = {"DATA_DIR": str(data_dir), "DATABASE_URL": "", "SECRET_KEY_FILE": "", "TODAY": TODAY}
    with (data_dir / "server.log").open("ab") as output:
        return subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, **settings, **environment}
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(app: RunningApp, seconds: float = 60) -> None:
    """Until it answers. Raises RuntimeError with its log when it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and app.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{app.url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)  # polling a process that starts, not waiting for luck
    raise RuntimeError(f"the application did not start:\n{app.log.read_text(errors='replace')[-4000:]}")
