"""How far a sample's rate may lie from the whole: the Wilson score interval.

Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
Statistical Association 22 (1927), 209–212. It stays within 0 and 1 and holds for small bases, where the textbook
interval does not. It takes units as drawn independently: mandatory units are not drawn at random and get no interval,
and households of one village resemble each other, so over several villages the truth may lie a little further out.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

CONFIDENCE_LABEL = "95% 置信区间"
SMALL_BASE = 10
_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate of drawn units and its 95 % interval, all in permille of the base: 299 is 29.9 %.

    The rate is cut, never rounded up to a floor it misses; the ends are rounded outward.
    """

    rate_permille: int
    lower_permille: int
    upper_permille: int
    small_base: bool

    @property
    def text(self) -> str:
        """`12.3%～18.9%`"""
        return f"{_percent(self.lower_permille)}～{_percent(self.upper_permille)}"


def wilson(hits: int, base: int) -> Interval | None:
    """The interval of `hits` among `base` drawn units; None where nothing was drawn."""
    if not 0 <= hits <= base:
        raise ValueError(f"{hits} hits among {base}")
    if base == 0:
        return None
    rate, spread = hits / base, _Z * _Z / base
    middle = rate + spread / 2
    reach = _Z * sqrt(rate * (1 - rate) / base + spread / (4 * base))
    lower, upper = ((middle + side * reach) / (1 + spread) for side in (-1, 1))
    # At no hits and at nothing but hits a float's last digit may step outside 0 or 1.
    return Interval(
        rate_permille=hits * 1000 // base,
        lower_permille=max(0, floor(lower * 1000)),
        upper_permille=min(1000, ceil(upper * 1000)),
        small_base=base < SMALL_BASE,
    )


def _percent(permille: int) -> str:
    return f"{permille // 10}.{permille % 10}%"
