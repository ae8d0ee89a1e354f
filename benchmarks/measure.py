"""How things are measured: contenders take turns, the best of their runs counts, memory is a process's own peak."""

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from actions.upgrade import upgrade_database
from files.storage import Storage
from models.database import Database

Work = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the report. `seconds` by contender; `ratio` is what the target is about."""

    work: str
    size: str
    seconds: Mapping[str, float]
    ratio: float
    ratio_of: str
    target: str
    met: bool
    remark: str = ""


def best(contenders: Mapping[str, Work], runs: int = 3) -> dict[str, float]:
    """Seconds of each contender's best run. They take turns, so that a slow minute meets all of them."""
    found = dict.fromkeys(contenders, float("inf"))
    for _ in range(runs):
        for name, work in contenders.items():
            begun = time.perf_counter()
            work()
            found[name] = min(found[name], time.perf_counter() - begun)
    return found


def once(work: Work) -> float:
    """Seconds of one run, for work that cannot be repeated on the same data."""
    return best({"": work}, runs=1)[""]


def peak_megabytes() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(rows: Sequence[Measured]) -> None:
    """Hand the lines to `benchmarks.run`, which started this process."""
    json.dump([asdict(row) for row in rows], sys.stdout, ensure_ascii=False)


@contextmanager
def installation() -> Iterator[Path]:
    """A folder with an empty, migrated SQLite database and storage, open in this process."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        url = f"sqlite:///{folder / 'bench.db'}"
        upgrade_database(url)
        Database.open(url)
        Storage.open(folder, b"0" * 32)
        yield folder
    finally:
        Database.close()
        shutil.rmtree(folder, ignore_errors=True)
