"""What came of a returned ledger, as its job keeps it: counts, the first changes, conflicts and faults, all masked."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from actions.job_result import MOST_FAULTS
from actions.ledger_comparison import Clash, LedgerChange, LedgerReturned
from models.row_fault import RowFault

MOST_CHANGES = 500
"""Changes and conflicts kept for the screen; all are taken, all that is not stands in the workbook."""
LONGEST = 400
_COUNTS = ("taken", "unchanged", "faulty", "conflicts", "skip_faulty", "good")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One cell, before and after. `verb` in words."""

    issue_id: int
    number: str
    header: str
    verb: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownClash:
    """One cell edited here and meanwhile there; who did it there and when."""

    issue_id: int
    number: str
    header: str
    here: str
    there: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class LedgerResult:
    """`result` has the counts, the first faults and notices; the whole numbers stand beside them."""

    result: LedgerReturned
    changes: tuple[ShownChange, ...]
    clashes: tuple[ShownClash, ...]
    change_count: int
    clash_count: int
    fault_count: int
    has_workbook: bool

    @classmethod
    def of(cls, result: LedgerReturned, has_workbook: bool) -> "LedgerResult":
        """Cut down to what a screen shows."""
        short = replace(
            result, faults=result.faults[:MOST_FAULTS], notices=result.notices[:MOST_FAULTS], changes=(), clashes=()
        )
        changes, clashes = result.changes[:MOST_CHANGES], result.clashes[:MOST_CHANGES]
        return cls(
            short, tuple(map(_change, changes)), tuple(map(_clash, clashes)),
            len(result.changes), len(result.clashes), len(result.faults), has_workbook,
        )  # fmt: skip

    def packed(self) -> dict[str, Any]:
        """For the row of the job; `mapping` since columns of a ledger are not matched by hand."""
        return {
            **{name: getattr(self.result, name) for name in _COUNTS},
            "faults": [list(astuple(fault)) for fault in self.result.faults],
            "notices": [list(astuple(notice)) for notice in self.result.notices],
            "changes": [list(astuple(change)) for change in self.changes],
            "clashes": [list(astuple(clash)) for clash in self.clashes],
            "change_count": self.change_count,
            "clash_count": self.clash_count,
            "fault_count": self.fault_count,
            "has_workbook": self.has_workbook,
            "mapping": None,
        }

    @classmethod
    def unpacked(cls, row: Mapping[str, Any]) -> "LedgerResult":
        """From the row of the job."""
        result = LedgerReturned(
            faults=tuple(RowFault(*f) for f in row["faults"]), notices=tuple(RowFault(*f) for f in row["notices"]),
            **{name: row[name] for name in _COUNTS},
        )  # fmt: skip
        return cls(
            result, tuple(ShownChange(*c) for c in row["changes"]), tuple(ShownClash(*c) for c in row["clashes"]),
            row["change_count"], row["clash_count"], row["fault_count"], row["has_workbook"],
        )  # fmt: skip


def _change(change: LedgerChange) -> ShownChange:
    verb = change.verb.label
    return ShownChange(change.row.issue_id, change.number, change.header, verb, _short(change.old), _short(change.new))


def _clash(clash: Clash) -> ShownClash:
    here, there = _short(clash.here), _short(clash.there)
    return ShownClash(clash.issue_id, clash.number, clash.fault.column, here, there, clash.by, clash.at)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共 {len(text):,} 字）"
