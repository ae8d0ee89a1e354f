"""Kills a working process at random moments and looks at what is left. `make faults` runs it at length.

python -m tests.faults.kills [KILLS] [SEED]
"""

import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from files.evidence import evidence_path
from files.storage import Storage
from models.database import Database
from models.evidence import Evidence
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.payment import PaymentImport
from models.roster import HouseholdMember, RosterImport
from queries.audit import Head, verify
from queries.reading import reading
from tests.conftest import ROOT, SECRET, migrate
from tests.factories import World

LATEST = 4.0
"""Seconds after its start at which a process is killed at the latest; the first import of payments takes about two."""
AT_LEAST = {
    "submit": IssueStatus.REGISTERED, "assign": IssueStatus.RECTIFYING, "request": IssueStatus.ACCEPTANCE,
    "accept": IssueStatus.APPROVAL, "approve": IssueStatus.CLOSED,
}  # fmt: skip
ORDER = (IssueStatus.DRAFT, IssueStatus.REGISTERED, IssueStatus.RECTIFYING, IssueStatus.ACCEPTANCE,
         IssueStatus.APPROVAL, IssueStatus.CLOSED)  # fmt: skip
Done = dict[str, Any]


@dataclass
class Trial:
    """One record, killed again and again. `acknowledged` counts finished actions by verb."""

    url: str
    data_dir: Path
    head: Head = field(default_factory=Head.none)
    acknowledged: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    kills: int = 0

    def run(self, kills: int, seed: int, latest: float) -> "Trial":
        """Kill so often; everything that is wrong afterwards is listed."""
        chance = Random(seed)
        with self._worker() as worker:
            for turn in range(kills):
                self.look(self._killed(worker, turn, chance.uniform(0.02, latest)))
                self.kills += 1
            worker.stdin.close()  # type: ignore[union-attr]
        return self

    def _worker(self) -> subprocess.Popen[str]:
        """A process with everything imported, over a small world written now."""
        Database.open(self.url)
        Storage.open(self.data_dir, SECRET)
        world = World.build()
        Database.close()
        built = self.data_dir / "world.json"
        built.write_text(json.dumps(asdict(world), default=str), encoding="utf-8")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", self.url, str(self.data_dir), str(built)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ},
        )  # fmt: skip
        assert self._next(worker) == {"verb": "ready"}
        return worker

    def _killed(self, worker: subprocess.Popen[str], turn: int, after: float) -> list[Done]:
        """One process at work, killed so many seconds after it began, in every other turn after its first finished
        action; what it had acknowledged by then."""
        print(turn, file=worker.stdin, flush=True)
        pid = self._next(worker)["pid"]
        done = [] if turn % 2 else [self._next(worker)]
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
        done += iter(lambda: self._next(worker), {"verb": "dead"})
        self.wrong += [one["what"] for one in done if one["verb"] == "fault"]
        self.acknowledged.update(one["verb"] for one in done)
        return done

    def _next(self, worker: subprocess.Popen[str]) -> Done:
        line = worker.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError("the worker ended by itself")
        found: Done = json.loads(line)
        return found

    def look(self, done: list[Done]) -> None:
        """After a kill: every acknowledged action is there, nothing is half there, the record proves itself."""
        Database.open(self.url)
        proof = verify(self.head)
        self.wrong += [finding.sentence for finding in proof.findings]
        self.head = proof.head
        for one in done:
            if one["verb"] != "fault" and not self._is_there(one):
                self.wrong.append(f"acknowledged and lost: {one}")
        self.wrong += self._half_done()
        Database.close()

    def _is_there(self, one: Done) -> bool:
        with reading() as session:
            if one["verb"] == "evidence":
                row = session.get(Evidence, one["evidence"])
                return row is not None and row.sha256 == one["sha256"] == _hash(evidence_path(one["sha256"]))
            if one["verb"] == "roster":
                taken = session.scalar(sa.select(RosterImport.taken).where(RosterImport.sha256 == one["sha256"]))
                return bool(taken == one["taken"])
            if one["verb"] == "payments":
                rows = session.scalar(sa.select(PaymentImport.row_count).where(PaymentImport.sha256 == one["sha256"]))
                return bool(rows == one["taken"])
            problem = session.get(Issue, one["issue"])
        least = AT_LEAST.get(one["verb"], IssueStatus.DRAFT)
        return problem is not None and ORDER.index(problem.status) >= ORDER.index(least)

    def _half_done(self) -> list[str]:
        """Imports with fewer rows than they say, problems that count evidence they do not have."""
        with reading() as session:
            members = sa.select(sa.func.count()).where(HouseholdMember.import_id == RosterImport.id).scalar_subquery()
            rosters = session.scalars(sa.select(RosterImport.id).where(members != RosterImport.taken)).all()
            given = sa.select(sa.func.count()).where(Evidence.issue_id == Issue.id).scalar_subquery()
            problems = session.scalars(sa.select(Issue.id).where(given != Issue.evidence_count)).all()
            batches = session.execute(sa.select(PaymentImport.batch_file, PaymentImport.row_count)).all()
        short = [name for name, rows in batches if pq.ParquetFile(Storage.payments() / name).metadata.num_rows != rows]
        return [f"half done: {what}" for what in (*rosters, *problems, *short)]

    def unclaimed(self) -> int:
        """Files of uploads and imports that were never acknowledged: whole, and named by no row."""
        Database.open(self.url)
        with reading() as session:
            named = set(session.scalars(sa.select(Evidence.sha256)))
            named |= set(session.scalars(sa.select(PaymentImport.batch_sha256)))
        Database.close()
        files = [p for folder in (Storage.evidence(), Storage.payments()) for p in folder.rglob("*") if p.is_file()]
        return len([path for path in files if not path.name.startswith(".") and path.stem not in named])


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def trial(url: str, data_dir: Path, kills: int, seed: int, latest: float = LATEST) -> Trial:
    """A fresh trial over an empty, migrated database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return Trial(url, data_dir).run(kills, seed, latest)


REPORT = """# Killed at random moments

`make faults` starts a process in which three people work at once (raise, submit, assign, give evidence, ask for 销号,
accept, approve, import rosters and payments), kills it with `kill -9` at a random moment, and looks at what is left,
again and again over one record. After each kill: every action the process had acknowledged is there, nothing is half
there (rows of an import and its manifest, evidence counts and rows, rows and files), the chain verifies with
the head seen after the kill before. `make test` does the same with a few kills, on SQLite and on PostgreSQL.

| last run | {day} |
|---|---|
| kills | {kills} (seed {seed}) |
| acknowledged actions | {actions}: {verbs} |
| entries in the chain | {entries} |
| lost, half done or not verified | {wrong} |
| files of uploads never acknowledged | {unclaimed} |
| machine | Python {python}, SQLite {sqlite}, {minutes:.0f} minutes |

A file of an upload that was never acknowledged is whole and named by no row; the same file given again takes it up.
Those of payments are removed when the server starts.
"""


def main(kills: int, seed: int) -> None:
    """The long run; writes docs/faults.md."""
    import sqlite3

    started = time.monotonic()
    with TemporaryDirectory() as folder:
        database = Path(folder) / "faults.db"
        migrate(f"sqlite:///{database}")
        done = trial(f"sqlite:///{database}", Path(folder) / "data", kills, seed)
        report = REPORT.format(
            day=datetime.now(UTC).date(), kills=done.kills, seed=seed, actions=sum(done.acknowledged.values()),
            verbs=", ".join(f"{verb} {count}" for verb, count in sorted(done.acknowledged.items())),
            entries=done.head.seq, wrong=len(done.wrong), unclaimed=done.unclaimed(),
            python=platform.python_version(), sqlite=sqlite3.sqlite_version,
            minutes=(time.monotonic() - started) / 60,
        )  # fmt: skip
        if done.wrong:
            shutil.copytree(folder, "/tmp/faults-found", dirs_exist_ok=True)
    print(report, *done.wrong[:50], sep="\n")
    if done.wrong:
        sys.exit(1)
    (ROOT / "docs" / "faults.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()))
