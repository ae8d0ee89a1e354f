"""A frame as it was frozen: sorted lists of codes, one a line, and the strata and draws that follow from them.

The lists stay text: a million households are 20 MB of text and several times that as objects.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.draw import Draw, Stratum, draw_stratum, draw_two_stage
from models.sampling_rule import Rule


@dataclass(frozen=True, slots=True)
class Frame:
    """Five lists, each line ended by a line feed. `village_strata`: `village,town` codes in the order of `villages`."""

    rule: Rule
    villages: str
    village_strata: str
    households: str
    mandatory_villages: str
    mandatory_households: str

    @classmethod
    def of(
        cls,
        rule: Rule,
        town_of: Mapping[str, str],
        households: Collection[str],
        mandatory_villages: Collection[str],
        mandatory_households: Collection[str],
    ) -> "Frame":
        """From the town of each village and the codes of the households."""
        strata = [f"{village},{town_of[village]}" for village in town_of]
        return cls(
            rule, listed(town_of), listed(strata), listed(households), listed(mandatory_villages),
            listed(mandatory_households),
        )  # fmt: skip

    def town_of(self) -> dict[str, str]:
        """The town of each village, by code."""
        pairs = (line.split(",") for line in lines_of(self.village_strata))
        return {village: town for village, town in pairs}

    def villages_of(self, town: str) -> list[str]:
        """The villages of one town."""
        return [village for village, its_town in self.town_of().items() if its_town == town]

    def by_town(self) -> dict[str, list[str]]:
        """The strata of the first stage."""
        towns: dict[str, list[str]] = {}
        for village, town in self.town_of().items():
            towns.setdefault(town, []).append(village)
        return towns

    def households_of(self, village: str) -> list[str]:
        """The households of one village: they stand together, for the list is sorted."""
        return _block(self.households, village)

    def by_village(self) -> dict[str, list[str]]:
        """The strata of the second stage."""
        homes: dict[str, list[str]] = {}
        for code in lines_of(self.households):
            homes.setdefault(code.partition("/")[0], []).append(code)
        return homes

    def draw(self, seed: str) -> Draw:
        """Both stages. Raises Refused for an unusable seed or list."""
        return draw_two_stage(
            seed, self.by_town(), self.by_village(), lines_of(self.mandatory_villages),
            lines_of(self.mandatory_households), self.rule.share, self.rule.share, self.rule.rounding,
        )  # fmt: skip

    def village_stratum(self, seed: str, town: str) -> Stratum:
        """The villages of one town in rank."""
        codes = self.villages_of(town)
        musts = set(codes).intersection(lines_of(self.mandatory_villages))
        return draw_stratum(seed, codes, musts, self.rule.share, self.rule.rounding)

    def household_stratum(self, seed: str, village: str) -> Stratum:
        """The households of one village in rank."""
        musts = _block(self.mandatory_households, village)
        return draw_stratum(seed, self.households_of(village), musts, self.rule.share, self.rule.rounding)


def listed(codes: Iterable[str]) -> str:
    """The codes in ascending order, each followed by a line feed: what is hashed."""
    return "".join(f"{code}\n" for code in sorted(codes))


def lines_of(text: str) -> list[str]:
    """The codes of a stored list; other line breaks than the line feed are part of a code."""
    return text.removesuffix("\n").split("\n") if text else []


def list_hash(text: str) -> str:
    """SHA-256 of a stored list as it stands: `sha256sum` of the downloaded file gives the same."""
    return hashlib.sha256(text.encode()).hexdigest()


def grouped(digest: str) -> str:
    """A hash in groups of eight, as it is read aloud and compared."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _block(text: str, village: str) -> list[str]:
    mark = f"{village}/"
    start = 0 if text.startswith(mark) else text.find(f"\n{mark}") + 1
    if start == 0 and not text.startswith(mark):
        return []
    last = text.rfind(f"\n{mark}")
    end = text.find("\n", max(last + 1, start))
    return lines_of(text[start:end])
