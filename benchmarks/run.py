"""Run every measurement, each in a process of its own, and write docs/performance.md."""

import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

ALL = ("ledger_out", "ledger_in", "roster_in", "ledger_page", "dashboard", "transition", "draw", "payments", "pages")
REPORT = Path("docs/performance.md")
LIBRARIES = (
    "streamlit",
    "sqlalchemy",
    "duckdb",
    "openpyxl",
    "python-calamine",
    "XlsxWriter",
    "pandas",
    "Trac",
    "roundup",
)
HEAD = """# Performance

What the product costs, each line a ratio to its floor or to a peer, measured in one run by `make bench`. Times are of
one machine and one hour; the ratios hold. Targets are reported, never gates of a test.

| work | size | ratio | target | | seconds | remark |
|---|---|---|---|---|---|---|
"""


def main(names: Sequence[str]) -> None:
    """The named measurements, or all; the report holds what was measured in this run."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{date.today().isoformat()}, Python {platform.python_version()}, {libraries}."
    lines: list[str] = []
    for name in names or ALL:  # written after each, so that what was measured is there though the next one fails
        lines += [line(row) for row in measured(name)]
        REPORT.write_text(HEAD + "\n".join(lines) + f"\n\nMeasured {machine}\n", encoding="utf-8")


def measured(name: str) -> list[dict[str, Any]]:
    """The lines of one measurement; a failure is shown and ends the run."""
    print(f"{name} …", file=sys.stderr, flush=True)
    run = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True, stdout=subprocess.PIPE, text=True)
    found: list[dict[str, Any]] = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def line(row: dict[str, Any]) -> str:
    """One line of the table."""
    seconds = "; ".join(f"{name} {_short(time)}" for name, time in row["seconds"].items())
    verdict = "met" if row["met"] else "**missed**"
    ratio = (
        f"{row['ratio']:.2f} ({row['ratio_of']})" if row["ratio"] < 100 else f"{row['ratio']:.0f} ({row['ratio_of']})"
    )
    return f"| {row['work']} | {row['size']} | {ratio} | {row['target']} | {verdict} | {seconds} | {row['remark']} |"


def _short(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


if __name__ == "__main__":
    main(sys.argv[1:])
