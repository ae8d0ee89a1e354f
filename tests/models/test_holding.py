"""Who held it and how long: stretches without gaps, the unit's time and the review's apart."""

from datetime import date

from models.holding import Handed, Holding, holdings, review_workdays, unit_workdays
from models.issue_word import IssueStatus as S
from models.workday import Calendar

CALENDAR = Calendar()
TODAY = date(2022, 7, 29)


def july(day: int) -> date:
    return date(2022, 7, day)


ACTS = [
    Handed(july(1), S.DRAFT, None, ""),
    Handed(july(4), S.REGISTERED, None, ""),
    Handed(july(5), S.RECTIFYING, 1, "甲所"),
    Handed(july(6), S.RECTIFYING, 1, "甲所（更名）"),
    Handed(july(12), S.RECTIFYING, 2, "乙所"),
    Handed(july(15), S.ACCEPTANCE, 2, "乙所"),
    Handed(july(18), S.APPROVAL, 2, "乙所"),
    Handed(july(20), S.RECTIFYING, 2, "乙所"),
]


def test_each_stretch_has_its_holder_and_they_add_up_without_a_gap() -> None:
    found = holdings(ACTS, CALENDAR, TODAY)
    assert found == (
        Holding("办公室", S.REGISTERED, july(4), july(5), 1),
        Holding("甲所", S.RECTIFYING, july(5), july(12), 5),
        Holding("乙所", S.RECTIFYING, july(12), july(15), 3),
        Holding("检查组或办公室", S.ACCEPTANCE, july(15), july(18), 1),
        Holding("审批人", S.APPROVAL, july(18), july(20), 2),
        Holding("乙所", S.RECTIFYING, july(20), None, 7),
    )
    assert sum(h.workdays for h in found) == CALENDAR.workdays_between(july(4), TODAY)
    assert (unit_workdays(found), review_workdays(found)) == (15, 3)


def test_what_was_closed_is_with_nobody_until_it_is_opened_again() -> None:
    acts = [*ACTS, Handed(july(22), S.CLOSED, 2, "乙所"), Handed(july(27), S.RECTIFYING, 2, "乙所")]
    *_, last_but_one, last = holdings(acts, CALENDAR, TODAY)
    assert (last_but_one.until, last.since, last.workdays) == (july(22), july(27), 2)
