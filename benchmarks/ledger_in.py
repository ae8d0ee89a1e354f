"""An edited ledger coming back, 100,000 problems of which none was edited: against reading the same file and no more.

Bare is python-calamine laying out the sheet and its rows gone through once; what the product adds is the look through
the file before it is opened, the seal of every row, and every cell compared with it.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.ledger_out import COLUMNS, COUNT, SECRET, product
from benchmarks.measure import Measured, peak_megabytes, say
from files.ledger_return import read_ledger
from files.ledger_seal import Sealer

LIMIT = 1024**3


def ours(path: Path) -> int:
    """As an upload is read; how many rows hold what was exported."""
    return read_ledger(path, path.name, LIMIT, Sealer(SECRET), 1).unchanged


def calamine(path: Path) -> int:
    """The ledger sheet's rows, below its four lines of head and above its two of foot."""
    return sum(1 for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()) - 6


def in_its_own_process(work: Callable[[Path], int], path: Path) -> tuple[float, float]:
    """Seconds, and MB at the most."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_child, args=(work, path, there))
    child.start()
    found: tuple[float, float] = here.recv()
    child.join()
    return found


def _child(work: Callable[[Path], int], path: Path, answer: Connection) -> None:
    begun = time.perf_counter()
    assert work(path) == COUNT
    answer.send((time.perf_counter() - begun, peak_megabytes()))


def main() -> None:
    """In turns, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        product(path)
        runs = [(in_its_own_process(ours, path), in_its_own_process(calamine, path)) for _ in range(2)]
    seconds = {"product": min(a[0] for a, _ in runs), "calamine, reading alone": min(b[0] for _, b in runs)}
    memory = max(a[1] for a, _ in runs)
    ratio = seconds["product"] / seconds["calamine, reading alone"]
    size, beside = f"{COUNT:,} × {COLUMNS}", f"calamine alone {max(b[1] for _, b in runs):.0f} MB"
    say([
        Measured("ledger in, unedited", size, seconds, ratio, "it to calamine alone", "≤ 3.5", ratio <= 3.5),
        Measured("ledger in, unedited", size, seconds, memory, "MB at the most", "≤ 400", memory <= 400, beside),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
