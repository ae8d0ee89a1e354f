"""The working calendar: local days move the deadlines counted over them, and a published year makes estimates sure."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from actions.assignment import assign
from actions.calendar import LocalDays, follow_published, set_days
from actions.transaction import transaction
from models.campaign import CalendarDay
from models.deadline import DeadlineRule
from models.issue_record import Issue, IssueEvent
from models.refusal import Refused, Stale
from queries.audit import verify
from queries.calendar import calendar_years, overrides, working_calendar
from queries.deadline_move import moves_if, moves_waiting
from queries.reading import reading
from tests.factories import World

FLOOD = LocalDays(date(2022, 7, 6), date(2022, 7, 8), False, "防汛停工", "某政办发〔2022〕12号")


def found(issue_id: int) -> Issue:
    with reading() as session:
        return session.get_one(Issue, issue_id)


def deadlines(issue_id: int) -> tuple[date | None, date | None]:
    issue = found(issue_id)
    return issue.deadline, issue.first_deadline


def test_a_holiday_in_between_moves_an_open_deadline_and_says_so(both_worlds: World) -> None:
    world = both_worlds
    issue_id = world.rectifying()  # 2022-07-04, 15 working days
    assert deadlines(issue_id)[0] == date(2022, 7, 25)
    foreseen = moves_if(dict.fromkeys(FLOOD.days, False), date(2022, 7, 4))
    assert [(m.issue_id, m.new.on) for m in foreseen] == [(issue_id, date(2022, 7, 28))]
    assert set_days(world.caller("office"), FLOOD) == 1
    assert deadlines(issue_id) == (date(2022, 7, 28), date(2022, 7, 28))
    with reading() as session:
        last = session.scalars(sa.select(IssueEvent).order_by(IssueEvent.id.desc())).first()
    assert last is not None
    assert (last.verb, last.note, last.deadline) == (
        "recompute", "防汛停工（某政办发〔2022〕12号）", date(2022, 7, 28),
    )  # fmt: skip
    assert verify().ok


def test_a_named_date_and_a_closed_problem_stay(world: World) -> None:
    closed = world.closed()
    named = world.registered()
    assign(world.caller("office"), named, world.order(deadline_rule=DeadlineRule.by(date(2022, 7, 25))))
    before = (deadlines(closed), deadlines(named))
    assert set_days(world.caller("office"), FLOOD) == 0
    assert (deadlines(closed), deadlines(named)) == before


def test_a_day_worked_after_all_makes_nobody_late_by_a_paper(world: World) -> None:
    issue_id = world.rectifying()
    world.on(date(2022, 7, 25))  # the last day
    saturdays = LocalDays(date(2022, 7, 9), date(2022, 7, 10), True, "抢收补班", "某政办发〔2022〕15号")
    set_days(world.caller("office"), saturdays)
    assert deadlines(issue_id) == (date(2022, 7, 25), date(2022, 7, 25))
    other = World.rectifying(world)
    world.on(date(2022, 7, 26))
    set_days(world.caller("office"), LocalDays(date(2022, 7, 30), date(2022, 7, 30), True, "补班", "16号"))
    assert deadlines(other)[0] == date(2022, 8, 12)  # one day earlier than 15 August, and not past


def test_an_estimate_becomes_sure_once_the_year_is_published(both_worlds: World) -> None:
    world = both_worlds.on(date(2026, 12, 15))
    issue_id = world.rectifying()
    assert found(issue_id).deadline_is_estimate
    assert moves_waiting(date(2026, 12, 15)) == ()
    with pytest.raises(Refused, match="没有等待调整"):
        follow_published(world.caller("office"))
    publish_2027(world)
    (waiting,) = moves_waiting(date(2026, 12, 15))
    assert (waiting.issue_id, waiting.new.is_estimate) == (issue_id, False)
    assert follow_published(world.caller("office")) == 1
    assert (found(issue_id).deadline, found(issue_id).deadline_is_estimate) == (waiting.new.on, False)
    assert waiting.new.on == waiting.old + timedelta(days=1)  # 4 January was declared a holiday


def publish_2027(world: World) -> None:
    """The arrangement of an invented year: weekends, New Year's Day and 4 January are off."""
    days = (date(2027, 1, 1) + timedelta(days=n) for n in range(365))
    with transaction(world.terminal()) as tx:
        first = tx.next_id(CalendarDay)
        rows = [
            {"id": first + n, "day": day, "published_year": 2027, "reason": "放假安排", "recorded_at": tx.now,
             "is_workday": day.weekday() < 5 and day not in (date(2027, 1, 1), date(2027, 1, 4))}
            for n, day in enumerate(days)
        ]  # fmt: skip
        tx.insert_set(CalendarDay, rows, "published_year", 2027)
        tx.record("reference.load", "reference:*", days=len(rows))


def test_a_year_not_yet_published_is_said_to_be_an_estimate(world: World) -> None:
    assert [(y.year, y.is_published) for y in calendar_years(date(2026, 12, 15))] == [
        (2025, True), (2026, True), (2027, False),
    ]  # fmt: skip


def test_a_day_in_a_year_not_yet_published_may_be_made_sure(world: World) -> None:
    world.on(date(2026, 12, 15))
    day = date(2027, 1, 4)
    set_days(world.caller("office"), LocalDays(day, day, True, "照常上班", "某政办发〔2026〕40号"))
    assert [o.day for o in overrides()] == [day]


def test_what_is_so_already_is_not_entered_again(both_worlds: World) -> None:
    set_days(both_worlds.caller("office"), FLOOD)
    with pytest.raises(Refused, match="本来就是这样"):
        set_days(both_worlds.caller("office"), FLOOD)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2022, 7, 8), date(2022, 7, 6), "早于开始日期"),
        (date(2022, 7, 1), date(2022, 8, 31), "一次最多调整 31 天"),
        (date(2027, 7, 1), date(2027, 7, 2), "只能调整 2021 年到 2023 年"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(world: World, first: date, last: date, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        set_days(world.caller("office"), LocalDays(first, last, False, "防汛停工", "12号"))


def test_without_a_document_nothing_is_entered(world: World) -> None:
    with pytest.raises(Refused, match="请填写文号"):
        set_days(world.caller("office"), LocalDays(FLOOD.first, FLOOD.last, False, "防汛停工", " "))


def test_the_second_of_two_offices_sees_what_the_first_entered(world: World) -> None:
    set_days(world.caller("office"), FLOOD, seen=0)
    with pytest.raises(Stale, match="刚才有人先调整了工作日历"):
        set_days(
            world.caller("office2"), LocalDays(date(2022, 7, 12), date(2022, 7, 12), False, "停电", "13号"), seen=0
        )


def test_only_the_office_of_all_regions_enters_days(world: World) -> None:
    for name in ("far_office", "admin", "leader"):
        with pytest.raises(Refused):
            set_days(world.caller(name), FLOOD)
    assert working_calendar().is_workday(FLOOD.first)[0]
