import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.interval import Interval, wilson

# Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (Wilson): 81/263, 15/148, 0/20, 1/29.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    base = draw(st.integers(1, 40_000))
    return draw(st.integers(0, base)), base


@pytest.mark.parametrize(("hits", "base", "lower", "upper"), PUBLISHED)
def test_the_interval_agrees_with_published_ones(hits: int, base: int, lower: float, upper: float) -> None:
    interval = wilson(hits, base)
    assert interval is not None
    assert interval.lower_permille <= lower * 1000 < interval.lower_permille + 1
    assert interval.upper_permille - 1 < upper * 1000 <= interval.upper_permille


def test_the_rate_is_cut_and_the_ends_are_rounded_outward() -> None:
    assert wilson(81, 263) == Interval(307, 255, 367, small_base=False)
    assert wilson(1, 10) == Interval(100, 17, 405, small_base=False)  # 1.79 % to 40.42 %


def test_nothing_drawn_has_no_rate() -> None:
    assert wilson(0, 0) is None


def test_a_base_under_ten_is_marked_small() -> None:
    marked = [interval.small_base for interval in (wilson(1, 9), wilson(1, 10)) if interval]
    assert marked == [True, False]


@pytest.mark.parametrize(("hits", "base"), [(-1, 5), (6, 5), (0, -1)])
def test_counts_that_cannot_be_are_an_error(hits: int, base: int) -> None:
    with pytest.raises(ValueError):
        wilson(hits, base)


def test_the_interval_is_written_with_one_decimal() -> None:
    interval = wilson(15, 148)
    assert interval is not None
    assert interval.text == "6.2%～16.1%"


@given(counts())
def test_the_rate_lies_within_and_the_ends_stay_between_none_and_all(count: tuple[int, int]) -> None:
    interval = wilson(*count)
    assert interval is not None
    assert 0 <= interval.lower_permille <= interval.rate_permille <= interval.upper_permille <= 1000


@given(counts())
def test_what_holds_for_hits_holds_mirrored_for_misses(count: tuple[int, int]) -> None:
    hits, base = count
    forward, mirrored = wilson(hits, base), wilson(base - hits, base)
    assert forward is not None and mirrored is not None
    # Rounding outward may move an end that is a whole permille by one, on one side only.
    assert abs(forward.lower_permille + mirrored.upper_permille - 1000) <= 1


@given(st.integers(1, 40_000))
def test_no_hit_begins_at_nothing_and_all_hits_end_at_all(base: int) -> None:
    none, every = wilson(0, base), wilson(base, base)
    assert none is not None and every is not None
    assert (none.lower_permille, every.upper_permille) == (0, 1000)
