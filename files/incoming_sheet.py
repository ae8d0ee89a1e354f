"""One sheet of a table from outside, whatever sort of file it came in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from files.cell import Cell

MAX_COLUMNS = 400
MAX_ROWS = 1_048_576


@dataclass(frozen=True)
class Merge:
    """A merged range; rows 1-based, columns 0-based, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows()` starts at row 1 and leaves no row out; each call reads anew, and cells are not yet text."""

    name: str
    rows: Callable[[], Iterator[list[Cell]]]
    merged: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_rows: int = 0
    error_cells: int = 0
    expected_rows: int = 0
    """About how many rows there are, to say how far reading is; 0: not known."""
    formulas: frozenset[tuple[int, int]] = frozenset()
    """Row (1-based) and column (0-based) of cells of an .xlsx that hold a real formula: its result is what is read."""
