"""One run of a page over 100,000 problems, against a page in the same frame with nothing but its title."""

import secrets
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.measure import Measured, installation, say
from benchmarks.problems import TODAY, county_with
from models.database import Database
from models.user import Session as SignIn
from pages.frame import menu, who
from queries.signin import token_hash

APP = Path(__file__).parent.parent / "app.py"
COUNT, RUNS = 100_000, 15
TARGETS = {"ledger/ledger.py": 10, "ledger/issue.py": 6, "office/dashboard.py": 12}
NAMES = {"ledger/ledger.py": "ledger", "ledger/issue.py": "problem", "office/dashboard.py": "dashboard"}


def warm(open_page: Callable[[], AppTest]) -> float:
    """Median seconds of a rerun."""
    app = open_page()
    assert not app.exception, app.exception
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """As an office person, signed in. Frame, menu and who is there cost the empty page what they cost the others."""
    import os

    os.environ["TODAY"] = TODAY.isoformat()
    with installation() as folder:
        world = county_with(COUNT)
        os.environ["DATA_DIR"], os.environ["DATABASE_URL"] = str(folder), f"sqlite:///{folder / 'bench.db'}"
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        session = Database.writers()
        session.add(SignIn(token_hash=token_hash(token), user_id=world.users["office"], started_at=now, seen_at=now))
        session.commit()
        session.close()
        who.cookie_token = lambda: token
        empty = Path(folder) / "empty.py"
        empty.write_text('import streamlit as st\n\nst.title("空页")\n', encoding="utf-8")
        menu.MENU = (*menu.MENU, menu.Entry(str(empty), "空页", "draft"))
        nothing = warm(lambda: opened(str(empty)))
        times = {page: warm(lambda page=page: opened(page)) for page in TARGETS}  # type: ignore[misc]
    rows = []
    for page, target in TARGETS.items():
        ratio = times[page] / nothing
        rows.append(
            Measured(f"page run, {NAMES[page]}", f"{COUNT:,} problems", {"page": times[page], "empty page": nothing},
                     ratio, "it to an empty page's run", f"≤ {target}", ratio <= target, "warm")
        )  # fmt: skip
    say(rows)


def opened(page: str) -> AppTest:
    """A page as its link opens it."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.switch_page(str(APP.parent / "pages" / page))
    if page == "ledger/issue.py":
        app.query_params["id"] = "7"
    return app.run()


if __name__ == "__main__":
    main()
