"""What waits for whom, with the verb that is theirs."""

from dataclasses import asdict
from datetime import date

import pytest
import sqlalchemy as sa

from actions import assignment, closure, dismissal
from actions.household_check import submit_check
from actions.issue import Finding, raise_issue
from models.household_check import CheckLine
from models.issue import DismissalGround, Verb, VerifiedHow
from models.refusal import NotFoundOrNotYours
from queries.line_finding import finding_of_line
from queries.reading import reading
from queries.today import teams_for, waited_for, waiting_for
from queries.viewer import Viewer, viewer_of_user
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


def test_once_signed_the_unit_asks_for_closing(world: World) -> None:
    issue_id = world.rectifying()
    assignment.sign(world.caller("unit"), issue_id)
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


def test_what_others_do_stands_apart(both_worlds: World) -> None:
    both_worlds.in_acceptance()
    both_worlds.on(date(2022, 7, 8))
    both_worlds.in_approval()
    rows = waited_for(viewer(both_worlds, "unit"), both_worlds.campaign_id, both_worlds._today())
    assert [(r.label, r.count, r.longest_days) for r in rows] == [("待验收", 1, 4), ("待审批", 1, 0)]
    assert waited_for(viewer(both_worlds, "other_unit"), both_worlds.campaign_id, both_worlds._today()) == ()


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
        ("WRONG_AMOUNT", 396_000, 0, 36_000), ("NOT_RECEIVED", 0, 0, 432_000), ("NOT_RECEIVED", 100_000, 0, 332_000),
        ("NOT_ENTITLED", None, 396_000, 0), ("UNAWARE", None, 0, 0),
    ],
)  # fmt: skip
def test_the_verdict_says_whose_money_it_is(
    world: World, verdict: str, said: int | None, recover: int, pay: int
) -> None:
    visits = Visits.build(world).usual_payments()
    found = finding_of_line(
        viewer(world, "inspector"), flagged_line(visits, verdict=verdict, said=said), world._today()
    )
    assert (found.to_recover_cents, found.to_pay_cents) == (recover, pay)


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
