"""A page of the ledger: does it cost the same with ten times the problems, and what does Trac take for its list?

Its rows are read from an index, as many as are shown. What stands above them (sums, lights, how many each view holds)
is counted anew from an index of all problems, and grows with them: shown apart.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Measured, Work, best, installation, say
from benchmarks.problems import TODAY, county_with, multiply
from models.issue_record import Issue
from queries import ledger
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user

SMALL, TIMES = 100_000, 10
PAGE = ledger.LedgerFilter()


def product(viewer: Viewer, campaign_id: int) -> dict[str, Work]:
    """The rows of the first page, and the whole of it."""
    with reading() as session:
        listing = ledger._listing(session, viewer, campaign_id, PAGE, TODAY)

    def rows() -> object:
        with reading() as session:
            return ledger._rows(session, viewer, listing, listing.ids(session, 0, 20))

    return {"rows": rows, "page": lambda: ledger.ledger_page(viewer, campaign_id, PAGE, TODAY)}


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


def main() -> None:
    """Both sizes and the peer."""
    with installation(), tempfile.TemporaryDirectory() as trac:
        world = county_with(SMALL)
        with reading() as session:
            office = viewer_of_user(session, world.users["office"], TODAY)
        assert office is not None
        small = best({**product(office, world.campaign_id), "Trac": trac_list(Path(trac), SMALL)}, 7)
        multiply(TIMES, (Issue,))
        large = best(product(office, world.campaign_id), 7)
    seconds = {**{f"{n}, 100,000": t for n, t in small.items()}, **{f"{n}, 1,000,000": t for n, t in large.items()}}
    grown, whole = large["rows"] / small["rows"], large["page"] / small["page"]
    faster, page = small["Trac"] / small["rows"], small["Trac"] / small["page"]
    both = "100,000 → 1,000,000 problems"
    say([
        Measured("ledger page, its rows", both, seconds, grown, "1,000,000 to 100,000", "≤ 1.5", grown <= 1.5),
        Measured("ledger page, its rows", "100,000 problems", seconds, faster, "Trac's list to it", "≥ 20",
                 faster >= 20),
        Measured("ledger page, with sums, lights and views", both, seconds, whole, "1,000,000 to 100,000", "≤ 1.5",
                 whole <= 1.5, "counted anew from an index; a county has tens to thousands"),
        Measured("ledger page, with sums, lights and views", "100,000 problems", seconds, page, "Trac's list to it",
                 "≥ 20", page >= 20),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
