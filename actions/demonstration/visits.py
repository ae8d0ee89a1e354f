"""Visits of the demonstration: most drawn households were visited, some were found empty, some still wait."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from actions.demonstration.places import Places, demo_moment
from actions.demonstration.schedule import Act
from actions.household_check import open_check, submit_check
from actions.sample_replacement import replace_household
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
DAYS = 80
PROGRESS = {"随县": 0.93, "广水市": 0.75, "曾都区": 1.0, "高新区": 1.0, "大洪山": 1.0}
"""Share of the drawn villages already finished, by reporting unit; in the others half the households were visited."""
EMPTY = 0.95
"""Moods above it found nobody at home: the office replaces the household, and the next in rank is visited."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    sampled_id: int
    household_id: int
    village_id: int
    unit: str


def plan_visits(places: Places, chance: random.Random) -> list[Act]:
    """One act a visited household: the form opened, filled and handed in on one day; replacements two days later."""
    acts: list[Act] = []
    days: dict[int, tuple[date, bool]] = {}
    for number, drawn in enumerate(_drawn(places.campaign_id)):
        if drawn.village_id not in days:
            start = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
            days[drawn.village_id] = (start, chance.random() < PROGRESS[drawn.unit])
        day, finishes = days[drawn.village_id]
        mood = chance.random()
        if not finishes and mood < 0.5:
            continue
        by, second = ("inspector", "inspector2") if drawn.village_id % 2 else ("inspector2", "inspector")
        visit = _Visit(places, drawn, second, mood)
        hour, minute = 9 + number % 8, number % 60
        acts.append(Act(demo_moment(day, hour, minute), visit.make, by))
        if mood >= EMPTY:
            acts.append(Act(demo_moment(day + timedelta(days=1), hour, minute), visit.replace, "office"))
            acts.append(Act(demo_moment(day + timedelta(days=2), hour, minute), visit.make_up, by))
    return acts


def _drawn(campaign_id: int) -> list[_Drawn]:
    with reading() as session:
        rows = session.execute(
            sa.select(SampledHousehold.id, SampledHousehold.household_id, Household.village_id, ReportingUnit.name)
            .join(Sample, Sample.id == SampledHousehold.sample_id)
            .join(Household, Household.id == SampledHousehold.household_id)
            .join(ReportingUnit, ReportingUnit.id == Household.reporting_unit_id)
            .where(Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
            .order_by(Household.code)
        )
        return [_Drawn(*row) for row in rows]


@dataclass(slots=True)
class _Visit:
    places: Places
    drawn: _Drawn
    second: str
    mood: float
    replacement_id: int = 0

    def make(self, caller: Caller) -> None:
        """Open, fill, hand in; now and then nobody was at home."""
        self._visit(caller, self.drawn.household_id, found_empty=self.mood >= EMPTY)

    def replace(self, caller: Caller) -> None:
        """The office puts in the next household of the village."""
        self.replacement_id = replace_household(caller, self.drawn.sampled_id, "全户外出务工，电话也联系不上")

    def make_up(self, caller: Caller) -> None:
        """The replacement is visited."""
        with reading() as session:
            household_id = session.get_one(SampledHousehold, self.replacement_id).household_id
        self._visit(caller, household_id, found_empty=False)

    def _visit(self, caller: Caller, household_id: int, *, found_empty: bool) -> None:
        check_id = open_check(caller, household_id)
        with transaction(caller) as tx:
            check = tx.session.get_one(HouseholdCheck, check_id)
            fields = self._head(tx.session.get_one(User, self.places.users[self.second]).person_id, found_empty)
            if not found_empty:
                for line in form_of(tx.session, check).lines:
                    fields[line.key.field("verdict")] = _verdict(line.listed_cents, line.received_cents).value
                    fields[line.key.field("said")] = line.received_cents
            for field, value in fields.items():
                tx.session.merge(_draft(check_id, field, value, tx.person_id, caller))
        submit_check(caller, check_id)

    def _head(self, second_id: int, found_empty: bool) -> dict[str, object]:
        outcome = "ABSENT" if found_empty else "VISITED" if self.mood < 0.88 else "BY_PHONE"
        return {"outcome": outcome, "interviewee": "本人", "second": second_id}


def _verdict(listed: int, received: int) -> Verdict:
    if received == 0 < listed:
        return Verdict.NOT_RECEIVED
    return Verdict.MATCHES if received == listed else Verdict.WRONG_AMOUNT


def _draft(check_id: int, field: str, value: object, person_id: int, caller: Caller) -> Draft:
    return Draft(subject=subject_of(check_id), field=field, value=value, saved_by=person_id, saved_at=caller.now)
