"""What may happen to a place, and when."""

from datetime import date

import pytest

from models.region import Region, RegionLevel, change_day_refusal, merge_refusal

TODAY = date(2022, 9, 16)
FIRST = date(2020, 1, 1)


def place(number: int, level: RegionLevel = RegionLevel.VILLAGE, until: date | None = None) -> Region:
    return Region(id=number, short_name=f"示例{number}村", level=level, valid_from=FIRST, valid_to=until)


def test_a_village_is_merged_into_another_on_a_day_that_has_come() -> None:
    assert merge_refusal(place(1), place(2), date(2022, 9, 1), TODAY, None) is None


@pytest.mark.parametrize(
    ("village", "survivor", "day", "sentence"),
    [
        (place(1), place(1), TODAY, "并入它自己"),
        (place(1, until=date(2022, 8, 31)), place(2), TODAY, "不能再并一次"),
        (place(1), place(2, until=date(2022, 8, 31)), TODAY, "不能再接收"),
        (place(1, RegionLevel.TOWN), place(2), TODAY, "只有村"),
        (place(1), place(2, RegionLevel.TOWN), TODAY, "只有村"),
        (place(1), place(2), date(2022, 9, 17), "还没有到"),
        (place(1), place(2), FIRST, "不能早于"),
    ],
    ids=["itself", "twice", "into what is gone", "a town", "into a town", "tomorrow", "before it existed"],
)
def test_what_cannot_be_merged_is_said(village: Region, survivor: Region, day: date, sentence: str) -> None:
    assert sentence in (merge_refusal(village, survivor, day, TODAY, None) or "")


def test_a_circle_of_merges_cannot_come_about() -> None:
    """Once the first is merged into the second, the second finds nobody to be merged into there."""
    first, second = place(1), place(2)
    assert merge_refusal(first, second, TODAY, TODAY, None) is None
    first.valid_to = date(2022, 9, 15)
    assert "不能再接收" in (merge_refusal(second, first, TODAY, TODAY, None) or "")


def test_changes_of_a_place_stay_in_their_order() -> None:
    assert "不能早于上一次变更" in (change_day_refusal(date(2022, 8, 1), TODAY, date(2022, 8, 2), "更名") or "")
    assert change_day_refusal(date(2022, 8, 2), TODAY, date(2022, 8, 2), "更名") is None
