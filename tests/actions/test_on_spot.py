"""立查立改: put right on the spot by the inspector who found it, accepted and approved by others, with no deadline."""

from datetime import date
from typing import Any

import pytest

from actions import assignment, closure, issue, rectification
from actions.delegation import add_delegation
from actions.evidence import add_evidence
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind, EvidencePurpose
from models.issue_word import Handling, IssueStatus, Nature, VerifiedHow
from models.problem_type import EVIDENCE_ASKED
from models.refusal import Refused
from models.role import Role
from queries.issue import issue_page
from tests.actions.test_evidence import photo
from tests.actions.test_issue import events, stored
from tests.actions.test_rectification import movements
from tests.factories import World
from tests.queries.test_issue import raised_from_a_form, viewer

DONE = "当场补发到户，12户当面签收。"
LACKING = "只有一张收条，缺逐户签收单，请补齐。"


def fix(world: World, issue_id: int, by: str = "inspector", **changes: Any) -> int:
    """Put right with everything it must bring, but the evidence."""
    brought = {"measures": DONE, "recovered_cents": 0, "paid_cents": 320_000, "voucher": "收条12张", **changes}
    return rectification.fix_on_spot(world.caller(by), issue_id, rectification.SpotFix(**brought))


def fixed(world: World, **changes: Any) -> int:
    """A problem put right on the spot with its evidence."""
    issue_id = world.registered(**changes)
    add_evidence(
        world.caller("inspector"), issue_id=issue_id, kind=EvidenceKind.VOUCHER, data=photo(),
        purpose=EvidencePurpose.RECTIFICATION,
    )  # fmt: skip
    fix(world, issue_id)
    return issue_id


def accept(world: World, issue_id: int, by: str = "inspector2") -> None:
    closure.accept(world.caller(by), issue_id, VerifiedHow.CALL_BACK, "电话回访3户，均已收到。")


def test_what_was_put_right_on_the_spot_waits_for_another_pair_of_eyes(both_worlds: World) -> None:
    issue_id = fixed(both_worlds)
    found = stored(issue_id)
    assert (found.status, found.handling, found.nature) == (
        IssueStatus.ACCEPTANCE, Handling.ON_SPOT, Nature.IMMEDIATE
    )  # fmt: skip
    assert (found.responsible_unit_id, found.deadline, found.measures) == (None, None, DONE)
    assert movements(issue_id) == [("PAY", 320_000, "收条12张")]
    with pytest.raises(Refused, match="须由另一人验收"):
        accept(both_worlds, issue_id, "inspector")
    accept(both_worlds, issue_id)
    assert closure.approve(both_worlds.caller("office"), issue_id) is None, "no deadline: neither on time nor late"
    assert stored(issue_id).closed_on_time is None


def test_an_inspector_who_stands_in_at_the_office_does_not_approve_what_they_put_right(both_worlds: World) -> None:
    issue_id = fixed(both_worlds)
    accept(both_worlds, issue_id)
    today = both_worlds.caller("office2").today
    add_delegation(both_worlds.caller("office2"), "inspector", Role.OFFICE, today, today)
    with pytest.raises(Refused, match="本轮整改材料是您写的"):
        closure.approve(both_worlds.caller("inspector"), issue_id)


@pytest.mark.parametrize("type_code", [code for code in EVIDENCE_ASKED if code not in ("P107", "P102")])
def test_each_type_asks_for_the_same_evidence_as_a_request(world: World, type_code: str) -> None:
    words = {"title": "涉嫌问题一件", "facts": "涉嫌违规，当场核实。"} if type_code.startswith("P3") else {}
    issue_id = world.registered(type_code=type_code, **words)
    asked = EVIDENCE_ASKED[type_code]
    world.evidence(issue_id, by="inspector", kind=next(kind for kind in EvidenceKind if kind not in asked))
    with pytest.raises(Refused, match="立查立改须附"):
        fix(world, issue_id)
    world.evidence(issue_id, by="inspector", kind=min(asked))
    fix(world, issue_id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"measures": "好"}, "请填写现场怎么改的，不少于 5 个字。"),
        ({"voucher": ""}, "请填写凭证号（银行回单或缴款书）。"),
        ({"paid_cents": 320_001}, "已补发 3,200.01 元，超过应补发 3,200.00 元；请先请办公室更正应补发金额。"),
    ],
)
def test_it_brings_what_it_must(world: World, changes: dict[str, Any], sentence: str) -> None:
    issue_id = world.registered()
    world.evidence(issue_id, by="inspector")
    with pytest.raises(Refused) as refused:
        fix(world, issue_id, **changes)
    assert str(refused.value) == sentence
    assert stored(issue_id).status is IssueStatus.REGISTERED


def test_given_back_it_waits_for_the_office_and_may_be_put_right_again(both_worlds: World) -> None:
    issue_id = fixed(both_worlds)
    both_worlds.later(days=1)
    closure.return_to_unit(both_worlds.caller("office"), issue_id, LACKING)
    back = stored(issue_id)
    assert (back.status, back.handling, back.returns) == (IssueStatus.REGISTERED, None, 1)
    assert fix(both_worlds, issue_id) == 2
    rectification.withdraw(both_worlds.caller("inspector"), issue_id)
    assert stored(issue_id).status is IssueStatus.REGISTERED
    assert [e.status for e in events(issue_id)][-1] is IssueStatus.REGISTERED


def test_the_days_the_office_looked_at_it_lengthen_no_limit_of_a_unit_given_it_later(both_worlds: World) -> None:
    issue_id = fixed(both_worlds)
    both_worlds.on(date(2022, 7, 11))
    closure.return_to_unit(both_worlds.caller("office"), issue_id, LACKING)
    assert stored(issue_id).held_workdays == 5
    due = assignment.assign(both_worlds.caller("office"), issue_id, both_worlds.order())
    assert stored(issue_id).held_workdays == 0
    assert due == date(2022, 8, 1)
    both_worlds.on(date(2022, 8, 2))
    both_worlds.evidence(issue_id)
    rectification.request(both_worlds.caller("unit"), issue_id, both_worlds.closure_request())
    accept(both_worlds, issue_id)
    assert closure.approve(both_worlds.caller("office"), issue_id) is False


def test_the_policy_itself_is_not_put_right_on_the_spot(world: World) -> None:
    issue_id = world.registered(type_code="P107")
    world.evidence(issue_id, by="inspector", kind=EvidenceKind.DOCUMENT)
    with pytest.raises(Refused, match="政策本身的问题不能立查立改"):
        fix(world, issue_id)


def test_nor_is_it_made_one_of_the_policy_afterwards(world: World) -> None:
    issue_id = fixed(world)
    with pytest.raises(Refused, match="不能立查立改；请先退回"):
        issue.correct(world.caller("office"), issue_id, "type_code", "P107", "是政策的问题。")


def test_looking_back_gives_it_to_a_unit(both_worlds: World) -> None:
    issue_id = fixed(both_worlds)
    accept(both_worlds, issue_id)
    closure.approve(both_worlds.caller("office"), issue_id)
    nobody = closure.Reopening("回访3户卡又被收走。", "发现反弹。", DeadlineRule.workdays(10))
    with pytest.raises(Refused, match="请选择仍在运行的责任单位"):
        closure.reopen(both_worlds.caller("leader"), issue_id, nobody)
    unit = both_worlds.units["示例一镇财政所"]
    back = closure.Reopening(
        "回访3户卡又被收走。", "发现反弹。", DeadlineRule.workdays(10), unit, "李某某", "陈某某"
    )  # fmt: skip
    closure.reopen(both_worlds.caller("leader"), issue_id, back)
    found = stored(issue_id)
    assert (found.responsible_unit_id, found.person_in_charge, found.handling) == (unit, "陈某某", Handling.STANDARD)


def test_what_a_household_form_showed_is_put_right_at_the_door(world: World) -> None:
    issue_id, check_id, _ = raised_from_a_form(world)
    world.evidence(issue_id, by="inspector")
    fix(world, issue_id, paid_cents=stored(issue_id).to_pay_cents)
    shown = issue_page(viewer(world, "inspector"), issue_id, world.caller("inspector").today)
    assert (shown.is_on_spot, shown.check_id, shown.light.text) == (True, check_id, "今日申请")
