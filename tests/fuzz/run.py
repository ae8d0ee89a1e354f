"""Spoils so many files and has each taken in. `make fuzz` runs it at length and writes docs/fuzz.md.

python -m tests.fuzz.run [FILES] [SEED]
"""

import json
import os
import platform
import select
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from actions.backup import make_backup
from files.storage import Storage
from models.database import Database
from queries.audit import verify
from tests.conftest import ROOT, SECRET, migrate
from tests.factories import World
from tests.fuzz.mutation import Seed, mutated, seeds
from tests.ledger_edits import Sheet, exported

LONGEST = 30.0
"""Seconds a file of a few kilobytes may take on a busy machine."""
MOST_GROWTH = 600
"""MB a worker may grow by over all its files."""
KEPT = ROOT / "build" / "fuzz-found"


@dataclass
class Fuzz:
    """One record, fed with spoilt files. `ends` counts how they ended, by kind; `found` lists what must not be."""

    url: str
    folder: Path
    ends: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    slowest: float = 0.0
    base: int = 0
    most: int = 0
    process: subprocess.Popen[str] | None = None
    backup: bytes = b""
    ledger: bytes = b""

    def run(self, files: int, seed: int) -> "Fuzz":
        """So many files, each of its own seed."""
        self._world()
        sound = [*seeds(self.folder), Seed("backup", "备份.zip", self.backup), Seed("ledger", "台账.xlsx", self.ledger)]
        for number in range(files):
            chance = Random(f"{seed}/{number}")
            one = chance.choice(sound)
            path = self.folder / f"{number}-{one.name}"
            path.write_bytes(mutated(one, chance, sound))
            self._give(one.kind, path)
            path.unlink()
        self._stop()
        Database.open(self.url)
        self.found += [finding.sentence for finding in verify().findings]
        Database.close()
        return self

    def _world(self) -> None:
        Database.open(self.url)
        Storage.open(self.folder / "data", SECRET)
        world = World.build()
        ids = [world.rectifying() for _ in range(3)]
        sheet = (
            Sheet(exported(world, "unit", self.folder)).put(ids[0], "整改进展", "已补发。").put(ids[1], "备注", "=1+1")
        )
        self.ledger = sheet.save().read_bytes()
        self.backup = make_backup(world.terminal(), self.folder / "backups").path.read_bytes()
        Database.close()
        (self.folder / "world.json").write_text(json.dumps(asdict(world), default=str), encoding="utf-8")

    def _give(self, kind: str, path: Path) -> None:
        """One file; a worker that dies or hangs is a finding, and another takes its place."""
        if self.process is None:
            self.process = self._worker()
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps([kind, str(path)]), file=self.process.stdin, flush=True)
        answered, _, _ = select.select([self.process.stdout], [], [], LONGEST)
        line = self.process.stdout.readline() if answered else ""
        if not line:
            self._keep(path, "the process died" if answered else f"no answer within {LONGEST:.0f} s")
            self._stop(kill=True)
            return
        end, seconds, most = json.loads(line)
        self.slowest, self.most = max(self.slowest, seconds), max(self.most, most)
        self.base = self.base or most
        self.ends[f"{kind} {end.partition(':')[0]}"] += 1
        if end.startswith("fault:"):
            self._keep(path, end)
        elif most - self.base > MOST_GROWTH:
            self._keep(path, f"grew to {most} MB")
            self._stop()

    def _worker(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.fuzz.worker", self.url, str(self.folder / "data")]
        self.base = 0
        worker = subprocess.Popen(
            [*command, str(self.folder / "world.json")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env={**os.environ},
        )  # fmt: skip
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        return worker

    def _keep(self, path: Path, what: str) -> None:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / path.name).write_bytes(path.read_bytes())
        self.found.append(f"{path.name}: {what}")

    def _stop(self, kill: bool = False) -> None:
        if self.process is not None:
            if kill:
                self.process.kill()
            self.process.communicate()
            self.process = None


REPORT = """# Spoilt files

`make fuzz` takes sound files of every kind that is taken in (rosters and payments as .xlsx, .xls, .csv and Parquet,
regions, edited ledgers, photos, PDF, backups), spoils each at random (bits, lengths and offsets that lie, parts cut,
doubled, swapped, XML inside a sound zip) and has it taken in by the actions themselves. Each must be refused in a
Chinese sentence, answered with row faults, or taken whole; nothing half, no file left behind, no crash, no more than
{longest:.0f} s and {growth} MB; afterwards the record must verify. Tables with cells nobody would type are made by
Hypothesis
(`tests/fuzz/test_tables.py`). `make test` does the same with a few files.

| last run | {day} |
|---|---|
| files | {files} (seed {seed}) |
| ended | {ends} |
| what must not be | {found} |
| slowest | {slowest} s |
| most memory | {most} MB, of which {base} MB before the first file |
| machine | Python {python}, {minutes:.0f} minutes |
"""


def main(files: int, seed: int) -> None:
    """The long run; writes docs/fuzz.md."""
    started = time.monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        migrate(f"sqlite:///{folder / 'fuzz.db'}")
        done = Fuzz(f"sqlite:///{folder / 'fuzz.db'}", folder).run(files, seed)
    report = REPORT.format(
        longest=LONGEST, growth=MOST_GROWTH, day=datetime.now(UTC).date(), files=files, seed=seed,
        ends=", ".join(f"{end} {count}" for end, count in sorted(done.ends.items())), found=len(done.found),
        slowest=done.slowest, most=done.most, base=done.base, python=platform.python_version(),
        minutes=(time.monotonic() - started) / 60,
    )  # fmt: skip
    print(report, *done.found[:50], sep="\n")
    if done.found:
        sys.exit(1)
    (ROOT / "docs" / "fuzz.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()))
