"""Were these payments taken in before? Rows of a new register beside the batches at rest, compared as multisets.

Identical rows within a register are taken as written; what is looked for here is the same register twice.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from files.payment_columns import SCHEMA

_COLUMNS = ", ".join(name for name in SCHEMA.names if name != "row")
_SUMS = f"""
    select count(*), sum(amount_cents), sum(hash({_COLUMNS})::hugeint), sum(hash('again', {_COLUMNS})::hugeint)
    from read_parquet($files) where $villages is null or list_contains($villages, village_code)
"""
"""Sums of two hashes a row: equal for the same rows in any order, in memory that does not grow with them."""
_SAME_PAYMENT = "id_number, item_code, period, paid_date, amount_cents, pay_kind, status"


def rows_not_in(folder: Path, files: Sequence[str], table: Any) -> Any:
    """The rows of `table` (in `SCHEMA`) without those of the batches, each once, row numbers compared too."""
    if not files:
        return table
    with _database() as database:
        database.register("fresh", table)
        left = database.sql(
            "select * from fresh except all select * from read_parquet($files)", params={"files": _paths(folder, files)}
        )
        return pa.table(left.to_arrow_table()).select(SCHEMA.names).cast(SCHEMA)


def are_same_rows(folder: Path, files: Sequence[str], new: Path, village_codes: Sequence[str] | None = None) -> bool:
    """Whether the batch at `new` holds what the batches hold together, whatever the order and the row numbers.

    With `village_codes` only the rows of these villages count, as in an export of somebody who sees no others.
    """
    if not files:
        return False
    villages = None if village_codes is None else list(village_codes)
    with _database() as database:
        taken = database.execute(_SUMS, {"files": _paths(folder, files), "villages": villages}).fetchone()
        fresh = database.execute(_SUMS, {"files": [str(new)], "villages": None}).fetchone()
    return taken == fresh


def rows_seen_before(folder: Path, files: Sequence[str], new: Path) -> int:
    """How many rows at `new` pay the same to the same person for the same, on the same day, as a row at rest."""
    if not files:
        return 0
    sql = f"select count(*) from read_parquet($new) semi join read_parquet($files) using ({_SAME_PAYMENT})"
    with _database() as database:
        found = database.execute(sql, {"files": _paths(folder, files), "new": str(new)}).fetchone()
    return int(found[0]) if found else 0


def _database() -> duckdb.DuckDBPyConnection:
    """A database of its own for one question; nothing is fetched from anywhere."""
    return duckdb.connect(config={"threads": 2, "memory_limit": "1GB", "autoinstall_known_extensions": False})


def _paths(folder: Path, files: Sequence[str]) -> list[str]:
    return [str(folder / name) for name in files]
