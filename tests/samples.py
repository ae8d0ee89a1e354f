"""A drawn world in a line: rosters, a frame with a registered seed, an adopted draw, finished visits."""

from datetime import date

import sqlalchemy as sa

from actions import sample
from actions.transaction import transaction
from models.database import Database
from models.household_check import CheckLayer, CheckLine, CheckStatus, HouseholdCheck, HouseholdCheckEvent, Verdict
from models.household_check import VisitOutcome as Outcome
from models.roster import Household, HouseholdMember
from models.sample import SampledHousehold, SampledVillage
from tests.factories import World
from tests.rosters import Roster, add_roster

SEED = "20220620-08-17-23-31-04-12"
SOURCE = "2022年7月5日体彩排列五开奖号码"
SIZES = {"甲一村": 12, "甲二村": 7, "甲三村": 5, "乙一村": 10, "乙二村": 4, "乙三村": 3, "丙一村": 6, "丙二村": 11}
"""甲四村 has no households and is in the frame all the same."""


def frozen(world: World) -> Roster:
    """Rosters in and the frame frozen with its seed's source."""
    roster = add_roster(world, SIZES)
    sample.freeze(world.caller("office"), world.campaign_id, SOURCE)
    world.later(days=1)
    return roster


def adopted(world: World) -> int:
    """The id of an adopted draw of the small world."""
    frozen(world)
    sample_id = sample.draw(world.caller("office"), world.campaign_id, SEED)
    sample.adopt(world.caller("office"), sample_id)
    return sample_id


def villages(sample_id: int) -> list[SampledVillage]:
    """The stored villages in the order they were written."""
    with Database.readers() as session:
        asked = sa.select(SampledVillage).where(SampledVillage.sample_id == sample_id).order_by(SampledVillage.id)
        return list(session.scalars(asked))


def households(sample_id: int) -> list[SampledHousehold]:
    """The stored households in the order they were written."""
    with Database.readers() as session:
        asked = sa.select(SampledHousehold).where(SampledHousehold.sample_id == sample_id)
        return list(session.scalars(asked.order_by(SampledHousehold.id)))


def visit(
    world: World,
    household_id: int,
    outcome: Outcome = Outcome.VISITED,
    layer: CheckLayer = CheckLayer.INSPECTION,
    verdict: Verdict = Verdict.MATCHES,
) -> int:
    """A form handed in with one line for each member, straight into the record; its id."""
    with transaction(world.caller("inspector")) as tx:
        home = tx.session.get_one(Household, household_id)
        members = list(
            tx.session.scalars(sa.select(HouseholdMember.id).where(HouseholdMember.household_id == household_id))
        )
        check = HouseholdCheck(
            campaign_id=home.campaign_id, household_id=home.id, village_id=home.village_id, town_id=home.town_id,
            reporting_unit_id=home.reporting_unit_id, layer=layer, status=CheckStatus.SUBMITTED, outcome=outcome,
            visited_on=tx.today, submission=1, opened_by_id=tx.person_id, opened_at=tx.now,
        )  # fmt: skip
        tx.session.add(check)
        tx.session.flush()
        _event(tx.session, check, 1, "submit", CheckStatus.SUBMITTED, outcome, tx.person_id, tx.now)
        for member_id in members:
            tx.session.add(
                CheckLine(
                    check_id=check.id, submission=1, member_id=member_id, item_code="S01", year=2021,
                    listed_cents=10_000, received_cents=10_000, verdict=verdict, recorded_at=tx.now,
                )
            )  # fmt: skip
        tx.record("check.fill", f"household_check:{check.id}")
    return check.id


def give_back(world: World, check_id: int) -> None:
    """The office returns a form that was handed in."""
    with transaction(world.caller("office")) as tx:
        check = tx.session.get_one(HouseholdCheck, check_id)
        check.status = CheckStatus.RETURNED
        _event(tx.session, check, 2, "return", CheckStatus.RETURNED, check.outcome, tx.person_id, tx.now)
        tx.record("check.return", f"household_check:{check.id}")


def _event(
    session: object, check: HouseholdCheck, position: int, verb: str, status: CheckStatus, outcome: Outcome | None,
    person_id: int, now: object,
) -> None:  # fmt: skip
    session.add(  # type: ignore[attr-defined]
        HouseholdCheckEvent(
            check_id=check.id, position=position, verb=verb, status=status, outcome=outcome, submission=1, persons=2,
            person_id=person_id, recorded_at=now,
        )
    )  # fmt: skip


def day(world: World) -> date:
    """The world's local date."""
    return world.terminal().today
