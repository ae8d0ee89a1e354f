"""登记资金 and 更正资金: what a movement must bring, what stays open, and who is told of a voucher used twice."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from actions import closure, rectification
from actions.issue_money import MoneyEntry, correct_money, record_money
from models.issue_money import Direction, IssueMoney
from models.issue_word import VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused
from queries.issue import IssuePage, issue_page
from queries.reading import reading
from queries.viewer import viewer_of_user
from tests.actions.test_issue import events, stored
from tests.factories import World

DUE = 320_000
D = Direction


def move(world: World, issue_id: int, cents: int, way: Direction = D.PAY, by: str = "unit", **changes: Any) -> Any:
    today = world.caller(by).today
    given: dict[str, Any] = {"moved_on": today, "voucher": "回单2022-101"} | changes
    return record_money(world.caller(by), issue_id, MoneyEntry(way, cents, **given))


def movements(issue_id: int) -> list[tuple[str, int, int | None]]:
    with reading() as session:
        rows = session.scalars(sa.select(IssueMoney).where(IssueMoney.issue_id == issue_id).order_by(IssueMoney.id))
        return [(row.direction, row.amount_cents, row.corrects_id) for row in rows]


def page(world: World, issue_id: int, by: str = "office") -> IssuePage:
    with reading() as session:
        viewer = viewer_of_user(session, world.users[by], world.caller(by).today)
    assert viewer is not None
    return issue_page(viewer, issue_id, world.caller(by).today)


def closed_with_money_open(world: World) -> int:
    """1,200.00 of 3,200.00 元 paid; 2,000.00 stays owed."""
    issue_id = world.rectifying()
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request(paid_cents=120_000))
    closure.accept(world.caller("inspector"), issue_id, VerifiedHow.ON_SITE, "入户核实，8户已收到。")
    closure.approve(world.caller("office2"), issue_id, "4户外出，余款继续补发。")
    return issue_id


def test_what_moves_is_added_up_on_the_problem_and_in_its_request(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    assert move(both_worlds, issue_id, 120_000).money.open_cents == 200_000
    both_worlds.evidence(issue_id)
    rectification.request(both_worlds.caller("unit"), issue_id, both_worlds.closure_request())
    assert stored(issue_id).paid_cents == DUE
    assert [row[1] for row in movements(issue_id)] == [120_000, 200_000]


@pytest.mark.parametrize(
    ("cents", "changes", "sentence"),
    [
        (0, {}, "请填写这一笔的金额，应大于 0"),
        (-100, {}, "请填写这一笔的金额，应大于 0"),
        (DUE + 1, {}, "已补发 3,200.01 元，超过应补发 3,200.00 元"),
        (100, {"voucher": " "}, "请填写凭证号（银行回单或缴款书）。"),
        (100, {"moved_on": date(2022, 7, 5)}, "到账日期不能晚于今天"),
        (100, {"moved_on": date(2022, 7, 3)}, "到账日期早于发现日期 2022年7月4日"),
        (100, {"way": D.REMIT}, "追回的钱只有 0.00 元"),
        (100, {"is_reissued": True}, "追回的钱只有 0.00 元"),
        (100, {"way": D.RECOVER, "is_reissued": True}, "只有补发可以注明出自追回的钱。"),
    ],
)
def test_what_a_movement_lacks_is_a_sentence(world: World, cents: int, changes: dict[str, Any], sentence: str) -> None:
    issue_id = world.rectifying(found_on=date(2022, 7, 4))
    with pytest.raises(Refused) as refused:
        move(world, issue_id, cents, **changes)
    assert str(refused.value).startswith(sentence)
    assert movements(issue_id) == []


def test_money_that_arrives_after_closing_is_recorded_by_the_office_and_ends_what_was_partial(world: World) -> None:
    issue_id = closed_with_money_open(world)
    assert page(world, issue_id).is_partial
    with pytest.raises(Refused, match=r"已销号的问题，后续到账的资金由办公室登记。"):
        move(world, issue_id, 200_000)
    world.later(days=30)
    move(world, issue_id, 200_000, by="office")
    assert not page(world, issue_id).is_partial
    assert (stored(issue_id).partial_reason, stored(issue_id).closed_on_time) == ("4户外出，余款继续补发。", True)
    with pytest.raises(Refused, match=r"本件没有未办清的钱"):
        move(world, issue_id, 1, by="office")


def test_what_came_back_is_owed_to_the_treasury_until_it_is_handed_in_or_paid_out_again(world: World) -> None:
    issue_id = world.rectifying(to_recover_cents=500_000)
    move(world, issue_id, 500_000, D.RECOVER)
    move(world, issue_id, DUE, is_reissued=True)
    done = move(world, issue_id, 100_000, D.REMIT, by="office")
    assert (done.money.due(D.REMIT), done.money.open(D.REMIT)) == (180_000, 80_000)
    with pytest.raises(Refused, match="追回的钱只有"):
        move(world, issue_id, 80_001, D.REMIT)


def test_a_voucher_of_two_problems_is_said_and_not_refused(both_worlds: World) -> None:
    first, second = both_worlds.rectifying(), both_worlds.rectifying()
    assert move(both_worlds, first, 100).also_in == ()
    assert move(both_worlds, second, 100).also_in == ("SL2022-JX-0001",)
    assert [row.also_in for row in page(both_worlds, first).movements] == [("SL2022-JX-0002",)]


def test_a_mistake_is_put_right_by_a_second_row_and_both_are_shown(world: World) -> None:
    issue_id = world.rectifying()
    move(world, issue_id, 300_000)
    first = page(world, issue_id).movements[0].id
    correct_money(world.caller("office"), issue_id, first, 30_000, "多打了一个零。")
    assert movements(issue_id) == [("PAY", 300_000, None), ("PAY", -270_000, first)]
    assert stored(issue_id).paid_cents == 30_000
    shown = page(world, issue_id).movements
    assert [(row.amount_cents, row.stands_cents, row.reason) for row in shown] == [
        (300_000, 30_000, ""),
        (-270_000, 0, "多打了一个零。"),
    ]
    assert events(issue_id)[-1].note == "多打了一个零。"


def test_what_was_passed_on_cannot_be_corrected_away(world: World) -> None:
    issue_id = world.rectifying(to_recover_cents=500_000)
    move(world, issue_id, 500_000, D.RECOVER)
    move(world, issue_id, 400_000, D.REMIT)
    first = page(world, issue_id).movements[0].id
    with pytest.raises(Refused, match=r"追回的钱只有 1,000\.00 元"):
        correct_money(world.caller("office"), issue_id, first, 100_000, "回单看错。")


@pytest.mark.parametrize(
    ("right", "reason", "sentence"),
    [(-1, "错", "不能是负数"), (30_000, "错了", "这一笔现在就是 300.00 元"), (10, "", "请填写更正理由")],
)
def test_what_a_correction_lacks_is_a_sentence(world: World, right: int, reason: str, sentence: str) -> None:
    issue_id = world.rectifying()
    move(world, issue_id, 30_000)
    with pytest.raises(Refused, match=sentence):
        correct_money(world.caller("office"), issue_id, page(world, issue_id).movements[0].id, right, reason)


def test_anothers_movement_is_not_found(world: World) -> None:
    first, second = world.rectifying(), world.rectifying()
    move(world, first, 100)
    move(world, second, 100)
    with pytest.raises(NotFoundOrNotYours):
        correct_money(world.caller("office"), second, page(world, first).movements[0].id, 50, "看错。")


def test_whoever_recorded_money_in_a_round_does_not_accept_it(world: World) -> None:
    issue_id = world.rectifying()
    move(world, issue_id, DUE, by="office")
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    with pytest.raises(Refused, match="本轮整改材料是您写的"):
        closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "查验回单。")


def test_the_history_says_what_moved_and_what_was_put_right(world: World) -> None:
    issue_id = world.rectifying()
    move(world, issue_id, 300_000, moved_on=world.caller("unit").today - timedelta(days=0))
    correct_money(world.caller("office"), issue_id, page(world, issue_id).movements[0].id, 30_000, "多打了一个零。")
    corrected, recorded = page(world, issue_id).history[:2]
    assert recorded.done == "登记资金，2022年7月4日补发到户 3,000.00 元，凭证 回单2022-101"
    assert corrected.done == "更正资金，补发凭证 回单2022-101 由 3,000.00 元改为 300.00 元"
