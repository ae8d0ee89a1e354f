"""One problem in several villages: each with its unit and day, crossed off one by one, 销号 asked for when all are."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from actions import closure, issue, rectification
from actions.evidence import add_evidence
from actions.issue_place import add_places, drop_places, hand_places
from actions.ledger_export import export_ledger
from actions.region_change import merge_village
from actions.transaction import transaction
from actions.unit import dissolve_unit
from files.export_level import ExportLevel
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_place import IssuePlace
from models.issue_word import IssueStatus, VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from models.unit import Person
from queries.audit import verify
from queries.figures import figures
from queries.issue import IssuePage, issue_page
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.today import waiting_for
from queries.viewer import Viewer, viewer_of_user
from tests.actions.test_evidence import photo
from tests.actions.test_issue import OFFENCE, events, stored
from tests.actions.test_ledger_export import rows_of
from tests.factories import World

REASON = "入户核对后更正。"
DONE = "已补发到户，逐户签字。"


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world._today())
    assert found is not None
    return found


def page(world: World, issue_id: int, by: str = "office") -> IssuePage:
    return issue_page(viewer(world, by), issue_id, world._today())


def three(world: World, **changes: object) -> tuple[int, list[int]]:
    """A problem of 甲一村, 甲二村 and 甲三村 that 示例一镇财政所 rectifies; its id and those of its places."""
    villages = tuple(world.regions[name] for name in ("甲二村", "甲三村"))
    issue_id = world.rectifying(also_in=villages, **changes)
    return issue_id, places(issue_id)


def places(issue_id: int) -> list[int]:
    with reading() as session:
        query = sa.select(IssuePlace.id).where(IssuePlace.issue_id == issue_id, IssuePlace.ended_at.is_(None))
        return list(session.scalars(query.order_by(IssuePlace.position)))


def done(world: World, issue_id: int) -> list[str]:
    return [place.name for place in page(world, issue_id).places if place.is_done]


def report(world: World, issue_id: int, *place_ids: int, by: str = "unit") -> None:
    rectification.report(world.caller(by), issue_id, DONE, place_ids=place_ids)


def ask(world: World, issue_id: int) -> None:
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())


def hand(world: World, issue_id: int, *place_ids: int, unit: str = "示例二镇财政所", due: date | None = None) -> None:
    hand_places(world.caller("office"), issue_id, place_ids, world.units[unit], due, REASON)


def test_asking_waits_for_all_places_and_names_the_missing_ones(both_worlds: World) -> None:
    world = both_worlds
    issue_id, (first, second, third) = three(world)
    hand(world, issue_id, second)
    report(world, issue_id, first)
    with pytest.raises(Refused, match="还有地点没有完成：甲二村、甲三村。"):
        ask(world, issue_id)
    report(world, issue_id, second, by="other_unit")
    report(world, issue_id, third)
    ask(world, issue_id)
    assert stored(issue_id).status is IssueStatus.ACCEPTANCE
    assert verify(files=False).findings == ()


def test_the_unit_of_a_place_crosses_off_its_own_and_asks_nothing_for_the_whole(world: World) -> None:
    issue_id, (first, second, _) = three(world)
    with pytest.raises(NotFoundOrNotYours):
        report(world, issue_id, second, by="other_unit")
    hand(world, issue_id, second)
    with pytest.raises(Refused, match="甲一村不是由贵单位整改的"):
        report(world, issue_id, first, by="other_unit")
    report(world, issue_id, second, by="other_unit")
    with pytest.raises(Refused, match="只有责任单位可以申请销号"):
        rectification.request(world.caller("other_unit"), issue_id, world.closure_request())
    assert stored(issue_id).progress == f"甲二村已完成：{DONE}"


def test_whoever_crossed_a_place_off_or_works_in_its_unit_accepts_nothing(world: World) -> None:
    issue_id, (first, second, third) = three(world)
    hand(world, issue_id, second, unit="县检查专班抽调组")
    report(world, issue_id, first, second, third)
    ask(world, issue_id)
    with pytest.raises(Refused):
        closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实。")
    closure.accept(world.caller("office"), issue_id, VerifiedHow.ON_SITE, "入户核实。")


def test_a_released_offence_is_hidden_again_when_a_place_goes_to_a_unit_that_was_not_told(world: World) -> None:
    issue_id, (_, second, _) = three(world, **OFFENCE)
    assert page(world, issue_id, "unit").places
    hand(world, issue_id, second)
    for name in ("unit", "other_unit"):
        with pytest.raises(NotFoundOrNotYours):
            page(world, issue_id, name)


def test_what_looking_back_finds_undone_is_open_again_and_the_rest_stays_done(world: World) -> None:
    issue_id, (first, second, third) = three(world)
    report(world, issue_id, first, second, third)
    ask(world, issue_id)
    closure.return_to_unit(world.caller("inspector"), issue_id, "甲三村两户没有收到，请补齐。", place_ids=[third])
    assert done(world, issue_id) == ["甲一村", "甲二村"]
    report(world, issue_id, third)
    ask(world, issue_id)
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), issue_id)
    back = closure.Reopening("甲二村三户反弹。", "回头看发现。", DeadlineRule.workdays(10), place_ids=(second,))
    closure.reopen(world.caller("leader"), issue_id, back)
    assert done(world, issue_id) == ["甲一村", "甲三村"]
    assert "甲二村重新整改" in page(world, issue_id).history[0].done


def test_put_right_on_the_spot_it_is_done_everywhere_and_given_back_nowhere(world: World) -> None:
    issue_id = world.registered(also_in=(world.regions["甲二村"],))
    world.evidence(issue_id, by="inspector")
    rectification.fix_on_spot(
        world.caller("inspector"), issue_id, rectification.SpotFix("当场补发到户。", 0, 320_000, "回单1")
    )
    assert len(done(world, issue_id)) == 2
    closure.return_to_unit(world.caller("inspector2"), issue_id, "甲二村没有签字，请补齐。")
    assert done(world, issue_id) == []


# --- listed, left out, handed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("also_in", "sentence"),
    [
        (("甲二村", "甲二村"), "甲二村已在地点里"),
        (("甲一村",), "甲一村已在地点里"),
        (("丙一村",), "丙一村不在本件所在的县区"),
        (("示例一镇",), "甲一村所在的镇已整个列入"),
    ],
)
def test_a_place_is_listed_once_and_in_the_problems_own_county(
    world: World, also_in: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        world.draft(by="office", also_in=tuple(world.regions[name] for name in also_in))


def test_a_merged_village_is_its_survivor_and_not_listed_beside_it(world: World) -> None:
    merge_village(world.terminal(), "421381901203", "421381901202", world._today(), "合村并组")
    with pytest.raises(Refused, match="甲二村已在地点里"):
        world.draft(also_in=(world.regions["甲二村"], world.regions["甲三村"]))
    issue_id = world.registered(also_in=(world.regions["甲三村"],))
    assert [place.name for place in page(world, issue_id).places] == ["甲一村", "甲二村"]


def test_a_problem_of_one_village_gets_a_second_place_later_and_loses_it_again(world: World) -> None:
    issue_id = world.rectifying()
    with pytest.raises(Refused, match="请选择要增加的村或单位"):
        add_places(world.caller("office"), issue_id, [], [], REASON)
    add_places(world.caller("office"), issue_id, [world.regions["甲四村"]], [world.units["示例二镇财政所"]], REASON)
    assert [place.name for place in page(world, issue_id).places] == ["甲一村", "甲四村", "示例二镇财政所"]
    assert page(world, issue_id).history[0].done == "更正地点，增加甲一村、甲四村、示例二镇财政所"
    drop_places(world.caller("office"), issue_id, places(issue_id)[1:2], REASON)
    assert [place.name for place in page(world, issue_id).places] == ["甲一村", "示例二镇财政所"]
    for name in ("inspector", "unit"):
        with pytest.raises(Refused):
            add_places(world.caller(name), issue_id, [world.regions["甲二村"]], [], REASON)


def test_what_is_done_and_where_it_was_registered_cannot_be_left_out(world: World) -> None:
    issue_id, (first, second, _) = three(world)
    report(world, issue_id, second)
    for place, sentence in ((first, "甲一村是本件登记的地点"), (second, "甲二村已经完成")):
        with pytest.raises(Refused, match=sentence):
            drop_places(world.caller("office"), issue_id, [place], REASON)


def test_a_places_own_day_lies_before_the_deadline(world: World) -> None:
    issue_id, (first, _, _) = three(world)
    deadline = stored(issue_id).deadline
    assert deadline is not None
    with pytest.raises(Refused, match="不能晚于本件时限"):
        hand(world, issue_id, first, due=deadline + timedelta(days=1))
    with pytest.raises(Refused, match="已经过去"):
        hand(world, issue_id, first, due=world._today() - timedelta(days=1))
    hand(world, issue_id, first, due=world._today() + timedelta(days=2))
    world.later(days=5)
    lights = [place.light.text for place in page(world, issue_id).places if place.light]
    assert lights[0] == "超期 3 天" and lights[1].startswith("剩")
    with pytest.raises(Refused, match="请从本件的地点中选择"):
        hand(world, issue_id, 9_999)


def test_a_units_end_in_the_middle_waits_for_the_office(world: World) -> None:
    issue_id, (_, second, _) = three(world)
    hand(world, issue_id, second)
    dissolve_unit(world.terminal(), "U005", world._today(), None, "机构改革")
    assert "撤销" in page(world, issue_id).places[1].gone
    waiting = waiting_for(viewer(world, "office"), world.campaign_id, world._today())
    assert [row.detail for row in waiting.rows if row.id == issue_id] == [
        "甲县 示例一镇 甲一村 · 有地点的责任单位已撤销，须指定新的"
    ]
    with pytest.raises(Refused, match="仍在运行的责任单位"):
        hand(world, issue_id, second)


def test_after_asking_the_places_stay_as_they_are(world: World) -> None:
    issue_id, all_three = three(world)
    report(world, issue_id, *all_three)
    ask(world, issue_id)
    with pytest.raises(Refused, match="已经申请销号，地点不能再改"):
        drop_places(world.caller("office"), issue_id, all_three[2:], REASON)


def test_three_hundred_villages_are_one_problem(world: World) -> None:
    with transaction(world.terminal()) as tx:
        town = tx.session.get_one(Region, world.regions["示例一镇"])
        some = tx.session.get_one(Region, world.regions["甲一村"])
        for number in range(300):
            code = f"421381901{500 + number}"
            tx.session.add(
                Region(code=code, name=f"新{number}村", short_name=f"新{number}村", level=some.level, kind=some.kind,
                       parent_id=town.id, path=f"{town.path}{code}/", valid_from=some.valid_from)
            )  # fmt: skip
        tx.record("test.villages", "campaign:1")
    with reading() as session:
        new = session.scalars(sa.select(Region.id).where(Region.name.like("新%"))).all()
    issue_id = world.rectifying(also_in=tuple(new))
    report(world, issue_id, *places(issue_id)[:300])
    with pytest.raises(Refused, match="还有地点没有完成：新299村。"):
        ask(world, issue_id)
    assert (stored(issue_id).progress or "").startswith("甲一村、新0村、")
    assert "等 300 处已完成" in (stored(issue_id).progress or "")


# --- seen and counted ------------------------------------------------------------------------------------------------


def test_each_village_counts_it_once_and_the_town_once_in_all(both_worlds: World) -> None:
    world = both_worlds
    issue_id, (_, second, _) = three(world)
    codes = {"421381901201": 1, "421381901202": 1, "421381901204": 0, "421381901000": 1, "421381000000": 1}

    def counted() -> dict[str, object]:
        asked = viewer(world, "leader")
        return {
            code: figures(asked, world.campaign_id, world._today(), code, as_of=day)["issues_total"].value
            for code in codes
        }

    day = world._today()
    assert counted() == codes
    world.later(days=1)
    drop_places(world.caller("office"), issue_id, [second], REASON)
    assert counted() == codes, "as of yesterday nothing changed"
    day = world._today()
    assert counted() == codes | {"421381901202": 0}


def test_the_ledger_finds_it_by_each_village_and_says_how_many_are_done(world: World, tmp_path: Path) -> None:
    issue_id, (first, _, _) = three(world)
    report(world, issue_id, first)
    found = ledger_page(viewer(world, "office"), world.campaign_id, LedgerFilter(search="甲三村"), world._today())
    assert [(row.id, row.places) for row in found.rows] == [(issue_id, "1/3")]
    file = tmp_path / "ledger.xlsx"
    export_ledger(world.caller("office"), world.campaign_id, LedgerFilter(), ExportLevel.UNIT, "", file)
    assert [row["村"] for row in rows_of(file)] == ["甲一村等3村（已完成1）"]


def test_the_unit_of_a_place_finds_it_among_its_work_until_it_is_done(world: World) -> None:
    issue_id, (_, second, _) = three(world)
    hand(world, issue_id, second)
    rows = waiting_for(viewer(world, "other_unit"), world.campaign_id, world._today()).rows
    assert [(row.id, row.words) for row in rows] == [(issue_id, "填报进展")]
    report(world, issue_id, second, by="other_unit")
    assert waiting_for(viewer(world, "other_unit"), world.campaign_id, world._today()).rows == ()


def test_an_inspector_of_a_places_village_does_not_see_the_problem(world: World) -> None:
    issue_id, _ = three(world)
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Person, world.people["inspector2"]).home_village_id = world.regions["甲三村"]
        tx.record("test.home", "person:1")
    with pytest.raises(NotFoundOrNotYours):
        page(world, issue_id, "inspector2")
    assert page(world, issue_id, "inspector").places


def test_the_unit_of_a_place_proves_its_own_place_only(world: World) -> None:
    issue_id, (first, second, _) = three(world)
    hand(world, issue_id, second)
    how = {"kind": EvidenceKind.BANK_SLIP, "purpose": EvidencePurpose.RECTIFICATION, "issue_id": issue_id}
    for place in (None, first):
        with pytest.raises(Refused, match="请选择贵单位整改的地点"):
            add_evidence(world.caller("other_unit"), data=photo(), place_id=place, **how)
    add_evidence(world.caller("other_unit"), data=photo(), place_id=second, **how)
    assert [place.evidence for place in page(world, issue_id).places] == [0, 1, 0]


def test_every_change_of_places_is_one_event_of_the_problem(world: World) -> None:
    issue_id, (_, second, third) = three(world)
    hand(world, issue_id, second, due=world._today())
    report(world, issue_id, third)
    issue.correct(world.caller("office"), issue_id, "remark", "备注", REASON)
    assert [(e.verb, e.detail.get("places")) for e in events(issue_id)[-3:]] == [
        ("correct", ["甲二村"]), ("report", ["甲三村"]), ("correct", None),
    ]  # fmt: skip
