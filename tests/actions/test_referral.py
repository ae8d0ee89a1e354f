"""移送, its reply, 另案处理 and 登记问责: what each must bring, what waits for it, and who is told nothing."""

from datetime import timedelta
from typing import Any

import pytest

from actions import closure
from actions.evidence import add_evidence
from actions.rectification import report
from actions.referral import ReferralOrder, Reply, record_reply, refer, treat_separately
from actions.sanction import Sanction, correct_sanction, record_sanction
from models.evidence import EvidenceKind, EvidencePurpose
from models.outcome import OutcomeKind
from models.referral import ReferralBody
from models.refusal import NotFoundOrNotYours, Refused, Stale
from queries.evidence import stored_evidence
from queries.figures import figures
from queries.ledger import LedgerFilter
from queries.ledger_sheet import ledger_sheet_rows
from queries.reading import reading
from queries.referral import problem_numbered, referred_case, referred_cases, sanctions_before
from tests.actions.test_evidence import photo
from tests.actions.test_issue_money import page
from tests.factories import World
from tests.queries.test_figures import viewer


def send(
    world: World, issue_id: int, body: ReferralBody = ReferralBody.DISCIPLINE, by: str = "office", **how: Any
) -> int:
    given: dict[str, Any] = {
        "ground": "涉嫌截留补贴，依规移送。", "document_number": "甲移〔2022〕3号",
        "referred_on": world.caller(by).today,
    } | how  # fmt: skip
    return refer(world.caller(by), issue_id, ReferralOrder(body, **given))


def reply(world: World, issue_id: int, referral_id: int, by: str, **how: Any) -> None:
    given: dict[str, Any] = {
        "text": "已立案核查，情况属实。", "document_number": "甲函〔2022〕7号", "replied_on": world.caller(by).today,
    } | how  # fmt: skip
    record_reply(world.caller(by), issue_id, referral_id, Reply(**given))


def held(world: World, people: int = 2, **how: Any) -> Sanction:
    given: dict[str, Any] = {"document_number": "甲纪〔2022〕5号", "decided_on": world.terminal().today} | how
    return Sanction(OutcomeKind.ADMONITION, people, **given)


def test_without_a_reply_nothing_is_closed_and_a_reply_opens_the_way(both_worlds: World) -> None:
    issue_id = both_worlds.in_approval()
    referral_id = send(both_worlds, issue_id)
    with pytest.raises(Refused, match="已移送，尚无回复"):
        closure.approve(both_worlds.caller("office2"), issue_id)
    reply(both_worlds, issue_id, referral_id, "discipline")
    assert closure.approve(both_worlds.caller("office2"), issue_id)


def test_the_leader_lets_it_go_on_as_a_case_of_its_own(world: World) -> None:
    issue_id = world.in_approval()
    send(world, issue_id)
    send(world, issue_id, ReferralBody.POLICE)
    treat_separately(world.caller("leader"), issue_id, "另案处理，不影响本件。")
    assert closure.approve(world.caller("office2"), issue_id)
    assert page(world, issue_id).history[1].done == "另案处理，不再等纪委监委、公安机关回复"


def test_who_is_not_in_the_system_is_answered_for_by_the_office(world: World) -> None:
    issue_id = world.rectifying()
    police, own = send(world, issue_id, ReferralBody.POLICE), send(world, issue_id)
    with pytest.raises(NotFoundOrNotYours):
        reply(world, issue_id, police, "discipline")
    with pytest.raises(NotFoundOrNotYours):
        reply(world, issue_id, own, "office")
    reply(world, issue_id, police, "office")
    assert [row.is_waiting for row in page(world, issue_id).referrals] == [True, False]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"ground": "涉嫌"}, "请填写移送理由"),
        ({"document_number": ""}, "请填写移送函文号"),
        ({"body": ReferralBody.OTHER}, "请填写机关名称"),
        ({"papers": (999,)}, "佐证"),
    ],
)
def test_what_a_referral_lacks_is_a_sentence(world: World, how: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        send(world, world.rectifying(), **how)


def test_days_that_cannot_be_are_refused(world: World) -> None:
    issue_id, today = world.rectifying(), world.caller("office").today
    with pytest.raises(Refused, match="还没有到"):
        send(world, issue_id, referred_on=today + timedelta(days=1))
    referral_id = send(world, issue_id)
    with pytest.raises(Refused, match="还在等回复"):
        send(world, issue_id)
    with pytest.raises(Refused, match="早于移送日期"):
        reply(world, issue_id, referral_id, "discipline", replied_on=today - timedelta(days=1))


def test_unit_and_inspector_are_told_nothing_of_it(world: World) -> None:
    issue_id = world.rectifying()
    seen = page(world, issue_id, "unit").version
    send(world, issue_id)
    record_sanction(world.caller("discipline"), issue_id, held(world))
    for name in ("unit", "inspector"):
        told = page(world, issue_id, name)
        assert (told.referrals, told.sanctions) == ((), ())
        assert {row.verb for row in told.history}.isdisjoint({"refer", "sanction"})
    assert [row.done for row in page(world, issue_id, "leader").history[:2]] == [
        "登记问责，诫勉 2 人，甲纪〔2022〕5号",
        "移送纪委监委，甲移〔2022〕3号，随附材料 0 份",
    ]
    with pytest.raises(Stale, match="“改动”"):
        report(world.caller("unit"), issue_id, "已补发8户。", seen)


def test_discipline_opens_the_papers_that_came_along_and_no_others(world: World) -> None:
    issue_id = world.rectifying()
    given = [
        add_evidence(
            world.caller("unit"), issue_id=issue_id, kind=EvidenceKind.BANK_SLIP,
            purpose=EvidencePurpose.RECTIFICATION, data=photo(colour), caption="回单",
        ).id
        for colour in ("blue", "green")
    ]  # fmt: skip
    referral_id = send(world, issue_id, papers=(given[0],))
    discipline = viewer(world, "discipline")
    assert stored_evidence(discipline, given[0]).id == given[0]
    with pytest.raises(NotFoundOrNotYours):
        stored_evidence(discipline, given[1])
    assert [paper.id for paper in referred_case(discipline, referral_id).papers] == [given[0]]


def test_of_what_was_not_referred_discipline_is_told_the_number_and_no_facts(world: World) -> None:
    issue_id = world.rectifying()
    send(world, issue_id, ReferralBody.POLICE)
    discipline = viewer(world, "discipline")
    assert referred_cases(discipline, world.campaign_id) == ()
    brief = problem_numbered(discipline, world.campaign_id, "sl2022-jx-0001")
    assert (brief.id, brief.place) == (issue_id, "甲县 示例一镇")
    assert "补贴少发" not in repr(brief)
    with pytest.raises(NotFoundOrNotYours):
        problem_numbered(discipline, world.campaign_id, "SL2022-JX-0002")


def test_people_are_corrected_by_a_second_row_and_the_figure_follows(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    first = record_sanction(both_worlds.caller("discipline"), issue_id, held(both_worlds, 3))
    correct_sanction(both_worlds.caller("discipline"), issue_id, first, 1, "两人已撤销处分。")
    asked = figures(viewer(both_worlds, "office"), both_worlds.campaign_id, both_worlds.terminal().today,
                    names=["people_disciplined"])  # fmt: skip
    rows = sanctions_before(viewer(both_worlds, "discipline"), both_worlds.campaign_id)
    assert [(row.people, row.stands, row.corrects_id) for row in rows] == [(3, 1, None), (-2, 0, first)]
    assert asked["people_disciplined"].value == sum(row.people for row in rows) == 1


@pytest.mark.parametrize(
    ("people", "how", "sentence"),
    [(0, {}, "应大于 0"), (-1, {}, "应大于 0"), (1, {"document_number": ""}, "请填写文号")],
)
def test_what_a_sanction_lacks_is_a_sentence(world: World, people: int, how: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        record_sanction(world.caller("discipline"), world.rectifying(), held(world, people, **how))


def test_the_two_columns_of_the_ledger_say_the_letter_and_the_people_and_no_progress(world: World) -> None:
    issue_id = world.rectifying()
    referral_id = send(world, issue_id)
    reply(world, issue_id, referral_id, "discipline")
    record_sanction(world.caller("discipline"), issue_id, held(world))
    with reading() as session:
        row = next(ledger_sheet_rows(session, viewer(world, "office"), world.campaign_id, LedgerFilter(),
                                     world.terminal().today))  # fmt: skip
    assert (row.referred_to, row.sanctions) == ("纪委监委 2022年7月4日 甲移〔2022〕3号", "诫勉 2 人")
