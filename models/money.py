"""Money is integer 分: read from what people and spreadsheets write, shown in the two forms that offices read."""

import re
from decimal import ROUND_DOWN, Decimal

LARGEST_CENTS = 10**15
"""Ten 万亿 yuan; a larger figure is a slip of the keyboard."""

# Only full-width forms are folded: NFKC would also make 32 out of 3².
_HALF_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | {0xFFE5: "¥", 0x200B: ""}
_AMOUNT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?", re.ASCII)


class NotMoney(ValueError):
    """What was written is no amount in yuan; `str()` is a sentence for the user and does not repeat the value."""


def parse_yuan(written: str | int | float | Decimal) -> int:
    """Yuan as written → cents, exactly. Never rounds: more than two decimals are refused with `NotMoney`.

    Text may be full-width, carry ¥ or 元 and thousands separators. A float is read with the 15 significant digits that
    Excel itself shows, so that 0.1 + 0.2 in a formula is 0.30.
    """
    cents = _exact(written) * 100
    if cents != cents.to_integral_value(rounding=ROUND_DOWN):
        raise NotMoney("金额精确到分，小数不能超过两位，请改正。")
    if abs(cents) > LARGEST_CENTS:
        raise NotMoney("金额过大，请核对单位是不是元。")
    return int(cents)


def yuan(cents: int) -> str:
    """`1,234.50`: yuan with two decimals and thousands separators, no unit."""
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{size // 100:,}.{size % 100:02d}"


def wan(cents: int) -> str:
    """The form leaders read: `3.42 万元`, cut and never rounded; below one 万 it stays yuan and nothing is lost."""
    sign, size = ("-" if cents < 0 else ""), abs(cents)
    if size < 1_000_000:
        return f"{yuan(cents)} 元"
    hundredths = size // 10_000
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d} 万元"


def rate(done: int, base: int, small: int = 10) -> str:
    """A rate with its two counts, cut, never rounded: 11,669 of 38,900 is 29.9 %. A base under `small` is starred."""
    if not base:
        return "—"
    tenths = done * 1000 // base
    return f"{tenths // 10}.{tenths % 10}%({done:,}/{base:,}){' *' if base < small else ''}"


def _exact(written: str | int | float | Decimal) -> Decimal:
    if isinstance(written, bool):
        raise NotMoney("金额应是数字，请改正。")
    if isinstance(written, float):
        return _finite(Decimal(f"{written:.15g}"))
    if isinstance(written, int | Decimal):
        return _finite(Decimal(written))
    text = "".join(written.translate(_HALF_WIDTH).split()).removesuffix("元").lstrip("¥'")
    if not _AMOUNT.fullmatch(text):
        raise NotMoney("金额应是以元为单位的数字，如 1234.50，请改正。")
    return Decimal(text.replace(",", ""))


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise NotMoney("金额应是数字，请改正。")
    return number
