"""Which village a file means: names as offices write them, against the villages of the campaign."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_NO_WORD = re.compile(r"[\W_]+")
_BODY = re.compile(r"(?:村民委员会|村委会|居民委员会|居委会|委员会|社区)+(?:社区)?$")


class Village(NamedTuple):
    """A village (or 居委会) in the tree of regions; codes are 12 digits."""

    town_code: str
    town_name: str
    town_short: str
    village_code: str
    village_name: str
    village_short: str


@dataclass(frozen=True, slots=True)
class NoVillage:
    """Why no village is meant: the column at fault (乡镇 or 村) and a sentence for the user."""

    column: str
    message: str


class VillageIndex:
    """Finds a village by official name, short name or code, within its town where the town is given.

    Official suffixes differ by county (…村村民委员会, …村委会, …村), so that names are compared without them, yet only
    after the name as written was looked up: 先觉庙村 and 先觉庙社区 of one town are two places.
    """

    def __init__(
        self,
        villages: Iterable[tuple[str, str, str, str, str, str]],
        former: Iterable[tuple[str, str, str, str, str, str]] = (),
        merged: Mapping[str, str] | None = None,
    ) -> None:
        """`former`: the same villages under names they no longer have, and those merged since; looked at last.

        `merged`: village code → why nothing new is written under it, for those of `former` that are not to be found.
        """
        self.villages = tuple(Village(*each) for each in villages)
        self._merged = merged or {}
        self._towns: dict[str, set[str]] = defaultdict(set)
        self._levels = _Levels(self.villages)
        gone = [Village(*each) for each in former]
        self._former = _Levels(gone)
        for village in (*self.villages, *gone):
            for town in {_folded(name) for name in (village.town_code, village.town_name, village.town_short) if name}:
                self._towns[town].add(village.town_code)

    def find(self, village: str, town: str = "") -> Village | NoVillage:
        """The one village meant by names as written; `town` may be empty where the village's name is unique."""
        towns = self._towns.get(_folded(town)) if town else None
        if town and not towns:
            return NoVillage("乡镇", f"区划里没有乡镇“{_cut(town)}”，请改成区划里的名称。")
        elsewhere: list[Village] = []
        for known in (self._levels, self._former):
            for found in known.called(village):
                here = [each for each in found if towns is None or each.town_code in towns]
                if here:
                    return self._one_of(village, here)
                elsewhere = elsewhere or found
        if elsewhere:
            places = "、".join(sorted({each.town_name for each in elsewhere})[:5])
            return NoVillage("村", f"“{_cut(town)}”下没有村“{_cut(village)}”，同名的村在{places}，请核对乡镇。")
        return NoVillage("村", f"区划里没有村“{_cut(village)}”，请改成区划里的名称。")

    def _one_of(self, name: str, here: list[Village]) -> Village | NoVillage:
        if len({each.village_code for each in here}) > 1:
            return _ambiguous(name, here)
        why = self._merged.get(here[0].village_code)
        return here[0] if why is None else NoVillage("村", why)


class _Levels:
    """Villages by each reading of their names, the closest reading first."""

    def __init__(self, villages: Iterable[Village]) -> None:
        self._levels: tuple[dict[str, list[Village]], ...] = tuple(defaultdict(list) for _ in _READINGS)
        for village in villages:
            self._levels[0][village.village_code].append(village)
            for level, reading in enumerate(_READINGS):
                for name in {reading(each) for each in (village.village_name, village.village_short) if each}:
                    self._levels[level][name].append(village)

    def called(self, name: str) -> Iterator[list[Village]]:
        """Who bears the name, reading by reading."""
        return (level.get(reading(name), []) for level, reading in zip(self._levels, _READINGS, strict=True))


def _ambiguous(village: str, here: list[Village]) -> NoVillage:
    towns = sorted({each.town_name for each in here})
    if len(towns) > 1:
        return NoVillage("乡镇", f"有 {len(here)} 个村叫“{_cut(village)}”（{'、'.join(towns)}），请填写乡镇。")
    codes = "、".join(each.village_code for each in here)
    return NoVillage(
        "村",
        f"“{towns[0]}”里有 {len(here)} 个村叫“{_cut(village)}”，分不清是哪一个，请在“村”一列改填村代码（{codes}）。",
    )


@lru_cache(65_536)
def _folded(name: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", name))


@lru_cache(65_536)
def _short_form(name: str) -> str:
    """Without the body that governs it: 高岭村村民委员会, 高岭村委会 and 高岭村 are one."""
    folded = _folded(name)
    stem = _BODY.sub("", folded)
    if stem == folded or not stem:
        return folded
    if "居" in folded[len(stem) :] or folded.endswith("社区"):
        return stem + "社区"
    return stem if stem.endswith("村") else stem + "村"


@lru_cache(65_536)
def _stem(name: str) -> str:
    return _short_form(name).removesuffix("村").removesuffix("社区")


def _cut(name: str) -> str:
    return name if len(name) <= 30 else name[:30] + "…"


# From the closest reading to the loosest: as written, without the body's suffix, without 村 or 社区 at all.
_READINGS: tuple[Callable[[str], str], ...] = (_folded, _short_form, _stem)
