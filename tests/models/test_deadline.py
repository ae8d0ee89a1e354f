from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadline import (
    DeadlineKind,
    DeadlineRule,
    Due,
    Hold,
    Light,
    LightReading,
    LightThresholds,
    StatusGroup,
    held_workdays,
    light,
    unit_deadline,
    was_on_time,
)
from models.refusal import Refused
from models.workday import Calendar, Certainty

CALENDAR = Calendar()
DAYS = st.dates(date(2021, 1, 1), date(2023, 12, 31))
RULES = st.one_of(
    st.integers(1, 999).map(DeadlineRule.workdays),
    st.integers(1, 999).map(DeadlineRule.calendar_days),
    st.dates().map(DeadlineRule.by),
    st.just(DeadlineRule.none()),
)


def september(day: int) -> date:
    """September 2022: the 1st is a Thursday, 12 September is 中秋."""
    return date(2022, 9, day)


def running(deadline: date | None, today: date, limit_days: int | None = None) -> LightReading:
    return light(StatusGroup.RUNNING, deadline, today, CALENDAR, limit_days=limit_days)


# The rule


@pytest.mark.parametrize(
    ("rule", "stored", "text"),
    [
        (DeadlineRule.workdays(15), "W15", "交办次日起 15 个工作日"),
        (DeadlineRule.calendar_days(30), "C30", "30 日内"),
        (DeadlineRule.by(date(2022, 9, 30)), "D2022-09-30", "至 2022年9月30日"),
        (DeadlineRule.none(), "N", "无时限"),
    ],
)
def test_a_rule_is_stored_short_and_said_in_words(rule: DeadlineRule, stored: str, text: str) -> None:
    assert (rule.stored, rule.text()) == (stored, text)


@given(RULES)
def test_a_stored_rule_comes_back_as_it_was(rule: DeadlineRule) -> None:
    assert DeadlineRule.parse(rule.stored) == rule


@pytest.mark.parametrize("stored", ["", "X5", "W", "W+5", "W 5", "W05", "W5.0", "D2022-9-30", "D20220930", "N1", "w5"])
def test_what_no_rule_wrote_is_not_read_as_a_rule(stored: str) -> None:
    with pytest.raises(ValueError):
        DeadlineRule.parse(stored)


@pytest.mark.parametrize("days", [-1, 0, 1000])
def test_a_limit_of_no_days_or_of_years_is_refused_with_a_sentence(days: int) -> None:
    with pytest.raises(Refused, match=f"时限须在 1 到 999 天之间，现在填的是 {days}。"):
        DeadlineRule.workdays(days)


def test_days_and_date_stand_only_with_their_own_kind() -> None:
    for kind, days, on in [
        (DeadlineKind.WORKDAYS, None, None),
        (DeadlineKind.WORKDAYS, 5, september(30)),
        (DeadlineKind.DATE, 5, september(30)),
        (DeadlineKind.DATE, None, None),
        (DeadlineKind.NONE, 5, None),
    ]:
        with pytest.raises(ValueError):
            DeadlineRule(kind, days, on)


# The date


def test_working_days_are_counted_from_the_day_after_assignment() -> None:
    assert DeadlineRule.workdays(15).due(september(16), CALENDAR) == Due(date(2022, 10, 12), Certainty.PUBLISHED)


def test_a_last_calendar_day_that_is_a_rest_day_moves_to_the_next_working_day() -> None:
    assert DeadlineRule.calendar_days(3).due(september(13), CALENDAR).on == september(16)
    assert DeadlineRule.calendar_days(3).due(september(14), CALENDAR).on == september(19)
    assert DeadlineRule.calendar_days(30).due(september(1), CALENDAR).on == date(2022, 10, 8)


def test_a_named_date_stays_even_on_a_rest_day_and_no_limit_has_no_date() -> None:
    assert DeadlineRule.by(september(17)).due(september(1), CALENDAR) == Due(september(17), Certainty.PUBLISHED)
    assert DeadlineRule.none().due(september(1), CALENDAR) == Due(None, Certainty.PUBLISHED)


def test_a_deadline_in_an_unpublished_year_says_that_it_is_an_estimate() -> None:
    due = DeadlineRule.workdays(15).due(date(2098, 12, 20), CALENDAR)
    assert due.certainty is Certainty.ESTIMATED
    assert due.note == "2099 年放假安排尚未发布，截止日期为预估"
    assert DeadlineRule.workdays(15).due(september(16), CALENDAR).note == ""


# The unit's clock


def test_the_working_days_held_are_added_to_the_deadline() -> None:
    """Requested on Monday 19, returned on Wednesday 21: Tuesday and Wednesday were the office's."""
    assert unit_deadline(september(21), [(september(19), september(21))], CALENDAR) == september(23)


def test_a_request_returned_the_same_day_or_over_a_weekend_moves_nothing() -> None:
    holds = [(september(14), september(14)), (september(16), september(18))]
    assert unit_deadline(september(21), holds, CALENDAR) == september(21)


def test_a_wait_that_has_not_ended_moves_nothing_yet() -> None:
    assert unit_deadline(september(21), [Hold(september(19), None)], CALENDAR) == september(21)


def test_holds_before_a_granted_deadline_were_known_to_whoever_granted_it() -> None:
    holds = [Hold(september(5), september(7)), Hold(september(20), september(22))]
    assert unit_deadline(september(26), holds, CALENDAR) == september(30)
    assert unit_deadline(september(26), holds, CALENDAR, set_on=september(8)) == september(28)
    assert held_workdays(holds, CALENDAR) == 4


def test_no_deadline_stays_none_and_a_hold_cannot_end_before_it_began() -> None:
    assert unit_deadline(None, [Hold(september(5), september(7))], CALENDAR) is None
    with pytest.raises(ValueError, match="before it began"):
        unit_deadline(september(26), [Hold(september(7), september(5))], CALENDAR)


@given(DAYS, st.integers(0, 60), st.integers(0, 30))
def test_on_return_as_many_working_days_are_left_as_on_the_request(asked: date, left: int, held: int) -> None:
    deadline = CALENDAR.add_workdays(asked, left)[0]
    returned = asked + timedelta(days=held)
    moved = unit_deadline(deadline, [Hold(asked, returned)], CALENDAR)
    assert moved is not None
    assert CALENDAR.workdays_between(returned, moved) == left


def test_a_request_by_the_first_deadline_is_on_time_and_a_day_later_is_not() -> None:
    assert was_on_time(september(21), september(21), [], CALENDAR)
    assert not was_on_time(september(22), september(21), [], CALENDAR)


def test_the_days_the_office_held_earlier_requests_are_no_delay_of_the_unit() -> None:
    holds = [Hold(september(19), september(21))]
    assert was_on_time(september(23), september(21), holds, CALENDAR)
    assert not was_on_time(september(26), september(21), holds, CALENDAR)


# The light


@pytest.mark.parametrize(
    ("today", "reading"),
    [
        (september(16), LightReading(Light.NORMAL, "剩 9 工作日")),
        (september(23), LightReading(Light.NORMAL, "剩 4 工作日")),
        (september(26), LightReading(Light.SOON, "剩 3 工作日")),
        (september(27), LightReading(Light.SOON, "剩 2 工作日")),
        (september(29), LightReading(Light.SOON, "今日到期")),
        (september(30), LightReading(Light.OVERDUE, "超期 1 天")),
        (date(2022, 10, 2), LightReading(Light.OVERDUE, "超期 3 天")),
    ],
)
def test_a_running_problem_turns_from_normal_to_soon_to_overdue(today: date, reading: LightReading) -> None:
    assert running(september(29), today) == reading


def test_a_long_limit_warns_a_week_ahead_and_a_short_one_does_not() -> None:
    assert running(september(29), september(22), limit_days=30) == LightReading(Light.SOON, "剩 5 工作日")
    assert running(september(29), september(21), limit_days=30).light is Light.NORMAL
    assert running(september(29), september(22), limit_days=15).light is Light.NORMAL
    assert running(september(29), september(22)).light is Light.NORMAL


def test_three_working_days_warn_on_a_long_limit_too_when_a_holiday_stretches_them() -> None:
    assert running(date(2022, 10, 10), september(29), limit_days=30) == LightReading(Light.NORMAL, "剩 4 工作日")
    assert running(date(2022, 10, 9), september(29), limit_days=30) == LightReading(Light.SOON, "剩 3 工作日")


def test_the_length_of_a_limit_is_in_the_unit_it_was_given_in() -> None:
    lengths = [rule.length(september(1)) for rule in (DeadlineRule.workdays(15), DeadlineRule.by(september(30)))]
    assert lengths == [15, 29]
    assert DeadlineRule.none().length(september(1)) is None


def test_the_thresholds_are_the_campaigns() -> None:
    eager = LightThresholds(soon_workdays=9, soon_days_long=0, long_limit_days=0)
    assert light(StatusGroup.RUNNING, september(29), september(16), CALENDAR, eager).light is Light.SOON


def test_a_deadline_beyond_the_weekend_counts_days_when_no_working_day_is_left() -> None:
    assert running(september(18), september(16)) == LightReading(Light.SOON, "剩 2 天")


def test_a_waiting_request_is_never_red_however_late() -> None:
    reading = light(StatusGroup.HELD, september(1), september(30), CALENDAR, held_since=september(26))
    assert reading == LightReading(Light.REVIEW, "审核 4 天")
    today = light(StatusGroup.HELD, september(1), september(26), CALENDAR, held_since=september(26))
    assert today == LightReading(Light.REVIEW, "今日申请")


def test_a_problem_whose_clock_does_not_run_says_its_word() -> None:
    said = {group: light(group, september(1), september(30), CALENDAR) for group in StatusGroup}
    assert said[StatusGroup.NOT_STARTED] == LightReading(Light.NOT_STARTED, "未起算")
    assert said[StatusGroup.DONE] == LightReading(Light.CLOSED, "已销号")
    assert said[StatusGroup.DISMISSED] == LightReading(Light.DISMISSED, "不成立")
    assert said[StatusGroup.HELD] == LightReading(Light.REVIEW, "审核中")


def test_a_problem_without_a_deadline_is_never_late() -> None:
    assert running(None, september(30)) == LightReading(Light.NORMAL, "无时限")


@given(DAYS, DAYS)
def test_red_means_the_deadline_is_behind_and_nothing_else(deadline: date, today: date) -> None:
    assert (running(deadline, today).light is Light.OVERDUE) == (today > deadline)


def test_each_light_has_a_word_and_a_sign_for_black_and_white() -> None:
    assert "".join(each.symbol for each in Light) == "▲▼△◎○—■×"
    assert len({each.label for each in Light}) == len(Light)


# --- steps and reviews ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "step", "said"),
    [
        (september(30), september(15), (Light.SOON, "阶段逾期 1 天")),
        (september(30), september(16), (Light.SOON, "阶段今日到期")),
        (september(30), september(20), (Light.SOON, "阶段剩 2 工作日")),
        (september(30), september(28), (Light.NORMAL, "剩 10 工作日")),
        (september(19), september(19), (Light.SOON, "剩 1 工作日")),
        (september(15), september(14), (Light.OVERDUE, "超期 1 天")),
        (None, september(15), (Light.REVIEW_MISSED, "复核超期 1 天")),
        (None, september(16), (Light.SOON, "今日复核")),
        (None, september(20), (Light.SOON, "9月20日复核")),
        (None, september(30), (Light.NORMAL, "9月30日复核")),
    ],
)
def test_a_missed_step_warns_a_missed_review_is_red(deadline: date | None, step: date, said: tuple[Light, str]) -> None:
    """Only the deadline itself makes the unit late; a review is the office's."""
    found = light(StatusGroup.RUNNING, deadline, september(16), CALENDAR, next_step_on=step)
    assert (found.light, found.text) == said
