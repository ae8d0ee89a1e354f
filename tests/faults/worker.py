"""The one that is killed: several people at work at once, each finished action said on the pipe the moment it is done.

Started once with everything imported; for each line on stdin it forks a process that works until it dies, and says
`dead` when it has.
"""

import hashlib
import json
import os
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import duckdb  # noqa: F401 — imported before the fork, as everything that takes long
import openpyxl  # noqa: F401
import pyarrow.parquet  # noqa: F401
from PIL import Image

from actions import assignment, closure, issue, rectification
from actions.evidence import add_evidence
from actions.importing import ImportResult
from actions.payment import PaymentOptions, import_payments
from actions.roster import RosterOptions, import_roster
from files.digest import file_sha256
from files.storage import Storage
from models.database import Database
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_word import VerifiedHow
from tests.conftest import SECRET
from tests.factories import World
from tests.register_files import Somebody, payment_file, payment_row, roster_file

HANDS = 3
"""People at work at once in one process, as in one server."""


def say(done: dict[str, Any]) -> None:
    """One line, whole or not at all: shorter than what a pipe takes in one piece."""
    os.write(1, (json.dumps(done) + "\n").encode())


@dataclass
class Hand:
    """One person's work, in an endless round of problems, evidence and imports."""

    world: World
    chance: Random
    folder: Path
    serial: int

    def work(self) -> None:
        """Until killed."""
        while True:
            self.chance.choice([self.problem, self.roster, self.payments])()

    def problem(self) -> None:
        """From raising to 销号, with evidence between."""
        by, unit = self.world.caller("inspector"), self.world.caller("unit")
        number = self.world.draft(title=f"第{self._next()}号发现")
        say({"verb": "raise", "issue": number})
        issue.submit(by, number)
        say({"verb": "submit", "issue": number})
        assignment.assign(self.world.caller("office"), number, self.world.order())
        say({"verb": "assign", "issue": number})
        for _ in range(self.chance.randint(1, 3)):
            data = self._photo()
            given = add_evidence(
                unit, issue_id=number, kind=EvidenceKind.BANK_SLIP, purpose=EvidencePurpose.RECTIFICATION, data=data
            )
            say({"verb": "evidence", "evidence": given.id, "sha256": hashlib.sha256(data).hexdigest()})
        rectification.request(unit, number, self.world.closure_request())
        say({"verb": "request", "issue": number})
        closure.accept(by, number, VerifiedHow.ON_SITE, "入户核实，12户已收到。")
        say({"verb": "accept", "issue": number})
        closure.approve(self.world.caller("office2"), number)
        say({"verb": "approve", "issue": number})

    def roster(self) -> None:
        """Ten people more on the roster."""
        people = [Somebody(0, household=f"{n}", id_number=self._id_number()) for n in (self._next() for _ in range(10))]
        path = roster_file(self.folder / f"{self._next()}.xlsx", people)
        who = self.world.caller("office")
        self._taken("roster", path, import_roster(who, self.world.campaign_id, path, path.name, RosterOptions()))

    def payments(self) -> None:
        """Ten payments."""
        people = [Somebody(0, id_number=self._id_number()) for _ in range(10)]
        path = payment_file(self.folder / f"{self._next()}.xlsx", [payment_row(p) for p in people])
        options = PaymentOptions(10 * 10_050)
        who = self.world.caller("office")
        self._taken("payments", path, import_payments(who, self.world.campaign_id, path, path.name, options))

    def _taken(self, what: str, path: Path, result: ImportResult) -> None:
        assert result.taken == 10, result
        say({"verb": what, "sha256": file_sha256(path), "taken": result.taken})

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _id_number(self) -> str:
        """A number of nobody; no two people of a run have the same."""
        from datetime import date, timedelta

        from models.id_number import make_demo_id

        days, serial = divmod(self._next(), 1000)
        return make_demo_id(date(1930, 1, 1) + timedelta(days=days), serial // 2 * 2)

    def _photo(self) -> bytes:
        target = BytesIO()
        Image.frombytes("RGB", (64, 64), self.chance.randbytes(64 * 64 * 3)).save(target, "JPEG")
        return target.getvalue()


def work(url: str, data_dir: Path, world: World, turn: int) -> None:
    """What the forked process does, until it is killed."""
    Database.open(url)
    Storage.open(data_dir, SECRET)
    with TemporaryDirectory(dir=data_dir.parent) as folder:
        hands = []
        for hand in range(HANDS):
            own = Path(folder) / str(hand)
            own.mkdir()
            hands.append(Hand(world, Random(turn * HANDS + hand), own, (turn * HANDS + hand) * 40_000))
        threads = [threading.Thread(target=_or_die, args=(hand,), daemon=True) for hand in hands]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _or_die(hand: Hand) -> None:
    """A refusal or a fault is a failure of the trial, told before the process ends."""
    try:
        hand.work()
    except BaseException as error:
        say({"verb": "fault", "what": repr(error)[:500]})
        os._exit(1)


def main(url: str, data_dir: Path, built: Path) -> None:
    """Forks once for each line on stdin, which holds the number of the turn."""
    said = json.loads(built.read_text(encoding="utf-8"))
    world = World(**{**said, "now": datetime.fromisoformat(said["now"])})
    say({"verb": "ready"})
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(url, data_dir, world, int(line))
            os._exit(0)
        say({"verb": "working", "pid": child})
        os.waitpid(child, 0)
        say({"verb": "dead"})


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
