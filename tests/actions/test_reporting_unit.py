"""Who reports for a town or village is dated, and does not change hands in the middle of a campaign."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions.reporting_unit import count_for, create_reporting_unit
from models.campaign import Campaign, CampaignState
from models.database import Database
from models.local_time import local_day
from models.refusal import Refused
from queries.audit import verify
from queries.coverage import village_coverage
from queries.reading import reading
from queries.region import reporting_unit_by_village
from tests.actions.test_region_change import WHY, seen
from tests.factories import World
from tests.rosters import add_roster
from tests.samples import adopted

TOWN, VILLAGE = "421381902000", "421381901201"
JULY, AUGUST = date(2022, 7, 4), date(2022, 8, 1)


def unit_of(world: World, village: str, day: date) -> int | None:
    with reading() as session:
        return reporting_unit_by_village(session, day).get(world.regions[village])


def zone(world: World) -> int:
    return create_reporting_unit(world.caller("admin"), "zgx", "高新区")


def set_state(world: World, state: CampaignState) -> None:
    with Database.writers() as session:
        session.execute(sa.update(Campaign).values(state=state))
        session.commit()


def test_a_town_counts_for_a_zone_from_a_day_on_and_for_its_county_before(both_worlds: World) -> None:
    world = both_worlds
    number = zone(world)
    count_for(world.caller("admin"), TOWN, "ZGX", AUGUST, WHY)
    county = world.reporting_units["甲县"]
    assert [unit_of(world, "乙一村", d) for d in (AUGUST - timedelta(days=1), AUGUST)] == [county, number]
    assert verify().ok


def test_one_village_of_a_town_may_count_apart_and_go_back(world: World) -> None:
    number = zone(world)
    count_for(world.caller("admin"), VILLAGE, "ZGX", JULY, WHY)
    assert (unit_of(world, "甲一村", JULY), unit_of(world, "甲二村", JULY)) == (number, world.reporting_units["甲县"])
    count_for(world.caller("admin"), VILLAGE, "421381", AUGUST, "托管结束")
    assert unit_of(world, "甲一村", AUGUST) == world.reporting_units["甲县"]
    assert unit_of(world, "甲一村", date(2022, 7, 31)) == number


@pytest.mark.parametrize(
    ("code", "name", "letters", "sentence"),
    [
        ("高新", "高新区", "", "代号用字母开头"),
        ("ZGX", "甲县", "", "没有重复登记"),
        ("ZGX", "高新区", "JX", "已被另一个"),
        ("ZGX", "", "", "请填写填报单位名称"),
    ],
)
def test_a_zone_that_cannot_be_is_refused(world: World, code: str, name: str, letters: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        create_reporting_unit(world.caller("admin"), code, name, letters)


@pytest.mark.parametrize(
    ("region", "unit", "day", "sentence"),
    [
        (TOWN, "421381", AUGUST, "没有需要更改"),
        (TOWN, "NOBODY", AUGUST, "没有编号为"),
        (TOWN, "ZGX", date(2022, 7, 3), "须是今天或以后"),
        ("421381000000", "ZGX", AUGUST, "县随它自己填报"),
    ],
)
def test_what_cannot_count_there_is_said(world: World, region: str, unit: str, day: date, sentence: str) -> None:
    zone(world)
    with pytest.raises(Refused, match=sentence):
        count_for(world.caller("admin"), region, unit, day, WHY)


def test_two_changes_do_not_overlap(world: World) -> None:
    zone(world)
    count_for(world.caller("admin"), TOWN, "ZGX", AUGUST, WHY)
    with pytest.raises(Refused, match="已经登记，请选更晚"):
        count_for(world.caller("admin"), TOWN, "421382", JULY, WHY)


def test_a_campaign_under_way_keeps_its_units(both_worlds: World) -> None:
    zone(both_worlds)
    add_roster(both_worlds, {"乙一村": 3})
    for region in (TOWN, "421381902201"):
        with pytest.raises(Refused, match="中途不能改归"):
            count_for(both_worlds.caller("admin"), region, "ZGX", AUGUST, WHY)


def test_figures_of_a_concluded_campaign_stay_with_the_unit_of_their_time(world: World) -> None:
    zone(world)
    adopted(world)
    set_state(world, CampaignState.CONCLUDED)
    before = village_coverage(seen(world, "office"), world.campaign_id, local_day(world.now))
    count_for(world.caller("admin"), TOWN, "ZGX", local_day(world.now), WHY)
    world.later(days=40)
    after = village_coverage(seen(world, "office"), world.campaign_id, local_day(world.now))
    assert [(t.town_code, t.reporting_unit) for t in after.towns] == [
        (t.town_code, t.reporting_unit) for t in before.towns
    ]
