"""Visits of the demonstration: most drawn households were visited, some were found empty, some still wait."""

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from actions.demonstration.places import Places, demo_moment
from actions.demonstration.schedule import Act
from actions.household_check import open_check, submit_check
from actions.sample_replacement import replace_household
from actions.transaction import Caller, transaction
from files.payment_store import PersonItemTotal, person_item_totals
from files.storage import Storage
from models.check_form import LineKey
from models.draft import Draft
from models.household_check import Verdict
from models.identity import Identity
from models.region import Region, ReportingUnit
from models.roster import Household, HouseholdMember
from models.sample import Sample, SampledHousehold, SampleState
from models.user import User
from queries.household_form import subject_of
from queries.payment import batch_files
from queries.reading import reading

FIRST_DAY = date(2022, 6, 27)
DAYS = 80
FULL = frozenset({"示例一镇", "示例四十八镇"})
"""Towns where each form is filled in at the screen, family by family; elsewhere lists came in (household_lists)."""
UNFINISHED = 0.3
"""Share of the drawn villages of these towns where half of the households still wait."""
YEARS = (2020, 2021)
Due = Mapping[int, Sequence[tuple[int, PersonItemTotal]]]
"""Household → its members with what was due to each."""
EMPTY = 0.95
"""Moods above it found nobody at home: the office replaces the household, and the next in rank is visited."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One household of the adopted sample."""

    sampled_id: int
    household_id: int
    village_id: int
    town_id: int
    town: str
    unit: str


def plan_visits(places: Places, chance: random.Random) -> list[Act]:
    """One act a visited household: the form opened, filled and handed in on one day; replacements two days later.

    Where households still wait, somebody is at work this week.
    """
    acts: list[Act] = []
    days: dict[int, tuple[date, bool]] = {}
    here = {v.id for v in places.villages if v.town in FULL}
    due = due_in(places.campaign_id, here)
    for number, drawn in enumerate(d for d in drawn_households(places.campaign_id) if d.village_id in here):
        if drawn.village_id not in days:
            finishes = chance.random() >= UNFINISHED
            start = chance.randrange(DAYS - 6) if finishes else DAYS - 4
            days[drawn.village_id] = (FIRST_DAY + timedelta(days=start), finishes)
        day, finishes = days[drawn.village_id]
        mood = chance.random()
        if not finishes and mood < 0.5:
            continue
        by, second = ("inspector", "inspector2") if drawn.village_id % 2 else ("inspector2", "inspector")
        visit = _Visit(places, drawn, second, mood, due)
        hour, minute = 9 + number % 8, number % 60
        acts.append(Act(demo_moment(day, hour, minute), visit.make, by))
        if mood >= EMPTY:
            acts.append(Act(demo_moment(day + timedelta(days=1), hour, minute), visit.replace, "office"))
            acts.append(Act(demo_moment(day + timedelta(days=2), hour, minute), visit.make_up, by))
    return acts


def drawn_households(campaign_id: int) -> list[Drawn]:
    """The adopted sample by code of the household."""
    with reading() as session:
        rows = session.execute(
            sa.select(
                SampledHousehold.id, SampledHousehold.household_id, Household.village_id, Household.town_id,
                Region.name, ReportingUnit.name,
            )
            .join(Sample, Sample.id == SampledHousehold.sample_id)
            .join(Household, Household.id == SampledHousehold.household_id)
            .join(Region, Region.id == Household.town_id)
            .join(ReportingUnit, ReportingUnit.id == Household.reporting_unit_id)
            .where(Sample.campaign_id == campaign_id, Sample.state == SampleState.ADOPTED)
            .order_by(Household.code)
        )  # fmt: skip
        return [Drawn(*row) for row in rows]


def due_in(campaign_id: int, villages: Collection[int]) -> Due:
    """What the registers say of everybody in these villages, by household."""
    with reading() as session:
        files = batch_files(session, campaign_id)
        rows = session.execute(
            sa.select(Identity.id_number, HouseholdMember.household_id, HouseholdMember.id, Household.village_id)
            .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
            .join(Household, Household.id == HouseholdMember.household_id)
            .where(Household.campaign_id == campaign_id)
        )
        people = {
            number: (household, member)
            for number, household, member, village in rows
            if number is not None and village in villages
        }
    found: dict[int, list[tuple[int, PersonItemTotal]]] = defaultdict(list)
    for total in person_item_totals(Storage.payments(), files, list(people), YEARS):
        household, member = people[total.id_number]
        found[household].append((member, total))
    return found


@dataclass(slots=True)
class _Visit:
    places: Places
    drawn: Drawn
    second: str
    mood: float
    due: Due
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
            fields = self._head(tx.session.get_one(User, self.places.users[self.second]).person_id, found_empty)
            if not found_empty:
                for member, total in self.due.get(household_id, ()):
                    key = LineKey(member, total.item_code, total.year)
                    fields[key.field("verdict")] = verdict_of(total.listed_cents, total.received_cents).value
                    fields[key.field("said")] = total.received_cents
            for field, value in fields.items():
                tx.session.merge(_draft(check_id, field, value, tx.person_id, caller))
        submit_check(caller, check_id)

    def _head(self, second_id: int, found_empty: bool) -> dict[str, object]:
        outcome = "ABSENT" if found_empty else "VISITED" if self.mood < 0.88 else "BY_PHONE"
        return {"outcome": outcome, "interviewee": "本人", "second": second_id}


def verdict_of(listed: int, received: int) -> Verdict:
    """What an inspector concludes where the household says what the bank says; 分."""
    if received == 0 < listed:
        return Verdict.NOT_RECEIVED
    return Verdict.MATCHES if received == listed else Verdict.WRONG_AMOUNT


def _draft(check_id: int, field: str, value: object, person_id: int, caller: Caller) -> Draft:
    return Draft(subject=subject_of(check_id), field=field, value=value, saved_by=person_id, saved_at=caller.now)
