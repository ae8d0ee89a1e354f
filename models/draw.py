"""A sample anyone can draw again from a seed and a frame, with a pencil and a SHA-256.

The frame is a list of codes: 12 digits for a village, `village code/household number` for a household. A unit's rank is
SHA-256 of `seed|code`, so it hangs on nothing but the seed and its own code: neither the order of a file nor another
stratum moves it. Strata: the villages of a town, the households of a village. `docs/verify_draw.py` does the same
without this module.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import overload

from models.refusal import Refused


class Rounding(StrEnum):
    """How a share of the units becomes a whole number."""

    UP = "UP"
    HALF_UP = "HALF_UP"
    DOWN = "DOWN"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"UP": "向上取整", "HALF_UP": "四舍五入", "DOWN": "向下取整"}[self.value]


class RankKind(StrEnum):
    """Why a unit is in the sample, or that it waits as a replacement."""

    MANDATORY = "MANDATORY"
    DRAWN = "DRAWN"
    RESERVE = "RESERVE"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"MANDATORY": "必查", "DRAWN": "抽中", "RESERVE": "备选"}[self.value]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit of a stratum. `position` counts from 1: mandatory units first, then the others, by ascending hash."""

    position: int
    code: str
    hash: str
    kind: RankKind

    @property
    def chosen(self) -> bool:
        return self.kind is not RankKind.RESERVE


@dataclass(frozen=True, slots=True)
class Stratum(Sequence[Ranked]):
    """The units of a stratum in rank. Each is made when it is looked at: of a million households few ever are."""

    codes: Sequence[str]
    digests: Mapping[str, bytes]
    mandatory: int
    required: int

    @overload
    def __getitem__(self, at: int) -> Ranked: ...
    @overload
    def __getitem__(self, at: slice) -> list[Ranked]: ...
    def __getitem__(self, at: int | slice) -> Ranked | list[Ranked]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        code = self.codes[place]
        return Ranked(place + 1, code, self.digests[code].hex(), self._kind(place))

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def chosen_codes(self) -> Sequence[str]:
        """The codes that are in."""
        return self.codes[: max(self.mandatory, self.required)]

    def _kind(self, place: int) -> RankKind:
        # The place counts the M mandatory units too, so `place < n` picks max(0, n − M) of the others.
        if place < self.mandatory:
            return RankKind.MANDATORY
        return RankKind.DRAWN if place < self.required else RankKind.RESERVE


@dataclass(frozen=True, slots=True)
class Draw:
    """Both stages: every village of every town, every household of every chosen village, in rank."""

    seed: str
    villages: Mapping[str, Stratum]
    households: Mapping[str, Stratum]

    def chosen_villages(self) -> list[str]:
        return [code for town in self.villages.values() for code in town.chosen_codes]

    def chosen_households(self) -> list[str]:
        return [code for village in self.households.values() for code in village.chosen_codes]


def frame_hash(codes: Iterable[str]) -> str:
    """SHA-256 of the codes in ascending order, each followed by a line feed: `LC_ALL=C sort codes.txt | sha256sum`."""
    return _sha256("".join(f"{code}\n" for code in sorted(codes)))


def rank_hash(seed: str, code: str) -> str:
    """SHA-256 of `seed|code` (UTF-8) in lower-case hex."""
    return _sha256(f"{seed}|{code}")


def commitment(share: str) -> str:
    """What each of two people publishes before either share is known: SHA-256 of the share.

    A share must be too long to guess: whoever guesses the other's before choosing their own chooses the seed.
    """
    return _sha256(share)


def joined_seed(shares: Sequence[str]) -> str:
    """The seed of the revealed shares, in the order in which they were committed."""
    return "|".join(shares)


def required(n_units: int, share_numerator: int, share_denominator: int, rounding: Rounding = Rounding.UP) -> int:
    """How many of `n_units` a share asks for, without a float: 3/10 upward is `(3·N + 9) // 10`."""
    if n_units < 0 or not 0 <= share_numerator <= share_denominator or share_denominator == 0:
        raise ValueError(f"{share_numerator}/{share_denominator} of {n_units}")
    asked = share_numerator * n_units
    match rounding:
        case Rounding.UP:
            return (asked + share_denominator - 1) // share_denominator
        case Rounding.HALF_UP:
            return (2 * asked + share_denominator) // (2 * share_denominator)
        case Rounding.DOWN:
            return asked // share_denominator


def draw_stratum(
    seed: str, codes: Collection[str], mandatory: Collection[str], share: Fraction, rounding: Rounding = Rounding.UP
) -> Stratum:
    """One stratum in rank: all M mandatory units, the first max(0, n − M) of the others, and the rest in reserve.

    Also draws closed problems for a re-check on site. Refused: an unusable seed or code, a code twice, a mandatory code
    that is not in the stratum.
    """
    _check_seed(seed)
    _check_codes(codes)
    musts = frozenset(mandatory)
    _check_known(musts, codes)
    return _rank(seed, codes, musts, share, rounding)


def draw_two_stage(
    seed: str,
    villages: Mapping[str, Collection[str]],
    households: Mapping[str, Collection[str]],
    mandatory_villages: Collection[str],
    mandatory_households: Collection[str],
    village_share: Fraction,
    household_share: Fraction,
    rounding: Rounding = Rounding.UP,
) -> Draw:
    """Villages (by town) first, then households (by village) within each chosen village.

    A mandatory household counts only where its village was chosen. A village that comes in later as a replacement gets
    its households by `draw_stratum` with the same seed. Refused as in `draw_stratum`, and for households of an unknown
    village.
    """
    all_villages = _flat(villages)
    _check_seed(seed)
    _check_known(households, all_villages)
    village_musts, household_musts = frozenset(mandatory_villages), frozenset(mandatory_households)
    for codes, musts in ((all_villages, village_musts), (_flat(households), household_musts)):
        _check_codes(codes)
        _check_known(musts, codes)
    towns = {town: _rank(seed, villages[town], village_musts, village_share, rounding) for town in sorted(villages)}
    homes = {
        village: _rank(seed, households.get(village, ()), household_musts, household_share, rounding)
        for town in towns.values()
        for village in town.chosen_codes
    }
    return Draw(seed, towns, homes)


def next_replacement(stratum: Sequence[Ranked], used: Collection[str]) -> Ranked | None:
    """The next in rank of the same stratum that no earlier replacement took (`used`); None when the reserve is empty.

    A mandatory unit is replaced like any other: there is no further mandatory one, they are all in the sample.
    """
    return next((unit for unit in stratum if unit.kind is RankKind.RESERVE and unit.code not in used), None)


def _rank(seed: str, codes: Collection[str], musts: frozenset[str], share: Fraction, rounding: Rounding) -> Stratum:
    wanted = required(len(codes), share.numerator, share.denominator, rounding)
    digests = _digests(seed, codes)
    ranked = sorted(codes, key=digests.__getitem__)  # bytes ascend as their hex does
    first = [code for code in ranked if code in musts] if musts else []
    others = [code for code in ranked if code not in musts] if first else ranked
    return Stratum(first + others, digests, len(first), wanted)


def _digests(seed: str, codes: Iterable[str]) -> dict[str, bytes]:
    """`rank_hash` of each code, as bytes; the seed is hashed once."""
    begun = hashlib.sha256(f"{seed}|".encode())
    found = {}
    for code in codes:
        whole = begun.copy()
        whole.update(code.encode())
        found[code] = whole.digest()
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _flat(strata: Mapping[str, Collection[str]]) -> list[str]:
    return [code for codes in strata.values() for code in codes]


def _check_seed(seed: str) -> None:
    """A stranger types the seed from paper, where a space at its end cannot be seen."""
    if not seed or seed != seed.strip() or "\n" in seed:
        raise Refused("种子不能为空，首尾不能有空格，中间不能换行。请按公布的内容重新填写。")


def _check_codes(codes: Collection[str]) -> None:
    if len(set(codes)) != len(codes):
        twice = [code for code, times in Counter(codes).items() if times > 1]
        raise Refused(f"抽样框里有 {len(twice)} 个编号重复：{_some(twice)}。请更正后再抽取。")
    if "\n".join(codes).split() == list(codes):  # no blank anywhere, and none empty
        return
    unusable = [repr(code) for code in codes if not code or code != code.strip() or "\n" in code]
    if unusable:
        raise Refused(f"抽样框里有 {len(unusable)} 个编号为空或带空格、换行：{_some(unusable)}。请更正后再抽取。")


def _check_known(asked: Iterable[str], codes: Collection[str]) -> None:
    unknown = set(asked).difference(codes)
    if unknown:
        raise Refused(f"有 {len(unknown)} 个编号不在抽样框里：{_some(unknown)}。请更正名单，或更正抽样框后再冻结。")


def _some(codes: Iterable[str]) -> str:
    """The first three in order: a sentence is not a list."""
    ordered = sorted(codes)
    return "、".join(ordered[:3]) + ("等" if len(ordered) > 3 else "")
