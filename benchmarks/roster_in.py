"""A county's roster taken in, as the report wants it: what `benchmarks.county_import` measures, in its lines."""

import tempfile
from pathlib import Path

from benchmarks.county_import import PEOPLE, child
from benchmarks.measure import Measured, say

PAYMENTS = 1


def main() -> None:
    """Validated, compared, written as households, members and identities, sealed in the chain."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        child("make", folder, PEOPLE, PAYMENTS)
        read, insert, roster = (
            child(verb, folder, PEOPLE, PAYMENTS) for verb in ("bare_read", "bare_insert", "roster")
        )
    seconds = {"product": roster["seconds"], "calamine": read["seconds"], "bare bulk insert": insert["seconds"]}
    ratio = roster["seconds"] / (read["seconds"] + insert["seconds"])
    size = f"{PEOPLE:,} people"
    say([
        Measured("roster in", size, seconds, ratio, "it to reading plus bare insert", "≤ 3", ratio <= 3),
        Measured("roster in", size, seconds, roster["mb"], "MB at the most", "≤ 400", roster["mb"] <= 400,
                 f"writers waited {roster['locked']:.1f} s for it"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
