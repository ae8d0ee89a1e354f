"""Units change by their day; what a dissolved one still holds is said, never moved silently."""

from datetime import date

import pytest

from actions.assignment import assign, reassign
from actions.closure import approve
from actions.unit import attach_unit, create_unit, dissolve_unit, rename_unit
from models.issue import Verb
from models.local_time import local_day
from models.refusal import Refused
from models.unit import UnitKind
from queries.audit import verify
from queries.issue import issue_page
from queries.ledger import LedgerFilter, ledger_page
from queries.today import waiting_for
from queries.unit import units_to_hold
from queries.unit_list import dissolution, unit_changes, unit_page
from tests.actions.test_region_change import seen
from tests.factories import World

GONE, OTHER, NEXT = "U004", "U005", "U002"
"""示例一镇财政所, 示例二镇财政所, 县检查专班抽调组."""
AUGUST, WHY = date(2022, 8, 1), "编办文件"


def code_of(world: World, name: str) -> str:
    (row,) = unit_page(seen(world, "admin"), local_day(world.now), name).rows
    return row.code


def test_a_problem_keeps_the_name_under_which_it_was_handed_over(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    rename_unit(world.on(AUGUST).caller("admin"), GONE, "示例一镇财政分局", AUGUST, WHY)
    office, today = seen(world, "office"), local_day(world.now)
    (row,) = ledger_page(office, world.campaign_id, LedgerFilter(), today).rows
    assert row.responsible_unit == "示例一镇财政所"
    assert next(u.name for u in units_to_hold(office, [issue_id], today)) == "示例一镇财政分局"
    assert verify().ok


def test_the_history_names_a_unit_as_it_was_called_then(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    from actions.rectification import report

    report(world.caller("unit"), issue_id, "已核对清册。")
    rename_unit(world.on(AUGUST).caller("admin"), GONE, "示例一镇财政分局", AUGUST, WHY)
    report(world.caller("unit"), issue_id, "已补发八户。")
    page = issue_page(seen(world, "office"), issue_id, AUGUST)
    assert [r.unit for r in page.history if r.verb == Verb.REPORT] == ["示例一镇财政分局", "示例一镇财政所"]


def test_open_problems_of_a_dissolved_unit_stay_and_wait_for_the_office(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    assert dissolution(seen(world, "admin"), world.units["示例一镇财政所"]).open_issues == 1
    dissolve_unit(world.on(AUGUST).caller("admin"), GONE, AUGUST, OTHER, WHY)
    office, today = seen(world, "office"), local_day(world.now)
    page = issue_page(office, issue_id, today)
    assert page.duty.unit_id == world.units["示例一镇财政所"]
    assert "由示例二镇财政所承接。本件没有自动转走，须由办公室改派" in page.duty.dissolved
    (row,) = ledger_page(office, world.campaign_id, LedgerFilter(), today).rows
    assert row.responsible_unit == "示例一镇财政所（已撤销，须改派）"
    assert [(w.id, w.verb) for w in waiting_for(office, world.campaign_id, today).rows] == [(issue_id, Verb.REASSIGN)]
    assert units_to_hold(office, [issue_id], today)[0].name == "示例二镇财政所"
    assert verify().ok


def test_once_reassigned_nobody_is_asked_again(world: World) -> None:
    issue_id = world.rectifying()
    dissolve_unit(world.on(AUGUST).caller("admin"), GONE, AUGUST, OTHER, WHY)
    reassign(world.caller("office"), issue_id, world.units["示例二镇财政所"], "原单位撤销", "李某某", "陈某某")
    assert issue_page(seen(world, "office"), issue_id, AUGUST).duty.dissolved == ""
    assert waiting_for(seen(world, "office"), world.campaign_id, AUGUST).rows == ()


def test_a_request_already_made_is_decided_as_it_is(world: World) -> None:
    issue_id = world.in_approval()
    dissolve_unit(world.on(AUGUST).caller("admin"), GONE, AUGUST, None, WHY)
    assert "退回时须改派" in issue_page(seen(world, "office2"), issue_id, AUGUST).duty.dissolved
    approve(world.caller("office2"), issue_id)
    assert issue_page(seen(world, "office2"), issue_id, AUGUST).duty.dissolved == ""


def test_nothing_new_is_handed_to_a_dissolved_unit(world: World) -> None:
    dissolve_unit(world.on(AUGUST).caller("admin"), GONE, AUGUST, OTHER, WHY)
    issue_id = world.registered()
    with pytest.raises(Refused, match="仍在运行"):
        assign(world.caller("office"), issue_id, world.order())
    assert "示例一镇财政所" not in {u.name for u in units_to_hold(seen(world, "office"), [issue_id], AUGUST)}


@pytest.mark.parametrize(
    ("code", "successor", "day", "sentence"),
    [
        (GONE, GONE, AUGUST, "它自己"),
        (GONE, "NOBODY", AUGUST, "没有编号"),
        (GONE, OTHER, date(2022, 8, 2), "还没有到"),
        ("NOBODY", OTHER, AUGUST, "没有编号"),
    ],
)
def test_a_dissolution_that_cannot_be_is_refused(
    world: World, code: str, successor: str, day: date, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        dissolve_unit(world.on(AUGUST).caller("admin"), code, day, successor, WHY)


def test_a_unit_is_not_dissolved_twice_nor_taken_over_in_a_circle(both_worlds: World) -> None:
    admin = both_worlds.on(AUGUST).caller("admin")
    dissolve_unit(admin, GONE, AUGUST, OTHER, WHY)
    for code, successor in ((GONE, NEXT), (OTHER, GONE)):
        with pytest.raises(Refused, match="没有编号为“U004”的单位"):
            dissolve_unit(admin, code, AUGUST, successor, WHY)


def test_a_unit_put_elsewhere_may_hold_what_lies_there(world: World) -> None:
    issue_id = world.registered()
    far = world.units["示例三镇财政所"]
    assert far not in {u.id for u in units_to_hold(seen(world, "office"), [issue_id], AUGUST)}
    attach_unit(world.caller("admin"), "U006", "421381902000", "421381", "县域调整")
    assert far in {u.id for u in units_to_hold(seen(world, "office"), [issue_id], AUGUST)}
    with pytest.raises(Refused, match="没有改变"):
        attach_unit(world.caller("admin"), "U006", "421381902000", "421381", "县域调整")


def test_a_unit_is_found_by_its_former_name_and_its_changes_are_read_in_words(world: World) -> None:
    rename_unit(world.caller("admin"), GONE, "示例一镇财政分局", local_day(world.now), WHY)
    assert code_of(world, "示例一镇财政所") == GONE
    (change,) = unit_changes(seen(world, "admin"), world.units["示例一镇财政所"])
    assert (change.label, change.text, change.reason) == ("更名", "示例一镇财政所 → 示例一镇财政分局", WHY)


def test_only_admin_and_the_terminal_change_units(world: World) -> None:
    for name in ("office", "leader", "security", "unit"):
        with pytest.raises(Refused, match="管理人员和账号"):
            rename_unit(world.caller(name), GONE, "新名称", local_day(world.now), WHY)
        assert unit_page(seen(world, name), AUGUST).rows == ()


def test_a_taken_name_or_code_is_refused(world: World) -> None:
    admin = world.caller("admin")
    with pytest.raises(Refused, match="没有重复登记"):
        create_unit(admin, GONE, "又一个所", UnitKind.FINANCE_OFFICE)
    with pytest.raises(Refused, match="没有重复登记"):
        rename_unit(admin, GONE, "示例二镇财政所", local_day(world.now), WHY)
