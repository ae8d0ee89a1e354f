"""Places change by their day: what was before keeps its name and its village, what comes goes to the survivor."""

from datetime import date

import pytest
import sqlalchemy as sa

from actions.grant import propose_grant
from actions.issue import raise_issue
from actions.region_change import add_region, merge_village, rename_region
from actions.transaction import transaction
from models.issue_record import Issue
from models.local_time import local_day
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region, RegionLevel
from models.role import Role
from models.unit import Person
from queries.audit import verify
from queries.finding import places_for
from queries.issue import issue_page
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.region import villages_in
from queries.region_history import changes
from queries.viewer import Viewer, viewer_named
from tests.factories import World

A1, A2, A3, TOWN = "421381901201", "421381901202", "421381901203", "421381901000"
JULY, AUGUST = date(2022, 7, 4), date(2022, 8, 1)
WHY = "县民政局批复"


def seen(world: World, name: str) -> Viewer:
    with reading() as session:
        viewer = viewer_named(session, name, local_day(world.now))
    assert viewer is not None
    return viewer


def village_of(issue_id: int) -> int | None:
    with reading() as session:
        return session.scalars(sa.select(Issue.village_id).where(Issue.id == issue_id)).one()


def ledger_villages(world: World) -> list[str]:
    page = ledger_page(seen(world, "office"), world.campaign_id, LedgerFilter(), local_day(world.now))
    return [row.village for row in page.rows]


# --- a new place, a new name --------------------------------------------------------------------------------------


def test_a_village_is_set_up_by_hand_below_its_town(both_worlds: World) -> None:
    add_region(both_worlds.caller("admin"), TOWN, "421381901299", "甲九村", JULY, kind="村委会")
    with reading() as session:
        found = session.scalars(sa.select(Region).where(Region.code == "421381901299")).one()
    assert (found.level, found.path[-26:]) == (RegionLevel.VILLAGE, "421381901000/421381901299/")
    assert verify().ok


def test_a_county_set_up_by_hand_reports_for_itself(world: World) -> None:
    add_region(world.caller("admin"), "421300000000", "421383000000", "丙县", JULY, letters="bx")
    add_region(world.caller("admin"), "421383000000", "421383901000", "示例四镇", JULY)
    assert any(row.name == "丙县 示例四镇" for row in places_for(seen(world, "office"), JULY))


@pytest.mark.parametrize(
    ("parent", "code", "name", "letters", "sentence"),
    [
        (TOWN, "42138190129", "甲九村", "", "12 位数字"),
        (TOWN, A1, "甲九村", "", "已是甲一村"),
        (TOWN, "421381901299", "甲一村", "", "已有“甲一村”"),
        (A1, "421381901299", "甲九村", "", "下面不再设"),
        ("421300000000", "421383000000", "丙县", "JX", "已被另一个"),
        ("421300000000", "421383000000", "丙县", "", "编号字母用"),
        (None, "421400000000", "又一市", "", "已经有市"),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    world: World, parent: str | None, code: str, name: str, letters: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        add_region(world.caller("admin"), parent, code, name, JULY, letters=letters)


def test_only_admin_and_the_terminal_change_places(world: World) -> None:
    for name in ("office", "leader", "security", "inspector", "unit"):
        with pytest.raises(Refused, match="管理区划"):
            rename_region(world.caller(name), A1, "新一村", JULY, WHY)


def test_the_ledger_keeps_the_name_of_the_day(both_worlds: World) -> None:
    world = both_worlds
    before = world.registered()
    rename_region(world.on(AUGUST).caller("admin"), A1, "新一村", AUGUST, WHY)
    after = world.registered()
    assert sorted(ledger_villages(world)) == sorted(["甲一村", "新一村"])
    office, day = seen(world, "office"), local_day(world.now)
    assert issue_page(office, before, day).found.place == "甲县 示例一镇 甲一村"
    assert issue_page(office, after, day).found.place == "甲县 示例一镇 新一村"
    assert verify().ok


def test_two_renames_leave_each_problem_its_own_name(world: World) -> None:
    world.registered()
    rename_region(world.on(AUGUST).caller("admin"), A1, "新一村", AUGUST, WHY)
    world.registered()
    rename_region(world.on(date(2022, 9, 1)).caller("admin"), A1, "又一村", date(2022, 9, 1), WHY)
    world.registered()
    assert sorted(ledger_villages(world)) == sorted(["甲一村", "新一村", "又一村"])


@pytest.mark.parametrize(
    ("name", "day", "why", "sentence"),
    [
        ("新一村", date(2022, 7, 5), WHY, "还没有到"),
        ("新一村", date(2019, 1, 1), WHY, "不能早于"),
        ("甲一村", JULY, WHY, "没有需要更改"),
        ("甲二村", JULY, WHY, "已有“甲二村”"),
        ("", JULY, WHY, "请填写新名称"),
        ("新一村", JULY, "", "请填写更名依据"),
    ],
)
def test_a_name_that_cannot_be_is_refused(world: World, name: str, day: date, why: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        rename_region(world.caller("admin"), A1, name, day, why)


# --- merging ------------------------------------------------------------------------------------------------------


def test_problems_of_before_stay_and_new_ones_go_to_the_survivor(both_worlds: World) -> None:
    world = both_worlds
    before = world.registered(region_id=world.regions["甲二村"])
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    after = world.registered(region_id=world.regions["甲二村"])
    assert (village_of(before), village_of(after)) == (world.regions["甲二村"], world.regions["甲一村"])
    assert verify().ok


def test_an_open_problem_of_a_merged_village_is_seen_through_to_the_end(world: World) -> None:
    issue_id = world.in_approval(region_id=world.regions["甲二村"])
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    from actions.closure import approve

    approve(world.caller("office2"), issue_id)
    assert village_of(issue_id) == world.regions["甲二村"]


def test_a_merged_village_is_there_until_its_last_day_and_offered_no_more(world: World) -> None:
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    with reading() as session:
        assert A2 in {v.code for v in villages_in(session, date(2022, 7, 31))}
        assert A2 not in {v.code for v in villages_in(session, AUGUST)}
    assert not any(row.name.endswith("甲二村") for row in places_for(seen(world, "office"), AUGUST))


def test_merged_on_and_on_new_things_go_to_the_last(world: World) -> None:
    merge_village(world.caller("admin"), A2, A1, JULY, WHY)
    merge_village(world.caller("admin"), A1, A3, JULY, WHY)
    assert village_of(world.registered(region_id=world.regions["甲二村"])) == world.regions["甲三村"]


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [((A2, A1), (A2, A3), "再并一次"), ((A2, A1), (A1, A2), "不能再接收"), ((A2, A1), (A1, A1), "它自己")],
    ids=["twice", "in a circle", "into itself"],
)
def test_a_village_is_not_merged_twice_nor_in_a_circle_nor_into_itself(
    both_worlds: World, first: tuple[str, str], then: tuple[str, str], sentence: str
) -> None:
    admin = both_worlds.caller("admin")
    merge_village(admin, *first, JULY, WHY)
    with pytest.raises(Refused, match=sentence):
        merge_village(admin, *then, JULY, WHY)
    assert verify().ok


def test_a_merged_village_gets_no_new_name(world: World) -> None:
    merge_village(world.caller("admin"), A2, A1, JULY, WHY)
    with pytest.raises(Refused, match="不再更名"):
        rename_region(world.caller("admin"), A2, "新二村", JULY, WHY)


def test_nobody_inspects_the_village_their_own_one_was_merged_into(both_worlds: World) -> None:
    world = both_worlds
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Person, world.people["inspector"]).home_village_id = world.regions["甲二村"]
        tx.record("test.home", "person:1")
    old = world.registered(by="inspector2", region_id=world.regions["甲二村"])
    merge_village(world.on(AUGUST).caller("admin"), A2, A1, AUGUST, WHY)
    with pytest.raises(Refused, match="回避"):
        raise_issue(world.caller("inspector"), world.finding(region_id=world.regions["甲一村"]))
    with pytest.raises(NotFoundOrNotYours):
        issue_page(seen(world, "inspector"), old, AUGUST)


def test_nobody_is_granted_a_role_in_a_village_that_is_no_more(world: World) -> None:
    merge_village(world.caller("admin"), A2, A1, JULY, WHY)
    with pytest.raises(Refused, match="请按合并后的村授权"):
        propose_grant(world.caller("admin"), "auditor", Role.AUDITOR, A2)


def test_what_happened_to_a_place_is_read_in_words(world: World) -> None:
    rename_region(world.caller("admin"), A1, "新一村", JULY, WHY)
    merge_village(world.caller("admin"), A2, A1, JULY, "并村方案")
    rows = changes(seen(world, "admin"), world.regions["甲一村"])
    assert [(r.label, r.text, r.reason) for r in rows] == [
        ("接收", "甲二村并入本村", "并村方案"),
        ("更名", "甲一村 → 新一村", WHY),
    ]
    assert changes(seen(world, "inspector"), world.regions["甲一村"]) == ()
