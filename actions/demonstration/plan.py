"""The time table and the tasks of the demonstration, as its office would have set them (source: May to December)."""

from datetime import date, datetime

from actions.demonstration.places import Places, demo_moment
from actions.schedule import StagePlan, TaskPlan, finish_task, set_stage, set_task
from actions.transaction import Caller

STAGES = (
    ("动员部署", date(2022, 5, 10), date(2022, 5, 31)),
    ("自查自纠", date(2022, 6, 1), date(2022, 7, 15)),
    ("重点检查", date(2022, 7, 16), date(2022, 9, 30)),
    ("整改提升", date(2022, 10, 1), date(2022, 11, 30)),
    ("总结验收", date(2022, 12, 1), date(2022, 12, 31)),
)
TASKS = (
    # what, whose (place among the departments, then the town offices), until when, done on
    ("制定本县区实施方案，成立工作专班", 0, date(2022, 5, 25), date(2022, 5, 24)),
    ("公布举报电话，乡镇公示补贴政策清单", 6, date(2022, 6, 10), date(2022, 6, 13)),
    ("报送低保、残疾人两项补贴发放台账", 1, date(2022, 6, 20), date(2022, 6, 20)),
    ("报送自查自纠报告", 7, date(2022, 7, 15), date(2022, 7, 14)),
    ("清理一户多卡，报送换卡进度", 8, date(2022, 9, 9), None),
    ("汇总重点检查发现的共性问题", 2, date(2022, 9, 30), None),
    ("建立补贴对象动态调整制度", 3, date(2022, 11, 15), None),
)


def plan_campaign(places: Places, wall: datetime) -> None:
    """Stages and tasks, set by the office in May; what is done was done on its day."""
    units = [*places.departments.values(), *places.town_offices.values()]
    for name, starts_on, ends_on in STAGES:
        set_stage(_office(places, date(2022, 5, 12), wall), places.campaign_id, StagePlan(name, starts_on, ends_on))
    for what, whose, due, done_on in TASKS:
        plan = TaskPlan(what, units[whose % len(units)], due)
        number = set_task(_office(places, date(2022, 5, 13), wall), places.campaign_id, plan)
        if done_on is not None:
            finish_task(_office(places, done_on, wall), places.campaign_id, number, done_on)


def _office(places: Places, day: date, wall: datetime) -> Caller:
    return Caller(demo_moment(day), day, wall, user_id=places.users["office"])
