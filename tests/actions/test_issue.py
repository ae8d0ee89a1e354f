"""Raising, numbering and correcting a problem, through the actions."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from actions import assignment, closure, issue
from actions.transaction import transaction
from models.issue_record import Issue, IssueEvent
from models.issue_word import IssueSource, IssueStatus, Severity, VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused, SignedOut, Stale
from models.role import Role
from models.unit import Person
from models.user import User
from queries.audit import verify
from queries.reading import reading
from tests.actions.crowd import stand_in
from tests.factories import World

REASON = "与清册核对后更正。"
OFFENCE = {"type_code": "P302", "title": "涉嫌以卡代折扣发补贴", "facts": "涉嫌保管12户卡折。"}


def stored(issue_id: int) -> Issue:
    """The problem as it stands."""
    with reading() as session:
        return session.get_one(Issue, issue_id)


def events(issue_id: int) -> list[IssueEvent]:
    """Its history, oldest first."""
    with reading() as session:
        by_position = sa.select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.position)
        return list(session.scalars(by_position))


def test_three_people_cross_a_number_off(both_worlds: World) -> None:
    issue_id = both_worlds.closed()
    doers = {e.verb: e.person_id for e in events(issue_id)}
    assert len({doers["request"], doers["accept"], doers["approve"]}) == 3
    assert stored(issue_id).status is IssueStatus.CLOSED


def test_whoever_accepted_cannot_approve(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")
    with pytest.raises(Refused, match="您是本件的验收人"):
        closure.approve(world.caller("office"), issue_id)


# --- raising --------------------------------------------------------------------------------------


def test_numbers_are_gapless_in_each_reporting_unit_and_drafts_take_none(both_worlds: World) -> None:
    world = both_worlds
    world.draft()
    first, second = world.registered(), world.registered(region_id=world.regions["乙二村"])
    far = world.registered(by="far_office", region_id=world.regions["丙一村"])
    third = world.registered(region_id=world.regions["示例一镇"])
    assert [stored(i).number for i in (first, second, far, third)] == [
        "SL2022-JX-0001", "SL2022-JX-0002", "SL2022-YS-0001", "SL2022-JX-0003",
    ]  # fmt: skip


def test_a_refused_submission_leaves_no_gap(world: World) -> None:
    draft = world.draft()
    with pytest.raises(Refused):
        issue.submit(world.caller("inspector2"), draft)
    assert stored(world.registered()).number == "SL2022-JX-0001"


def test_a_draft_is_its_authors_alone(world: World) -> None:
    draft = world.draft()
    for name in ("inspector2", "office", "leader"):
        with pytest.raises(NotFoundOrNotYours if name == "office" else Refused):
            issue.submit(world.caller(name), draft)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"type_code": "P999"}, "请从十四类问题中选择类别。"),
        ({"title": "少发"}, "请填写一句话标题，不少于 4 个字。"),
        ({"title": "少" * 121}, "一句话标题太长：121 个字，最多 120 个字。"),
        ({"facts": " \n "}, "请填写问题事实，不少于 5 个字。"),
        ({"found_on": date(2022, 7, 5)}, "发现日期不能晚于今天。"),
        ({"amount_cents": -1}, "金额、户数、人数应为数字，不能是负数。"),
        ({"households": 10**9}, "金额、户数或人数大得不合常理，请核对单位是不是“元”。"),
        ({"item_code": "S99"}, "请从补贴项目清单中选择项目。"),
        ({"period": "年" * 21}, "所属期间太长：21 个字，最多 20 个字。"),
        ({"type_code": "P302"}, "第三类问题在查实前请用“涉嫌”表述，请在标题或事实中写明“涉嫌”。"),
    ],
)
def test_what_is_found_is_checked(world: World, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=f"^{sentence}$"):
        world.draft(**changes)


def test_severity_is_the_types_own_unless_it_is_said(world: World) -> None:
    assert (
        stored(world.draft(**OFFENCE)).severity
        is not stored(world.draft(severity=Severity.GENERAL, **OFFENCE)).severity
    )


def test_a_unit_raises_only_what_it_found_itself_in_its_own_town(both_worlds: World) -> None:
    world = both_worlds
    assert world.draft(by="unit", source=IssueSource.SELF_CHECK) > 0
    with pytest.raises(Refused, match="责任单位只能登记自查自纠发现的问题。"):
        world.draft(by="unit")
    with pytest.raises(Refused, match="问题所在地不在您的权限范围内。"):
        world.draft(by="unit", source=IssueSource.SELF_CHECK, region_id=world.regions["乙一村"])


def test_an_inspector_raises_nothing_elsewhere_nor_in_the_own_village(world: World) -> None:
    with pytest.raises(Refused, match="问题所在地不在您的权限范围内。"):
        world.draft(region_id=world.regions["丙一村"])
    with transaction(world.terminal()) as tx:
        tx.session.get_one(Person, world.people["inspector"]).home_village_id = world.regions["甲一村"]
        tx.record("test.home", "person:1")
    with pytest.raises(Refused, match="这是您自己的村，按回避要求须由其他检查人员登记。"):
        world.draft()
    assert world.draft(region_id=world.regions["甲二村"]) > 0


def test_a_problem_lies_in_a_village_or_a_town(world: World) -> None:
    with pytest.raises(Refused, match="请选择问题所在的村，或所在的镇。"):
        world.draft(by="office", region_id=world.regions["甲县"])
    with pytest.raises(NotFoundOrNotYours):
        world.draft(campaign_id=99)


# --- who is asking --------------------------------------------------------------------------------


def test_the_terminal_does_nothing_to_a_problem(world: World) -> None:
    with pytest.raises(Refused, match="您没有“登记问题”的权限。"):
        issue.raise_issue(world.terminal(), world.finding())


def test_a_person_is_looked_up_anew_with_each_call(world: World) -> None:
    draft = world.draft()
    with transaction(world.terminal()) as tx:
        tx.session.get_one(User, world.users["inspector"]).disabled_at = world.now
        tx.record("test.disable", "user:1")
    with pytest.raises(SignedOut):
        issue.submit(world.caller("inspector"), draft)


def test_a_one_time_password_opens_nothing(world: World) -> None:
    with transaction(world.terminal()) as tx:
        tx.session.get_one(User, world.users["inspector"]).one_time_password = True
        tx.record("test.reset", "user:1")
    with pytest.raises(Refused, match="请先修改一次性密码。"):
        world.draft()


def test_an_unknown_problem_and_somebody_elses_are_told_apart_to_nobody(world: World) -> None:
    issue_id = world.rectifying()
    said = []
    for someone, which in (("far_unit", issue_id), ("unit", 999)):
        with pytest.raises(NotFoundOrNotYours) as refused:
            assignment.sign(world.caller(someone), which)
        said.append(str(refused.value))
    assert said[0] == said[1]


# --- two at once ----------------------------------------------------------------------------------


def test_the_second_writer_is_told_what_the_first_one_did(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    on_screen = stored(issue_id).version
    closure.return_to_unit(both_worlds.caller("inspector"), issue_id, "缺两户签字确认表，请补齐。", on_screen)
    with pytest.raises(Stale, match="刚才有人已对本件“退回整改”，现在是“整改中”。您填写的内容仍在下方"):
        closure.accept(both_worlds.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。", on_screen)
    assert [e.verb for e in events(issue_id)][-1] == "return"


def test_the_version_moves_by_one_with_every_verb(world: World) -> None:
    issue_id = world.closed()
    closed = stored(issue_id).version
    closure.reopen(world.caller("leader"), issue_id, reopening(world))
    assert stored(issue_id).version == closed + 1


def reopening(world: World) -> closure.Reopening:
    """A reopening with ten working days."""
    return closure.Reopening("回访3户未收到补发款。", "须重新整改。", world.order().deadline_rule)


# --- correcting -----------------------------------------------------------------------------------


def test_a_correction_keeps_the_old_value_and_the_reason(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    issue.correct(both_worlds.caller("office"), issue_id, "to_pay_cents", 400_000, REASON)
    last = events(issue_id)[-1]
    assert (last.note, last.detail) == (
        REASON, {"field": "to_pay_cents", "old": 320_000, "new": 400_000, "writer": False},
    )  # fmt: skip
    assert (last.to_pay_cents, events(issue_id)[-2].to_pay_cents) == (400_000, 320_000)


@pytest.mark.parametrize("field", ["number", "status", "deadline", "first_deadline", "sequence", "village_id", "round"])
def test_number_status_deadline_and_place_are_never_corrected(world: World, field: str) -> None:
    issue_id = world.rectifying()
    with pytest.raises(Refused, match="编号、状态、时限和登记的地点不能更正。"):
        issue.correct(world.caller("office"), issue_id, field, None, REASON)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", None, "请填写一句话标题"),
        ("facts", 7, "请填写文字。"),
        ("to_pay_cents", True, "应为数字"),
        ("to_pay_cents", "320000", "应为数字"),
        ("households", -1, "不能是负数"),
        ("severity", "TERRIBLE", "问题性质应为一般、较大或重大。"),
        ("item_code", "S99", "请从补贴项目清单中选择项目。"),
        ("found_on", "2022-07-01", "请填写发现日期。"),
        ("found_on", date(2023, 1, 1), "发现日期不能晚于今天。"),
        ("responsible_leader", "", "请填写责任领导。"),
        ("remark", "长" * 501, "备注太长"),
        ("amount_cents", 10**16, "大得不合常理"),
        ("type_code", "P302", "第三类问题在查实前请用“涉嫌”表述"),
        ("type_code", "P107", "没有时限，交办后不能与其他类别互改"),
    ],
)
def test_a_correction_is_checked_as_the_first_entry_was(
    both_worlds: World, field: str, value: Any, sentence: str
) -> None:
    issue_id = both_worlds.rectifying()
    with pytest.raises(Refused, match=sentence):
        issue.correct(both_worlds.caller("office"), issue_id, field, value, REASON)


def test_what_was_corrected_verifies(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    new = {
        "households": 13, "severity": Severity.MAJOR, "found_on": date(2022, 7, 1), "item_code": "S01",
        "period": "2021", "remark": " 备 ", "rule_mended": "修订公示办法",
    }  # fmt: skip
    for field, value in new.items():
        issue.correct(both_worlds.caller("office"), issue_id, field, value, REASON)
    found = stored(issue_id)
    assert {name: getattr(found, name) for name in new} == {**new, "remark": "备"}
    assert verify(files=False).ok


def test_a_correction_without_a_change_or_a_reason_is_none(world: World) -> None:
    issue_id = world.rectifying()
    with pytest.raises(Refused, match="新值与原值相同"):
        issue.correct(world.caller("office"), issue_id, "households", 12, REASON)
    with pytest.raises(Refused, match="请填写更正理由"):
        issue.correct(world.caller("office"), issue_id, "households", 13, " ")


def test_what_is_due_is_not_corrected_below_what_was_done(world: World) -> None:
    issue_id = world.in_acceptance()
    with pytest.raises(Refused, match="应补发金额不能少于已补发的 3,200"):
        issue.correct(world.caller("office"), issue_id, "to_pay_cents", 319_999, REASON)


def test_the_office_may_say_an_offence_before_it_says_the_type(world: World) -> None:
    issue_id = world.rectifying()
    issue.correct(world.caller("office"), issue_id, "facts", "涉嫌保管12户卡折。", REASON)
    issue.correct(world.caller("office"), issue_id, "type_code", "P302", REASON)
    with pytest.raises(Refused, match="“涉嫌”"):
        issue.correct(world.caller("office"), issue_id, "facts", "保管12户卡折。", REASON)
    with pytest.raises(NotFoundOrNotYours):
        assignment.sign(world.caller("unit"), issue_id)


def test_whoever_rewrote_measures_is_a_writer_of_the_round(world: World) -> None:
    issue_id = world.in_acceptance()
    issue.correct(world.caller("office"), issue_id, "measures", "办公室补写的措施。", REASON)
    with pytest.raises(Refused, match="本轮整改材料是您写的"):
        closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")


def test_whoever_accepted_does_not_rewrite_the_measures_afterwards(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")
    with pytest.raises(Refused, match="您是本件的验收人，不能再改整改措施"):
        issue.correct(world.caller("office"), issue_id, "measures", "验收后改写的措施。", REASON)
    issue.correct(world.caller("office"), issue_id, "remark", "备注可以改。", REASON)


def test_text_that_postgresql_could_not_hold_is_refused_or_cleaned(postgresql: str) -> None:
    world = World.build()
    issue_id = world.draft(title="甲一村\x0012户少发")
    assert stored(issue_id).title == "甲一村12户少发"
    with pytest.raises(Refused, match="超出了可以保存的长度或范围"), transaction(world.terminal()) as tx:
        tx.session.get_one(Person, world.people["unit"]).name = "长" * 41
        tx.record("test.long", "person:1")


def test_a_stand_in_counts_as_both_people_in_the_history(world: World) -> None:
    with transaction(world.terminal()) as tx:
        stand_in(world, tx, "deputy", "office", Role.OFFICE)
        tx.record("test.deputy", "person:1")
    issue_id = world.in_acceptance()
    closure.accept(world.caller("deputy"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")
    assert (events(issue_id)[-1].person_id, events(issue_id)[-1].stood_in_for_id) == (
        world.people["deputy"], world.people["office"],
    )  # fmt: skip
    for name in ("deputy", "office"):
        with pytest.raises(Refused, match="您是本件的验收人"):
            closure.approve(world.caller(name), issue_id)
