"""Tables with cells nobody would type: numbers for names, dates for numbers, formulas, control characters, nothing.

`FUZZ_EXAMPLES` says how many; `make fuzz` asks for more than `make test`.
"""

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.importing import ImportResult
from actions.payment import PaymentOptions, import_payments
from actions.roster import RosterOptions, import_roster
from files.storage import Storage
from models.refusal import Refused
from queries.audit import audit_head, verify
from tests.factories import World
from tests.files.hostile import workbook
from tests.fuzz.mutation import csv_of
from tests.ledger_edits import Sheet, exported, taken
from tests.register_files import EIGHT_PAYMENTS, FOUR_HOUSEHOLDS, PAYMENT_HEADER, ROSTER_HEADER

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
SETTINGS = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, database=None,
                    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip

ODD = st.sampled_from([
    None, "", " ", "=1+1", "@SUM(A1)", "+86", "-", "—", "无", "4.2E+17", "１２３", "\u202e反", "a\tb", "'", '"', "，",
    "2021-13", "2021Q9", "9999-12-31", "99999999999999999999", "0", "-1", "1e400", "张三\n李四", "𠮷" * 40, "甲" * 3000,
])  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
NUMBER = st.one_of(st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False))
DAY = st.one_of(st.dates(date(1900, 3, 1), date(9999, 12, 31)), st.datetimes(datetime(1900, 3, 1)))
CELL = st.one_of(ODD, TEXT, NUMBER, DAY, st.booleans())


def tables(header: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> st.SearchStrategy[list[list[Any]]]:
    """Sound rows, some of whose cells, the header's too, are others."""
    changes = st.lists(
        st.tuples(st.integers(0, len(rows)), st.integers(0, len(header) - 1), CELL), min_size=1, max_size=12
    )

    def spoil(wanted: list[tuple[int, int, Any]]) -> list[list[Any]]:
        table = [list(header), *(list(row) for row in rows)]
        for at, column, cell in wanted:
            table[at][column] = cell
        return table

    return changes.map(spoil)


def took(run: Callable[[], ImportResult]) -> int:
    """Rows taken; whatever else happens is refused in a sentence or told as faults, and the record stays as it was."""
    before, files = audit_head(), list(Storage.payments().iterdir())
    try:
        result = run()
    except Refused as refused:
        assert str(refused).strip()
        taken = 0
    else:
        assert all(fault.message.strip() for fault in result.faults)
        taken = result.taken
    assert (audit_head() != before) == (taken > 0)
    assert taken or list(Storage.payments().iterdir()) == files
    return taken


def written(folder: Path, table: list[list[Any]], as_csv: bool) -> Path:
    path = folder / ("list.csv" if as_csv else "list.xlsx")
    if as_csv:
        path.write_bytes(csv_of([*table]))
        return path
    return workbook(path, table)


@SETTINGS
@given(table=tables(ROSTER_HEADER, tuple(p.row for p in FOUR_HOUSEHOLDS)), as_csv=st.booleans(), skip=st.booleans())
def test_a_roster_with_any_cell_is_refused_told_or_taken(
    world: World, tmp_path: Path, table: list[list[Any]], as_csv: bool, skip: bool
) -> None:
    path = written(tmp_path, table, as_csv)
    options = RosterOptions(skip_faulty=skip, accept_as_is=skip)
    took(lambda: import_roster(world.caller("office"), world.campaign_id, path, path.name, options))


@SETTINGS
@given(table=tables(PAYMENT_HEADER, tuple(map(tuple, EIGHT_PAYMENTS))), as_csv=st.booleans(), skip=st.booleans())
def test_payments_with_any_cell_are_refused_told_or_taken(
    world: World, tmp_path: Path, table: list[list[Any]], as_csv: bool, skip: bool
) -> None:
    path = written(tmp_path, table, as_csv)
    options = PaymentOptions(80_400, skip_faulty=skip)
    took(lambda: import_payments(world.caller("office"), world.campaign_id, path, path.name, options))


@pytest.fixture
def ledger(world: World, tmp_path: Path) -> list[list[Any]]:
    """The header and three rows of a unit's ledger, hidden columns included."""
    ids = [world.rectifying() for _ in range(3)]
    return Sheet(exported(world, "unit", tmp_path)).put(ids[0], "整改进展", "已补发。").table()


@SETTINGS
@given(changes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 44), CELL), min_size=1, max_size=12),
       skip=st.booleans())  # fmt: skip
def test_a_returned_ledger_with_any_cell_is_refused_told_or_taken(
    world: World, tmp_path: Path, ledger: list[list[Any]], changes: list[tuple[int, int, Any]], skip: bool
) -> None:
    table = [list(row) for row in ledger]
    for at, column, cell in changes:
        table[at][min(column, len(table[0]) - 1)] = cell
    path = written(tmp_path, table, as_csv=False)
    took(lambda: taken(world, "unit", path, skip_faulty=skip))


@pytest.fixture(autouse=True)
def and_the_record_verifies(world: World) -> Any:
    yield
    assert verify().findings == ()
