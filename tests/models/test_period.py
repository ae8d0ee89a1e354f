from datetime import date

import pytest

from models.period import canonical, first_day


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2021", "2021"),
        ("2021年", "2021"),
        ("２０２１年度", "2021"),
        ("2021-06", "2021-06"),
        ("2021/6", "2021-06"),
        ("2021年6月", "2021-06"),
        ("2021年6月份", "2021-06"),
        ("202106", "2021-06"),
        ("2021.06", "2021-06"),
        ("2021-06-01", "2021-06"),
        ("2021Q2", "2021Q2"),
        ("2021q2", "2021Q2"),
        ("2021-Q2", "2021Q2"),
        ("2021年第二季度", "2021Q2"),
        ("2021年2季度", "2021Q2"),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(written: str, period: str) -> None:
    assert canonical(written) == period


@pytest.mark.parametrize(
    "written",
    ["", "21", "2021.1", "2021-13", "2021-00", "2021-06-30", "2021Q5", "2021上半年", "1021", "6月", "2021-06-01x"],
)
def test_anything_else_is_no_period(written: str) -> None:
    assert canonical(written) is None


def test_a_period_begins_on_its_first_day() -> None:
    assert [first_day(p) for p in ("2021", "2021Q2", "2021-06")] == [
        date(2021, 1, 1),
        date(2021, 4, 1),
        date(2021, 6, 1),
    ]
