"""Visits whose forms came in as lists: one batch a village and day, its forms, their history and their lines as sets.

广水 was visited whole, which is where the source's 11,669 households come from. The other units are on their way.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from actions.batch import open_batch
from actions.demonstration.places import Places, TeamOf, demo_moment
from actions.demonstration.schedule import Act
from actions.demonstration.visits import DAYS, FIRST_DAY, FULL, Drawn, Due, drawn_households, due_in, verdict_of
from actions.transaction import Caller, transaction
from models.batch import BatchKind
from models.household_check import (
    CheckLayer,
    CheckLine,
    CheckStatus,
    HouseholdCheck,
    HouseholdCheckEvent,
    VisitOutcome,
)
from models.unit import TeamKind
from models.user import User
from queries.reading import reading

PROGRESS = {"随县": 0.93, "广水市": 1.0, "曾都区": 0.96, "高新区": 1.0, "大洪山": 1.0}
"""Share of the drawn villages already finished; in the others half of the households were visited."""
A_DAY = 60
"""Households a list holds at most."""
BY_PHONE = 0.06


def plan_lists(places: Places, chance: random.Random) -> list[Act]:
    """One act a list, at the end of the day."""
    drawn = [d for d in drawn_households(places.campaign_id) if d.town not in FULL]
    due = due_in(places.campaign_id, {d.village_id for d in drawn})
    acts = []
    for number, (_, rows) in enumerate(groupby(drawn, key=lambda d: d.village_id)):
        village = list(rows)
        if chance.random() >= PROGRESS[village[0].unit]:
            village = village[: len(village) // 2]
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS - 6))
        team = _team_of(places, village[0], number)
        for later, start in enumerate(range(0, len(village), A_DAY)):
            homes = village[start : start + A_DAY]
            visit = _List(places, team, homes, due, [chance.random() < BY_PHONE for _ in homes])
            acts.append(Act(demo_moment(day + timedelta(days=later), 18, number % 60), visit.hand_in))
    return acts


def _team_of(places: Places, home: Drawn, number: int) -> TeamOf:
    """The unit's own inspectors; where it has none, the city's two."""
    for team in places.teams.get((home.unit, TeamKind.INSPECTION), ()):
        if home.town in team.towns:
            return team if number % 2 else TeamOf(team.id, team.person_ids[2:] + team.person_ids[:2], team.towns)
    with reading() as session:
        ids = [session.get_one(User, places.users[name]).person_id for name in ("inspector", "inspector2")]
    return TeamOf(places.team_id, tuple(ids if number % 2 else ids[::-1]), frozenset())


@dataclass(slots=True)
class _List:
    places: Places
    team: TeamOf
    homes: Sequence[Drawn]
    due: Due
    by_phone: Sequence[bool]

    def hand_in(self, caller: Caller) -> None:
        """All forms of the day, as if each had been opened and handed in then."""
        with transaction(caller) as tx:
            batch = open_batch(tx, self.places.campaign_id, BatchKind.HOUSEHOLD_CHECK, len(self.homes))
            first = tx.next_id(HouseholdCheck)
            outcomes = [VisitOutcome.BY_PHONE if phone else VisitOutcome.VISITED for phone in self.by_phone]
            forms = list(zip(range(first, first + len(self.homes)), self.homes, outcomes, strict=True))
            tx.insert_each(HouseholdCheck, [self._check(*form, caller.now, caller.today) for form in forms])
            for table, rows in (
                (HouseholdCheckEvent, [row for form in forms for row in self._events(*form, caller.now)]),
                (CheckLine, [row for form in forms for row in self._lines(*form, caller.now)]),
            ):
                next_id = tx.next_id(table)
                numbered = [{"id": next_id + at, "batch_id": batch.id, **row} for at, row in enumerate(rows)]
                tx.insert_set(table, numbered, "batch_id", batch.id)
            tx.record("check.load", f"batch:{batch.id}", taken=len(forms))

    def _check(self, check_id: int, home: Drawn, outcome: VisitOutcome, now: datetime, day: date) -> dict[str, Any]:
        opener, second = self.team.person_ids[:2]
        return {
            "id": check_id, "version": 2, "campaign_id": self.places.campaign_id, "household_id": home.household_id,
            "village_id": home.village_id, "town_id": home.town_id,
            "reporting_unit_id": self.places.units[home.unit], "layer": CheckLayer.INSPECTION,
            "team_id": self.team.id, "status": CheckStatus.SUBMITTED, "outcome": outcome, "visited_on": day,
            "interviewee": "本人", "second_inspector_id": second, "submission": 1, "opened_by_id": opener,
            "opened_at": now,
        }  # fmt: skip

    def _events(self, check_id: int, home: Drawn, outcome: VisitOutcome, now: datetime) -> list[dict[str, Any]]:
        common = {"check_id": check_id, "person_id": self.team.person_ids[0], "recorded_at": now}
        persons = len({member for member, _ in self.due.get(home.household_id, ())})
        return [
            {**common, "position": 1, "verb": "open", "status": CheckStatus.OPEN, "submission": 0, "persons": 0},
            {**common, "position": 2, "verb": "submit", "status": CheckStatus.SUBMITTED, "outcome": outcome,
             "submission": 1, "persons": persons},
        ]  # fmt: skip

    def _lines(self, check_id: int, home: Drawn, outcome: VisitOutcome, now: datetime) -> list[dict[str, Any]]:
        return [
            {
                "check_id": check_id, "submission": 1, "member_id": member, "item_code": total.item_code,
                "year": total.year, "listed_cents": total.listed_cents, "received_cents": total.received_cents,
                "said_cents": total.received_cents, "recorded_at": now,
                "verdict": verdict_of(total.listed_cents, total.received_cents),
            }
            for member, total in self.due.get(home.household_id, ())
        ]  # fmt: skip
