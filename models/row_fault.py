"""A fault in one cell of a file is a value, collected and shown with all the others, never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault: where it stands in the file as the user sees it, what stood there, and a sentence that says
    what to do.

    `row` is the row number of the sheet, 1-based; 0 means the fault is of the whole sheet or file. `column` is
    the header
    as the user knows it, `letter` the sheet's own column letter ("" where there is none). `value` is never an identity
    number in full: whoever makes the fault masks it.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str
    letter: str = ""

    @property
    def reference(self) -> str:
        """`名册!F7` where the letter is known, `名册` for a fault of the whole sheet: what manage.py prints
        before the message."""
        if self.row == 0:
            return self.sheet
        return f"{self.sheet}!{self.letter or self.column}{self.row}"
