"""The period a payment is for (期间): a year, a quarter or a month, never a day."""

import re
import unicodedata
from datetime import date

FIRST_YEAR, LAST_YEAR = 1980, 2099

_YEAR = re.compile(r"(\d{4})(?:年度?)?")
_QUARTER = re.compile(r"(\d{4})(?:年度?|-)?(?:Q([1-4])|第?([1-4一二三四])季度)")
_MONTH = re.compile(r"(\d{4})(?:年(\d{1,2})月份?|[-/](\d{1,2})|\.(\d{2})|(\d{2}))")
_FIRST_OF_MONTH = re.compile(r"(\d{4}-\d{2})-01")


def canonical(written: str) -> str | None:
    """`2021`, `2021-06` or `2021Q2`, from the ways in which these are written; None for anything else.

    The first day of a month is taken as that month, since Excel turns 2021-06 into it. `2021.1` is refused: it may have
    been 2021.10.
    """
    text = "".join(unicodedata.normalize("NFKC", written).split()).upper()
    if match := _YEAR.fullmatch(text):
        return _within(match[1], match[1])
    if match := _QUARTER.fullmatch(text):
        quarter = match[2] or str("一二三四".find(match[3]) + 1 or match[3])
        return _within(match[1], f"{match[1]}Q{quarter}")
    if match := _FIRST_OF_MONTH.fullmatch(text):
        text = match[1]
    if match := _MONTH.fullmatch(text):
        month = int(next(group for group in match.groups()[1:] if group))
        return _within(match[1], f"{match[1]}-{month:02d}") if 1 <= month <= 12 else None
    return None


def first_day(period: str) -> date:
    """The first day of a canonical period."""
    year = int(period[:4])
    if "Q" in period:
        return date(year, int(period[5]) * 3 - 2, 1)
    return date(year, int(period[5:]), 1) if len(period) > 4 else date(year, 1, 1)


def _within(year: str, period: str) -> str | None:
    return period if FIRST_YEAR <= int(year) <= LAST_YEAR else None
