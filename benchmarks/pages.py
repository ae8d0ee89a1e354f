"""One run of a page over 100,000 problems, against a page in the same frame with nothing but its title.

    python -m benchmarks.pages DATA_DIR [name of a page]

measures an installation that benchmarks.problems filled, and prints the slow statements of the page that is named. In
CPU time, so that neighbours on the machine do not count; the least of several warm runs.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from benchmarks.measure import Measured, installation, say
from benchmarks.problems import TODAY, county_with
from files.storage import Storage
from models.database import Database
from models.issue_record import Issue
from models.user import User
from pages.frame import menu, who
from queries.reading import reading
from tests.factories import World
from tests.pages.conftest import mint

ROOT = Path(__file__).parent.parent
COUNT, RUNS = 100_000, 9
PAGES = (
    ("ledger", "office", "ledger/ledger.py", {}, 10),
    ("ledger, overdue", "office", "ledger/ledger.py", {"view": "超期"}, 10),
    ("ledger, searched", "office", "ledger/ledger.py", {"q": "补贴"}, 10),
    ("ledger of an inspector", "inspector", "ledger/ledger.py", {}, 10),
    ("problem", "office", "ledger/issue.py", {"id": "?"}, 6),
    ("dashboard", "leader", "office/dashboard.py", {}, 12),
    ("home", "office", "", {}, 10),
)  # fmt: skip


def main() -> None:
    """All of them, for the report."""
    os.environ["TODAY"] = TODAY.isoformat()
    with installation() as folder:
        county_with(COUNT)
        os.environ["DATA_DIR"], os.environ["DATABASE_URL"] = str(folder), f"sqlite:///{folder / 'bench.db'}"
        nothing = least(_empty_page(folder))
        rows = []
        for name, person, page, query, target in PAGES:
            warm = least(opened(person, page, query))
            seconds, ratio = {"page": warm, "empty page": nothing}, warm / nothing
            rows.append(Measured(f"page run, {name}", f"{COUNT:,} problems", seconds, ratio,
                                 "it to an empty page's run", f"≤ {target}", ratio <= target, "warm"))  # fmt: skip
    say(rows)


def of(folder: Path, only: str) -> None:
    """Print a line a page of what lies in a folder."""
    os.environ.update(TODAY=TODAY.isoformat(), DATA_DIR=str(folder), DATABASE_URL="")
    Database.open(f"sqlite:///{folder / 'xiaohaotai.db'}")
    Storage.open(folder, (folder / "secret.key").read_bytes())
    nothing = least(_empty_page(folder))
    print(f"{'empty page':24} {nothing * 1000:7.1f} ms")
    for name, person, page, query, target in PAGES:
        if only in name:
            app = opened(person, page, query)
            warm = least(app)
            print(f"{name:24} {warm * 1000:7.1f} ms  {warm / nothing:5.1f} × (target {target})")
            if only:
                _say_slow(app)


def opened(person: str, page: str, query: dict[str, str]) -> AppTest:
    """A page as its link opens it for somebody signed in; `?` is the last problem."""
    with reading() as session:
        world = World(users={name: id_ for id_, name in session.execute(sa.select(User.id, User.name))})
        last = session.scalar(sa.select(sa.func.max(Issue.id)))
    token = mint(world, person)
    who.cookie_token = lambda: token
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    if page:
        app.switch_page(page if page.startswith("/") else str(ROOT / "pages" / page))
    for key, value in query.items():
        app.query_params[key] = value.replace("?", str(last))
    app.run()
    assert not app.exception, app.exception
    return app


def least(app: AppTest) -> float:
    """CPU seconds of the best rerun."""
    app.run()
    return min(_times(app.run))


def _times(run: Callable[[], object]) -> Iterator[float]:
    for _ in range(RUNS):
        begun = time.process_time()
        run()
        yield time.process_time() - begun


def _empty_page(folder: Path) -> AppTest:
    empty = folder / "empty.py"
    empty.write_text('import streamlit as st\n\nst.title("空页")\n', encoding="utf-8")
    menu.MENU = (*menu.MENU, menu.Entry(str(empty), "空页", "draft"))
    return opened("office", str(empty), {})


def _say_slow(app: AppTest) -> None:
    """How many statements a run asks, and those that take more than 3 ms, asked again and read to their end."""
    asked: list[tuple[str, object]] = []
    event.listen(Database.engine, "before_cursor_execute", lambda c, cursor, sql, given, *a: asked.append((sql, given)))
    app.run()
    assert Database.engine is not None
    with Database.engine.connect() as connection:
        for sql, given in [pair for pair in asked if pair[0].startswith(("SELECT", "WITH"))]:
            begun = time.process_time()
            connection.exec_driver_sql(sql, given).fetchall()  # type: ignore[arg-type]
            if (taken := time.process_time() - begun) > 0.003:
                print(f"  {taken * 1000:7.1f} ms  {' '.join(sql.split())[:1500]}")
    print(f"  {len(asked)} statements")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        of(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "")
    else:
        main()
