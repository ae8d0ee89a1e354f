"""One step of a problem through its action, against the same rows by bare SQLAlchemy Core, Trac and Roundup.

The action asks for the person and the rules, writes the problem, its event and a chained entry of the audit; Core
writes the same three rows and knows no rules. All on a disk that is told to keep what it is given.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from actions import rectification
from benchmarks.measure import Measured, best, installation, say
from models.audit import AuditEntry
from models.database import Database
from models.issue_record import Issue, IssueEvent, stands_as
from tests.factories import World

STEPS, PROBLEMS = 100, 25


def through_the_action(world: World, issues: Sequence[int]) -> Callable[[], None]:
    """So many progress reports by the responsible unit."""

    def work() -> None:
        for number in range(STEPS):
            rectification.report(world.caller("unit"), issues[number % PROBLEMS], f"第{number}次填报：已补发到户。")

    return work


def by_core(world: World, issue_id: int) -> Callable[[], None]:
    """The same rows: the problem with its version, one event, one chained entry."""
    engine = Database.engine
    assert engine is not None
    writing = engine.execution_options(write=True)
    issue, event, entry = Issue.__table__, IssueEvent.__table__, AuditEntry.__table__
    with Database.readers() as session:
        found = session.get_one(Issue, issue_id)
        standing = stands_as(found)
        status = found.status

    def work() -> None:
        for _ in range(STEPS):
            now = datetime.now(UTC)
            with writing.begin() as connection:
                version = connection.scalar(sa.select(issue.c.version).where(issue.c.id == issue_id))
                assert version is not None
                moved = connection.execute(
                    sa.update(issue).where(issue.c.id == issue_id, issue.c.version == version)
                    .values(progress="已补发到户。", version=version + 1)
                )  # fmt: skip
                assert moved.rowcount == 1
                position = connection.scalar(
                    sa.select(sa.func.max(event.c.position)).where(event.c.issue_id == issue_id)
                )
                connection.execute(
                    sa.insert(event).values(
                        issue_id=issue_id, position=(position or 0) + 1, round=1, verb="report", from_status=status,
                        status=status, person_id=1, role="unit", unit_id=1, note="已补发到户。", detail={},
                        recorded_at=now, **standing,
                    )
                )  # fmt: skip
                seq, prev = connection.execute(
                    sa.select(entry.c.seq, entry.c.hash).order_by(entry.c.seq.desc()).limit(1)
                ).one()
                digest = hashlib.sha256(f"{prev}{version}{now}".encode()).hexdigest()
                connection.execute(
                    sa.insert(entry).values(
                        seq=seq + 1, recorded_at=now, actor="bench", action="bench", subject="issue", detail={},
                        writes=[["row", "issue", str(issue_id), digest], ["row", "issue_event", "1", digest]],
                        prev_hash=prev, hash=digest,
                    )
                )  # fmt: skip

    return work


def by_trac(folder: Path) -> Callable[[], None]:
    """So many changes of one ticket with a comment."""
    from trac.env import Environment
    from trac.ticket.model import Ticket

    env = Environment(str(folder / "trac"), create=True)
    ticket = Ticket(env)
    ticket["summary"], ticket["reporter"], ticket["status"] = "补贴少发", "inspector", "new"
    number = ticket.insert()

    def work() -> None:
        for at in range(STEPS):
            changed = Ticket(env, number)
            changed["status"] = ("assigned", "accepted")[at % 2]
            changed.save_changes("unit", "已补发到户。")

    return work


def by_roundup(folder: Path) -> Callable[[], None]:
    """So many messages and status changes of one issue."""
    from roundup import instance

    home = folder / "roundup"
    admin = Path(sys.executable).with_name("roundup-admin")
    settings = "mail_domain=example.invalid,mail_host=localhost,tracker_web=http://localhost/"
    for words in (("install", "classic", "sqlite", settings), ("initialise", "admin")):
        subprocess.run([admin, "-i", home, *words], check=True, capture_output=True)
    tracker = instance.open(str(home))
    opened = tracker.open("admin")
    number = opened.issue.create(title="补贴少发", status="1", priority="1")
    opened.commit()
    opened.close()

    def work() -> None:
        database = tracker.open("admin")
        for at in range(STEPS):
            database.issue.set(number, status=str(at % 2 + 2))
            database.commit()
        database.close()

    return work


def main() -> None:
    """All four in turn."""
    with installation(), tempfile.TemporaryDirectory() as folder:
        world = World.build()
        issues = [world.rectifying() for _ in range(PROBLEMS)]
        seconds = best({
            "action": through_the_action(world, issues), "Core": by_core(world, world.rectifying()),
            "Trac": by_trac(Path(folder)), "Roundup": by_roundup(Path(folder)),
        })  # fmt: skip
    seconds = {name: time / STEPS for name, time in seconds.items()}
    share, faster = seconds["Core"] / seconds["action"], seconds["Trac"] / seconds["action"]
    say([
        Measured("transition through the action", "one step", seconds, share, "Core's time to the action's", "≥ 0.5",
                 share >= 0.5, "the action also asks for the person, the rules and the calendar"),
        Measured("transition through the action", "one step", seconds, faster, "Trac's time to the action's", "≥ 2",
                 faster >= 2),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
