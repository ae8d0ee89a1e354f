"""Many problems at once: 500 handed over by one order, a search, a ledger of 100,000 that leaves whole."""

import sqlite3
import time
from collections.abc import Callable

import sqlalchemy as sa

from actions import assignment, bulk
from actions.ledger_export import export_ledger
from actions.transaction import Caller
from benchmarks import ledger_out
from benchmarks.measure import Measured, best, installation, say
from benchmarks.problems import TODAY, county_with
from files.export_level import ExportLevel
from models.issue_record import Issue
from models.issue_word import IssueStatus
from queries.ledger import LedgerFilter
from queries.reading import reading
from queries.search import search
from queries.viewer import viewer_of_user
from tests.factories import World

COUNT, ORDER, SINGLE = 100_000, 500, 50
BARE = "select id from issue where search_text like '%低保金%'"


def worker(world: World) -> Callable[[int | None], Caller]:
    """Callers as the worker makes them."""
    office = world.caller("office")
    return lambda user_id: world.terminal() if user_id is None else office


def waiting(world: World, count: int) -> tuple[tuple[int, int], ...]:
    """So many problems of 甲县 that wait to be handed over, each with its version."""
    here = (Issue.status == IssueStatus.REGISTERED, Issue.reporting_unit_id == world.reporting_units["甲县"])
    with reading() as session:
        asked = sa.select(Issue.id, Issue.version).where(*here, Issue.type_code != "P107").limit(count)
        return tuple((issue_id, version) for issue_id, version in session.execute(asked))


def by_one_order(world: World) -> None:
    """交办 of many, and the worker does it."""
    bulk.assign_many(world.caller("office"), world.campaign_id, waiting(world, ORDER), world.order())
    assert bulk.run_next(worker(world), lambda error: repr(error))


def one_by_one(world: World) -> None:
    """The same by hand."""
    for issue_id, version in waiting(world, SINGLE):
        assignment.assign(world.caller("office"), issue_id, world.order(), version)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of work that cannot be repeated on the same data, so that neighbours on the machine do not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Searching, exporting and handing over, among 100,000."""
    with installation() as folder:
        world = county_with(COUNT).on(TODAY)
        with reading() as session:
            office = viewer_of_user(session, world.users["office"], TODAY)
        assert office is not None
        connection = sqlite3.connect(folder / "bench.db")
        found = best({
            "found everywhere": lambda: search(office, world.campaign_id, "补贴", TODAY),
            "found nowhere": lambda: search(office, world.campaign_id, "低保金", TODAY),
            "one bare LIKE": lambda: connection.execute(BARE).fetchall(),
        })  # fmt: skip
        written = cpu(lambda: ledger_out.product(folder / "made.xlsx"))
        whole = cpu(lambda: export_ledger(
            world.caller("office"), world.campaign_id, LedgerFilter(), ExportLevel.UNIT, "", folder / "all.xlsx"
        ))  # fmt: skip
        single, order = cpu(lambda: one_by_one(world)) / SINGLE, cpu(lambda: by_one_order(world)) / ORDER
    searched, left, given = found["found nowhere"] / found["one bare LIKE"], whole / written, order / single
    among = f"{COUNT:,} problems"
    say([
        Measured("search, nothing found", among, found, searched, "it to one bare LIKE", "≤ 3", searched <= 3,
                 "problems, households, villages and units"),
        Measured("export of all", among, {"action": whole, "writing alone": written}, left, "it to writing alone",
                 "≤ 3", left <= 3, "the questions, the figures and the entry with it"),
        Measured("交办 of 500 by one order", among, {"each": order, "by hand": single}, given, "each to one by hand",
                 "≤ 1.5", given <= 1.5, "each its own step, entry and result"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
