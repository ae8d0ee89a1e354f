"""The rows of a draw: villages and households as the ranks chose them."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from actions.transaction import Transaction
from models.draw import Draw, Ranked
from models.refusal import Refused
from models.region import Region
from models.roster import Household
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage
from queries.region import reporting_unit_by_village

AT_ONCE = 500


def write_villages(tx: Transaction, sample: Sample, drawn: Draw) -> dict[str, int]:
    """Rows of the first stage; their ids by village code."""
    chosen = [(town, unit) for town, units in drawn.villages.items() for unit in units if unit.chosen]
    regions = _regions(tx, [*drawn.villages, *(unit.code for _, unit in chosen)])
    reporting = reporting_unit_by_village(tx.session, tx.today)
    first = tx.next_id(SampledVillage)
    rows: list[dict[str, Any]] = [
        {
            "id": first + at, "sample_id": sample.id, "region_id": regions[unit.code], "town_id": regions[town],
            "reporting_unit_id": reporting_unit(reporting, regions[unit.code]), "stratum": town, **_ranked(unit),
            "recorded_at": tx.now,
        }
        for at, (town, unit) in enumerate(chosen)
    ]  # fmt: skip
    tx.insert_set(SampledVillage, rows, "sample_id", sample.id)
    return {unit.code: first + at for at, (_, unit) in enumerate(chosen)}


def write_households(tx: Transaction, sample: Sample, drawn: Draw, villages: dict[str, int]) -> int:
    """Rows of the second stage; how many."""
    chosen = [(village, unit) for village, units in drawn.households.items() for unit in units if unit.chosen]
    homes = household_ids(tx, sample.campaign_id, [unit.code for _, unit in chosen])
    first = tx.next_id(SampledHousehold)
    rows = [
        {"id": first + at, **household_values(tx, sample.id, villages[village], homes[unit.code], village, unit)}
        for at, (village, unit) in enumerate(chosen)
    ]
    tx.insert_set(SampledHousehold, rows, "sample_id", sample.id)
    return len(rows)


def household_values(
    tx: Transaction, sample_id: int, sampled_village_id: int, household_id: int, village: str, unit: Ranked
) -> dict[str, Any]:
    """The columns of a chosen household, or of one put in from the reserve."""
    return {
        "sample_id": sample_id, "sampled_village_id": sampled_village_id, "household_id": household_id,
        "stratum": village, **_ranked(unit), "recorded_at": tx.now,
    }  # fmt: skip


def _ranked(unit: Ranked) -> dict[str, Any]:
    kind = DrawnKind(unit.kind.value) if unit.chosen else DrawnKind.REPLACEMENT
    return {"rank": unit.position, "rank_hash": unit.hash, "kind": kind}


def reporting_unit(by_village: dict[int, int], region_id: int) -> int:
    """For whom the village counts. Refused where it has been left out of the units since the freeze."""
    if region_id not in by_village:
        raise Refused("抽中的村里有还没有归入填报单位的，请先在区划里设好。")
    return by_village[region_id]


def _regions(tx: Transaction, codes: Iterable[str]) -> dict[str, int]:
    return _ids(tx, sa.select(Region.code, Region.id), Region.code, sorted(set(codes)))


def household_ids(tx: Transaction, campaign_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Ids of households by code."""
    asked = sa.select(Household.code, Household.id).where(Household.campaign_id == campaign_id)
    return _ids(tx, asked, Household.code, codes)


def _ids(tx: Transaction, asked: sa.Select[str, int], column: Any, codes: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(codes), AT_ONCE):
        rows = tx.session.execute(asked.where(column.in_(codes[start : start + AT_ONCE])))
        found.update((code, row_id) for code, row_id in rows)
    return found
