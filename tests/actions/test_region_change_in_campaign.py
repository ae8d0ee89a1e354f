"""A village renamed or merged while a campaign runs: registers, frames and draws of before and after."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import sample
from actions.issue import raise_issue
from actions.payment import PaymentOptions, import_payments
from actions.region_change import merge_village, rename_region
from actions.roster import import_roster
from models.database import Database
from models.household_check import CheckLine, HouseholdCheck, Verdict
from models.refusal import Refused
from models.roster import Household, HouseholdMember
from models.sample import SampleFrame
from queries.coverage import village_coverage
from queries.payment import payment_rows
from queries.sample_check import verify_draw
from tests.actions.test_region_change import A1, A2, WHY, seen, village_of
from tests.factories import World
from tests.register_files import EIGHT_PAYMENTS_CENTS, FOUR_HOUSEHOLDS, changed, payment_file, roster_file
from tests.samples import adopted, frozen, visit

AUGUST = date(2022, 8, 1)


def lives_in(number: int) -> list[str]:
    """Codes of the households with somebody in force, of one village."""
    with Database.readers() as session:
        return list(
            session.scalars(
                sa.select(Household.code)
                .join(HouseholdMember, HouseholdMember.household_id == Household.id)
                .where(Household.village_id == number, HouseholdMember.superseded_by_id.is_(None))
                .distinct()
            )
        )


def test_a_frozen_frame_and_its_draw_do_not_move(both_worlds: World) -> None:
    world = both_worlds
    sample_id = adopted(world)
    before = village_coverage(seen(world, "office"), world.campaign_id, world.now.date())
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    rename_region(world.caller("admin"), A1, "新一村", AUGUST, WHY)
    after = village_coverage(seen(world, "office"), world.campaign_id, AUGUST)
    assert after.overall == before.overall
    assert verify_draw(sample_id).ok


def test_drawn_households_are_visited_as_listed_and_what_is_found_goes_to_the_survivor(both_worlds: World) -> None:
    world = both_worlds
    roster = frozen(world)
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    check_id = visit(world, roster.households[roster.in_village(A2)[0]], verdict=Verdict.NOT_RECEIVED)
    with Database.readers() as session:
        check = session.get_one(HouseholdCheck, check_id)
        line_id = session.scalars(sa.select(CheckLine.id).where(CheckLine.check_id == check_id)).first()
        assert check.village_id == world.regions["甲二村"]
    finding = world.finding(region_id=check.village_id, check_line_id=line_id)
    issue_id = raise_issue(world.caller("inspector"), finding)
    assert village_of(issue_id) == world.regions["甲一村"]


def test_a_new_frame_does_not_lose_the_households_of_a_merged_village(world: World) -> None:
    frozen(world)
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    with pytest.raises(Refused, match="甲二村已并入甲一村，名册里还有 7 户列在甲二村"):
        sample.freeze(world.caller("office"), world.campaign_id, "8月2日开奖号码")


def test_a_roster_of_after_names_the_survivor_and_takes_the_households_along(
    both_worlds: World, tmp_path: Path
) -> None:
    world = both_worlds
    office, campaign = world.caller("office"), world.campaign_id
    path = roster_file(tmp_path / "名册.xlsx")
    import_roster(office, campaign, path, path.name)
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    result = import_roster(world.caller("office"), campaign, path, path.name)
    assert (result.faulty, "已于 2022-08-01 并入甲一村" in result.faults[0].message) == (2, True)
    moved = changed(changed(list(FOUR_HOUSEHOLDS), 4, village="甲一村"), 5, village="甲一村")
    again = roster_file(tmp_path / "并村后.xlsx", moved)
    assert import_roster(world.caller("office"), campaign, again, again.name).faulty == 0
    assert lives_in(world.regions["甲二村"]) == []
    sample.freeze(world.caller("office"), campaign, "8月2日开奖号码")
    with Database.readers() as session:
        (codes,) = session.scalars(sa.select(SampleFrame.village_codes))
    assert A2 not in codes and A1 in codes


def test_a_register_of_earlier_years_still_names_the_merged_village(both_worlds: World, tmp_path: Path) -> None:
    world = both_worlds
    merge_village(world.caller("admin"), A2, A1, date(2022, 7, 4), WHY)
    world.later(days=1)
    path = payment_file(tmp_path / "发放.xlsx")
    result = import_payments(
        world.caller("office"), world.campaign_id, path, path.name, PaymentOptions(EIGHT_PAYMENTS_CENTS)
    )
    assert (result.taken, result.faulty) == (8, 0)
    rows = list(payment_rows(seen(world, "office"), world.campaign_id, AUGUST))
    assert sum(row.village == "甲二村" for row in rows) == 2


def test_a_file_that_writes_a_former_name_is_understood(world: World, tmp_path: Path) -> None:
    rename_region(world.caller("admin"), A1, "新一村", date(2022, 7, 4), WHY)
    rename_region(world.caller("admin"), "421381901000", "新一镇", date(2022, 7, 4), WHY)
    path = roster_file(tmp_path / "名册.xlsx")
    result = import_roster(world.caller("office"), world.campaign_id, path, path.name)
    assert (result.taken, result.faulty) == (8, 0)
