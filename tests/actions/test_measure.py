"""Measures as a list, steps of 分阶段整改: asked for, done, missed, moved; what lists and rules read of them."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from actions import assignment, bulk, closure, rectification
from actions.extension import MoreTime, TimeDecision, decide_extension, extend
from actions.measure import MeasureDone, add_measure, finish_measure
from models.deadline import DeadlineRule, Light
from models.issue import Verb
from models.issue_record import Issue
from models.issue_word import Nature
from models.measure import MeasurePlan
from models.refusal import Refused
from queries.issue import IssuePage, issue_page
from queries.issue_case import case_of
from queries.ledger import LedgerFilter, ledger_page
from queries.reading import reading
from queries.today import waiting_for
from tests.actions.test_extension import found, viewer
from tests.factories import World

FIRST, LAST = date(2022, 7, 11), date(2022, 7, 25)
STEPS = (MeasurePlan("核对12户账号", FIRST), MeasurePlan("补发到户", LAST))


def handed_over(world: World, **changes: Any) -> int:
    issue_id = world.registered()
    assignment.assign(world.caller("office"), issue_id, world.order(**changes))
    return issue_id


def staged(world: World) -> int:
    return handed_over(world, nature=Nature.STAGED, measures=STEPS)


def done(world: World, what: str = "逐户核对，全部改正。") -> MeasureDone:
    return MeasureDone(world._today(), what)


def page(world: World, issue_id: int, who: str = "unit") -> IssuePage:
    return issue_page(viewer(world, who), issue_id, world._today())


def lights(world: World) -> list[tuple[Light, str]]:
    shown = ledger_page(viewer(world, "office"), world.campaign_id, LedgerFilter(), world._today())
    return [(row.light.light, row.light.text) for row in shown.rows]


def test_a_missed_step_turns_the_light_and_doing_it_turns_it_back(both_worlds: World) -> None:
    world = both_worlds
    issue_id = staged(world)
    assert found(issue_id).next_step_on == FIRST
    world.on(date(2022, 7, 13))
    assert lights(world) == [(Light.SOON, "阶段逾期 2 天")]
    assert [m.is_late for m in page(world, issue_id).measures] == [True, False]
    finish_measure(world.caller("unit"), issue_id, 1, done(world))
    assert lights(world) == [(Light.NORMAL, "剩 8 工作日")]
    (first, last) = page(world, issue_id).measures
    assert (first.done_on, first.done, last.is_next) == (date(2022, 7, 13), "逐户核对，全部改正。", True)


def test_the_unit_reads_its_next_step_in_its_to_do(world: World) -> None:
    issue_id = staged(world)
    assignment.sign(world.caller("unit"), issue_id)
    (row,) = waiting_for(viewer(world, "unit"), world.campaign_id, world._today()).rows
    assert (row.verb, row.words) == (Verb.MEASURE, "填报措施")
    assert "下一步 7月11日前：核对12户账号" in row.detail


def test_what_the_office_asked_for_is_done_before_closure_is_asked_for(world: World) -> None:
    issue_id = handed_over(world, measures=(MeasurePlan("补发到户"), MeasurePlan("公示7天")))
    world.evidence(issue_id)
    finish_measure(world.caller("unit"), issue_id, 2, done(world, "村务公开栏张贴。"))
    with pytest.raises(Refused, match="还有 1 项没有填报完成"):
        rectification.request(world.caller("unit"), issue_id, world.closure_request())
    finish_measure(world.caller("unit"), issue_id, 1, done(world, "打入12户账号"))
    add_measure(world.caller("unit"), issue_id, MeasurePlan("全镇自查同类问题"))  # its own: it need not be done
    shown = page(world, issue_id)
    assert shown.measures_done == "1. 补发到户：打入12户账号；2. 公示7天：村务公开栏张贴。"
    assert found(issue_id).measures == (
        "1. 补发到户（2022年7月4日完成：打入12户账号）；2. 公示7天（2022年7月4日完成：村务公开栏张贴）；"
        "3. 全镇自查同类问题（在办）。"
    ), "the ledger's column"
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    assert found(issue_id).measures == "重新核对账号后补发，逐户签字。", "what the request says holds"


def test_whoever_wrote_a_measure_is_a_writer_of_the_round(world: World) -> None:
    issue_id = handed_over(world)
    add_measure(world.caller("unit2"), issue_id, MeasurePlan("公示7天"), done(world))
    with reading() as session:
        assert world.people["unit2"] in case_of(session, session.get_one(Issue, issue_id)).writers


@pytest.mark.parametrize(
    ("line", "on", "sentence"),
    [
        (1, date(2022, 7, 12), "完成日期不能晚于今天"),
        (1, date(2022, 7, 3), "也不能早于交办日2022年7月4日"),
        (9, date(2022, 7, 11), "已经不在清单里"),
    ],
)
def test_a_measure_that_cannot_have_been_done_is_refused(world: World, line: int, on: date, sentence: str) -> None:
    issue_id = staged(world)
    with pytest.raises(Refused, match=sentence):
        finish_measure(world.on(date(2022, 7, 11)).caller("unit"), issue_id, line, MeasureDone(on, "已核对。"))


def test_a_measure_is_done_once_and_its_history_stays(world: World) -> None:
    issue_id = staged(world)
    finish_measure(world.caller("unit"), issue_id, 1, done(world))
    with pytest.raises(Refused, match="已经填报完成"):
        finish_measure(world.caller("unit2"), issue_id, 1, done(world))
    with reading() as session:
        rows = session.execute(sa.text("select line, version, done_on is null from issue_measure order by id")).all()
    assert [tuple(map(int, row)) for row in rows] == [(1, 1, 1), (2, 1, 1), (1, 2, 0)]


def test_open_steps_move_with_the_deadline_when_more_time_is_granted(world: World) -> None:
    issue_id = staged(world)
    finish_measure(world.caller("unit"), issue_id, 1, done(world))
    extend(world.caller("unit"), issue_id, MoreTime(date(2022, 8, 8), "2户外出务工。", "已核对。"))
    decide_extension(world.caller("office"), issue_id, TimeDecision(date(2022, 8, 8), "同意。"))
    assert [m.due for m in page(world, issue_id).measures] == [FIRST, date(2022, 8, 8)]
    assert "未完成的 1 步随之顺延" in page(world, issue_id).history[0].done
    assert found(issue_id).next_step_on == date(2022, 8, 8)


def test_a_new_round_and_a_new_assignment_begin_with_their_own_list(world: World) -> None:
    issue_id = staged(world)
    for line in (1, 2):
        finish_measure(world.caller("unit"), issue_id, line, done(world))
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), issue_id)
    again = (MeasurePlan("逐户重新补发"),)
    back = closure.Reopening("3户未到账。", "回访", DeadlineRule.workdays(5), measures=again)
    closure.reopen(world.caller("office"), issue_id, back)
    assert [m.text for m in page(world, issue_id).measures] == ["逐户重新补发"]
    (past,) = page(world, issue_id).past_rounds
    assert past.texts["措施清单"].startswith("1. 核对12户账号（2022年7月4日完成")
    assert (found(issue_id).nature, found(issue_id).next_step_on) == (Nature.IMMEDIATE, None)


def test_many_at_once_take_the_measures_with_them(world: World) -> None:
    order = world.order(measures=STEPS, nature=Nature.STAGED)
    assert bulk._unpacked(bulk._packed(order)) == order
