"""What a row carries of itself: what a program may do to a cell is no edit, what a person does is one."""

import hashlib
from datetime import date, datetime
from typing import Any

import pytest

from files.export_level import ExportLevel
from files.ledger_column import LEDGER_COLUMNS, shown_columns
from files.ledger_seal import SCHEME, RowSeal, Sealer, compared_columns, is_same

COLUMNS = {column.field: column for column in LEDGER_COLUMNS}
EMPTY: dict[str, Any] = {column.field: None for column in LEDGER_COLUMNS}
SEALER = Sealer(b"a secret")


def sealed(level: ExportLevel = ExportLevel.INTERNAL, **values: Any) -> str:
    shown = [{**EMPTY, **values}[column.field] for column in shown_columns(level)]
    return SEALER.writer(7, level)(shown, 3, 17, 2)


def opened(**values: Any) -> RowSeal:
    found = SEALER.open(sealed(**values), 17, 2)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "exported", "there", "edited"),
    [
        ("deadline", date(2022, 9, 1), datetime(2022, 9, 1), False),
        ("deadline", date(2022, 9, 1), "2022年9月1日", False),
        ("deadline", date(2022, 9, 1), 44805.0, False),
        ("deadline", date(2022, 9, 1), "2022-09-02", True),
        ("deadline", None, "—", False),
        ("deadline", None, "", False),
        ("amount_cents", 320_010, 3200.1, False),
        ("amount_cents", 320_010, "3,200.10", False),
        ("amount_cents", 320_010, 3200.11, True),
        ("households", 12, "１２", False),
        ("households", 12, 12.5, True),
        ("period", "2021-06", datetime(2021, 6, 1), False),
        ("period", "2021", 2021.0, False),
        ("measures", "一\n二", "一\r\n二 \n", False),
        ("measures", "=1+1", "=1+1", False),
        ("measures", "一", "二", True),
        ("measures", "无", "", False),
        ("remark", None, "无", False),
        ("remark", "有", "", True),
        ("remark", "5", True, True),
    ],
)
def test_what_is_an_edit(field: str, exported: Any, there: Any, edited: bool) -> None:
    found = list(opened(**{field: exported}).edited({field: there}))
    assert found == ([COLUMNS[field]] if edited else [])
    assert is_same(COLUMNS[field], there, exported) is not edited


def test_a_seal_is_of_one_row_one_version_and_one_house() -> None:
    text = sealed(remark="有")
    found = SEALER.open(text, 17, 2)
    assert found is not None and (found.level, found.campaign_id, found.position) == (ExportLevel.INTERNAL, 7, 3)
    assert [SEALER.open(*of) for of in ((text, 18, 2), (text, 17, 3), (text[:-2] + "AA", 17, 2), ("𠮷", 17, 2))] == [
        None
    ] * 4
    assert Sealer(b"another").open(text, 17, 2) is None


def test_columns_of_copies_already_out_are_still_read_in_their_order() -> None:
    """Whoever sees this fail has changed the columns: raise SCHEME and keep the former order for files of before."""
    order = [(c.field, length) for level in ExportLevel for c, _, length in compared_columns(level)]
    assert (SCHEME, hashlib.sha256(repr(order).encode()).hexdigest()[:12]) == (1, "82564f75cc26")
