"""When a unit may be dissolved, and by whom it may be taken over."""

from datetime import date

import pytest

from models.unit import Unit, dissolution_refusal

TODAY, FIRST = date(2022, 9, 16), date(2020, 1, 1)


def unit(number: int, until: date | None = None) -> Unit:
    return Unit(id=number, name=f"示例{number}所", valid_from=FIRST, valid_to=until)


def test_a_unit_is_dissolved_with_or_without_a_successor() -> None:
    assert dissolution_refusal(unit(1), unit(2), TODAY, TODAY) is None
    assert dissolution_refusal(unit(1), None, TODAY, TODAY) is None


@pytest.mark.parametrize(
    ("gone", "successor", "day", "sentence"),
    [
        (unit(1), unit(1), TODAY, "不能由它自己承接"),
        (unit(1, date(2022, 8, 31)), None, TODAY, "不能再撤一次"),
        (unit(1), unit(2, date(2022, 8, 31)), TODAY, "不能承接"),
        (unit(1), None, FIRST, "须在登记日期"),
    ],
    ids=["by itself", "twice", "by one that is gone", "before it began"],
)
def test_what_cannot_be_is_said(gone: Unit, successor: Unit | None, day: date, sentence: str) -> None:
    assert sentence in (dissolution_refusal(gone, successor, day, TODAY) or "")
