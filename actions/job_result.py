"""What came of a job, as its row keeps it: counts, the first faults and the columns of the file; nothing unmasked."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from actions.importing import ImportResult
from files.headers import HeaderMatch
from models.row_fault import RowFault

MOST_FAULTS = 200
"""Faults kept with the job; the workbook of faulty rows has them all."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """`result` has the first faults and notices only; `faults` counts all of them.

    `names` are the columns of the file, for matching by hand: empty where columns are not matched; `columns` says which
    header was read as which standard one, `missing` and `offered` as in `files.headers`. `mapping` is what the person
    matched by hand, now or before. `has_workbook`: the faulty rows wait as a file.
    """

    result: ImportResult
    faults: int
    names: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()
    offered: Mapping[str, tuple[str, ...]] | None = None
    has_workbook: bool = False
    mapping: Mapping[str, str] | None = None

    @classmethod
    def of(
        cls, result: ImportResult, headers: HeaderMatch | None, names: tuple[str, ...], needed: tuple[str, ...],
        has_workbook: bool, mapping: Mapping[str, str] | None,
    ) -> "JobResult":  # fmt: skip
        """Cut down to what a screen shows."""
        short = replace(result, faults=result.faults[:MOST_FAULTS], notices=result.notices[:MOST_FAULTS])
        return cls(
            short, len(result.faults), names, headers.mapping if headers else {},
            headers.missing if headers else needed, headers.offered if headers else {}, has_workbook, mapping,
        )  # fmt: skip

    def packed(self) -> dict[str, Any]:
        """For the row of the job."""
        found = self.result
        counts = {name: getattr(found, name) for name in _COUNTS}
        return {
            **counts,
            "faults": [list(astuple(f)) for f in found.faults],
            "notices": [list(astuple(f)) for f in found.notices],
            "fault_count": self.faults,
            "names": list(self.names),
            "columns": dict(self.columns or {}),
            "missing": list(self.missing),
            "offered": {name: list(some) for name, some in (self.offered or {}).items()},
            "has_workbook": self.has_workbook,
            "mapping": dict(self.mapping) if self.mapping else None,
        }

    @classmethod
    def unpacked(cls, row: Mapping[str, Any]) -> "JobResult":
        """From the row of the job."""
        result = ImportResult(
            faults=tuple(RowFault(*f) for f in row["faults"]), notices=tuple(RowFault(*f) for f in row["notices"]),
            **{name: row[name] for name in _COUNTS},
        )  # fmt: skip
        return cls(
            result, row["fault_count"], tuple(row["names"]), row["columns"], tuple(row["missing"]),
            {name: tuple(some) for name, some in row["offered"].items()}, row["has_workbook"],
            row["mapping"],
        )  # fmt: skip


_COUNTS = ("taken", "unchanged", "faulty", "skip_faulty", "good", "total_cents", "good_cents")
