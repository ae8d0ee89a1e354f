"""Many invented problems, written straight into the tables: for measuring questions, not for keeping.

One event a problem and no audit entry: what the ledger and the dashboard read is there, the record does not verify.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models.database import Database
from models.issue_record import Issue, IssueEvent, IssueRound, stands_as
from models.issue_word import Handling, IssueSource, IssueStatus, Nature, Severity
from models.problem_type import problem_types
from tests.factories import World, at

CHUNK = 20_000
STANDING = tuple(stands_as(Issue()))
TYPES = tuple(problem_types())
FIRST_DAY, TODAY = date(2022, 5, 10), date(2022, 9, 16)
SHARES = (
    (IssueStatus.CLOSED, 55), (IssueStatus.RECTIFYING, 30), (IssueStatus.ACCEPTANCE, 5), (IssueStatus.APPROVAL, 4),
    (IssueStatus.REGISTERED, 4), (IssueStatus.DISMISSED, 2),
)  # fmt: skip
STATUSES, WEIGHTS = zip(*SHARES, strict=True)


def county_with(count: int) -> World:
    """The small world holding `count` problems, as of 2022-09-16; the same each time."""
    world = World.build()
    world.on(TODAY)
    chance = random.Random(2022)
    session = Database.writers()
    rows = (_problem(world, number, chance) for number in range(1, count + 1))
    for chunk in _chunks(rows):
        session.execute(sa.insert(Issue), chunk)
        session.execute(sa.insert(IssueEvent), [_event(row) for row in chunk])
        session.execute(sa.insert(IssueRound), [_round(row) for row in chunk])
    session.commit()
    session.close()
    return world


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _problem(world: World, number: int, chance: random.Random) -> dict[str, Any]:
    county, towns = chance.choice((("甲县", ("示例一镇", "示例二镇")), ("乙市", ("示例三镇",))))
    town = chance.choice(towns)
    found = FIRST_DAY + timedelta(days=chance.randrange(120))
    (status,) = chance.choices(STATUSES, WEIGHTS)
    assigned = found + timedelta(days=2)
    deadline = assigned + timedelta(days=chance.choice((15, 20, 30)))
    is_assigned = status not in (IssueStatus.REGISTERED, IssueStatus.DISMISSED)
    closed = min(deadline + timedelta(days=chance.randrange(-10, 6)), TODAY) if status is IssueStatus.CLOSED else None
    cents = chance.randrange(1, 50) * 10_000
    return {
        "id": number, "version": 1, "campaign_id": world.campaign_id, "number": f"SL2022-JX-{number:06d}",
        "sequence": number, "status": status, "round": 1, "source": IssueSource.INSPECTION,
        "type_code": chance.choice(TYPES), "title": f"{town}第{number}件耕地地力保护补贴少发",
        "facts": f"{town}2021年度耕地地力保护补贴到账比清册少{cents / 100:.2f}元，账号变更后退票未重发。",
        "found_on": found, "severity": Severity.LARGER, "author_id": world.people["inspector"],
        "author_unit_id": world.units["县检查专班抽调组"], "team_id": world.team_id,
        "reporting_unit_id": world.reporting_units[county], "town_id": world.regions[town], "village_id": None,
        "item_code": "S01", "period": "2021", "households": 3, "persons": 8, "amount_cents": cents,
        "to_recover_cents": 0, "recovered_cents": 0, "to_pay_cents": cents, "paid_cents": cents if closed else 0,
        "handling": Handling.STANDARD if is_assigned else None, "nature": Nature.IMMEDIATE if is_assigned else None,
        "responsible_unit_id": world.units[f"{town}财政所"] if is_assigned else None,
        "responsible_unit_name": f"{town}财政所" if is_assigned else None, "responsible_leader": "李某某",
        "person_in_charge": "陈某某", "requirements": "补发差额，公示7天。", "measures": None, "progress": None,
        "assigned_on": assigned if is_assigned else None, "deadline_rule": "W15" if is_assigned else None,
        "deadline": deadline if is_assigned else None, "deadline_is_estimate": False,
        "first_deadline": deadline if is_assigned else None, "signed_on": assigned if is_assigned else None,
        "is_released": True, "requested_from": IssueStatus.RECTIFYING if status in IssueStatus.held() else None,
        "requested_on": TODAY - timedelta(days=2) if status in IssueStatus.held() else None, "requests": 0,
        "returns": 0, "held_workdays": 0, "extensions": 0, "closed_on": closed, "first_closed_on": closed,
        "closed_on_time": closed <= deadline if closed else None, "dismissal_pending": False, "evidence_count": 1,
        "registered_on": found, "told_on": assigned if is_assigned else None,
    }  # fmt: skip


def _event(row: dict[str, Any]) -> dict[str, Any]:
    moment: datetime = at(row["closed_on"] or row["found_on"])
    return {
        "id": row["id"], "issue_id": row["id"], "position": 1, "round": 1, "verb": "submit",
        "from_status": IssueStatus.DRAFT, "status": row["status"], "person_id": row["author_id"], "role": "inspector",
        "unit_id": row["author_unit_id"], "detail": {}, "recorded_at": moment,
    } | {name: row[name] for name in STANDING}  # fmt: skip


def _round(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"], "issue_id": row["id"], "round": 1, "opened_on": row["found_on"],
        "first_deadline": row["first_deadline"], "closed_on": row["closed_on"],
        "closed_on_time": row["closed_on_time"],
    }  # fmt: skip
