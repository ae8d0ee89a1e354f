"""One cell of a table from outside, as text: what the user sees in it, or a sign that what they saw is lost."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta

FIRST_LOST = 1e15
"""From here on a float no longer holds every digit: an identity or card number that came as one is lost."""

NOTHING = "无"
_DASHES = {NOTHING, "-", "－", "—", "——", "–", "/", "\\"}
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?E[+-]?\d{1,3}", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_DATE = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_DATE, _LAST_DATE = date(1950, 1, 1), date(2099, 12, 31)


def cell_text(cell: Cell) -> str:
    """The cell as text, stripped. 12.0 is `12`; numbers whose digits are lost are `4.20E+17`, as Excel shows them."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def clean(text: str) -> str:
    """Without outer blanks, invisible characters, and the apostrophe that tells Excel that this is text.

    What stands for nothing (无, —, /) is nothing: our own exports leave no cell blank, and may come back.
    """
    if text.isalnum():
        return "" if text == NOTHING else text
    plain = _INVISIBLE.sub("", text).strip().removeprefix("'").strip()
    return "" if plain in _DASHES else plain


def is_scientific(text: str) -> bool:
    """Whether a number was turned into 4.2E+17 on its way here, so that its last digits are gone."""
    if text.isascii() and "E" not in text.upper():
        return False
    return _SCIENTIFIC.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", "")) is not None


def date_of(text: str) -> date | None:
    """The day meant by `2021-06-30`, `2021/6/30`, `2021.6.30`, `20210630`, `2021年6月30日` or Excel's day number 44377.

    Full-width too, a time of day after it is dropped. None for anything else and for years outside 1950 to 2099.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    try:
        day = _day(folded)
    except (ValueError, OverflowError):
        return None
    return day if day is not None and _FIRST_DATE <= day <= _LAST_DATE else None


def column_letter(index: int) -> str:
    """0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _day(folded: str) -> date | None:
    if len(folded) == 8 and folded.isascii() and folded.isdigit():
        return date(int(folded[:4]), int(folded[4:6]), int(folded[6:]))
    if match := _DATE.fullmatch("".join(folded.split()) if "年" in folded else folded):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if _SERIAL.fullmatch(folded):
        return _EXCEL_EPOCH + timedelta(days=int(float(folded)))
    return None


def _number(number: float) -> str:
    if number != number or abs(number) == float("inf"):
        return ""
    if abs(number) >= FIRST_LOST:
        return f"{number:.2E}"
    if number.is_integer():
        return str(int(number))
    text = f"{number:.15g}"
    return f"{number:.15f}".rstrip("0") if "e" in text else text
