from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.workday import Calendar, Certainty, published_days, weakest

CALENDAR = Calendar()
DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 10, 7), False),  # 国庆, a Friday
        (date(2022, 10, 8), True),  # 调休上班, a Saturday
        (date(2024, 10, 12), True),
        (date(2026, 10, 10), True),
        (date(2022, 9, 15), True),
        (date(2022, 9, 17), False),
    ],
)
def test_published_holidays_and_make_up_days_are_known(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) == (worked, Certainty.PUBLISHED)


@pytest.mark.parametrize(
    ("year", "workdays"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_published_year_has_as_many_working_days_as_were_announced(year: int, workdays: int) -> None:
    days = published_days(year)
    assert len(days) == 366 if year % 4 == 0 else 365
    assert {day.year for day, _ in days} == {year}
    assert sum(worked for _, worked in days) == workdays


def test_an_unpublished_year_is_estimated_from_weekends_and_fixed_holidays_and_says_so() -> None:
    answers = {day: CALENDAR.is_workday(day) for day in (date(2099, 1, 1), date(2099, 1, 2), date(2099, 1, 3))}
    assert answers == {
        date(2099, 1, 1): (False, Certainty.ESTIMATED),  # 元旦, a Thursday
        date(2099, 1, 2): (True, Certainty.ESTIMATED),
        date(2099, 1, 3): (False, Certainty.ESTIMATED),  # a Saturday
    }
    assert published_days(2099) == []


@pytest.mark.parametrize("day", [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])
def test_no_estimate_works_on_a_statutory_fixed_holiday(day: tuple[int, int]) -> None:
    assert not any(CALENDAR.is_workday(date(year, *day))[0] for year in range(2090, 2100))


def test_the_county_stands_above_the_copy_and_the_copy_above_the_library() -> None:
    day = date(2022, 9, 15)
    assert Calendar({}, {day: False}).is_workday(day) == (False, Certainty.PUBLISHED)
    assert Calendar({day: True}, {day: False}).is_workday(day) == (True, Certainty.OVERRIDE)


def test_a_copied_year_is_no_estimate_even_where_the_library_has_no_data() -> None:
    assert Calendar({}, {date(2099, 1, 2): False}).is_workday(date(2099, 1, 2)) == (False, Certainty.PUBLISHED)


def test_the_day_of_issue_is_not_counted_and_the_national_holiday_is_skipped() -> None:
    assert CALENDAR.add_workdays(date(2022, 9, 29), 1) == (date(2022, 9, 30), Certainty.PUBLISHED)
    assert CALENDAR.add_workdays(date(2022, 9, 30), 1) == (date(2022, 10, 8), Certainty.PUBLISHED)
    assert CALENDAR.add_workdays(date(2022, 9, 16), 15) == (date(2022, 10, 12), Certainty.PUBLISHED)


def test_a_flood_holiday_of_the_county_moves_the_last_day_and_is_named() -> None:
    flood = Calendar({date(2022, 9, 16): False})
    assert flood.add_workdays(date(2022, 9, 15), 1) == (date(2022, 9, 19), Certainty.OVERRIDE)


def test_a_count_that_runs_into_an_unpublished_year_is_an_estimate() -> None:
    copied = Calendar({}, dict.fromkeys([date(2098, 12, 31)], True))
    assert copied.add_workdays(date(2098, 12, 30), 1) == (date(2098, 12, 31), Certainty.PUBLISHED)
    assert copied.add_workdays(date(2098, 12, 30), 2) == (date(2099, 1, 2), Certainty.ESTIMATED)


def test_no_days_leave_the_date_where_it_is_and_fewer_are_an_error() -> None:
    assert CALENDAR.add_workdays(date(2022, 10, 1), 0) == (date(2022, 10, 1), Certainty.PUBLISHED)
    with pytest.raises(ValueError):
        CALENDAR.add_workdays(date(2022, 10, 1), -1)


def test_a_rest_day_moves_to_the_next_day_that_is_worked() -> None:
    assert CALENDAR.workday_from(date(2022, 10, 1)) == (date(2022, 10, 8), Certainty.PUBLISHED)
    assert CALENDAR.workday_from(date(2022, 10, 8)) == (date(2022, 10, 8), Certainty.PUBLISHED)


def test_days_between_count_the_last_and_not_the_first_and_turn_negative_backwards() -> None:
    monday, friday = date(2022, 9, 19), date(2022, 9, 23)
    assert CALENDAR.workdays_between(monday, friday) == 4
    assert CALENDAR.workdays_between(friday, monday) == -4
    assert CALENDAR.workdays_between(friday, friday) == 0


@given(DAYS, st.integers(0, 60))
def test_counting_back_what_was_added_gives_the_same_number(start: date, days: int) -> None:
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, days)[0]) == days


@given(DAYS, DAYS, DAYS)
def test_days_between_add_up(first: date, middle: date, last: date) -> None:
    between = CALENDAR.workdays_between
    first, middle, last = sorted((first, middle, last))
    assert between(first, middle) + between(middle, last) == between(first, last)


def test_the_weakest_certainty_wins_and_each_has_its_word() -> None:
    assert weakest(Certainty.ESTIMATED, Certainty.OVERRIDE) is Certainty.ESTIMATED
    assert weakest(Certainty.PUBLISHED, Certainty.OVERRIDE) is Certainty.OVERRIDE
    assert [certainty.label for certainty in Certainty] == ["已公布", "本地调整", "预估"]
