"""The columns of the rectification ledger 整改台账: what each holds, who may edit it, what each level shows of it.

`ledger_columns.csv` is a copy of the domain's table.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from files.export_level import ExportLevel
from files.sheet import Kind

Show = Literal["show", "full", "masked", "hide", "de-identified text"]


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One line of `ledger_columns.csv`."""

    header: str
    field: str
    kind: Kind
    editable_by: frozenset[str]
    shown: Mapping[ExportLevel, Show]


def _read_columns() -> tuple[LedgerColumn, ...]:
    with Path(__file__).with_name("ledger_columns.csv").open(encoding="utf-8-sig", newline="") as lines:
        return tuple(
            LedgerColumn(
                line["header"],
                line["field"],
                cast(Kind, line["kind"]),
                frozenset(line["editable_by"].replace(",", " ").split()),
                {level: cast(Show, line[level.value]) for level in ExportLevel},
            )
            for line in csv.DictReader(lines)
        )


LEDGER_COLUMNS = _read_columns()


def shown_columns(level: ExportLevel) -> list[LedgerColumn]:
    """The columns this level has at all, in order."""
    return [column for column in LEDGER_COLUMNS if column.shown[level] != "hide"]
