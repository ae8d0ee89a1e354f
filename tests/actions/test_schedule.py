"""The time table and the tasks: versions are added, days do not cross, whoever owes a task may say it is done."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions.schedule import (
    StagePlan,
    TaskPlan,
    finish_task,
    remove_stage,
    set_stage,
    set_task,
    unfinish_task,
)
from models.database import Database
from models.local_time import local_day
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.schedule import Stage
from queries.audit import verify
from queries.reading import reading
from queries.schedule import TaskRow, stages, tasks
from queries.viewer import Viewer, viewer_named
from tests.factories import World

JULY, AUGUST = date(2022, 7, 1), date(2022, 8, 1)


def stage(
    world: World, name: str, first: date, last: date, number: int | None = None, version: int | None = None
) -> int:
    return set_stage(world.caller("office"), world.campaign_id, StagePlan(name, first, last), number, version)


def task(world: World, unit: str = "示例一镇财政所", due: date = date(2022, 7, 15)) -> int:
    plan = TaskPlan("报送自查自纠报告", world.units[unit], due)
    return set_task(world.caller("office"), world.campaign_id, plan)


def viewer(world: World, name: str) -> Viewer:
    with reading() as session:
        found = viewer_named(session, name, local_day(world.now))
    assert found is not None
    return found


def seen(world: World, name: str = "office") -> tuple[TaskRow, ...]:
    return tasks(viewer(world, name), world.campaign_id)


def test_stages_stand_in_the_order_of_their_days(both_worlds: World) -> None:
    stage(both_worlds, "重点检查", AUGUST, date(2022, 9, 30))
    stage(both_worlds, "自查自纠", JULY, date(2022, 7, 31))
    assert [(s.order, s.name) for s in stages(both_worlds.campaign_id)] == [(1, "自查自纠"), (2, "重点检查")]


def test_a_stage_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="早于开始日期"):
        stage(world, "自查自纠", AUGUST, JULY)


def test_stages_that_cross_are_refused_by_name(world: World) -> None:
    first = stage(world, "自查自纠", JULY, date(2022, 7, 31))
    with pytest.raises(Refused, match=r"与“自查自纠”.*交叉"):
        stage(world, "重点检查", date(2022, 7, 31), date(2022, 9, 30))
    stage(world, "自查自纠", JULY, date(2022, 8, 5), first, 1)  # a stage does not cross itself


def test_what_the_time_table_was_on_a_past_day_stays_readable(both_worlds: World) -> None:
    world = both_worlds
    number = stage(world, "自查自纠", JULY, date(2022, 7, 15))
    world.on(date(2022, 7, 12))
    stage(world, "自查自纠", JULY, date(2022, 7, 31), number)
    remove_stage(world.on(date(2022, 7, 20)).caller("office"), world.campaign_id, number)
    ends = [[s.ends_on.day for s in stages(world.campaign_id, day)] for day in (date(2022, 7, 10), date(2022, 7, 12))]
    assert (ends, stages(world.campaign_id)) == ([[15], [31]], ())
    assert verify().ok


def test_a_version_once_written_is_never_changed(world: World) -> None:
    stage(world, "自查自纠", JULY, AUGUST)
    with Database.writers() as session, pytest.raises(sa.exc.DatabaseError, match="append-only"):
        session.execute(sa.update(Stage).values(name="改写"))


def test_the_second_of_two_people_who_change_a_stage_is_told(world: World) -> None:
    number = stage(world, "自查自纠", JULY, date(2022, 7, 15))
    stage(world, "自查自纠", JULY, date(2022, 7, 20), number, 1)
    with pytest.raises(Stale, match="2022年7月20日"):
        stage(world, "自查自纠", JULY, date(2022, 7, 25), number, 1)


def test_a_task_due_before_the_campaign_begins_is_refused(world: World) -> None:
    stage(world, "自查自纠", JULY, AUGUST)
    with pytest.raises(Refused, match="早于第一阶段开始的2022年7月1日"):
        task(world, due=date(2022, 6, 30))


def test_a_unit_sees_and_finishes_its_own_tasks_only(both_worlds: World) -> None:
    world = both_worlds
    own, other = task(world), task(world, "示例二镇财政所")
    assert [t.number for t in seen(world, "unit")] == [own]
    finish_task(world.caller("unit"), world.campaign_id, own, local_day(world.now), "已报送")
    with pytest.raises(NotFoundOrNotYours):
        finish_task(world.caller("unit"), world.campaign_id, other, local_day(world.now))


def test_a_task_done_says_when_and_by_whom_and_how_late(world: World) -> None:
    number = task(world, due=date(2022, 7, 5))
    assert seen(world)[0].words(date(2022, 7, 8)) == "▲ 超期 3 天"
    world.on(date(2022, 7, 8))
    finish_task(world.caller("unit"), world.campaign_id, number, date(2022, 7, 7))
    (done,) = seen(world)
    assert (done.words(date(2022, 7, 8)), done.done_by) == ("■ 2022年7月7日办结，晚 2 天", "U某某")


def test_nothing_is_done_on_a_day_to_come_or_twice(world: World) -> None:
    number, today = task(world), local_day(world.now)
    with pytest.raises(Refused, match="还没有到"):
        finish_task(world.caller("unit"), world.campaign_id, number, today + timedelta(days=1))
    finish_task(world.caller("unit"), world.campaign_id, number, today)
    with pytest.raises(Refused, match="已于2022年7月4日办结"):
        finish_task(world.caller("office"), world.campaign_id, number, today)


def test_done_is_taken_back_by_the_office_with_a_reason(world: World) -> None:
    number = task(world)
    finish_task(world.caller("unit"), world.campaign_id, number, local_day(world.now))
    with pytest.raises(Refused):
        unfinish_task(world.caller("unit"), world.campaign_id, number, "报告不全")
    unfinish_task(world.caller("office"), world.campaign_id, number, "报告不全")
    assert seen(world)[0].done_on is None


def test_a_part_of_the_regions_does_not_set_the_time_table_of_all(world: World) -> None:
    with pytest.raises(Refused, match="只到部分地区"):
        set_stage(world.caller("far_office"), world.campaign_id, StagePlan("自查自纠", JULY, AUGUST))
