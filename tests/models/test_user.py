"""Circles of people who stand in for each other; how long a session lives, whatever the clock does."""

from datetime import UTC, datetime, timedelta

import pytest

from models.user import CLOCK_MAY_DIFFER, SESSION_ABSOLUTE, SESSION_IDLE, Session, closes_circle

NOON = datetime(2022, 9, 16, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handed_on", "closes"),
    [([], False), ([(2, 1)], True), ([(2, 3), (3, 1)], True), ([(1, 3)], False), ([(2, 3), (3, 2)], False)],
    ids=["nothing yet", "straight back", "round a third", "a chain on", "a circle elsewhere"],
)
def test_one_asks_two_to_stand_in(handed_on: list[tuple[int, int]], closes: bool) -> None:
    assert closes_circle(handed_on, 1, 2) is closes


@pytest.mark.parametrize(
    ("since_start", "since_seen", "alive"),
    [
        (timedelta(), timedelta(), True),
        (SESSION_ABSOLUTE, SESSION_IDLE, True),
        (SESSION_ABSOLUTE + timedelta(seconds=1), timedelta(), False),
        (SESSION_IDLE, SESSION_IDLE + timedelta(seconds=1), False),
        (-CLOCK_MAY_DIFFER, -CLOCK_MAY_DIFFER, True),
        (-timedelta(hours=1), -timedelta(hours=1), False),
        (timedelta(hours=1), -timedelta(hours=1), False),
    ],
    ids=["new", "just", "too old", "idle", "clocks differ", "clock moved back", "seen in a time to come"],
)
def test_a_session_lives_as_long_as_it_may(since_start: timedelta, since_seen: timedelta, alive: bool) -> None:
    assert Session(started_at=NOON - since_start, seen_at=NOON - since_seen).is_alive(NOON) is alive
