"""Visits of the demonstration: most drawn households were visited, some were found empty, some still wait."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from actions.demonstration.places import Places, demo_moment
from actions.demonstration.schedule import Act
from actions.household_check import open_check, submit_check
from actions.transaction import Caller, transaction
from models.draft import Draft
from models.household_check import HouseholdCheck, Verdict
from models.region import ReportingUnit
from models.roster import Household
from models.sample import Sample, SampledHousehold, SampleState
from models.user import User
from queries.household_form import form_of, subject_of
from queries.reading import reading

FIRST_DAY = date(2022, 6, 27)
DAYS = 78
PROGRESS = {"随县": 0.97, "广水市": 0.8, "曾都区": 1.0, "高新区": 1.0, "大洪山": 0.9}
"""Share of the drawn households already visited, by reporting unit."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    household_id: int
    unit: str


def plan_visits(places: Places, chance: random.Random) -> list[Act]:
    """One act a visited household: the form opened, filled and handed in on one day."""
    acts = []
    for number, drawn in enumerate(_drawn(places.campaign_id)):
        if chance.random() > PROGRESS[drawn.unit]:
            continue
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        mood = chance.random()
        by, second = ("inspector", "inspector2") if number % 2 else ("inspector2", "inspector")
        visit = _Visit(places, drawn.household_id, second, mood)
        acts.append(Act(demo_moment(day, 9 + number % 8, number % 60), visit.make, by))
    return acts


def _drawn(campaign_id: int) -> list[_Drawn]:
    with reading() as session:
        rows = session.execute(
            sa.select(SampledHousehold.household_id, ReportingUnit.name)
            .join(Sample, Sample.id == SampledHousehold.sample_id)
            .join(Household, Household.id == SampledHousehold.household_id)
            .join(ReportingUnit, ReportingUnit.id == Household.reporting_unit_id)
            .where(Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
            .order_by(Household.code)
        )
        return [_Drawn(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Visit:
    places: Places
    household_id: int
    second: str
    mood: float

    def make(self, caller: Caller) -> None:
        """Open, fill, hand in; now and then nobody was at home."""
        check_id = open_check(caller, self.household_id)
        with transaction(caller) as tx:
            check = tx.session.get_one(HouseholdCheck, check_id)
            for field, value in self._fields(
                tx.session.get_one(User, self.places.users[self.second]).person_id
            ).items():
                tx.session.merge(_draft(check_id, field, value, tx.person_id, caller))
            if self.mood < 0.95:
                for line in form_of(tx.session, check).lines:
                    verdict = _verdict(line.listed_cents, line.received_cents)
                    fields = {"verdict": verdict.value, "said": line.received_cents}
                    for part, value in fields.items():
                        tx.session.merge(_draft(check_id, line.key.field(part), value, tx.person_id, caller))
        submit_check(caller, check_id)

    def _fields(self, second_id: int) -> dict[str, object]:
        outcome = "VISITED" if self.mood < 0.88 else "BY_PHONE" if self.mood < 0.95 else "ABSENT"
        return {"outcome": outcome, "interviewee": "本人", "second": second_id}


def _verdict(listed: int, received: int) -> Verdict:
    if received == 0 < listed:
        return Verdict.NOT_RECEIVED
    return Verdict.MATCHES if received == listed else Verdict.WRONG_AMOUNT


def _draft(check_id: int, field: str, value: object, person_id: int, caller: Caller) -> Draft:
    return Draft(subject=subject_of(check_id), field=field, value=value, saved_by=person_id, saved_at=caller.now)
