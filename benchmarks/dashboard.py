"""Every figure of the dashboard over 100,000 problems, against bare covering-index queries for the same counts."""

import sqlite3
from pathlib import Path

from benchmarks.measure import Measured, best, installation, say
from benchmarks.problems import TODAY, county_with
from queries.figures import figures
from queries.issue_figures import ISSUE_FIGURES
from queries.reading import reading
from queries.viewer import viewer_of_user

COUNT = 100_000
BARE = (
    "select status, reporting_unit_id, type_code, count(*) from issue group by 1, 2, 3",
    "select reporting_unit_id, count(*) from issue where status = 'RECTIFYING' and deadline < '2022-09-16' group by 1",
    "select count(*), sum(to_pay_cents), sum(paid_cents), sum(to_recover_cents), sum(recovered_cents) from issue",
)


def bare(folder: Path) -> object:
    """The three questions by sqlite3, with indexes that cover the first two."""
    connection = sqlite3.connect(folder / "bench.db")
    return [connection.execute(question).fetchall() for question in BARE]


def main() -> None:
    """The figures of problems, as a leader's page asks them."""
    with installation() as folder:
        world = county_with(COUNT)
        connection = sqlite3.connect(folder / "bench.db")
        connection.execute("create index bench_status on issue (status, reporting_unit_id, type_code)")
        connection.execute("create index bench_due on issue (status, deadline, reporting_unit_id)")
        connection.commit()
        connection.close()
        with reading() as session:
            leader = viewer_of_user(session, world.users["leader"], TODAY)
        assert leader is not None
        seconds = best({
            "figures": lambda: figures(leader, world.campaign_id, TODAY, names=ISSUE_FIGURES),
            "bare": lambda: bare(folder),
        }, 5)  # fmt: skip
    ratio = seconds["figures"] / seconds["bare"]
    say([
        Measured("dashboard figures", f"{COUNT:,} problems", seconds, ratio, "figures to bare queries", "≤ 2",
                 ratio <= 2)
    ])  # fmt: skip


if __name__ == "__main__":
    main()
