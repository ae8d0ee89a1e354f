"""长期坚持: no deadline, reviews at set days; a missed one is the office's, 销号 comes after those that held."""

from datetime import date, timedelta
from typing import Any

import pytest

from actions import assignment, closure, rectification
from actions.extension import MoreTime, extend
from actions.measure import MeasureDone, finish_measure
from actions.review import ReviewDone, review
from models.deadline import DeadlineRule, Light
from models.issue import Verb
from models.issue_word import Nature
from models.measure import MeasurePlan
from models.refusal import Refused
from models.review import ReviewOrder
from queries.figures import figures
from queries.today import waiting_for
from tests.actions.test_extension import found, viewer
from tests.actions.test_measure import STEPS, lights, page
from tests.factories import World

FIRST, SECOND = date(2022, 8, 3), date(2022, 9, 2)
HELD, NOT_HELD = ReviewDone(True, "入户回访12户，卡折都在本人手里。"), ReviewDone(False, "回访2户又被代领。")


def sustained(world: World, times: int = 2, **changes: Any) -> int:
    issue_id = world.registered()
    order = world.order(nature=Nature.SUSTAINED, reviews=ReviewOrder(FIRST, 30, times), **changes)
    assignment.assign(world.caller("office"), issue_id, order)
    assignment.sign(world.caller("unit"), issue_id)
    return issue_id


def test_a_missed_review_is_red_for_the_office_and_not_overdue_for_the_unit(both_worlds: World) -> None:
    world = both_worlds
    issue_id = sustained(world)
    assert (found(issue_id).deadline, found(issue_id).next_step_on) == (None, FIRST)
    world.on(FIRST + timedelta(days=5))
    assert lights(world) == [(Light.REVIEW_MISSED, "复核超期 5 天")]
    asked = figures(
        viewer(world, "office"), world.campaign_id, world._today(), names=("issues_overdue", "reviews_missed")
    )
    assert [figure.value for figure in asked.values()] == [0, 1]
    (row,) = waiting_for(viewer(world, "office"), world.campaign_id, world._today()).rows
    assert (row.verb, row.words, row.detail) == (
        Verb.REVIEW, "去阶段复核", "示例一镇财政所 · 长期坚持，应于8月3日复核"
    )  # fmt: skip
    review(world.caller("office"), issue_id, HELD)
    assert lights(world)[0][0] is Light.NORMAL
    assert waiting_for(viewer(world, "office"), world.campaign_id, world._today()).total == 0


def test_closure_is_asked_for_after_the_set_number_of_held_reviews(world: World) -> None:
    issue_id = sustained(world)
    world.evidence(issue_id)
    review(world.on(FIRST).caller("office"), issue_id, HELD)
    review(world.on(SECOND).caller("office2"), issue_id, NOT_HELD)
    with pytest.raises(Refused, match="须阶段复核保持 2 次后才能申请销号，现在已保持 1 次"):
        rectification.request(world.caller("unit"), issue_id, world.closure_request())
    assert found(issue_id).next_step_on == date(2022, 10, 8), "30 days on; 2 October is a holiday"
    assert review(world.on(date(2022, 10, 8)).caller("office"), issue_id, HELD) is None
    assert [row.is_held for row in page(world, issue_id).reviews.rows] == [True, False, True]
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    assert closure.approve(world.caller("office2"), issue_id) is None, "neither on time nor late"


@pytest.mark.parametrize(
    ("on", "done", "sentence"),
    [
        (date(2022, 8, 2), HELD, "复核日期是2022年8月3日，到期前不能记为保持"),
        (FIRST, ReviewDone(True, "好"), "复核发现"),
        (FIRST, ReviewDone(True, HELD.finding, FIRST), "下次复核日期2022年8月3日须晚于今天"),
        (FIRST, ReviewDone(True, HELD.finding, date(2024, 1, 1)), "太远"),
    ],
)
def test_a_review_that_cannot_be_is_refused(world: World, on: date, done: ReviewDone, sentence: str) -> None:
    issue_id = sustained(world)
    with pytest.raises(Refused, match=sentence):
        review(world.on(on).caller("office"), issue_id, done)


def test_what_does_not_hold_is_recorded_any_day(world: World) -> None:
    issue_id = sustained(world)
    review(world.on(date(2022, 7, 20)).caller("office"), issue_id, NOT_HELD)
    assert found(issue_id).next_step_on == date(2022, 8, 19)
    assert page(world, issue_id).history[0].done == "阶段复核，没有保持，下次 2022年8月19日"


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (None, "请设定首次复核日期"),
        (ReviewOrder(date(2022, 7, 4), 30, 3), "须晚于今天"),
        (ReviewOrder(FIRST, 0, 3), "复核间隔须在 1 到 366 天之间，现在填的是 0"),
        (ReviewOrder(FIRST, -7, 3), "现在填的是 -7"),
        (ReviewOrder(FIRST, 30, 0), "复核次数须在 1 到 36 次之间"),
    ],
)
def test_reviews_that_cannot_be_set_are_refused(world: World, order: ReviewOrder | None, sentence: str) -> None:
    issue_id = world.registered()
    with pytest.raises(Refused, match=sentence):
        assignment.assign(world.caller("office"), issue_id, world.order(nature=Nature.SUSTAINED, reviews=order))


def test_neither_more_time_nor_a_measure_touches_the_day_of_the_next_review(world: World) -> None:
    issue_id = sustained(world, measures=(MeasurePlan("收回代管的卡折", date(2022, 7, 20)),))
    with pytest.raises(Refused, match="没有时限"):
        extend(world.caller("unit"), issue_id, MoreTime(SECOND, "2户外出务工。", "已收回。"))
    finish_measure(world.caller("unit"), issue_id, 1, MeasureDone(world._today(), "12张全部退还。"))
    assert found(issue_id).next_step_on == FIRST


def test_a_new_round_may_go_another_way(world: World) -> None:
    issue_id = sustained(world, times=1)
    world.evidence(issue_id)
    review(world.on(FIRST).caller("office"), issue_id, HELD)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), issue_id)
    back = closure.Reopening("3户又被代领。", "回访", DeadlineRule.workdays(5))
    closure.reopen(world.caller("leader"), issue_id, back)
    assert page(world, issue_id).reviews is None
    assert found(issue_id).deadline == date(2022, 8, 10)


def test_what_is_done_today_changes_nothing_of_yesterday(both_worlds: World) -> None:
    world = both_worlds
    reviewed, stepped = sustained(world), world.registered()
    assignment.assign(world.caller("office"), stepped, world.order(nature=Nature.STAGED, measures=STEPS))
    yesterday = FIRST + timedelta(days=1)
    world.on(yesterday)
    asked = ("reviews_missed", "measures_overdue", "issues_overdue")

    def told() -> list[object]:
        office = viewer(world, "office")
        found = figures(office, world.campaign_id, world._today(), as_of=yesterday, names=asked)
        return [figure.value for figure in found.values()]

    before = told()
    assert before == [1, 1, 1]
    world.later(days=1)
    review(world.caller("office"), reviewed, HELD)
    for line in (1, 2):
        finish_measure(world.caller("unit"), stepped, line, MeasureDone(yesterday, "已补办。"))
    assert told() == before
    now = figures(viewer(world, "office"), world.campaign_id, world._today(), names=asked)
    assert [figure.value for figure in now.values()] == [0, 0, 1]
