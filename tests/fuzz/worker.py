"""Takes one spoilt file after the other in, as an office, a clerk or an inspector would; dies if a file makes it.

For each line on stdin (kind, path) one on stdout: how it ended, how long it took, how much memory it had at most.
"""

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from actions.importing import ImportResult
from actions.ledger_return import take_ledger
from actions.payment import PaymentOptions, import_payments
from actions.region import import_regions
from actions.restore import Place, restore_backup
from actions.roster import RosterOptions, import_roster
from files.evidence import evidence_path, keep, thumbnail
from files.storage import Storage
from models.database import Database
from models.refusal import Refused
from queries.audit import audit_head
from tests.conftest import SECRET
from tests.factories import World

MOST_MEMORY = 4 * 1024**3
"""Address space: what asks for more is stopped, and that is a finding."""


def done(world: World, kind: str, path: Path) -> str:
    """How it ended: refused, faults, taken. Anything else is raised."""
    before, files = audit_head(), _files()
    try:
        result = TAKERS[kind](world, path)
    except Refused as refused:
        _sentence(str(refused))
        end = "refused"
    else:
        end = _end(result)
    written = audit_head() != before
    if kind != "evidence" and written != (end == "taken"):
        raise AssertionError(f"{end}, and the record {'grew' if written else 'did not grow'}")
    if end in ("refused", "faults") and _files() != files:
        raise AssertionError(f"{end}, and left files behind")
    return end


def _end(result: object) -> str:
    if not isinstance(result, ImportResult):
        return "kept"
    for fault in result.faults[:200]:
        _sentence(fault.message)
    return "faults" if result.is_refused else "taken" if result.taken else "unchanged"


def _sentence(text: str) -> None:
    """What a person is told is Chinese, and no trace of a program."""
    if not text.strip() or "Traceback" in text or "Error" in text:
        raise AssertionError(f"not a sentence: {text[:200]}")


def _files() -> set[Path]:
    return {p for folder in ("payments", "incoming") for p in (Storage.data_dir / folder).rglob("*") if p.is_file()}


def _evidence(world: World, path: Path) -> object:
    found = keep(path.read_bytes())
    if found.is_image:
        thumbnail(found.sha256, 240)
    evidence_path(found.sha256).unlink()
    return found


def _restored(world: World, path: Path) -> object:
    """Into a place of its own, which a refusal leaves as it was."""
    folder = Storage.data_dir / "restored"
    place = Place(f"sqlite:///{folder / 'new.db'}", folder, folder / "secret.key")
    try:
        restore_backup(world.terminal(), path, place)
    except Refused as refused:
        if left := [p for p in folder.rglob("*") if p.is_file()]:
            raise AssertionError(f"refused, and left {left}") from refused
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "restored"


TAKERS: dict[str, Callable[[World, Path], object]] = {
    "roster": lambda w, p: import_roster(
        w.caller("office"), w.campaign_id, p, p.name, RosterOptions(skip_faulty=True, accept_as_is=True)),
    "payments": lambda w, p: import_payments(
        w.caller("office"), w.campaign_id, p, p.name, PaymentOptions(80_400, skip_faulty=True)),
    "ledger": lambda w, p: take_ledger(w.caller("unit"), w.campaign_id, p, p.name, skip_faulty=True),
    "regions": lambda w, p: import_regions(w.terminal(), p, p.name, skip_faulty=True),
    "evidence": _evidence,
    "backup": _restored,
}  # fmt: skip


def main(url: str, data_dir: Path, built: Path) -> None:
    """Until stdin ends."""
    said = json.loads(built.read_text(encoding="utf-8"))
    world = World(**{**said, "now": datetime.fromisoformat(said["now"])})
    Database.open(url)
    Storage.open(data_dir, SECRET)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    print("ready", flush=True)
    for line in sys.stdin:
        kind, name = json.loads(line)
        started = time.monotonic()
        try:
            end = done(world, kind, Path(name))
        except BaseException as error:
            end = f"fault: {type(error).__name__}: {error}"[:400]
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps([end, round(time.monotonic() - started, 2), most]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
