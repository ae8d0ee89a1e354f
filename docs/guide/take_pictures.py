"""Take the pictures of the user's guide from the demonstration: `make pictures`.

Each picture is a person, an address, a width and what is clicked first. Pictures are kept small: 128 colours.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.user import User
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.browser.conftest import ROOT, RunningApp, launch, wait_until_healthy

FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """`{name}.png` in the guide. `clicks`: names of buttons, links or texts, in order. `height` cuts the picture."""

    name: str
    who: str
    address: str
    size: tuple[int, int] = DESK
    clicks: tuple[str, ...] = ()
    height: int | None = None


PICTURES = (
    Picture("inspector-home", "inspector", "/", PHONE),
    Picture("inspector-households", "inspector", "/households", PHONE),
    Picture("raise-issue", "inspector", "/raise_issue", PHONE),
    Picture("unit-home", "unit", "/"),
    Picture("unit-issue", "unit", "/issue?id={rectifying}"),
    Picture("office-sample", "office", "/sample"),
    Picture("office-registers", "office", "/registers", height=560),
    Picture("office-ledger", "office", "/ledger"),
    Picture("office-issue", "office", "/issue?id={approval}"),
    Picture("office-campaign", "office", "/campaign"),
    Picture("leader-home", "leader", "/"),
    Picture("leader-dashboard", "leader", "/dashboard"),
    Picture("auditor-audit", "auditor", "/audit"),
    Picture("admin-people", "admin", "/people"),
)


def main() -> None:
    """All pictures, or those named."""
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        app = demonstration(Path(folder))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                for picture in PICTURES:
                    if not wanted or picture.name in wanted:
                        take(browser, app, picture)
        finally:
            app.process.terminate()
            app.process.wait(timeout=20)


def demonstration(folder: Path) -> RunningApp:
    """The demonstration on a free port."""
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": "", "TODAY": "2022-09-16"}
    for verb in ("upgrade", "demo"):
        subprocess.run([sys.executable, "manage.py", verb], cwd=ROOT, env=environment, check=True)
    app = launch(folder, {})
    wait_until_healthy(app)
    app.use()
    return app


def take(browser: Browser, app: RunningApp, picture: Picture) -> None:
    """Open, click, wait until nothing runs, shoot."""
    width, height = picture.size
    phone = picture.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", is_mobile=phone,
        has_touch=phone, user_agent="Mozilla/5.0 (Linux; Android 12) Mobile" if phone else None,
    )  # fmt: skip
    context.add_cookies([app.cookie(picture.who)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(app.url + picture.address.format(**some_problems()))
    settle(page)
    for words in picture.clicks:
        page.get_by_text(words, exact=True).first.click()
        settle(page)
    clip = {"x": 0, "y": 0, "width": width, "height": picture.height or height}
    save(page.screenshot(clip=clip), FOLDER / f"{picture.name}.png")  # type: ignore[arg-type]
    context.close()


def settle(page: Page) -> None:
    """Until the run is over and the charts are drawn."""
    page.wait_for_selector("[data-testid=stMainBlockContainer] h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(1_200)


def some_problems() -> dict[str, int]:
    """A problem of the unit's and one that waits for the office, whatever their ids."""
    with reading() as session:
        unit = session.scalars(sa.select(User.id).where(User.name == "unit")).one()
        viewer = viewer_of_user(session, unit, date(2022, 9, 16))
        assert viewer is not None
        first = sa.select(sa.func.min(Issue.id))
        return {
            "rectifying": session.scalar(
                first.where(Issue.status == IssueStatus.RECTIFYING, Issue.responsible_unit_id == viewer.unit_id)
            ) or 1,
            "approval": session.scalar(first.where(Issue.status == IssueStatus.APPROVAL)) or 1,
        }  # fmt: skip


def save(png: bytes, path: Path) -> None:
    """As few bytes as the eye allows."""
    path.parent.mkdir(exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").quantize(128).save(path, optimize=True)


if __name__ == "__main__":
    main()
