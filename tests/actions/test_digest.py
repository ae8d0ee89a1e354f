"""The day's reminder: one a person a day, only of what is in their hands; steps are taken by a person, once."""

from datetime import date

import pytest

from actions import assignment, dismissal, rectification, reminder
from actions.delegation import add_delegation
from actions.digest import mark_digests_read, write_digests
from actions.escalation import set_steps
from models.escalation import Audience, EscalationStep
from models.issue_word import DismissalGround
from models.refusal import Refused
from models.role import Role
from queries.audit import audit_head, verify
from queries.digest import own_digest
from tests.actions.test_issue import OFFENCE, events
from tests.factories import World
from tests.queries.test_issue import viewer

DUE = date(2022, 7, 25)
WEEK, THREE, ONE, LATE = date(2022, 7, 18), date(2022, 7, 22), date(2022, 7, 24), date(2022, 7, 28)
EVERYBODY = ("unit", "unit2", "other_unit", "far_unit", "office", "office2", "far_office", "leader", "inspector")
STEPS = (
    EscalationStep("提醒函", -3, (Audience.UNIT, Audience.OFFICE)),
    EscalationStep("告诫书", 2, (Audience.OFFICE, Audience.LEADER)),
)


def run(world: World, day: date) -> int:
    """The terminal writes the day's reminders; how many."""
    return sum(one.digests for one in write_digests(world.on(day).terminal()))


def reminded(world: World) -> list[str]:
    """Who of everybody has something to read now."""
    return [n for n in EVERYBODY if own_digest(viewer(world, n), world.campaign_id, world._today()).rows]


def test_the_unit_is_reminded_seven_three_and_one_days_before_and_daily_when_overdue(both_worlds: World) -> None:
    world = both_worlds
    world.rectifying()
    assert [run(world, date(2022, 7, day)) for day in (17, 18, 19, 22, 23, 24, 25, 26)] == [0, 2, 0, 2, 0, 2, 0, 2]
    assert run(world, date(2022, 7, 27)) == 2 and reminded(world) == ["unit", "unit2"]


def test_two_runs_on_a_day_write_one_digest_a_person_and_one_entry(both_worlds: World) -> None:
    world = both_worlds
    for _ in range(3):
        world.rectifying()
    assert run(world, LATE) == 2
    head = audit_head()
    assert run(world, LATE) == 0 and audit_head() == head
    page = own_digest(viewer(world, "unit"), world.campaign_id, LATE)
    assert (len(page.rows), page.overdue) == (3, 3)
    mark_digests_read(world.caller("unit"), world.campaign_id)
    assert reminded(world) == ["unit2"] and verify(files=False).ok


def test_nothing_is_said_of_what_is_out_of_ones_hands(world: World) -> None:
    asked, moved, doubted = world.rectifying(), world.rectifying(), world.rectifying()
    world.in_acceptance()
    run(world, THREE)
    assert len(own_digest(viewer(world, "unit"), world.campaign_id, THREE).rows) == 3
    world.evidence(asked)
    rectification.request(world.caller("unit"), asked, world.closure_request())
    other = world.units["示例二镇财政所"]
    assignment.reassign(world.caller("office"), moved, other, "由二镇办理。", "李某某", "陈某某")
    dismissal.propose_dismissal(world.caller("office"), doubted, DismissalGround.NOT_A_PROBLEM, "与清册核对无误。")
    assert reminded(world) == []
    assert run(world, ONE) == 1 and reminded(world) == ["other_unit"]


def test_who_stands_in_is_reminded_as_a_deputy(world: World) -> None:
    world.rectifying()
    add_delegation(world.caller("unit"), "auditor", Role.UNIT, world._today(), date(2022, 8, 31))
    run(world, LATE)
    (row,) = own_digest(viewer(world, "auditor"), world.campaign_id, LATE).rows
    assert row.stands_in_for == "U某某"


def test_the_leader_is_reminded_of_an_offence_whose_unit_was_not_told(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.registered(**OFFENCE)
    assignment.assign(world.caller("office"), issue_id, world.order())
    assert run(world, LATE) == 1 and reminded(world) == ["leader"]


def test_a_step_reached_is_proposed_until_somebody_takes_it_and_is_taken_once(both_worlds: World) -> None:
    world, issue_id = both_worlds, both_worlds.rectifying()
    set_steps(world.caller("office"), world.campaign_id, STEPS)
    with pytest.raises(Refused, match="还没有到日子"):
        reminder.supervise(world.caller("office"), issue_id, "请抓紧办理。", escalation="提醒函")
    run(world, LATE)
    steps = {n: own_digest(viewer(world, n), world.campaign_id, LATE).rows[0].step for n in reminded(world)}
    assert steps == {"unit": "提醒函", "unit2": "提醒函", "office": "告诫书", "office2": "告诫书", "leader": "告诫书"}
    reminder.supervise(world.caller("office2"), issue_id, "请抓紧办理。", escalation="告诫书")
    assert events(issue_id)[-1].detail["step"] == "告诫书" and events(issue_id)[-1].note == "【告诫书】请抓紧办理。"
    assert reminded(world) == ["unit", "unit2"]
    with pytest.raises(Refused, match="本轮已经办过"):
        reminder.supervise(world.caller("leader"), issue_id, "请抓紧办理。", escalation="告诫书")


def test_steps_are_versions_and_the_same_again_is_refused(world: World) -> None:
    assert set_steps(world.caller("office"), world.campaign_id, STEPS, 0) == 1
    with pytest.raises(Refused, match="没有需要保存的"):
        set_steps(world.caller("office"), world.campaign_id, tuple(reversed(STEPS)))
    with pytest.raises(Refused, match="只到部分地区"):
        set_steps(world.caller("far_office"), world.campaign_id, ())
