"""Progress, the request for 销号, its money and evidence, and the unit's clock that stops while the office has it."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from actions import assignment, closure, rectification
from models.deadline import DeadlineRule
from models.evidence import EvidenceKind
from models.issue_money import IssueMoney
from models.issue_word import IssueStatus
from models.problem_type import EVIDENCE_ASKED, problem_types
from models.refusal import Refused
from models.workday import Calendar
from queries.reading import reading
from tests.actions.test_issue import events, stored
from tests.factories import World

LACKING = "缺两户签字确认表，请补齐。"
CALENDAR = Calendar()


def movements(issue_id: int) -> list[tuple[str, int, str]]:
    """Direction, 分 and voucher of each movement."""
    with reading() as session:
        rows = session.execute(
            sa.select(IssueMoney.direction, IssueMoney.amount_cents, IssueMoney.voucher)
            .where(IssueMoney.issue_id == issue_id)
            .order_by(IssueMoney.id)
        )
        return [(direction, cents, voucher) for direction, cents, voucher in rows]


def ask(world: World, issue_id: int, by: str = "unit", **changes: Any) -> int:
    """Ask for 销号 with everything it must bring."""
    return rectification.request(world.caller(by), issue_id, world.closure_request(**changes))


# --- what a request brings ------------------------------------------------------------------------------------------


def test_progress_is_kept_and_the_last_report_stands_on_the_problem(world: World) -> None:
    issue_id = world.rectifying()
    for text in ("已核对清册。", "已补发8户。"):
        rectification.report(world.caller("unit"), issue_id, text)
    assert stored(issue_id).progress == "已补发8户。"
    assert [e.note for e in events(issue_id) if e.verb == "report"] == ["已核对清册。", "已补发8户。"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"result": "好"}, "请填写整改结果，不少于 5 个字。"),
        ({"measures": ""}, "请填写已采取的措施，不少于 5 个字。"),
        ({"unit_head": " "}, "请填写单位负责人。"),
        ({"voucher": ""}, "请填写凭证号（银行回单或缴款书）。"),
        ({"rule_mended": "长" * 501}, "制度修订太长：501 个字，最多 500 个字。"),
        ({"paid_cents": -1}, "已补发金额不能少于已登记的 0.00 元；登记错了请办公室更正。"),
        ({"paid_cents": 320_001}, "已补发 3,200.01 元，超过应补发 3,200.00 元；请先请办公室更正应补发金额。"),
        ({"recovered_cents": 1}, "已追缴 0.01 元，超过应追缴 0.00 元；请先请办公室更正应追缴金额。"),
    ],
)
def test_a_request_brings_what_it_must(world: World, changes: dict[str, Any], sentence: str) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    with pytest.raises(Refused) as refused:
        ask(world, issue_id, **changes)
    assert str(refused.value) == sentence
    assert (stored(issue_id).status, movements(issue_id)) == (IssueStatus.RECTIFYING, [])


@pytest.mark.parametrize("type_code", list(EVIDENCE_ASKED))
def test_each_type_asks_for_evidence_of_its_own_kind(world: World, type_code: str) -> None:
    asked = EVIDENCE_ASKED[type_code]
    issue_id = world.rectifying(type_code=type_code, title="甲一村涉嫌少发补贴")
    world.evidence(issue_id, kind=next(kind for kind in EvidenceKind if kind not in asked))
    with pytest.raises(Refused, match=f"“{problem_types()[type_code].label}”申请销号须附"):
        ask(world, issue_id)
    world.evidence(issue_id, kind=min(asked))
    assert ask(world, issue_id) == 1


def test_money_is_recorded_as_it_moved_in_both_directions(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying(to_recover_cents=50_000)
    world.evidence(issue_id)
    ask(world, issue_id, paid_cents=100_000, recovered_cents=50_000, voucher="回单1")
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    ask(world, issue_id, paid_cents=320_000, recovered_cents=50_000, voucher="回单2")
    assert movements(issue_id) == [("RECOVER", 50_000, "回单1"), ("PAY", 100_000, "回单1"), ("PAY", 220_000, "回单2")]
    found, last = stored(issue_id), events(issue_id)[-1]
    assert (found.recovered_cents, found.paid_cents) == (50_000, 320_000)
    assert (last.detail["recovered"], last.detail["paid"], last.paid_cents) == (0, 220_000, 320_000)


def test_money_once_recorded_is_not_taken_back_by_the_unit(world: World) -> None:
    issue_id = world.in_acceptance()
    rectification.withdraw(world.caller("unit"), issue_id)
    with pytest.raises(Refused, match="已补发金额不能少于已登记的 3,200"):
        ask(world, issue_id, paid_cents=0)


def test_where_no_money_moved_zero_is_said_and_no_voucher_asked(world: World) -> None:
    issue_id = world.rectifying(type_code="P105", to_pay_cents=0)
    world.evidence(issue_id, kind=EvidenceKind.PHOTO)
    ask(world, issue_id, paid_cents=0, recovered_cents=0, voucher="")
    assert movements(issue_id) == []


def test_requests_and_returns_are_counted(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    assert ask(world, issue_id) == 2
    rectification.withdraw(world.caller("unit"), issue_id)
    assert ask(world, issue_id, by="unit2") == 3
    assert (stored(issue_id).requests, stored(issue_id).returns) == (3, 1)


def test_a_request_taken_back_goes_to_where_it_came_from(world: World) -> None:
    issue_id = world.in_acceptance()
    with pytest.raises(Refused, match="只有申请人本人可以撤回申请。"):
        rectification.withdraw(world.caller("unit2"), issue_id)
    rectification.withdraw(world.caller("unit"), issue_id)
    assert (stored(issue_id).status, stored(issue_id).requested_on) == (IssueStatus.RECTIFYING, None)


# --- the clock ------------------------------------------------------------------------------------------------------


def test_the_clock_stops_while_the_office_has_it_and_goes_on_with_the_days_left(both_worlds: World) -> None:
    """Fifteen working days from Monday, 4 July 2022 end on the 25th; Friday the 8th to Wednesday the 13th is three."""
    world = both_worlds
    issue_id = world.rectifying()
    world.evidence(issue_id)
    world.on(date(2022, 7, 8))
    ask(world, issue_id)
    world.on(date(2022, 7, 13))
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    found = stored(issue_id)
    assert (found.deadline, found.first_deadline, found.held_workdays) == (date(2022, 7, 28), date(2022, 7, 25), 3)


@pytest.mark.parametrize("ends_by", ["return", "return_from_approval", "withdraw"])
@pytest.mark.parametrize(
    ("asked_on", "ended_on"),
    [
        (date(2022, 9, 14), date(2022, 9, 14)),
        (date(2022, 9, 16), date(2022, 9, 18)),
        (date(2022, 9, 30), date(2022, 10, 8)),
        (date(2022, 9, 29), date(2022, 10, 17)),
        (date(2022, 10, 5), date(2022, 10, 6)),
        (date(2022, 11, 30), date(2022, 12, 2)),
    ],
    ids=["same day", "over a weekend", "over the national holidays", "long", "within the holidays", "when overdue"],
)
def test_as_many_working_days_are_left_after_the_wait_as_before(
    world: World, asked_on: date, ended_on: date, ends_by: str
) -> None:
    world.on(date(2022, 9, 13))
    issue_id = world.rectifying()
    world.evidence(issue_id)
    world.on(asked_on)
    before = CALENDAR.workdays_between(asked_on, deadline_of(issue_id))
    ask(world, issue_id)
    assert deadline_of(issue_id) == stored(issue_id).first_deadline, "while it waits the deadline stands still"
    if ends_by == "return_from_approval":
        closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    world.on(ended_on)
    if ends_by == "withdraw":
        rectification.withdraw(world.caller("unit"), issue_id)
    else:
        who = "office" if ends_by == "return_from_approval" else "inspector"
        closure.return_to_unit(world.caller(who), issue_id, LACKING)
    assert CALENDAR.workdays_between(ended_on, deadline_of(issue_id)) == before


def deadline_of(issue_id: int) -> date:
    deadline = stored(issue_id).deadline
    assert deadline is not None
    return deadline


def test_several_waits_add_up(world: World) -> None:
    issue_id = world.rectifying()
    world.evidence(issue_id)
    for asked_on, ended_on in ((date(2022, 7, 8), date(2022, 7, 13)), (date(2022, 7, 15), date(2022, 7, 18))):
        world.on(asked_on)
        ask(world, issue_id)
        world.on(ended_on)
        closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    assert (stored(issue_id).held_workdays, deadline_of(issue_id)) == (4, date(2022, 7, 29))


def test_going_back_to_acceptance_keeps_the_clock_stopped(world: World) -> None:
    world.on(date(2022, 7, 8))
    issue_id = world.in_approval()
    world.on(date(2022, 7, 11))
    closure.back_to_acceptance(world.caller("office"), issue_id, "现场照片与账目不符，请重新核实。")
    assert (stored(issue_id).held_workdays, stored(issue_id).requested_on) == (0, date(2022, 7, 8))


def test_a_wait_without_a_deadline_moves_nothing(world: World) -> None:
    issue_id = world.rectifying(type_code="P107", to_pay_cents=0)
    world.evidence(issue_id, kind=EvidenceKind.DOCUMENT)
    ask(world, issue_id, paid_cents=0)
    world.later(days=10)
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    assert stored(issue_id).deadline is None


def test_a_named_date_on_a_rest_day_stays_when_nothing_was_held(world: World) -> None:
    issue_id = world.registered()
    sunday = date(2022, 8, 28)
    assignment.assign(world.caller("office"), issue_id, world.order(deadline_rule=DeadlineRule.by(sunday)))
    world.evidence(issue_id)
    ask(world, issue_id)
    closure.return_to_unit(world.caller("inspector"), issue_id, LACKING)
    assert deadline_of(issue_id) == sunday
