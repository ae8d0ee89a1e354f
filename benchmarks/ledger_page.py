"""One page of the ledger: does it cost the same with ten times the problems, and what does Trac take for its list?"""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured, best, installation, say
from benchmarks.problems import TODAY, county_with
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.viewer import viewer_of_user

SMALL, LARGE = 100_000, 1_000_000
BARE = "select * from issue where reporting_unit_id = 1 and status = 'RECTIFYING' order by deadline, number limit 20"


def product(count: int, measure: Callable[[Callable[[], Any], Path], float]) -> float:
    """Seconds of the first page over so many problems."""
    with installation() as folder:
        world = county_with(count)
        with reading() as session:
            office = viewer_of_user(session, world.users["office"], TODAY)
        assert office is not None
        today: date = TODAY
        return measure(lambda: ledger_page(office, world.campaign_id, LedgerFilter(), today), folder)


def trac_list(folder: Path, count: int) -> Callable[[], object]:
    """Trac's own query for the first page of open tickets, over as many tickets."""
    from trac.env import Environment
    from trac.ticket.query import Query

    env = Environment(str(folder / "trac"), create=True)
    columns = "type,time,changetime,component,severity,priority,owner,reporter,status,summary,description"
    with env.db_transaction as db:
        cursor = db.cursor()
        cursor.executemany(
            f"insert into ticket ({columns}) values ({','.join(['%s'] * 11)})",
            [
                ("defect", n, n, f"component{n % 2 + 1}", "", ("major", "minor")[n % 2], "unit", "inspector",
                 ("closed", "assigned", "new")[n % 3], f"第{n}件补贴少发", "到账比清册少。")
                for n in range(count)
            ],
        )  # fmt: skip
    return lambda: Query(env, constraints={"status": ["!closed"]}, order="priority", max=20, page=1).execute()


def bare(folder: Path) -> Callable[[], object]:
    """The floor: one county's open rows, twenty of them, by sqlite3."""
    connection = sqlite3.connect(folder / "bench.db")
    return lambda: connection.execute(BARE).fetchall()


def main() -> None:
    """Both sizes, the floor and the peer."""
    with tempfile.TemporaryDirectory() as folder:
        listing = trac_list(Path(folder), SMALL)
        found = product(SMALL, lambda page, at: best({"page": page, "trac": listing, "bare": bare(at)}, 5))  # type: ignore[arg-type,return-value]
    times: dict[str, float] = found  # type: ignore[assignment]
    large = product(LARGE, lambda page, at: best({"page": page}, 5)["page"])
    grown, faster = large / times["page"], times["trac"] / times["page"]
    seconds = {
        "100,000": times["page"],
        "1,000,000": large,
        "Trac, 100,000": times["trac"],
        "one bare query": times["bare"],
    }
    say([
        Measured("ledger page query", "100,000 → 1,000,000 problems", seconds, grown, "1,000,000 to 100,000",
                 "≤ 1.5", grown <= 1.5),
        Measured("ledger page query", "100,000 problems", seconds, faster, "Trac's list to it", "≥ 20", faster >= 20,
                 "with the counts of six views, sums and lights"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
