"""An exported ledger edited as a person at a desk would: by headers, by problem, wherever the columns stand."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell

from actions.ledger_comparison import LedgerReturned
from actions.ledger_export import export_ledger
from actions.ledger_return import take_ledger
from files.export_level import ExportLevel
from models.issue_record import Issue
from queries.ledger import LedgerFilter
from queries.reading import reading
from tests.factories import World


def exported(world: World, by: str, folder: Path, level: ExportLevel = ExportLevel.UNIT) -> Path:
    """The whole ledger as this person exports it."""
    path = folder / f"{by}-{level.value}-{len(list(folder.iterdir()))}.xlsx"
    export_ledger(world.caller(by), world.campaign_id, LedgerFilter(), level, "核对", path)
    return path


class Sheet:
    """The ledger sheet of a file, by (problem's id, header)."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.head = next(r for r in range(1, 11) if "问题编号" in [c.value for c in self.sheet[r]])
        self.columns = {str(cell.value): cell.column for cell in self.sheet[self.head]}

    @property
    def rows(self) -> dict[int, int]:
        """Row of each problem."""
        at = self.columns["记录键"]
        found = {row: self.sheet.cell(row, at).value for row in range(self.head + 1, self.sheet.max_row + 1)}
        return {int(str(key)): row for row, key in found.items() if key}

    def table(self) -> list[list[Any]]:
        """The header and the rows of problems."""
        return [[cell.value for cell in self.sheet[row]] for row in (self.head, *sorted(self.rows.values()))]

    def cell(self, issue_id: int, header: str) -> Cell:
        """One cell."""
        found = self.sheet.cell(self.rows[issue_id], self.columns[header])
        assert isinstance(found, Cell)
        return found

    def put(self, issue_id: int, header: str, value: Any) -> "Sheet":
        """Type something; text that begins with = stays text."""
        cell = self.cell(issue_id, header)
        cell.value = value
        if isinstance(value, str):
            cell.data_type, cell.quotePrefix = "s", value.startswith("=")
        return self

    def save(self) -> Path:
        """Under its own name."""
        self.book.save(self.path)
        return self.path


def edited(path: Path, change: Callable[[Sheet], object]) -> Path:
    """The file after somebody was at it."""
    sheet = Sheet(path)
    change(sheet)
    return sheet.save()


def taken(world: World, by: str, path: Path, **said: Any) -> LedgerReturned:
    """What came of taking it."""
    return take_ledger(world.caller(by), world.campaign_id, path, path.name, **said)


def through_libreoffice(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The files as LibreOffice saves them, all by one start of it."""
    out = folder / "saved"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=200)
    return [out / path.name for path in paths]


def record(issue_id: int) -> Issue:
    """The problem as it stands."""
    with reading() as session:
        return session.get_one(Issue, issue_id)
