"""The clock moved back: the order is the chain's, the last thing recorded holds, and the log says what happened."""

from datetime import date

from actions.assignment import assign
from actions.rectification import report
from models.issue import Verb
from models.issue_word import IssueStatus
from queries.audit import verify
from queries.audit_log import CLOCK_MOVED_BACK, recent_entries
from queries.figures import figures
from queries.issue import issue_page
from tests.actions.test_region_change import seen
from tests.factories import World

NAMES = ("issues_total", "issues_open", "issues_overdue")


def test_what_was_done_last_holds_though_it_bears_an_earlier_time(both_worlds: World) -> None:
    world = both_worlds.on(date(2022, 7, 20))
    issue_id = world.registered()
    world.on(date(2022, 7, 18))
    assign(world.caller("office"), issue_id, world.order())
    page = issue_page(seen(world, "office"), issue_id, date(2022, 7, 18))
    assert page.status is IssueStatus.RECTIFYING
    assert [row.verb for row in page.history][:2] == [Verb.ASSIGN, Verb.SUBMIT]
    assert verify().ok


def test_a_past_day_is_told_alike_before_and_after_more_is_done(world: World) -> None:
    world.on(date(2022, 7, 20))
    issue_id = world.registered()
    world.on(date(2022, 7, 18))
    assign(world.caller("office"), issue_id, world.order())
    office, today, day = seen(world, "office"), date(2022, 7, 26), date(2022, 7, 19)
    before = figures(office, world.campaign_id, today, as_of=day, names=NAMES)
    report(world.on(date(2022, 7, 25)).caller("unit"), issue_id, "已核对清册。")
    world.registered()
    assert figures(office, world.campaign_id, today, as_of=day, names=NAMES) == before
    assert before["issues_total"].value == 1


def test_the_log_says_that_the_clock_was_moved_back(world: World) -> None:
    world.on(date(2022, 7, 20)).registered()
    world.on(date(2022, 7, 18)).registered()
    rows = recent_entries(seen(world, "auditor")).rows
    marked = [row.seq for row in rows if CLOCK_MOVED_BACK in row.detail]
    assert len(marked) == 1
    (first_after,) = [row for row in rows if row.seq == marked[0]]
    assert first_after.recorded_at < next(row for row in rows if row.seq == marked[0] - 1).recorded_at
