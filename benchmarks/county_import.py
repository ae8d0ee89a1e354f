"""A county's roster and payments taken in: time as a ratio to bare reading and bare inserting, and the memory it takes.

    python -m benchmarks.county_import [people] [payments]

Each measurement runs in a process of its own, so that the peak of memory is its own. CPU time, so that neighbours
on the machine do not count.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PEOPLE, PAYMENTS = 200_000, 1_000_000


def main() -> None:
    """Print one line a measurement."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    payments = int(sys.argv[2]) if len(sys.argv) > 2 else PAYMENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child("make", folder, people, payments)
        floor = {verb: child(verb, folder, people, payments) for verb in ("nothing", "bare_read", "bare_insert")}
        roster = child("roster", folder, people, payments)
        register = child("payments", folder, people, payments)
    bare = floor["bare_read"]["seconds"] + floor["bare_insert"]["seconds"]
    print(f"bare calamine reading      {floor['bare_read']['seconds']:6.1f} s {floor['bare_read']['mb']:5.0f} MB")
    print(f"bare bulk insert           {floor['bare_insert']['seconds']:6.1f} s")
    print(f"roster, {people:,} people     {roster['seconds']:6.1f} s {roster['mb']:5.0f} MB")
    print(f"  ratio to both bare       {roster['seconds'] / bare:6.2f}   (target: at most 3)")
    print(f"  others waited for it     {roster['locked']:6.1f} s")
    print(f"payments, {payments:,} rows {register['seconds']:6.1f} s {register['mb']:5.0f} MB")
    print(f"a process that did nothing          {floor['nothing']['mb']:5.0f} MB")


def child(verb: str, folder: Path, people: int, payments: int) -> dict[str, Any]:
    """One measurement in a process of its own: seconds, and MB at the most."""
    command = [sys.executable, "-m", "benchmarks.county_import", "--child", verb, str(folder), str(people)]
    done = subprocess.run([*command, str(payments)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_child(verb: str, folder: Path, people: int, payments: int) -> None:
    work: dict[str, Callable[[Path, int, int], dict[str, float]]] = {
        "make": _make, "nothing": _nothing, "bare_read": _bare_read, "bare_insert": _bare_insert, "roster": _roster,
        "payments": _payments,
    }  # fmt: skip
    began = time.process_time()
    found = {"locked": 0.0, **work[verb](folder, people, payments)}
    found.setdefault("seconds", time.process_time() - began)
    found["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def _make(folder: Path, people: int, payments: int) -> dict[str, float]:
    from benchmarks.county_files import write_payments, write_roster

    write_roster(folder / "roster.xlsx", people)
    write_payments(folder / "payments.xlsx", payments, people)
    _installation(folder, "roster")
    return {}


def _installation(folder: Path, name: str) -> Any:
    from files.storage import Storage
    from models.database import Database
    from tests.conftest import SECRET, migrate
    from tests.factories import World

    path = folder / f"{name}.db"
    fresh = not path.exists()
    if fresh:
        migrate(f"sqlite:///{path}")
    Database.open(f"sqlite:///{path}")
    Storage.open(folder / "data", SECRET)
    if fresh:
        return World.build()
    world = World()
    world.campaign_id = 1
    return world


def _nothing(folder: Path, people: int, payments: int) -> dict[str, float]:
    _installation(folder, "roster")
    return {}


def _bare_read(folder: Path, people: int, payments: int) -> dict[str, float]:
    from python_calamine import CalamineWorkbook

    rows = 0
    for _ in CalamineWorkbook.from_path(folder / "roster.xlsx").get_sheet_by_index(0).iter_rows():
        rows += 1
    assert rows == people + 1
    return {}


def _bare_insert(folder: Path, people: int, payments: int) -> dict[str, float]:
    """The same columns into the same three tables, by SQLAlchemy Core, with no check and no digest."""
    import sqlalchemy as sa

    from benchmarks.county_files import person
    from models.database import Database
    from models.roster import Household, RosterImport

    _installation(folder, "bare")
    rows = [person(serial) for serial in range(people)]
    session = Database.writers()
    began = time.process_time()
    session.add(
        RosterImport(
            id=1, campaign_id=1, file_name="x", sha256="x", taken=1, unchanged=0, faulty=0,
            recorded_at=datetime.now(UTC), recorded_by="terminal:x",
        )
    )  # fmt: skip
    session.flush()
    session.execute(sa.insert(Household), [_home(n) for n in range(-(-people // 5))])
    for start in range(0, people, 5_000):
        _insert_some(session, rows[start : start + 5_000], start)
    session.commit()
    return {"seconds": time.process_time() - began}


def _insert_some(session: Any, rows: list[Any], start: int) -> None:
    import sqlalchemy as sa

    from models.identity import Identity
    from models.roster import HouseholdMember

    session.execute(sa.insert(Identity), [
        {"id": start + n + 1, "campaign_id": 1, "import_id": 1, "name": r[5], "id_number": r[6], "account_no": r[9],
         "phone": r[11], "address": r[12], "salt": "0" * 32, "fields_hash": "0" * 64} for n, r in enumerate(rows)
    ])  # fmt: skip
    session.execute(sa.insert(HouseholdMember), [
        {"id": start + n + 1, "campaign_id": 1, "import_id": 1, "household_id": (start + n) // 5 + 1,
         "identity_id": start + n + 1, "position": start + n + 2, "relation": r[4], "is_head": r[4] == "户主",
         "sex": r[7], "bank_name": r[8], "account_kind": r[10], "pseudonym": "AAAA"} for n, r in enumerate(rows)
    ])  # fmt: skip


def _home(number: int) -> dict[str, Any]:
    return {
        "id": number + 1, "campaign_id": 1, "import_id": 1, "code": f"421381901201/{number:06d}",
        "number": f"{number:06d}", "village_id": 4, "town_id": 3, "reporting_unit_id": 1, "group_name": "一组",
    }  # fmt: skip


def _roster(folder: Path, people: int, payments: int) -> dict[str, float]:
    from actions.roster import import_roster
    from models.database import Database

    world = _installation(folder, "roster")
    locked = _watch_locks(Database)
    result = import_roster(world.terminal(), 1, folder / "roster.xlsx", "名册.xlsx")
    assert result.taken == people, result.faults[:3]
    return {"locked": locked[0]}


def _watch_locks(database: Any) -> list[float]:
    """How long a write transaction kept others from writing."""
    from sqlalchemy import event

    held, began = [0.0], [0.0]

    def begins(connection: Any) -> None:
        if connection.get_execution_options().get("write"):
            began[0] = time.process_time()

    def ends(connection: Any) -> None:
        if began[0]:
            held[0], began[0] = held[0] + time.process_time() - began[0], 0.0

    event.listen(database.engine, "begin", begins)
    event.listen(database.engine, "commit", ends)
    return held


def _payments(folder: Path, people: int, payments: int) -> dict[str, float]:
    from actions.payment import PaymentOptions, import_payments
    from benchmarks.county_files import CENTS

    world = _installation(folder, "roster")
    options = PaymentOptions(payments * CENTS)
    result = import_payments(world.terminal(), 1, folder / "payments.xlsx", "发放.xlsx", options)
    assert result.taken == payments, result.faults[:3]
    return {}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _in_child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        main()
