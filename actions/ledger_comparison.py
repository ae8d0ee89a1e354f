"""What a returned ledger comes to: changes, conflicts, faults, and the counts the screen and manage.py show."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actions.importing import ImportResult
from files.ledger_return import EditedRow, ReturnedLedger
from models.issue import Verb
from models.row_fault import RowFault


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """One cell that may come in. `text` as it was typed, by `verb`, while the problem stands at `version`; `old` and
    `new` masked, for the screen."""

    row: EditedRow
    number: str
    header: str
    field: str
    verb: Verb
    version: int
    text: str
    old: str
    new: str
    letter: str

    def fault(self, message: str) -> RowFault:
        """Why it could not be taken after all."""
        return next(self.row.fault(cell, message) for cell in self.row.cells if cell.column.field == self.field)


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell edited here and meanwhile there: both values, masked, who changed it there and when."""

    fault: RowFault
    issue_id: int
    number: str
    here: str
    there: str
    by: str
    at: str


@dataclass
class Comparison:
    """Every edited cell is in one of these, or the record says the same by now."""

    changes: list[LedgerChange] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    def by_problem(self) -> list[list[LedgerChange]]:
        """The changes of each problem together, in the file's order."""
        grouped: dict[int, list[LedgerChange]] = {}
        for change in self.changes:
            grouped.setdefault(change.row.issue_id, []).append(change)
        return list(grouped.values())


@dataclass(frozen=True, slots=True)
class LedgerReturned(ImportResult):
    """Counts are problems (rows): `taken` with something taken, or on a preview to be taken; `faulty` and `conflicts`
    with a cell that is not, among them rows of which the rest is taken. Refused ⇔ `is_refused`: then `taken` is 0."""

    conflicts: int = 0
    changes: tuple[LedgerChange, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing is taken because of faults or conflicts."""
        whole_file = any(fault.row == 0 for fault in self.faults)
        return whole_file or (self.faulty + self.conflicts > 0 and not self.skip_faulty)

    @property
    def last_line(self) -> str:
        """The line the terminal contract asks for."""
        counts = f"taken {self.taken}, unchanged {self.unchanged}, faulty {self.faulty}"
        return f"{counts}, conflicts {self.conflicts}"

    @property
    def refusal(self) -> str:
        """What to do where nothing was taken."""
        if any(fault.row == 0 for fault in self.faults):
            return "整份文件没有收，原因见上；改正后重新导入。"
        what = [f"{n} 件有{word}" for n, word in ((self.faulty, "不能收的格"), (self.conflicts, "冲突")) if n]
        return f"{'、'.join(what)}，没有收任何内容；改正后重新导入，或加 --skip-faulty 收其余。"

    @classmethod
    def of(cls, read: ReturnedLedger, found: Comparison, skip_faulty: bool) -> "LedgerReturned":
        """Before anything was taken."""
        faults = tuple(sorted((*read.faults, *found.faults), key=lambda fault: (fault.sheet, fault.row)))
        told = [*faults, *(clash.fault for clash in found.clashes)]
        touched = {(f.sheet, f.row) for f in told} | {(c.row.sheet, c.row.row) for c in found.changes}
        same = sum(1 for row in read.edited if (row.sheet, row.row) not in touched)
        good = len(found.by_problem())
        return cls(
            taken=good, unchanged=read.unchanged + same, faulty=_rows(faults), faults=faults,
            notices=tuple(read.notices), skip_faulty=skip_faulty, good=good,
            conflicts=_rows([clash.fault for clash in found.clashes]), changes=tuple(found.changes),
            clashes=tuple(found.clashes),
        )  # fmt: skip

    def after(self, taken: Sequence[LedgerChange], left: Comparison) -> "LedgerReturned":
        """What came of it; `left` could not be taken after all."""
        faults, clashes = (*self.faults, *left.faults), (*self.clashes, *left.clashes)
        return replace(
            self, taken=len({change.row.issue_id for change in taken}), changes=tuple(taken), faults=faults,
            faulty=_rows(faults), clashes=clashes, conflicts=_rows([clash.fault for clash in clashes]),
            skip_faulty=self.skip_faulty or bool(taken),
        )  # fmt: skip


def _rows(faults: Sequence[RowFault]) -> int:
    return len({(fault.sheet, fault.row) for fault in faults if fault.row})
