"""More time: asked for before the deadline, decided once, and what it does to lights, to 按期 and to the first one."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions import assignment, closure, rectification
from actions.extension import MoreTime, TimeDecision, decide_extension, extend
from actions.unit import dissolve_unit
from models.deadline import DeadlineRule, Light
from models.extension import ExtensionAnswer, ExtensionOutcome
from models.issue import Verb
from models.issue_record import Issue, IssueRound
from models.refusal import Refused, Stale
from queries.audit import audit_head
from queries.issue import issue_page
from queries.issue_case import case_of
from queries.reading import reading
from queries.today import waiting_for
from queries.viewer import Viewer, viewer_named
from tests.factories import World

DEADLINE = date(2022, 7, 25)
"""15 working days from 4 July 2022."""
LATER = date(2022, 8, 15)


def more(until: date = LATER) -> MoreTime:
    return MoreTime(until, "2户外出务工，联系不上。", "已补发10户。")


def granted(until: date = LATER) -> TimeDecision:
    return TimeDecision(until, "情况属实，同意。")


def found(issue_id: int) -> Issue:
    with reading() as session:
        return session.get_one(Issue, issue_id)


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        seen = viewer_named(session, name, world._today())
    assert seen is not None
    return seen


def answers() -> list[ExtensionOutcome]:
    with reading() as session:
        return list(session.scalars(sa.select(ExtensionAnswer.outcome).order_by(ExtensionAnswer.id)))


def test_granted_time_moves_the_lights_and_never_the_first_deadline(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    extend(world.on(DEADLINE).caller("unit"), issue_id, more())
    assert found(issue_id).deadline == DEADLINE, "until somebody decides the old one runs"
    decide_extension(world.on(date(2022, 7, 28)).caller("office"), issue_id, granted())
    issue = found(issue_id)
    assert (issue.deadline, issue.first_deadline, issue.extensions) == (LATER, DEADLINE, 1)
    with reading() as session:
        assert session.scalars(sa.select(IssueRound.first_deadline)).one() == DEADLINE
    page = issue_page(viewer(world, "unit"), issue_id, world._today())
    assert page.light.light is Light.NORMAL
    assert "同意延期，时限由 2022年7月25日 改为 2022年8月15日，首次时限不变" in page.history[0].done


def test_on_time_is_by_the_first_deadline_however_much_time_was_granted(world: World) -> None:
    """Neither the days the request for time waited nor those granted count; days a request for 销号 was held do."""
    issue_id = world.rectifying()
    world.evidence(issue_id)
    rectification.request(world.on(date(2022, 7, 20)).caller("unit"), issue_id, world.closure_request())
    held = date(2022, 7, 22)
    closure.return_to_unit(world.on(held).caller("office"), issue_id, "缺逐户签字的补发清单，请补齐。")
    assert found(issue_id).deadline == date(2022, 7, 27), "two working days held"
    extend(world.caller("unit"), issue_id, more())
    decide_extension(world.on(date(2022, 7, 28)).caller("office"), issue_id, granted())
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    assert closure.approve(world.caller("office2"), issue_id) is False
    assert found(issue_id).extensions == 1


@pytest.mark.parametrize(
    ("today", "until", "sentence"),
    [
        (DEADLINE + timedelta(days=1), LATER, "时限已过，不能再申请延期"),
        (DEADLINE, DEADLINE, "须晚于现在的时限2022年7月25日"),
        (DEADLINE, date(2021, 1, 1), "须晚于现在的时限"),
        (DEADLINE, date(2032, 1, 1), "太远"),
    ],
)
def test_time_that_cannot_be_asked_for_is_refused(world: World, today: date, until: date, sentence: str) -> None:
    issue_id, before = world.rectifying(), audit_head()
    with pytest.raises(Refused, match=sentence):
        extend(world.on(today).caller("unit"), issue_id, more(until))
    assert audit_head() == before


def test_a_rest_day_and_a_year_not_yet_published_may_be_asked_for(world: World) -> None:
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more(date(2023, 10, 1)))
    decide_extension(world.caller("office"), issue_id, granted(date(2023, 10, 1)))
    assert found(issue_id).deadline == date(2023, 10, 1), "a named date stays as it was named"


def test_of_two_who_decide_the_same_request_the_second_sees_what_the_first_did(world: World) -> None:
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more())
    seen = found(issue_id).version
    decide_extension(world.caller("office"), issue_id, TimeDecision(None, "到期能办完，不同意。"), seen)
    with pytest.raises(Stale, match="刚才有人已对本件“审批延期”"):
        decide_extension(world.caller("office2"), issue_id, granted(), seen)
    with pytest.raises(Refused, match="没有等待决定的延期申请"):
        decide_extension(world.caller("office2"), issue_id, granted())
    assert (answers(), found(issue_id).deadline) == ([ExtensionOutcome.REFUSED], DEADLINE)
    extend(world.caller("unit"), issue_id, more())  # a refusal does not close the way


def test_asking_for_closure_or_another_holder_makes_a_waiting_request_void(world: World) -> None:
    asked, handed_on = world.rectifying(), world.rectifying()
    for issue_id in (asked, handed_on):
        extend(world.caller("unit"), issue_id, more())
    world.evidence(asked)
    rectification.request(world.caller("unit"), asked, world.closure_request())
    other = world.units["示例二镇财政所"]
    assignment.reassign(world.caller("office"), handed_on, other, "职责划转", "赵某某", "钱某某")
    assert answers() == [ExtensionOutcome.VOID, ExtensionOutcome.VOID]
    page = issue_page(viewer(world, "office"), handed_on, world._today())
    assert page.history[0].done.endswith("未决定的延期申请作废") and page.more_time is None


def test_a_waiting_request_stands_in_the_to_do_of_whoever_may_decide(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more())
    (row,) = waiting_for(viewer(world, "office2"), world.campaign_id, world._today()).rows
    assert (row.id, row.verb, row.words) == (issue_id, Verb.DECIDE_EXTENSION, "审批延期")
    assert "申请延至8月15日（时限 7月25日）：2户外出务工" in row.detail
    assert waiting_for(viewer(world, "leader"), world.campaign_id, world._today()).total == 0
    decide_extension(world.caller("office"), issue_id, granted())
    assert waiting_for(viewer(world, "office2"), world.campaign_id, world._today()).total == 0


def test_a_unit_dissolved_while_its_request_waits_is_handed_on(world: World) -> None:
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more())
    day = date(2022, 7, 18)
    dissolve_unit(world.on(day).caller("admin"), "U004", day, "U005", "机构改革，职责划转")
    world.on(day + timedelta(days=1))
    (row,) = waiting_for(viewer(world, "office"), world.campaign_id, world._today()).rows
    assert row.verb is Verb.REASSIGN
    assignment.reassign(
        world.caller("office"), issue_id, world.units["示例二镇财政所"], "原单位撤销", "李某某", "陈某某"
    )
    assert answers() == [ExtensionOutcome.VOID]


def test_a_new_round_begins_without_the_time_granted_in_the_last(world: World) -> None:
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more())
    decide_extension(world.caller("office"), issue_id, granted())
    world.evidence(issue_id)
    rectification.request(world.caller("unit"), issue_id, world.closure_request())
    closure.accept(world.caller("inspector"), issue_id, closure.VerifiedHow.ON_SITE, "入户核实。")
    closure.approve(world.caller("office2"), issue_id)
    closure.reopen(world.caller("leader"), issue_id, closure.Reopening("3户未到账。", "复查", DeadlineRule.workdays(5)))
    assert (found(issue_id).extensions, found(issue_id).round) == (0, 2)


def test_whoever_asked_for_time_wrote_progress_and_cannot_accept(world: World) -> None:
    """The clerk who moves to the office meanwhile is still the one who wrote it."""
    issue_id = world.rectifying()
    extend(world.caller("unit"), issue_id, more())
    with reading() as session:
        assert world.people["unit"] in case_of(session, session.get_one(Issue, issue_id)).writers
