"""共性问题: one cause, one remedy, its problems and what was recorded of it; who may, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions import closure, dismissal
from actions.common_problem import (
    CommonPlan,
    add_problems,
    edit_common_problem,
    finish_common_problem,
    make_common_problem,
    remove_problem,
    take_back_finish,
)
from models.issue_word import DismissalGround
from models.refusal import NotFoundOrNotYours, Refused, Stale
from queries.audit import verify
from queries.common_problem import CommonPage, candidates, common_page, common_problems
from queries.figures import figures
from queries.ledger import LedgerFilter, ledger_page
from queries.ledger_marks import LedgerMark
from queries.repeat import RepeatGround
from tests.factories import World
from tests.queries.test_issue import page as issue_page_of
from tests.queries.test_issue import viewer

DAY = date(2022, 7, 4)
DOCUMENT = "示财发〔2022〕15号"


def plan(world: World, **changes: object) -> CommonPlan:
    base = CommonPlan(
        "机动地承包收入不入账", "村集体机动地没有台账，承包收入由经手人保管。", "全市统一机动地台账，收入三日内入账。",
        world.units["审计局"], date(2022, 9, 30),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def two_problems(world: World) -> list[int]:
    return [world.rectifying(), world.rectifying(region_id=world.regions["甲二村"])]


def grouped(world: World, by: str = "office") -> int:
    return make_common_problem(world.caller(by), world.campaign_id, plan(world), two_problems(world))


def shown(world: World, number: int, by: str = "office", as_of: date | None = None) -> CommonPage:
    return common_page(viewer(world, by), world.campaign_id, number, world.caller(by).today, as_of)


def far_problem(world: World) -> int:
    return world.registered(by="far_office", region_id=world.regions["丙一村"])


def test_it_counts_its_problems_its_money_and_what_is_closed_as_of_a_day(both_worlds: World) -> None:
    world = both_worlds
    closed = world.in_approval()
    number = make_common_problem(
        world.caller("office"), world.campaign_id, plan(world), [closed, world.rectifying(amount_cents=100_000)]
    )
    closure.approve(world.later(days=1).caller("office2"), closed)
    third = world.later(days=1).registered()
    add_problems(world.caller("office"), world.campaign_id, number, [third], "同一原因")
    days = (DAY, DAY + timedelta(days=1), DAY + timedelta(days=2))
    rows = [shown(world, number, as_of=day).row for day in days]
    assert [(row.total, row.closed) for row in rows] == [(2, 0), (2, 1), (3, 1)]
    assert [row.amount_cents for row in rows] == [420_000, 420_000, 740_000]
    asked = figures(viewer(world, "office"), world.campaign_id, world.caller("office").today, names=["issues_common"])
    assert asked["issues_common"].value == 3
    assert verify(files=False).ok


def test_the_remedy_is_done_by_a_document_and_is_overdue_until_then(world: World) -> None:
    number = grouped(world)
    world.on(date(2022, 10, 3))
    assert shown(world, number).row.light.text == "超期 3 天"
    finish_common_problem(
        world.caller("office"), world.campaign_id, number, date(2022, 10, 1), DOCUMENT, "制度已印发。"
    )
    assert (shown(world, number).row.light.text, shown(world, number).row.document_number) == ("已完成", DOCUMENT)
    assert shown(world, number, as_of=date(2022, 10, 2)).row.done_on is None
    take_back_finish(world.caller("office"), world.campaign_id, number, "文件没有印发，登记错了。")
    assert shown(world, number).row.done_on is None


def test_a_unit_sees_its_own_problem_and_of_the_others_their_number(world: World) -> None:
    own = world.rectifying()
    others = [world.registered(region_id=world.regions["乙一村"]) for _ in range(2)]
    number = make_common_problem(world.caller("office"), world.campaign_id, plan(world), [own, *others])
    found = shown(world, number, "unit")
    assert ([m.issue_id for m in found.members], found.row.total, found.row.elsewhere) == ([own], 3, 2)
    assert all("JX-0002" not in step.what for step in found.steps)
    assert common_problems(viewer(world, "far_unit"), world.campaign_id, world.caller("unit").today) == ()
    with pytest.raises(NotFoundOrNotYours):
        shown(world, number, "far_unit")


def test_the_unit_that_owes_the_remedy_knows_of_it_without_its_problems(world: World) -> None:
    leading = plan(world, owner_unit_id=world.units["示例二镇财政所"])
    number = make_common_problem(world.caller("office"), world.campaign_id, leading, two_problems(world))
    found = shown(world, number, "other_unit")
    assert (found.members, found.row.elsewhere, found.row.remedy) == ((), 2, leading.remedy)


def test_problems_of_two_counties_are_for_the_office_of_all_regions(world: World) -> None:
    here, there = world.rectifying(), far_problem(world)
    with pytest.raises(NotFoundOrNotYours):
        make_common_problem(world.caller("far_office"), world.campaign_id, plan(world), [here, there])
    number = make_common_problem(world.caller("office"), world.campaign_id, plan(world), [here, there])
    with pytest.raises(Refused, match="1 件不在您的权限范围内"):
        add_problems(world.caller("far_office"), world.campaign_id, number, [far_problem(world)])


def test_the_problems_page_names_it_and_its_cause_makes_a_repeat(world: World) -> None:
    first = world.rectifying()
    world.later(days=1)
    later = world.registered(type_code="P106", region_id=world.regions["乙一村"], to_pay_cents=0)
    make_common_problem(world.caller("office"), world.campaign_id, plan(world), [first, later])
    found = issue_page_of(world, later)
    assert found.common == (1, plan(world).title)
    assert [row.grounds for row in found.repeats.rows] == [(RepeatGround.CAUSE,)]
    marked = LedgerFilter(marks=(LedgerMark.COMMON,))
    assert ledger_page(viewer(world, "office"), world.campaign_id, marked, world.caller("office").today).total == 2


def test_the_same_type_in_three_villages_is_offered_until_it_is_grouped(world: World) -> None:
    ids = [world.registered(region_id=world.regions[v]) for v in ("甲一村", "甲二村", "甲三村")]
    today = world.caller("office").today
    (offered,) = candidates(viewer(world, "office"), world.campaign_id, today)
    assert (offered.type_code, offered.villages, list(offered.issue_ids)) == ("P102", 3, ids)
    assert candidates(viewer(world, "leader"), world.campaign_id, today) == ()
    make_common_problem(world.caller("office"), world.campaign_id, plan(world), ids)
    assert candidates(viewer(world, "office"), world.campaign_id, today) == ()


def test_a_second_editor_is_told_and_an_unchanged_plan_is_not_saved(world: World) -> None:
    number = grouped(world)
    caller, here = world.caller("office2"), world.campaign_id
    edit_common_problem(caller, here, number, plan(world, deadline=date(2022, 10, 31)), "文件会签需要时间", 1)
    with pytest.raises(Stale):
        edit_common_problem(caller, here, number, plan(world), "改回", 1)
    with pytest.raises(Refused, match="相同"):
        edit_common_problem(caller, here, number, plan(world, deadline=date(2022, 10, 31)), "再存一次", 2)


Refusal = Callable[[World], object]
REFUSED: dict[str, tuple[str, Refusal]] = {
    "one problem": ("至少要 2 件", lambda w: _make(w, [w.rectifying()])),
    "the same problem twice": ("至少要 2 件", lambda w: _make(w, [w.rectifying()] * 2)),
    "a deadline in the past": ("已经过去", lambda w: _make(w, two_problems(w), deadline=DAY - timedelta(days=1))),
    "a unit of another county": (
        "只管一个县区", lambda w: _make(w, two_problems(w), owner_unit_id=w.units["示例三镇财政所"]),
    ),
    "a draft": ("没有找到|草稿", lambda w: _make(w, [w.draft(), w.rectifying()])),
    "one that was none": ("不成立", lambda w: _make(w, [_dismissed(w), w.rectifying()])),
    "one of another common problem": ("一件问题只归一个原因", lambda w: _twice(w)),
    "the last but one leaves": ("不成共性问题", lambda w: _last_leaves(w)),
    "done on a day to come": (
        "还没有到",
        lambda w: finish_common_problem(w.caller("office"), 1, grouped(w), date(2022, 8, 1), DOCUMENT, "制度已印发。"),
    ),
    "done twice": ("已登记完成", lambda w: _done_twice(w)),
    "without a document": (
        "文号", lambda w: finish_common_problem(w.caller("office"), 1, grouped(w), DAY, " ", "制度已印发。"),
    ),
}  # fmt: skip


def _make(world: World, ids: list[int], **changes: object) -> int:
    return make_common_problem(world.caller("office"), world.campaign_id, plan(world, **changes), ids)


def _dismissed(world: World) -> int:
    issue_id = world.registered()
    dismissal.propose_dismissal(world.caller("office"), issue_id, DismissalGround.NOT_A_PROBLEM, "与清册一致。")
    dismissal.confirm_dismissal(world.caller("office2"), issue_id)
    return issue_id


def _twice(world: World) -> None:
    ids = two_problems(world)
    _make(world, ids)
    _make(world, [ids[0], world.rectifying()])


def _last_leaves(world: World) -> None:
    ids = two_problems(world)
    remove_problem(world.caller("office"), world.campaign_id, _make(world, ids), ids[0], "不是同一原因")


def _done_twice(world: World) -> None:
    number = grouped(world)
    for _ in range(2):
        finish_common_problem(world.caller("office"), world.campaign_id, number, DAY, DOCUMENT, "制度已印发。")


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_common_problem_is_refused_with_its_reason(world: World, case: str) -> None:
    said, attempt = REFUSED[case]
    with pytest.raises(Refused, match=said):
        attempt(world)


def test_a_problem_that_left_may_come_under_another(world: World) -> None:
    ids = [*two_problems(world), world.rectifying()]
    number = _make(world, ids)
    remove_problem(world.caller("office"), world.campaign_id, number, ids[0], "不是同一原因")
    assert shown(world, number).row.total == 2
    assert _make(world, [ids[0], world.rectifying()]) == number + 1
