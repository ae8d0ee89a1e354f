"""Payment batches at rest: immutable Parquet files, one an import, sorted by person, asked by DuckDB.

A batch is never changed. It is named after its content, and erased only whole.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from files.digest import file_sha256
from files.payment_columns import SCHEMA, SUCCESS

GROUP_ROWS = 65_536
"""Rows a Parquet row group: one person's payments are looked up in one or two of them."""

FEW_PEOPLE = 500
REISSUE = "重发"
BATCH_NAME = re.compile(r"[0-9a-f]{64}\.parquet")


@dataclass(frozen=True)
class StoredBatch:
    """A batch as it lies on disk: `file_name` within its folder, `sha256` of the file, sum in 分."""

    file_name: str
    sha256: str
    rows: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class PersonItemTotal:
    """One person, one item, one year, all batches together.

    `listed_cents` is what was due (应发), the paid amount where a register names no due; reissues of returned payments
    (重发) add nothing to it. `received_cents` counts successful payments only. `payments` counts all rows, returned
    ones too. `account_tail` is the last four characters of the account last paid to.
    """

    id_number: str
    item_code: str
    year: int
    listed_cents: int
    received_cents: int
    payments: int
    last_paid: date | None
    account_tail: str


def write_batch(folder: Path, table: Any) -> StoredBatch:
    """Writes `table` (a pyarrow Table in `SCHEMA`) whole or not at all; the same rows again give the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".batch-", suffix=".tmp")
    os.close(handle)
    try:
        _write_sorted(Path(temporary), table)
        digest = file_sha256(Path(temporary))
        os.replace(temporary, folder / f"{digest}.parquet")
        _sync(folder)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return StoredBatch(f"{digest}.parquet", digest, table.num_rows, int(pc.sum(table["amount_cents"]).as_py() or 0))


def batch_is_intact(folder: Path, file_name: str, sha256: str) -> bool:
    """Whether the file is there and its content is still what the manifest says."""
    path = _batch_path(folder, file_name)
    return path.is_file() and file_sha256(path) == sha256


def erase_batch(folder: Path, file_name: str) -> None:
    """Removes the rows of a batch; its manifest stays with whoever keeps it. Erasing twice is no error."""
    _batch_path(folder, file_name).unlink(missing_ok=True)
    _sync(folder)


def person_item_totals(
    folder: Path, files: Sequence[str], id_numbers: Sequence[str], years: Sequence[int]
) -> list[PersonItemTotal]:
    """What each of `id_numbers` was due and received, by item and year of the period, in that order."""
    if not files or not id_numbers or not years:
        return []
    sql = """
        select id_number, item_code, year,
               sum(case when pay_kind = $reissue then 0 else coalesce(due_cents, amount_cents) end)::bigint,
               sum(case when status = $success then amount_cents else 0 end)::bigint,
               count(*),
               max(case when status = $success then paid_date end),
               right(arg_max(account_no, (paid_date, file_row_number)), 4)
        from read_parquet($files, file_row_number = true)
        where {people} and list_contains($years, year)
        group by id_number, item_code, year
        order by id_number, item_code, year
    """
    values = {"files": _paths(folder, files), "years": list(years), "success": SUCCESS, "reissue": REISSUE}
    with _database() as database:
        people, named = _people(database, sorted(set(id_numbers)))
        found = database.execute(sql.format(people=people), values | named).fetchall()
    return [PersonItemTotal(*row) for row in found]


def recipients(
    folder: Path,
    files: Sequence[str],
    items: Sequence[str] | None = None,
    min_total_cents: int | None = None,
    years: Sequence[int] | None = None,
) -> set[str]:
    """Identity numbers of those who received anything, of `items` and `years` only where these are given.

    With `min_total_cents`, those whose successful payments come to at least so much, in 分.
    """
    if not files:
        return set()
    sql = """
        select id_number from read_parquet($files)
        where status = $success
          and ($items is null or list_contains($items, item_code))
          and ($years is null or list_contains($years, year))
        group by id_number
        having $least is null or sum(amount_cents) >= $least
    """
    values = {
        "files": _paths(folder, files),
        "success": SUCCESS,
        "items": None if items is None else list(items),
        "years": None if years is None else list(years),
        "least": min_total_cents,
    }
    with _database() as database:
        return {row[0] for row in database.execute(sql, values).fetchall()}


def read_rows(
    folder: Path, files: Sequence[str], page_rows: int = 20_000, columns: Sequence[str] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Every row of the batches, file after file, in pages of at most `page_rows`; dates as date, amounts in 分."""
    for path in _paths(folder, files):
        with pq.ParquetFile(path) as batch:
            for page in batch.iter_batches(batch_size=page_rows, columns=list(columns) if columns else None):
                yield page.to_pylist()


def page_of_rows(
    folder: Path,
    files: Sequence[str],
    *,
    limit: int,
    offset: int = 0,
    id_number: str | None = None,
    village_codes: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """One page of the rows that satisfy every condition given, by person, item and period, with their file."""
    if not files:
        return []
    sql = """
        select * exclude (filename), parse_filename(filename) as file from read_parquet($files, filename = true)
        where ($id is null or id_number = $id)
          and ($villages is null or list_contains($villages, village_code))
          and ($items is null or list_contains($items, item_code))
          and ($years is null or list_contains($years, year))
        order by id_number, item_code, period, file, row
        limit $limit offset $offset
    """
    values = {
        "files": _paths(folder, files),
        "id": id_number,
        "villages": None if village_codes is None else list(village_codes),
        "items": None if items is None else list(items),
        "years": None if years is None else list(years),
        "limit": limit,
        "offset": offset,
    }
    with _database() as database:
        asked = database.execute(sql, values)
        names = [column[0] for column in asked.description]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


def _database() -> duckdb.DuckDBPyConnection:
    """A database of its own for one question; nothing is fetched from anywhere."""
    return duckdb.connect(config={"threads": 2, "memory_limit": "1GB", "autoinstall_known_extensions": False})


def _people(database: duckdb.DuckDBPyConnection, id_numbers: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A condition on people: a few are named as parameters, so that row groups are passed over; many are joined."""
    if len(id_numbers) <= FEW_PEOPLE:
        named = {f"person{at}": number for at, number in enumerate(id_numbers)}
        return f"id_number in ({', '.join('$' + name for name in named)})", named
    database.register("asked", pa.table({"id_number": pa.array(id_numbers, pa.string())}))
    return "id_number in (select id_number from asked)", {}


def _write_sorted(path: Path, table: Any) -> None:
    """Sorted a row group at a time, so that the table is never held twice."""
    keys = [(name, "ascending") for name in ("id_number", "item_code", "period", "row")]
    order = pc.sort_indices(table, sort_keys=keys)
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for start in range(0, max(len(order), 1), GROUP_ROWS):
            writer.write_table(table.take(order.slice(start, GROUP_ROWS)).cast(SCHEMA), row_group_size=GROUP_ROWS)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _paths(folder: Path, files: Sequence[str]) -> list[str]:
    return [str(_batch_path(folder, name)) for name in files]


def _batch_path(folder: Path, file_name: str) -> Path:
    """Only names that `write_batch` gave: no other file can be read or removed from here."""
    if not BATCH_NAME.fullmatch(file_name):
        raise ValueError("not the name of a payment batch")
    return folder / file_name


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
