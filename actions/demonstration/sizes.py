"""How many households each invented village has, so that the source's figures come out of rows."""

import random
from collections.abc import Sequence

from actions.demonstration import SEED
from actions.demonstration.places import Village
from actions.demonstration.source import GUANGSHUI, INSPECTED_HOUSEHOLDS, UNITS, Reported
from models.draw import draw_stratum
from models.sampling_rule import Rule


def shares(total: int, parts: int, chance: random.Random, spread: float = 0.35) -> list[int]:
    """`total` as whole numbers of about the same size, their sum exact."""
    weights = [1 + chance.uniform(-spread, spread) for _ in range(parts)]
    whole = [int(total * w / sum(weights)) for w in weights]
    for at in range(total - sum(whole)):
        whole[at % parts] += 1
    return whole


def set_sizes(villages: Sequence[Village], rule: Rule, chance: random.Random) -> None:
    """Set `households` of every village, and `visited` where its unit reported a self-check of households."""
    for unit in UNITS:
        own = [v for v in villages if v.unit == unit.name]
        if unit is GUANGSHUI:
            _inspected(own, rule, chance)
        elif unit.households is None:
            for village in own:
                village.households = chance.randint(22, 40)
        else:
            _visited(unit, own, chance)


def _visited(unit: Reported, villages: Sequence[Village], chance: random.Random) -> None:
    """村不漏户: the village's return says all of its households were visited."""
    assert unit.households is not None
    for village, visited in zip(villages, shares(unit.households, len(villages), chance), strict=True):
        village.households = village.visited = visited


def _inspected(villages: Sequence[Village], rule: Rule, chance: random.Random) -> None:
    """The roster is whole in the villages that the seed draws; a few households stand for those of the others.

    Whole rosters of all villages would be 130,000 households. The seed is known here as it can be nowhere else.
    """
    by_town: dict[str, list[Village]] = {}
    for village in villages:
        village.households = chance.randint(12, 36)
        by_town.setdefault(village.town, []).append(village)
    drawn = [v for town in by_town.values() for v in town if v.code in _drawn(town, rule)]
    for village, asked in zip(drawn, shares(INSPECTED_HOUSEHOLDS, len(drawn), chance), strict=True):
        village.households = asked * 100 // rule.share_percent
        assert rule.floor(village.households) == asked


def _drawn(town: Sequence[Village], rule: Rule) -> set[str]:
    ranked = draw_stratum(SEED, [v.code for v in town], (), rule.share, rule.rounding)
    return {unit.code for unit in ranked if unit.chosen}
