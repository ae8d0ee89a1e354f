"""Many invented problems with their histories, in the small world of the tests or beside those of an installation.

    python -m benchmarks.problems DATA_DIR [100000]

beside those of an installation (make demo's will do): loaded in bulk, sealed, verify-audit still holds. Measurements
take `county_with`, which seals ten thousand and copies them in SQL: for asking, not for keeping.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from files.storage import Storage
from models.audit import row_digest, row_key
from models.campaign import Campaign
from models.database import Base, Database
from models.issue import Verb
from models.issue_record import SEARCHED, Issue, IssueEvent, IssueRound
from models.issue_word import Handling, IssueSource, IssueStatus, Nature, Severity
from models.problem_type import problem_types
from models.region import ReportingUnit
from models.role import Role
from models.search_text import search_text
from models.unit import Person, Unit
from queries.region import reporting_unit_by_village, villages_in
from tests.factories import World

S, TODAY, FIRST = IssueStatus, date(2022, 9, 16), date(2022, 5, 20)
SHARES = ((S.CLOSED, 60), (S.RECTIFYING, 20), (S.REGISTERED, 5), (S.ACCEPTANCE, 5), (S.APPROVAL, 5), (S.DISMISSED, 5))
PATHS: dict[IssueStatus, tuple[tuple[str, IssueStatus], ...]] = {
    S.REGISTERED: (),
    S.RECTIFYING: ((Verb.ASSIGN, S.RECTIFYING),),
    S.ACCEPTANCE: ((Verb.ASSIGN, S.RECTIFYING), (Verb.REQUEST, S.ACCEPTANCE)),
    S.APPROVAL: ((Verb.ASSIGN, S.RECTIFYING), (Verb.REQUEST, S.ACCEPTANCE), (Verb.ACCEPT, S.APPROVAL)),
    S.CLOSED: (
        (Verb.ASSIGN, S.RECTIFYING), (Verb.REQUEST, S.ACCEPTANCE), (Verb.ACCEPT, S.APPROVAL), (Verb.APPROVE, S.CLOSED),
    ),
    S.DISMISSED: ((Verb.PROPOSE_DISMISSAL, S.REGISTERED), (Verb.CONFIRM_DISMISSAL, S.DISMISSED)),
}  # fmt: skip
AT_ONCE = 5_000
SEALED = 10_000


@dataclass
class Loader:
    """Writes problems under one author of its own: a set is sealed by its column, and nobody else's rows are in it."""

    tx: Transaction
    campaign: Campaign
    chance: random.Random = field(default_factory=lambda: random.Random(2022))

    def __post_init__(self) -> None:
        session, day = self.tx.session, self.tx.today
        by_village = reporting_unit_by_village(session, day)
        self.villages = [(v.id, v.town_id, by_village[v.id]) for v in villages_in(session, day) if v.id in by_village]
        self.letters = {u.id: u.abbreviation for u in session.scalars(sa.select(ReportingUnit))}
        self.units = [(u.id, u.name) for u in session.scalars(sa.select(Unit).where(Unit.valid_to.is_(None)))]
        taken = sa.select(Issue.reporting_unit_id, sa.func.max(Issue.sequence)).group_by(Issue.reporting_unit_id)
        self.sequence = {unit: last or 0 for unit, last in session.execute(taken)}
        self.types = [code for code in problem_types() if not code.startswith("P3")]
        self.author = Person(unit_id=self.units[0][0], staff_number=f"BULK{self.tx.next_id(Issue)}", name="批量登记")
        session.add(self.author)
        session.flush()

    def load(self, count: int) -> None:
        """So many problems with their histories."""
        for start in range(0, count, AT_ONCE):
            issues, events, rounds = [], [], []
            first, event_id = self.tx.next_id(Issue), self.tx.next_id(IssueEvent)
            for n in range(min(AT_ONCE, count - start)):
                row = self._issue(first + n)
                steps = list(self._events(row, event_id))
                event_id += len(steps)
                issues.append(row)
                events += steps
                rounds.append(self._round(row, self.tx.next_id(IssueRound) + n))
            self.tx.insert_set(Issue, issues, "author_id", self.author.id)
            self.tx.insert_set(IssueEvent, events, "person_id", self.author.id)
            self._rounds(rounds)

    def _issue(self, issue_id: int) -> dict[str, Any]:
        chance = self.chance
        village, town, unit = chance.choice(self.villages)
        self.sequence[unit] = self.sequence.get(unit, 0) + 1
        status = chance.choices([s for s, _ in SHARES], [share for _, share in SHARES])[0]
        found = FIRST + timedelta(days=chance.randrange(100))
        assigned = found + timedelta(days=2) if any(v == Verb.ASSIGN for v, _ in PATHS[status]) else None
        deadline = assigned + timedelta(days=chance.randrange(15, 60)) if assigned else None
        closed = min(found + timedelta(days=chance.randrange(5, 40)), TODAY) if status is S.CLOSED else None
        owner = chance.choice(self.units) if assigned else (None, None)
        cents = chance.randrange(1, 500_000)
        number = f"{self.campaign.code}-{self.letters[unit]}-{self.sequence[unit]:04d}"
        row = {
            "id": issue_id, "version": 1, "campaign_id": self.campaign.id, "number": number,
            "sequence": self.sequence[unit], "status": status, "round": 1, "source": chance.choice(list(IssueSource)),
            "type_code": chance.choice(self.types), "title": f"示例村{chance.randrange(2, 30)}户补贴到账金额与清册不符",
            "facts": f"经核对清册与到账记录，{chance.randrange(2, 30)}户2021年度补贴少发。", "found_on": found,
            "severity": chance.choice(list(Severity)), "author_id": self.author.id,
            "author_unit_id": self.author.unit_id, "reporting_unit_id": unit, "town_id": town, "village_id": village,
            "households": chance.randrange(1, 30), "persons": chance.randrange(1, 60), "amount_cents": cents,
            "to_recover_cents": 0, "recovered_cents": 0, "to_pay_cents": cents, "paid_cents": cents if closed else 0,
            "handling": Handling.STANDARD if assigned else None, "nature": Nature.IMMEDIATE if assigned else None,
            "responsible_unit_id": owner[0], "responsible_unit_name": owner[1], "responsible_leader": "李某某",
            "person_in_charge": "陈某某", "requirements": "补发差额，到户核实签字，公示7天。", "assigned_on": assigned,
            "deadline_rule": "W15" if assigned else None, "deadline": deadline, "deadline_is_estimate": False,
            "first_deadline": deadline, "is_released": False, "requests": int(status in (S.ACCEPTANCE, S.APPROVAL)),
            "requested_on": found + timedelta(days=5) if status in (S.ACCEPTANCE, S.APPROVAL, S.CLOSED) else None,
            "requested_from": S.RECTIFYING if status in (S.ACCEPTANCE, S.APPROVAL) else None, "returns": 0,
            "held_workdays": 0, "extensions": 0, "evidence_count": 0, "closed_on": closed, "first_closed_on": closed,
            "closed_on_time": closed <= deadline if closed and deadline else None, "dismissal_pending": False,
            "registered_on": found, "told_on": assigned,
        }  # fmt: skip
        return row | {"search_text": search_text(*map(row.get, SEARCHED))}

    def _events(self, issue: dict[str, Any], first_id: int) -> Iterator[dict[str, Any]]:
        steps = (("create", S.DRAFT), (Verb.SUBMIT.value, S.REGISTERED), *PATHS[issue["status"]])
        before: IssueStatus | None = None
        last_day = issue["closed_on"] or TODAY
        span = max((last_day - issue["found_on"]).days, 0)
        for n, (verb, status) in enumerate(steps):
            day = issue["found_on"] + timedelta(days=span * max(n - 1, 0) // max(len(steps) - 2, 1))
            yield {
                "id": first_id + n, "issue_id": issue["id"], "position": n + 1, "round": 1, "verb": str(verb),
                "from_status": before, "status": status, "person_id": self.author.id, "role": Role.OFFICE.value,
                "unit_id": self.author.unit_id, "detail": {}, "recorded_at": datetime(
                    day.year, day.month, day.day, 2, n, tzinfo=UTC
                ),
                **{name: issue[name] for name in _STANDS_AS},
            }  # fmt: skip
            before = status

    def _round(self, issue: dict[str, Any], round_id: int) -> dict[str, Any]:
        return {
            "id": round_id, "issue_id": issue["id"], "round": 1, "opened_on": issue["found_on"], "reason": None,
            "first_deadline": issue["first_deadline"], "closed_on": issue["closed_on"],
            "closed_on_time": issue["closed_on_time"],
        }  # fmt: skip

    def _rounds(self, rounds: list[dict[str, Any]]) -> None:
        """Row by row: no column of theirs is the loader's own."""
        table = IssueRound.__table__
        assert isinstance(table, sa.Table)
        self.tx.session.execute(sa.insert(table), rounds)
        self.tx.sets += [["row", table.name, row_key(table, row), row_digest(table, row)] for row in rounds]


_STANDS_AS = (
    "type_code", "reporting_unit_id", "town_id", "village_id", "responsible_unit_id", "source", "deadline",
    "amount_cents", "to_recover_cents", "to_pay_cents", "recovered_cents", "paid_cents",
)  # fmt: skip


def county_with(count: int) -> World:
    """The small world of two counties holding so many problems (up to `SEALED`, or a multiple), as of `TODAY`."""
    world = World.build()
    world.on(TODAY)
    load(min(count, SEALED))
    multiply(count // SEALED)
    return world


def multiply(times: int, tables: Sequence[type[Base]] = (Issue, IssueEvent, IssueRound)) -> None:
    """Every problem there is so many times, copied by the database; the record does not know the copies."""
    session = Database.writers()
    steps = {model: int(session.scalar(sa.select(sa.func.max(model.__table__.c.id))) or 0) for model in tables}
    for copy in range(1, times):
        for model in tables:
            session.execute(_copied(model, {table.__tablename__: step * copy for table, step in steps.items()}, copy))
    session.commit()
    session.close()


def _copied(model: type[Base], shift: dict[str, int], copy: int) -> sa.Insert:
    table = sa.inspect(model).local_table
    assert isinstance(table, sa.Table)
    others = {"id": table.name, "sequence": Issue.__tablename__, "issue_id": Issue.__tablename__}
    values = {c.name: c + shift[others[c.name]] if c.name in others else c for c in table.columns}
    if model is Issue:
        values["number"] = table.c.number + f"-{shift[table.name]}"
    first = sa.select(*values.values()).where(table.c.id <= shift[table.name] // copy)
    return sa.insert(table).from_select(list(values), first)


def load(count: int, code: str | None = None) -> None:
    """Into the open database, as the terminal; the first campaign, or the one of this code."""
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 2, tzinfo=UTC)
    with transaction(Caller(now, TODAY, now, terminal="benchmark")) as tx:
        asked = sa.select(Campaign).order_by(Campaign.id)
        campaign = tx.session.scalars(asked.where(Campaign.code == code) if code else asked).first()
        assert campaign is not None, "no campaign: run manage.py upgrade and demo first"
        Loader(tx, campaign).load(count)
        tx.record("benchmark.load", f"campaign:{campaign.id}", rows=count)


def main() -> None:
    """For the command line."""
    folder, count = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    Database.open(f"sqlite:///{folder / 'xiaohaotai.db'}")
    Storage.open(folder, (folder / "secret.key").read_bytes())
    load(count)
    print(f"{count:,} problems")


if __name__ == "__main__":
    main()
