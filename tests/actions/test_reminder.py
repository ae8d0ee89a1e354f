"""催办 and 督办: the people whose turn it is are told, all of them and nobody else, once a day."""

from datetime import date

import pytest

from actions import assignment, closure, dismissal, reminder
from actions.delegation import add_delegation
from actions.notice import mark_all_read, mark_read
from actions.people import disable_user
from models.issue_word import DismissalGround, VerifiedHow
from models.notice import NoticeKind
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Role
from queries.notice import read_notices, unread_notices
from tests.actions.test_issue import OFFENCE, events
from tests.factories import World
from tests.queries.test_issue import viewer


def told(world: World, *names: str) -> list[str]:
    """Who of them has an unread notice."""
    today = world.caller("office").today
    return [name for name in names if unread_notices(viewer(world, name), world.campaign_id, today).total]


EVERYBODY = ("unit", "unit2", "other_unit", "far_unit", "office", "office2", "far_office", "leader", "inspector",
             "inspector2", "auditor")  # fmt: skip


def test_all_of_the_responsible_unit_are_told_and_nobody_else(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    answer = reminder.remind(both_worlds.caller("office"), issue_id, "月底前须办结。")
    assert (answer.people, answer.units) == (2, ("示例一镇财政所",))
    assert told(both_worlds, *EVERYBODY) == ["unit", "unit2"]
    (row,) = unread_notices(viewer(both_worlds, "unit"), both_worlds.campaign_id, both_worlds.caller("unit").today).rows
    assert (row.kind, row.text, row.sender, row.issue_id) == (NoticeKind.REMIND, "月底前须办结。", "O某某", issue_id)
    last = events(issue_id)[-1]
    assert (last.note, last.detail["units"], len(last.detail["people"])) == ("月底前须办结。", ["示例一镇财政所"], 2)


def test_who_is_told_follows_the_turn(both_worlds: World) -> None:
    world = both_worlds
    registered, waits, approval = world.registered(), world.in_acceptance(), world.in_approval()
    for issue_id, expected in (
        (registered, ["office", "office2"]),
        (waits, ["office", "office2", "inspector", "inspector2"]),
        (approval, ["office", "office2"]),
    ):
        reminder.remind(world.caller("leader"), issue_id)
        assert told(world, *EVERYBODY) == expected
        for name in expected:
            mark_all_read(world.caller(name), world.campaign_id)


def test_whoever_may_not_accept_or_approve_is_not_chased(both_worlds: World) -> None:
    issue_id = both_worlds.in_acceptance()
    closure.accept(both_worlds.caller("office"), issue_id, VerifiedHow.DOCUMENTS, "核对回单无误。")
    reminder.remind(both_worlds.caller("leader"), issue_id)
    assert told(both_worlds, *EVERYBODY) == ["office2"]
    both_worlds.later(days=1)
    with pytest.raises(Refused, match="正等您自己办理"):
        reminder.remind(both_worlds.caller("office2"), issue_id)


def test_a_proposed_dismissal_waits_for_whoever_decides_it(world: World) -> None:
    issue_id = world.rectifying()
    dismissal.propose_dismissal(
        world.caller("office"), issue_id, DismissalGround.NOT_A_PROBLEM, "经核实已按标准发放。"
    )  # fmt: skip
    reminder.remind(world.caller("leader"), issue_id)
    assert told(world, *EVERYBODY) == ["office2"]


def test_a_reminder_does_not_tell_the_accused_unit_of_what_is_hidden_from_it(both_worlds: World) -> None:
    issue_id = both_worlds.registered(**OFFENCE)
    assignment.assign(both_worlds.caller("office"), issue_id, both_worlds.order())
    reminder.remind(both_worlds.caller("office"), issue_id)
    assert told(both_worlds, *EVERYBODY) == ["leader"]


def test_the_same_problem_is_chased_once_a_day(both_worlds: World) -> None:
    issue_id = both_worlds.on(date(2022, 7, 4), 9).rectifying()
    reminder.remind(both_worlds.caller("office"), issue_id)
    both_worlds.on(date(2022, 7, 4), 16)
    with pytest.raises(Refused, match="今天 09:00 O某某已经催办过这件"):
        reminder.remind(both_worlds.caller("office2"), issue_id)
    reminder.supervise(both_worlds.caller("leader"), issue_id, "本周五前办结，书面报告。")
    both_worlds.on(date(2022, 7, 5), 8)
    reminder.remind(both_worlds.caller("office2"), issue_id)
    assert [e.verb for e in events(issue_id)][-3:] == ["remind", "supervise", "remind"]


def test_who_stands_in_reads_the_notices_too(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    today = both_worlds.caller("unit").today
    add_delegation(both_worlds.caller("unit"), "auditor", Role.UNIT, today, today)
    reminder.remind(both_worlds.caller("office"), issue_id)
    assert told(both_worlds, "auditor") == ["auditor"]
    pressing = NoticeKind.pressing()
    assert mark_all_read(both_worlds.caller("auditor"), both_worlds.campaign_id, pressing) == 1
    assert told(both_worlds, "unit", "unit2") == ["unit2"]


def test_where_the_unit_has_nobody_it_is_said(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    for name in ("unit", "unit2"):
        disable_user(both_worlds.caller("admin"), name)
    with pytest.raises(Refused, match="还没有可用的账号"):
        reminder.remind(both_worlds.caller("office"), issue_id)
    assert [e.verb for e in events(issue_id)][-1] == "assign"


def test_a_notice_is_read_by_whom_it_was_sent_to_and_by_nobody_else(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    reminder.remind(both_worlds.caller("office"), issue_id)
    unit = viewer(both_worlds, "unit")
    (row,) = unread_notices(unit, both_worlds.campaign_id, both_worlds.caller("unit").today).rows
    assert mark_read(both_worlds.caller("unit2"), row.id) == 0
    assert mark_read(both_worlds.caller("unit"), row.id) == 1
    assert mark_read(both_worlds.caller("unit"), row.id) == 0
    assert unread_notices(unit, both_worlds.campaign_id, both_worlds.caller("unit").today).total == 0
    assert [r.id for r in read_notices(unit, both_worlds.campaign_id, both_worlds.caller("unit").today).rows] == [
        row.id
    ]


def test_what_was_handed_to_another_unit_is_no_longer_read(both_worlds: World) -> None:
    issue_id = both_worlds.rectifying()
    reminder.remind(both_worlds.caller("office"), issue_id)
    assignment.reassign(
        both_worlds.caller("office"), issue_id, both_worlds.units["示例二镇财政所"], "属地有误。", "李某某", "陈某某"
    )
    assert told(both_worlds, "unit", "other_unit") == []


def test_a_closed_problem_bothers_nobody(world: World) -> None:
    issue_id = world.in_approval()
    reminder.remind(world.caller("leader"), issue_id)
    closure.approve(world.caller("office2"), issue_id)
    assert told(world, *EVERYBODY) == []


def test_a_number_written_with_a_reminder_is_masked(world: World) -> None:
    issue_id = world.rectifying()
    reminder.remind(world.caller("office"), issue_id, "000000195001010014 户尚未补发。")
    (row,) = unread_notices(viewer(world, "unit"), world.campaign_id, world.caller("unit").today).rows
    assert "000000195001010014" not in row.text


def test_a_reminder_needs_rights_over_the_place(world: World) -> None:
    with pytest.raises(NotFoundOrNotYours):
        reminder.remind(world.caller("far_office"), world.rectifying())
