"""One problem whole: what its page shows, to whom, and what this person may do."""

from dataclasses import asdict
from datetime import date

import pytest
import sqlalchemy as sa

from actions import assignment, closure, dismissal, issue, rectification
from actions.evidence import add_evidence
from actions.household_check import submit_check
from actions.transaction import transaction
from models.deadline import DeadlineRule, Light
from models.evidence import EvidenceKind, EvidencePurpose
from models.household_check import CheckLine, Verdict
from models.issue import Verb
from models.issue_word import DismissalGround, IssueStatus, VerifiedHow
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from models.user import Delegation
from queries.evidence import stored_evidence
from queries.finding import places_for, sources_for
from queries.issue import IssuePage, issue_id_of, issue_page
from queries.issue_values import correctable_values
from queries.line_finding import finding_of_line
from queries.reading import reading
from queries.viewer import Viewer, viewer_of_user
from tests.actions.test_evidence import photo
from tests.factories import World
from tests.rosters import add_roster
from tests.samples import visit
from tests.visits import Visits

NUMBER = "000000195001010014"


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[name], world.caller(name).today)
    assert found is not None
    return found


def page(world: World, issue_id: int, by: str = "office") -> IssuePage:
    return issue_page(viewer(world, by), issue_id, world.caller(by).today)


def test_an_unknown_problem_and_somebody_elses_are_the_same(both_worlds: World) -> None:
    mine = both_worlds.rectifying()
    sentences = set()
    for issue_id in (mine, 10_000_000):
        with pytest.raises(NotFoundOrNotYours) as refused:
            page(both_worlds, issue_id, "far_unit")
        sentences.add(str(refused.value))
    assert len(sentences) == 1


def test_the_accused_unit_finds_an_offence_only_once_it_was_told(both_worlds: World) -> None:
    hidden = both_worlds.registered(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    with pytest.raises(NotFoundOrNotYours):
        page(both_worlds, hidden, "unit")
    told = both_worlds.rectifying(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    assert page(both_worlds, told, "unit").status is IssueStatus.RECTIFYING


def test_a_number_somebody_typed_is_masked_wherever_it_stands(world: World) -> None:
    issue_id = world.registered(title=f"甲一村{NUMBER}少发", facts=f"张某某（{NUMBER}）未收到补贴，电话13800001234。")
    dismissal.propose_dismissal(
        world.caller("office"), issue_id, DismissalGround.REGISTER_ERROR, f"经查{NUMBER}已收到。"
    )
    shown = page(world, issue_id)
    assert NUMBER not in repr(shown)
    assert "13800001234" not in repr(shown)
    assert "000000********0014" in shown.found.facts


def test_both_directions_of_money_with_their_slips(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying(to_recover_cents=86_000)
    both_worlds.evidence(issue_id)
    asked = both_worlds.closure_request(recovered_cents=0)
    rectification.request(both_worlds.caller("unit"), issue_id, asked)
    pay, recover = page(both_worlds, issue_id).money
    assert (pay.due_cents, pay.done_cents, pay.open_cents, pay.state) == (320_000, 320_000, 0, "已补齐")
    assert pay.vouchers == ("回单2022-091",)
    assert (recover.open_cents, recover.state, recover.vouchers) == (86_000, "未追缴", ())


def test_the_history_says_who_did_what_and_what_was_brought(both_worlds: World) -> None:
    world = both_worlds.on(date(2022, 7, 4))
    issue_id = world.in_acceptance()
    world.on(date(2022, 7, 6))
    closure.return_to_unit(world.caller("inspector"), issue_id, "只有书面说明，没有银行回单。")
    told = [(row.by, row.done, row.note) for row in page(world, issue_id).history]
    assert told[0] == (
        "检查一组", "退回整改（第 1 次退回，审核 2 个工作日不计入时限）", "只有书面说明，没有银行回单。"
    )  # fmt: skip
    assert told[1][:2] == ("示例一镇财政所", "第 1 次申请销号，补发 3,200.00 元，单位负责人周某某")
    assert told[2][1] == "交办示例一镇财政所，交办次日起 15 个工作日，至 2022年7月25日"
    assert [row.verb for row in page(world, issue_id).history][-1] == "create"


def test_somebody_who_stands_in_is_shown_with_whom(both_worlds: World) -> None:
    issue_id = both_worlds.in_approval(type_code="P302", title="涉嫌虚报冒领", facts="甲一村涉嫌虚报冒领补贴。")
    with transaction(both_worlds.terminal()) as tx:
        tx.session.add(
            Delegation(
                from_person_id=both_worlds.people["leader"], to_person_id=both_worlds.people["auditor"],
                role=Role.LEADER, since=date(2022, 7, 1), until=date(2022, 12, 31), recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record("test.delegation", "person:1")
    closure.approve(both_worlds.caller("auditor"), issue_id)
    last = page(both_worlds, issue_id).history[0]
    assert last.stood_in_for == "L某某"
    assert last.by.endswith("，代L某某")


def test_an_earlier_round_stays_readable_whole(both_worlds: World) -> None:
    issue_id = both_worlds.closed()
    back = closure.Reopening("回访3户仍未收到补贴。", "发现反弹。", DeadlineRule.workdays(10))
    closure.reopen(both_worlds.caller("leader"), issue_id, back)
    shown = page(both_worlds, issue_id)
    assert [row.verb for row in shown.history] == [Verb.REOPEN]
    (first,) = shown.past_rounds
    assert (first.round, first.on_time) == (1, True)
    assert first.rows[0].done == "批准销号，按期"
    assert len(first.rows) == 6
    assert first.first_deadline == date(2022, 7, 25)
    assert first.texts == {
        "整改要求": "补发12户差额，到户核实签字，公示7天。", "整改措施": "重新核对账号后补发，逐户签字。",
    }  # fmt: skip


def test_a_new_round_shows_nothing_of_the_old_one_as_its_own(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.closed()
    assert page(world, issue_id).duty.result == "12户差额3,200.00元已全部补发到户。"
    world.on(date(2023, 5, 8))
    back = closure.Reopening("回访3户仍未收到补贴。", "发现反弹。", DeadlineRule.workdays(15))
    closure.reopen(world.caller("leader"), issue_id, back)
    duty = page(world, issue_id).duty
    assert (duty.requirements, duty.measures, duty.result, duty.progress) == ("", "", "", "")
    assert duty.finding == "回访3户仍未收到补贴。"
    assert (duty.first_deadline, duty.round_deadline) == (date(2022, 7, 25), date(2023, 5, 29))
    assert page(world, issue_id).requested_on is None
    again = page(world, issue_id).history[0]
    assert again.done == "回头看重开第 2 轮，时限 2023年5月29日"
    assert again.note == "回访3户仍未收到补贴；发现反弹。"


def test_measures_of_each_request_stay_readable(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, "只有书面说明，没有银行回单。")
    rectification.request(world.caller("unit"), issue_id, world.closure_request(measures="逐户上门核对后重新签字。"))
    notes = [row.note for row in page(world, issue_id).history if row.verb == Verb.REQUEST]
    assert notes == [
        "12户差额3,200.00元已全部补发到户；采取的措施为逐户上门核对后重新签字。",
        "12户差额3,200.00元已全部补发到户；采取的措施为重新核对账号后补发，逐户签字。",
    ]


def test_the_clock_of_the_unit_stands_still_while_the_office_looks(both_worlds: World) -> None:
    world = both_worlds.on(date(2022, 7, 4))
    issue_id = world.rectifying()
    world.on(date(2022, 7, 8))
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    world.on(date(2022, 7, 13))
    shown = page(world, issue_id)
    assert (shown.time.used, shown.time.limit, shown.time.review) == (4, 15, 3)
    assert shown.time.left_at_request == 11
    assert shown.time.resumed_deadline == date(2022, 7, 28)
    assert shown.light.light is Light.REVIEW
    assert shown.light.text == "审核 5 天，时限暂停（剩 11 工作日）"


def test_the_page_offers_what_the_rules_allow_and_says_why_not_the_rest(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    assert page(both_worlds, issue_id, "inspector").primary is Verb.ACCEPT
    closure.accept(both_worlds.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "回单齐全。")
    acceptor = page(both_worlds, issue_id, "office")
    assert acceptor.primary is None
    assert [b.sentence for b in acceptor.blocked] == ["不能批准：您是本件的验收人，须由另一人审批。"]
    assert page(both_worlds, issue_id, "office2").primary is Verb.APPROVE
    assert page(both_worlds, issue_id, "auditor").verbs == ()


def test_evidence_of_this_request_is_told_apart_from_earlier_one(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.in_acceptance()
    world.later(days=1)
    closure.return_to_unit(world.caller("inspector"), issue_id, "只有书面说明，没有银行回单。")
    world.later(hours=1)
    world.evidence(issue_id, kind=EvidenceKind.RETURN_SLIP)
    shown = page(world, issue_id)
    assert (shown.evidence_this_time, len(shown.evidence)) == (1, 2)


def test_a_photo_used_twice_is_said_beside_it(world: World) -> None:
    first, second = world.rectifying(), world.rectifying()
    for issue_id in (first, second):
        add_evidence(
            world.caller("unit"), issue_id=issue_id, kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.RECTIFICATION,
            data=photo(),
        )  # fmt: skip
    (row,) = page(world, second).evidence
    assert row.also_in == ("SL2022-JX-0001",)


def test_a_problem_is_found_by_its_number_within_ones_rights(world: World) -> None:
    issue_id = world.rectifying()
    assert issue_id_of(viewer(world, "unit"), " sl2022-jx-0001 ") == issue_id
    with pytest.raises(NotFoundOrNotYours):
        issue_id_of(viewer(world, "far_unit"), "SL2022-JX-0001")


def test_a_correction_starts_from_what_stands_but_not_from_somebody_elses_numbers(world: World) -> None:
    issue_id = world.rectifying(facts=f"张某某（{NUMBER}）未收到补贴。")
    office = correctable_values(viewer(world, "office"), issue_id)
    assert (office["facts"], office["to_pay_cents"]) == (None, 320_000)
    assert correctable_values(viewer(world, "inspector"), issue_id) == {}
    draft = world.draft("inspector", facts=f"张某某（{NUMBER}）未收到补贴。")
    assert correctable_values(viewer(world, "inspector"), draft)["facts"] == f"张某某（{NUMBER}）未收到补贴。"


def test_one_raises_problems_in_ones_own_places_only(both_worlds: World) -> None:
    def names(by: str) -> set[str]:
        return {place.name for place in places_for(viewer(both_worlds, by), both_worlds.caller(by).today)}

    assert names("unit") == {"甲县 示例一镇", *(f"甲县 示例一镇 {v}" for v in ("甲一村", "甲二村", "甲三村", "甲四村"))}
    assert "乙市 示例三镇 丙一村" not in names("inspector")
    assert "乙市 示例三镇 丙一村" in names("office")
    assert names("auditor") == set()
    for by in ("unit", "inspector", "far_office"):
        for place in places_for(viewer(both_worlds, by), both_worlds.caller(by).today):
            source = sources_for(viewer(both_worlds, by))[0]
            both_worlds.draft(by, region_id=place.id, source=source)  # what is offered is what the action takes


def test_facts_raised_from_a_household_form_name_nobody(world: World) -> None:
    roster = add_roster(world, {"甲一村": 1})
    visit(world, next(iter(roster.households.values())), verdict=Verdict.NOT_RECEIVED)
    finding = finding_of_line(viewer(world, "inspector"), 1, world.caller("inspector").today)
    issue_id = issue.raise_issue(world.caller("inspector"), issue.Finding(**asdict(finding)))
    shown = page(world, issue_id, "inspector")
    assert "*" in shown.found.facts
    assert [line.due_cents for line in shown.money] == [0, 0]  # the bank says it was paid


def from_a_form(world: World) -> tuple[int, int, int]:
    """A problem raised from a form with a photo, assigned; its id, the form's and the photo's."""
    issue_id, check_id, photo_id = raised_from_a_form(world)
    assignment.assign(world.caller("office"), issue_id, world.order())
    return issue_id, check_id, photo_id


def raised_from_a_form(world: World) -> tuple[int, int, int]:
    """The same, just handed in."""
    visits = Visits.build(world).usual_payments()
    check_id = visits.filled()
    given = add_evidence(
        world.caller("inspector"), check_id=check_id, kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.FINDING,
        data=photo(), caption=f"{visits.name_of()}的存折",
    )  # fmt: skip
    submit_check(world.caller("inspector"), check_id)
    with reading() as session:
        line = session.scalars(sa.select(CheckLine.id).where(CheckLine.verdict == Verdict.WRONG_AMOUNT)).one()
    finding = finding_of_line(viewer(world, "inspector"), line, world.caller("inspector").today)
    issue_id = issue.raise_issue(world.caller("inspector"), issue.Finding(**asdict(finding)))
    issue.submit(world.caller("inspector"), issue_id)
    return issue_id, check_id, given.id


def test_photos_of_the_form_stand_on_the_problem_raised_from_it(both_worlds: World) -> None:
    issue_id, _, photo_id = from_a_form(both_worlds)
    for by in ("inspector", "unit", "office"):
        (row,) = page(both_worlds, issue_id, by).evidence
        assert (row.id, row.from_visit, row.purpose) == (photo_id, True, EvidencePurpose.FINDING)
        assert row.caption.endswith("*的存折")
        assert stored_evidence(viewer(both_worlds, by), photo_id).id == photo_id
    for by in ("far_unit", "other_unit", "far_office"):
        with pytest.raises(NotFoundOrNotYours):
            stored_evidence(viewer(both_worlds, by), photo_id)


def test_a_photo_of_the_form_proves_no_rectification(world: World) -> None:
    issue_id, _, _ = from_a_form(world)
    assert page(world, issue_id).evidence_this_time == 0
    with pytest.raises(Refused, match="申请销号须附"):
        rectification.request(world.caller("unit"), issue_id, world.closure_request(paid_cents=36_000))


def test_another_problem_shows_nothing_of_the_form(world: World) -> None:
    from_a_form(world)
    other = world.rectifying()
    assert page(world, other).evidence == ()
    assert page(world, other).check_id is None


def test_the_form_is_named_to_those_who_may_see_it(world: World) -> None:
    issue_id, check_id, _ = from_a_form(world)
    assert {by: page(world, issue_id, by).check_id for by in ("inspector", "office", "unit")} == {
        "inspector": check_id, "office": check_id, "unit": None,
    }  # fmt: skip


def test_an_inspector_is_not_told_that_others_may_take_their_request_back(world: World) -> None:
    issue_id = world.in_acceptance()
    assert Verb.WITHDRAW not in {blocked.verb for blocked in page(world, issue_id, "inspector").blocked}
    assert Verb.WITHDRAW in {blocked.verb for blocked in page(world, issue_id, "unit2").blocked}


def test_who_held_it_adds_up_to_the_clocks_the_page_shows(both_worlds: World) -> None:
    """The unit's time and 审核用时 are sums of the same stretches, and what was held is what moved the deadline."""
    world = both_worlds
    issue_id = world.on(date(2022, 7, 4)).rectifying()
    other = world.units["示例二镇财政所"]
    assignment.reassign(world.on(date(2022, 7, 6)).caller("office"), issue_id, other, "职责划转", "赵某某", "钱某某")
    world.evidence(issue_id, by="other_unit")
    asked = world.closure_request()
    rectification.request(world.on(date(2022, 7, 11)).caller("other_unit"), issue_id, asked)
    closure.return_to_unit(world.on(date(2022, 7, 14)).caller("office"), issue_id, "缺逐户签字的补发清单，请补齐。")
    world.on(date(2022, 7, 18))
    page = issue_page(viewer(world, "office"), issue_id, world._today())
    told = [(h.holder, h.until, h.workdays) for h in page.holdings]
    assert told == [
        ("办公室", date(2022, 7, 4), 0),
        ("示例一镇财政所", date(2022, 7, 6), 2),
        ("示例二镇财政所", date(2022, 7, 11), 3),
        ("检查组或办公室", date(2022, 7, 14), 3),
        ("示例二镇财政所", None, 2),
    ]
    assert (page.time.used, page.time.review, page.duty.held) == (7, 3, 3)
