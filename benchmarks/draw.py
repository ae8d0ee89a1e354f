"""Drawing households out of a million, against DuckDB's bare order by the same hash."""

from fractions import Fraction

import duckdb

from benchmarks.measure import Measured, best, say
from models.draw import draw_two_stage

VILLAGES, HOUSEHOLDS, SEED, SHARE = 1_000, 1_000, "2022091", Fraction(3, 10)
BARE = "select count(code) from (select code from home order by sha256(? || '|' || code))"


def main() -> None:
    """Both stages with all villages mandatory, so that every household is ranked."""
    towns = {f"{town:06d}000000": [f"{town:06d}{n:06d}" for n in range(100)] for town in range(VILLAGES // 100)}
    villages = [village for codes in towns.values() for village in codes]
    homes = {village: [f"{village}/{n:04d}" for n in range(HOUSEHOLDS)] for village in villages}
    database = duckdb.connect(config={"threads": 2})
    database.execute(
        f"create table home as select printf('%012d/%04d', v.range, h.range) as code from range({VILLAGES}) v, "
        f"range({HOUSEHOLDS}) h"
    )
    seconds = best({
        "product": lambda: draw_two_stage(SEED, towns, homes, villages, (), SHARE, SHARE).chosen_households(),
        "DuckDB": lambda: database.execute(BARE, [SEED]).fetchall(),
    })  # fmt: skip
    ratio = seconds["product"] / seconds["DuckDB"]
    say([
        Measured("draw", f"{VILLAGES * HOUSEHOLDS:,} households", seconds, ratio, "it to DuckDB's sha256 order",
                 "≤ 1.5", ratio <= 1.5, "hashlib on one core, as the ten lines of a stranger; DuckDB on two")
    ])  # fmt: skip


if __name__ == "__main__":
    main()
