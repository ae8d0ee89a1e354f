"""A fault in one cell of a file is a value, collected and shown with all the others, never an exception."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault: where it stands in the file as the user sees it, what stood there, and a sentence that says what to do.

    `row` is the row number of the sheet, 1-based; 0 means the fault is of the whole sheet or file. `value` is never
    an identity number in full: whoever makes the fault masks it.
    """

    sheet: str
    row: int
    column: str
    value: str
    message: str

    @property
    def cell(self) -> str:
        """`sheet!row 7, 身份证号` as a user would look for it; printed by manage.py before the message."""
        if self.row == 0:
            return self.sheet
        return f"{self.sheet}!{self.column}{self.row}" if self.column.isascii() else f"{self.sheet}!第{self.row}行{self.column}"
