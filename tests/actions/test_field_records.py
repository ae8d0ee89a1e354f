"""Returns, activities, trips, covert visits and outcomes taken in as lists: one batch, one entry, or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from actions.activity import load_activities
from actions.covert_visit import Answered, load_covert_visits
from actions.outcome import record_outcome
from actions.self_check import load_returns
from actions.trip import load_trips
from models.activity import ActivityKind
from models.audit import AuditEntry
from models.batch import Batch
from models.outcome import OutcomeKind
from models.refusal import NotFoundOrNotYours, Refused
from models.self_check import SelfCheckReturn
from models.trip import TripMember
from queries.audit import verify
from queries.figures import figures
from queries.reading import reading
from queries.viewer import terminal_viewer
from tests.factories import World
from tests.field_records import activity, covert_visit, department_return, trip, village_return

DAY = date(2022, 7, 25)


@pytest.fixture(autouse=True)
def _on_the_day(request: pytest.FixtureRequest) -> None:
    for name in ("world", "both_worlds"):
        if name in request.fixturenames:
            request.getfixturevalue(name).on(DAY)


def count(model: Any) -> int:
    with reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def value(world: World, figure: str, as_of: date | None = None) -> object:
    return figures(terminal_viewer("tests"), world.campaign_id, DAY, as_of=as_of, names=[figure])[figure].value


def returns(world: World, by: str = "office", **changes: Any) -> int:
    return load_returns(world.caller(by), world.campaign_id, [village_return(world, "甲一村", **changes)])


def test_a_list_is_one_batch_one_entry_and_verifies(both_worlds: World) -> None:
    world, before = both_worlds, count(AuditEntry)
    lines = [village_return(world, name) for name in ("甲一村", "甲二村", "丙一村")]
    load_returns(world.caller("office"), world.campaign_id, [*lines, department_return(world, "示例一镇财政所")])
    load_activities(world.caller("office"), world.campaign_id, [activity(world, ActivityKind.LEAFLETS)])
    load_trips(world.terminal(), world.campaign_id, [trip(world), trip(world, round=2)])
    load_covert_visits(world.caller("office"), world.campaign_id, "知晓率", ["知道吗"], [covert_visit(world)])
    assert (count(Batch), count(AuditEntry) - before, count(SelfCheckReturn)) == (4, 4, 4)
    assert verify().ok


def test_a_mended_return_counts_once_and_the_first_still_stands_as_of_its_day(world: World) -> None:
    returns(world.on(date(2022, 7, 23)), households=28)
    returns(world.on(DAY), households=31)
    assert value(world, "villages_self_checked") == 1
    assert value(world, "households_self_checked") == 31
    assert value(world, "households_self_checked", as_of=date(2022, 7, 24)) == 28


def test_person_trips_are_the_people_who_went_not_a_number_somebody_typed(world: World) -> None:
    load_trips(world.caller("office"), world.campaign_id, [trip(world), trip(world, 2, ("inspector",))])
    assert (value(world, "trips"), value(world, "person_trips"), count(TripMember)) == (2, 3, 3)


def test_people_held_to_account_are_counted_by_person(world: World) -> None:
    for people in (3, 1):
        record_outcome(world.caller("discipline"), world.campaign_id, world.reporting_units["甲县"],
                       OutcomeKind.PARTY_SANCTION, people, "示纪〔2022〕8号", DAY)  # fmt: skip
    assert value(world, "people_disciplined") == 4


WRONG: dict[str, tuple[str, Callable[[World], object]]] = {
    "an empty list": ("没有内容", lambda w: load_returns(w.caller("office"), w.campaign_id, [])),
    "a zero report without evidence": ("零报告须写明凭据", lambda w: returns(w, evidence=" ")),
    "a negative count": ("不能小于 0", lambda w: returns(w, households=-1)),
    "a day to come": ("还没有到", lambda w: load_returns(
        w.caller("office"), w.campaign_id, [replace(village_return(w, "甲一村"), handed_in_on=date(2022, 7, 26))])),
    "the same village twice": ("出现了两次", lambda w: load_returns(
        w.caller("office"), w.campaign_id, [village_return(w, "甲一村"), village_return(w, "甲一村")])),
    "another county's village": ("权限范围", lambda w: returns(w, "far_office")),
    "a role that hands in nothing": ("权限", lambda w: returns(w, "inspector")),
    "a trip of nobody": ("至少一人", lambda w: load_trips(w.caller("office"), w.campaign_id, [trip(w, 1, ())])),
    "somebody who is not in the team": ("不在这个专班", lambda w: load_trips(
        w.caller("office"), w.campaign_id, [trip(w, 1, ("unit",))])),
    "an activity of nothing": ("数量是 0", lambda w: load_activities(
        w.caller("office"), w.campaign_id, [activity(w, ActivityKind.SMS, count=0)])),
    "answers that are not one a question": ("有一份答卷答了 2 个", lambda w: load_covert_visits(
        w.caller("office"), w.campaign_id, "问卷", ["一"],
        [replace(covert_visit(w), responses=(Answered(("a", "b")),))])),
    "sanctions by the office": ("权限", lambda w: record_outcome(
        w.caller("office"), w.campaign_id, w.reporting_units["甲县"], OutcomeKind.ADMONITION, 1, "示纪1号", DAY)),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_list_is_said_and_nothing_of_it_is_taken(world: World, case: str) -> None:
    sentence, attempt = WRONG[case]
    before = count(AuditEntry)
    with pytest.raises(Refused, match=sentence):
        attempt(world)
    assert (count(AuditEntry), count(Batch), count(SelfCheckReturn)) == (before, 0, 0)


def test_no_sanctions_for_a_draft_or_a_problem_of_another_unit(world: World) -> None:
    for issue_id, unit in ((world.draft(), "甲县"), (world.registered(), "乙市")):
        with pytest.raises(NotFoundOrNotYours):
            record_outcome(world.caller("discipline"), world.campaign_id, world.reporting_units[unit],
                           OutcomeKind.ADMONITION, 1, "示纪1号", DAY, issue_id)  # fmt: skip
