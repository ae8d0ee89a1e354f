"""Each page's run over what benchmarks.county_problems loaded, as a multiple of an empty page's in the same frame.

    python -m benchmarks.county_pages DATA_DIR [name of a page: its slow statements are printed]

Beside `benchmarks.pages`: histories of several events a problem, home by role, the first run, where time goes. In CPU
time, so that neighbours on the machine do not count.
"""

import os
import statistics
import sys
import time
from pathlib import Path

TARGETS = {"ledger": 10, "ledger, overdue": 10, "ledger, searched": 10, "problem": 6, "dashboard": 12, "home": 10,
           "home of a unit": 10, "home of a leader": 10, "registers": 10}  # fmt: skip
RUNS = 5
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Print a line a page."""
    folder = Path(sys.argv[1]).resolve()
    os.environ.setdefault("TODAY", "2022-09-16")
    from files.storage import Storage
    from models.database import Database

    Database.open(f"sqlite:///{folder / 'xiaohaotai.db'}")
    Storage.open(folder, (folder / "secret.key").read_bytes())
    empty = _empty(folder)
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    print(f"{'empty page':20} {empty * 1000:7.1f} ms")
    for name, person, page, query in _pages():
        if only not in name:
            continue
        cold, warm = _measure(person, page, query)
        print(
            f"{name:20} {warm * 1000:7.1f} ms  {warm / empty:5.1f} × (target {TARGETS.get(name, '—')})"
            f"   first run {cold * 1000:7.0f} ms"
        )


def _pages() -> list[tuple[str, str, str, dict[str, str]]]:
    import sqlalchemy as sa

    from models.issue_record import Issue
    from queries.reading import reading

    with reading() as session:
        issue = session.scalar(sa.select(sa.func.max(Issue.id)))
    return [
        ("ledger", "office", "ledger/ledger.py", {}),
        ("ledger, overdue", "office", "ledger/ledger.py", {"view": "overdue"}),
        ("ledger, searched", "office", "ledger/ledger.py", {"q": "补贴"}),
        ("problem", "office", "ledger/issue.py", {"id": str(issue)}),
        ("dashboard", "leader", "office/dashboard.py", {}),
        ("home", "office", "", {}),
        ("home of a unit", "unit", "", {}),
        ("home of a leader", "leader", "", {}),
        ("registers", "office", "money/registers.py", {}),
    ]


def _empty(folder: Path) -> float:
    from pages.frame import menu

    empty = folder / "empty.py"
    empty.write_text('import streamlit as st\n\nst.title("空页")\n', encoding="utf-8")
    menu.MENU = (*menu.MENU, menu.Entry(str(empty), "空页", "draft"))
    return _measure("office", str(empty), {})[1]


def _measure(person: str, page: str, query: dict[str, str]) -> tuple[float, float]:
    """First run and the median of warm ones, seconds."""
    import sqlalchemy as sa
    from streamlit.testing.v1 import AppTest

    from models.user import User
    from pages.frame import who
    from queries.reading import reading
    from tests.factories import World
    from tests.pages.conftest import mint

    with reading() as session:
        world = World(users={name: id_ for id_, name in session.execute(sa.select(User.id, User.name))})
    token = mint(world, person)
    who.cookie_token = lambda: token
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    if page:
        app.switch_page(page if page.startswith("/") else f"pages/{page}")
    for key, value in query.items():
        app.query_params[key] = value
    began = time.process_time()
    app.run()
    cold = time.process_time() - began
    assert not app.exception, app.exception
    if len(sys.argv) > 2 and not page.startswith("/"):
        _say_slow(app)
    return cold, _least(app)


def _say_slow(app: "object") -> None:
    """Statements of one warm run that took more than 5 ms, longest first."""
    from sqlalchemy import event

    from models.database import Database

    taken: list[tuple[float, str]] = []
    begun: list[float] = []
    event.listen(Database.engine, "before_cursor_execute", lambda *a: begun.append(time.process_time()))
    event.listen(
        Database.engine, "after_cursor_execute",
        lambda conn, cursor, statement, *a: taken.append((time.process_time() - begun.pop(), statement)),
    )  # fmt: skip
    app.run()  # type: ignore[attr-defined]
    print(f"{len(taken)} statements, {sum(t for t, _ in taken) * 1000:.0f} ms")
    for seconds, statement in sorted(taken, reverse=True)[:12]:
        if seconds > 0.005:
            print(f"  {seconds * 1000:7.1f} ms  {' '.join(statement.split())[:1500]}")


def _least(app: "object") -> float:
    found = []
    for _ in range(RUNS):
        began = time.process_time()
        app.run()  # type: ignore[attr-defined]
        found.append(time.process_time() - began)
    return statistics.median(found)


if __name__ == "__main__":
    main()
