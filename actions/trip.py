"""Trips of teams taken in as a list: who went where on which day. The number of people is their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from actions.batch import Atlas, not_to_come, open_batch
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.batch import BatchKind
from models.refusal import Refused
from models.role import Permission
from models.trip import Trip, TripMember
from models.unit import Team, TeamMember


@dataclass(frozen=True, slots=True)
class TripLine:
    """One team out for one day, with the persons who went."""

    team_id: int
    round: int
    went_on: date
    reporting_unit_id: int
    purpose: str
    person_ids: tuple[int, ...]
    town_id: int | None = None


def load_trips(caller: Caller, campaign_id: int, lines: Sequence[TripLine]) -> int:
    """Take a list of trips in. Returns the batch's id.

    Who: office in its region, the terminal. Refused: nobody on a trip, the same person twice, somebody who was not in
    the team on that day, a team of another campaign.
    """
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_FIELD_RECORDS)
        atlas = Atlas.read(tx, Permission.IMPORT_FIELD_RECORDS)
        batch = open_batch(tx, campaign_id, BatchKind.TRIP, len(lines))
        members = _members(tx, campaign_id)
        first, first_person = tx.next_id(Trip), tx.next_id(TripMember)
        rows = [
            {
                "id": first + at, "campaign_id": campaign_id, "batch_id": batch.id, **_values(tx, atlas, members, line),
                "recorded_at": tx.now, "recorded_by": tx.viewer.actor,
            }
            for at, line in enumerate(lines)
        ]  # fmt: skip
        people = [(first + at, person) for at, line in enumerate(lines) for person in line.person_ids]
        tx.insert_set(Trip, rows, "batch_id", batch.id)
        tx.insert_set(
            TripMember,
            [{"id": first_person + at, "batch_id": batch.id, "trip_id": trip, "person_id": person}
             for at, (trip, person) in enumerate(people)],
            "batch_id", batch.id,
        )  # fmt: skip
        tx.record(
            Permission.IMPORT_FIELD_RECORDS.value, f"batch:{batch.id}", kind=batch.kind.value, taken=len(rows),
            persons=len(people),
        )  # fmt: skip
    return batch.id


def _members(tx: Transaction, campaign_id: int) -> list[TeamMember]:
    asked = sa.select(TeamMember).join(Team, Team.id == TeamMember.team_id).where(Team.campaign_id == campaign_id)
    return list(tx.session.scalars(asked))


def _values(tx: Transaction, atlas: Atlas, members: Sequence[TeamMember], line: TripLine) -> dict[str, Any]:
    not_to_come(line.went_on, tx.today, "出勤")
    atlas.require(line.reporting_unit_id, line.town_id)
    if line.round < 1:
        raise Refused("轮次从 1 起。")
    if not line.person_ids or len(set(line.person_ids)) < len(line.person_ids):
        raise Refused("每次出勤至少一人，同一个人只写一次。")
    there = {m.person_id for m in members if m.team_id == line.team_id and _serves(m, line.went_on)}
    if not there.issuperset(line.person_ids):
        raise Refused("出勤人员里有人当天不在这个专班里，请先把组员登记好。")
    return {
        "team_id": line.team_id, "round": line.round, "went_on": line.went_on,
        "reporting_unit_id": line.reporting_unit_id, "town_id": line.town_id,
        "purpose": required_text(line.purpose, "事由", most=100),
    }  # fmt: skip


def _serves(member: TeamMember, day: date) -> bool:
    return member.valid_from <= day and (member.valid_to is None or member.valid_to >= day)
