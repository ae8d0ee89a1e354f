"""Run every measurement, each in a process of its own, and write docs/performance.md.

    python -m benchmarks.run [names]

What a measurement found is kept under build/bench/results, so that one can be repeated and the others stay in the
report, each with the day and hour of its own.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ALL = (
    *("ledger_out", "ledger_in", "roster_in", "ledger_page", "dashboard", "transition", "draw", "payments", "pages"),
    *("many", "people"),
)
REPORT, RESULTS = Path("docs/performance.md"), Path("build/bench/results")
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

What the product costs, each line a ratio to its floor or to a peer, measured in one run by `make bench`, which takes a
quarter of an hour alone on the machine; the last column says when. Times are of one machine and one hour; the ratios
hold. Targets are reported, never gates of a test.

| work | size | ratio | target | | seconds | remark | measured |
|---|---|---|---|---|---|---|---|
"""


def main(names: Sequence[str]) -> None:
    """The named measurements, or all. The report is written after each, so that one that fails loses no other."""
    for name in names or ALL:
        found = {"at": f"{datetime.now():%m-%d %H:%M}", "rows": measured(name)}
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        report()


def report() -> None:
    """All that was found so far, and what was not measured."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = []
    for name in ALL:
        if (kept := RESULTS / f"{name}.json").exists():
            found = json.loads(kept.read_text(encoding="utf-8"))
            lines += [line(row, found["at"]) for row in found["rows"]]
    table = "\n".join(lines)
    tools = f"Measured in {date.today().year}, Python {platform.python_version()}, {libraries}."
    text = f"{HEAD}{table}\n\n{tools}\n"
    if missing := [name for name in ALL if not (RESULTS / f"{name}.json").exists()]:
        text += f"\nNot measured: {', '.join(f'`{name}`' for name in missing)}.\n"
    REPORT.write_text(text, encoding="utf-8")


def measured(name: str) -> list[dict[str, Any]]:
    """The lines of one measurement; a failure is shown and ends the run."""
    print(f"{name} …", file=sys.stderr, flush=True)
    run = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True, stdout=subprocess.PIPE, text=True)
    found: list[dict[str, Any]] = json.loads(run.stdout.strip().splitlines()[-1])
    return found


def line(row: dict[str, Any], at: str) -> str:
    """One line of the table."""
    seconds = "; ".join(f"{name} {_short(time)}" for name, time in row["seconds"].items())
    verdict = "met" if row["met"] else "**missed**"
    ratio = (
        f"{row['ratio']:.2f} ({row['ratio_of']})" if row["ratio"] < 100 else f"{row['ratio']:.0f} ({row['ratio_of']})"
    )
    cells = (row["work"], row["size"], ratio, row["target"], verdict, seconds, row["remark"], at)
    return f"| {' | '.join(cells)} |"


def _short(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


if __name__ == "__main__":
    main(sys.argv[1:])
