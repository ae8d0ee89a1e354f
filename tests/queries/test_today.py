"""What waits for whom, with the verb that is theirs."""

from dataclasses import asdict
from datetime import date

import pytest
import sqlalchemy as sa

from actions import assignment, closure, dismissal, rectification
from actions.household_check import submit_check
from actions.issue import Finding, raise_issue
from models.deadline import Light
from models.evidence import EvidenceKind
from models.household_check import CheckLine
from models.issue import Verb
from models.issue_record import Issue
from models.issue_rule import allowed_verbs
from models.issue_word import DismissalGround, IssueStatus, VerifiedHow
from models.refusal import NotFoundOrNotYours
from queries.handed_on import HandedOn, handed_on
from queries.issue_case import case_of, doers_for
from queries.line_finding import finding_of_line
from queries.own_acts import own_acts
from queries.reading import reading
from queries.today import URGENCY, teams_for, waiting_for
from queries.viewer import Viewer, viewer_of_user
from tests.busy import busy
from tests.factories import World
from tests.visits import Visits


def viewer(world: World, by: str) -> Viewer:
    with reading() as session:
        found = viewer_of_user(session, world.users[by], world._today())
    assert found is not None
    return found


def verbs(world: World, by: str) -> list[tuple[int, Verb]]:
    return [(row.id, row.verb) for row in waiting_for(viewer(world, by), world.campaign_id, world._today()).rows]


def test_each_finds_the_verb_that_is_theirs(both_worlds: World) -> None:
    draft, registered, rectifying = both_worlds.draft(), both_worlds.registered(), both_worlds.rectifying()
    asked, accepted = both_worlds.in_acceptance(), both_worlds.in_approval()
    assert verbs(both_worlds, "inspector") == [(asked, Verb.ACCEPT), (draft, Verb.SUBMIT)]
    assert verbs(both_worlds, "inspector2") == [(asked, Verb.ACCEPT)]
    assert verbs(both_worlds, "unit") == [(rectifying, Verb.SIGN)]
    assert verbs(both_worlds, "other_unit") == []
    assert set(verbs(both_worlds, "office")) == {
        (asked, Verb.ACCEPT), (accepted, Verb.APPROVE), (registered, Verb.ASSIGN),
    }  # fmt: skip
    assert verbs(both_worlds, "far_office") == []
    assert verbs(both_worlds, "leader") == verbs(both_worlds, "auditor") == []


def test_once_signed_the_unit_reports_and_then_asks_for_closing(world: World) -> None:
    issue_id = world.rectifying()
    assignment.sign(world.caller("unit"), issue_id)
    assert verbs(world, "unit") == [(issue_id, Verb.REPORT)]
    rectification.report(world.caller("unit"), issue_id, "已与代发银行核对，定于下周补发。")
    assert verbs(world, "unit") == [(issue_id, Verb.REQUEST)]


def test_whoever_accepted_does_not_find_it_waiting_for_approval(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.accept(world.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "资料齐全。")
    assert (issue_id, Verb.APPROVE) not in verbs(world, "office")
    assert (issue_id, Verb.APPROVE) in verbs(world, "office2")


def test_a_proposed_dismissal_waits_for_the_other_office_person(world: World) -> None:
    issue_id = world.registered()
    dismissal.propose_dismissal(
        world.caller("office"), issue_id, DismissalGround.NOT_A_PROBLEM, "清册与到账一致，不构成问题。"
    )
    assert verbs(world, "office2") == [(issue_id, Verb.CONFIRM_DISMISSAL)]
    assert verbs(world, "office") == []


def test_a_suspected_offence_waits_for_the_leader(world: World) -> None:
    issue_id = world.registered(type_code="P302", title="涉嫌截留补贴资金", facts="涉嫌截留2021年补贴资金。")
    assert verbs(world, "leader") == [(issue_id, Verb.RELEASE)]


def test_what_was_given_back_says_by_whom_and_why(world: World) -> None:
    issue_id = world.in_acceptance()
    closure.return_to_unit(world.caller("inspector"), issue_id, "照片看不清日期，请重拍。")
    (row,) = waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert (row.mark, row.verb, row.words) == ("待签收", Verb.SIGN, "去签收")
    assignment.sign(world.caller("unit"), issue_id)
    (row,) = waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert (row.mark, row.words) == ("被退回", "补充后再申请")
    assert row.detail.startswith("I某某 7月4日退回：照片看不清日期，请重拍。")


def test_the_own_unit_is_told_first_what_is_overdue(world: World) -> None:
    later = world.rectifying()
    world.on(date(2022, 7, 1))
    sooner = world.rectifying()
    world.on(date(2022, 7, 25))
    rows = waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert [(r.id, r.light.light) for r in rows] == [(sooner, Light.OVERDUE), (later, Light.SOON)]


def test_what_is_newly_assigned_and_unsigned_stands_above_what_is_overdue(both_worlds: World) -> None:
    world = both_worlds
    overdue = world.rectifying()
    assignment.sign(world.caller("unit"), overdue)
    new = world.on(date(2022, 7, 29)).rectifying()
    rows = waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert [(r.id, r.verb) for r in rows] == [(new, Verb.SIGN), (overdue, Verb.REPORT)]


def test_what_is_listed_is_what_the_rules_allow_and_nothing_else(busy_world: World) -> None:
    for who in busy_world.users:
        person = viewer(busy_world, who)
        listed = waiting_for(person, busy_world.campaign_id, busy_world._today(), most=1000)
        assert {row.id for row in listed.rows} == allowed(person), who
        assert listed.more == 0, who


def allowed(person: Viewer) -> set[int]:
    """Problems for which the rules give the person a verb that moves them on."""
    with reading() as session:
        return {
            issue.id
            for issue in session.scalars(sa.select(Issue))
            if set(URGENCY)
            & set(allowed_verbs(case_of(session, issue), doers_for(session, person, issue, person.grants)))
            or (issue.status is IssueStatus.DRAFT and issue.author_id == person.person_id)
        }


def test_what_was_put_right_on_the_spot_and_given_back_waits_for_its_inspector(both_worlds: World) -> None:
    issue_id = both_worlds.registered()
    both_worlds.evidence(issue_id, "inspector", EvidenceKind.VOUCHER)
    done = rectification.SpotFix(
        measures="现场逐户补发，群众签字。", recovered_cents=0, paid_cents=320_000, voucher="收条"
    )
    rectification.fix_on_spot(both_worlds.caller("inspector"), issue_id, done)
    closure.return_to_unit(both_worlds.caller("office"), issue_id, "只有一张收条，缺逐户签收单，请补齐。")
    (row,) = waiting_for(viewer(both_worlds, "inspector"), both_worlds.campaign_id, both_worlds._today()).rows
    assert (row.verb, row.words, row.mark) == (Verb.FIX, "补充后再申请", "被退回")
    assert verbs(both_worlds, "office") == [(issue_id, Verb.ASSIGN)]


@pytest.fixture
def busy_world(world: World) -> World:
    """Problems in every state, one with a dismissal declined and proposed again by the other."""
    busy(world)
    issue_id = world.registered()
    for proposer, decider in (("office", "office2"), ("office2", "")):
        dismissal.propose_dismissal(
            world.caller(proposer), issue_id, DismissalGround.NOT_A_PROBLEM, "清册与到账一致，不构成问题。"
        )
        if decider:
            dismissal.decline_dismissal(world.caller(decider), issue_id, "到账比清册少，是问题。")
    return world


# --- what others have, what I did -----------------------------------------------------------------------------------


def others(world: World, by: str) -> tuple[HandedOn, ...]:
    return handed_on(viewer(world, by), world.campaign_id, world._today())


def test_what_others_do_stands_apart(both_worlds: World) -> None:
    both_worlds.in_acceptance()
    both_worlds.on(date(2022, 7, 8))
    both_worlds.in_approval()
    rows = [(r.label, r.holder, r.count, r.longest_days) for r in others(both_worlds, "unit")]
    assert rows == [("待验收", "检查组或办公室", 1, 4), ("待审批", "办公室", 1, 0)]
    assert others(both_worlds, "other_unit") == ()


def test_the_office_waits_for_the_units_and_sees_what_is_overdue(both_worlds: World) -> None:
    both_worlds.rectifying()
    both_worlds.on(date(2022, 8, 1))
    (row,) = others(both_worlds, "office")
    assert (row.label, row.holder, row.count, row.longest_days, row.overdue) == ("整改中", "示例一镇财政所", 1, 28, 1)


def test_what_waits_for_me_is_not_what_others_have(busy_world: World) -> None:
    mine = waiting_for(viewer(busy_world, "office"), busy_world.campaign_id, busy_world._today(), most=1000)
    with reading() as session:
        still_open = session.scalars(sa.select(Issue.id).where(Issue.status.in_(IssueStatus.open()))).all()
    assert sum(r.count for r in others(busy_world, "office")) == len(still_open) - len(mine.rows)


def test_what_i_did_lately_comes_newest_first_and_once(both_worlds: World) -> None:
    first = both_worlds.registered()
    both_worlds.later(hours=1)
    second = both_worlds.draft()
    done = own_acts(viewer(both_worlds, "inspector"), both_worlds.campaign_id)
    assert [(act.issue_id, act.words) for act in done] == [(second, "登记"), (first, "登记"), (first, "提交")]
    assert own_acts(viewer(both_worlds, "unit"), both_worlds.campaign_id) == ()


def test_more_than_fits_is_said(world: World) -> None:
    for _ in range(3):
        world.registered()
    waiting = waiting_for(viewer(world, "office"), world.campaign_id, world._today(), most=2)
    assert (len(waiting.rows), waiting.more) == (2, 1)


def test_an_inspector_knows_the_team(world: World) -> None:
    (team,) = teams_for(viewer(world, "inspector"), world._today())
    assert (team.name, len(team.members)) == ("检查一组", 2)


# --- a line of a form as a problem ----------------------------------------------------------------------------------


def flagged_line(visits: Visits, **fields: object) -> int:
    check_id = visits.filled()
    visits.save(check_id, "inspector", {visits.line("S11", part): value for part, value in fields.items()})
    submit_check(visits.world.caller("inspector"), check_id)
    with reading() as session:
        return session.scalars(sa.select(CheckLine.id).where(CheckLine.item_code == "S11")).one()


@pytest.mark.parametrize(
    ("verdict", "said", "recover", "pay"),
    [
        ("WRONG_AMOUNT", 396_000, 0, 36_000), ("NOT_RECEIVED", 0, 0, 36_000), ("NOT_RECEIVED", 100_000, 0, 36_000),
        ("NOT_ENTITLED", None, 396_000, 0), ("UNAWARE", None, 0, 0),
    ],
)  # fmt: skip
def test_register_against_bank_says_whose_money_it_is_and_not_what_was_said(
    world: World, verdict: str, said: int | None, recover: int, pay: int
) -> None:
    visits = Visits.build(world).usual_payments()
    found = finding_of_line(
        viewer(world, "inspector"), flagged_line(visits, verdict=verdict, said=said), world._today()
    )
    assert (found.to_recover_cents, found.to_pay_cents) == (recover, pay)


def test_where_the_bank_paid_all_of_it_a_lower_word_of_the_villager_makes_nobody_owe_anything(world: World) -> None:
    visits = Visits.build(world).pay(item="S17").pay(item="S11", due=28_050).register()
    found = finding_of_line(viewer(world, "inspector"), flagged_line(visits, said=20_000), world._today())
    assert (found.amount_cents, found.to_recover_cents, found.to_pay_cents) == (0, 0, 0)
    assert found.title == "甲一村0001户2021年农村最低生活保障金群众自述与到账不一致"
    assert "到账280.50元，群众自述200.00元。核查结论：金额不符。群众自述与到账不一致，待核。" in found.facts


def test_a_line_becomes_a_problem_whose_facts_name_nobody(both_worlds: World) -> None:
    visits = Visits.build(both_worlds).usual_payments()
    line_id = flagged_line(visits, note="存折上少两个月")
    found = finding_of_line(viewer(both_worlds, "inspector"), line_id, both_worlds._today())
    assert visits.name_of() not in found.facts and "存折上少两个月" in found.facts
    assert found.title == "甲一村0001户2021年农村最低生活保障金少发360.00元"
    assert raise_issue(both_worlds.caller("inspector"), Finding(**asdict(found))) > 0


def test_a_line_of_others_is_not_found(world: World) -> None:
    line_id = flagged_line(Visits.build(world).usual_payments())
    with pytest.raises(NotFoundOrNotYours):
        finding_of_line(viewer(world, "far_office"), line_id, world._today())
