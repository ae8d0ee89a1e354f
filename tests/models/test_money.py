from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import LARGEST_CENTS, NotMoney, parse_yuan, rate, wan, yuan


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("0", 0),
        ("85.2", 8520),
        ("1,234.50", 123450),
        ("１，２３４．５０", 123450),
        ("¥ 12.30", 1230),
        ("￥12.30元", 1230),
        ("-30.00", -3000),
        ("+5", 500),
        (" 7. ", 700),
        ("'8", 800),
        ("85.2000", 8520),
        (12, 1200),
        (85.2, 8520),
        (0.1 + 0.2, 30),
        (Decimal("3.10"), 310),
        (1234567.89, 123456789),
        ("1,000,000", 100000000),
    ],
)
def test_what_people_write_is_read_to_the_cent(written: str | int | float | Decimal, cents: int) -> None:
    assert parse_yuan(written) == cents


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "1.234",
        "12.345",
        0.001,
        Decimal("1.005"),
        "1,23",
        "12,34.5",
        "3.2万元",
        "1.2E+5",
        "NaN",
        float("inf"),
        float("nan"),
        True,
        "²",
        "٣",
        "--1",
        ".",
        "(12.00)",
        "99999999999999.00",
        10**16,
    ],
)
def test_what_is_not_exactly_an_amount_is_refused(written: str | int | float | Decimal) -> None:
    with pytest.raises(NotMoney):
        parse_yuan(written)


@given(st.integers(-LARGEST_CENTS, LARGEST_CENTS))
def test_what_is_shown_reads_back_to_the_same_cents(cents: int) -> None:
    assert parse_yuan(yuan(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (0, "0.00 元"),
        (999_999, "9,999.99 元"),
        (1_000_000, "1.00 万元"),
        (3_429_999, "3.42 万元"),
        (-3_429_999, "-3.42 万元"),
        (1_234_567_890_00, "123,456.78 万元"),
    ],
)
def test_wan_is_cut_and_small_sums_stay_whole(cents: int, shown: str) -> None:
    assert wan(cents) == shown


def test_a_rate_is_cut_never_rounded_and_carries_its_counts() -> None:
    assert rate(11_669, 38_900) == "29.9%(11,669/38,900)"
    assert rate(999_999, 1_000_000) == "99.9%(999,999/1,000,000)"
    assert rate(3, 9) == "33.3%(3/9) *"
    assert rate(0, 0) == "—"
