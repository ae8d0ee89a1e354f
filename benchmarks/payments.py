"""One person's payments among ten million, against DuckDB's bare point query on the same sorted rows."""

import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, best, say
from files.payment_columns import SCHEMA
from files.payment_store import person_item_totals

COUNT, PER_PERSON = 10_000_000, 10
KNOWN = {
    "row": "i", "item_code": "'S' || lpad((i % 5 + 1)::varchar, 2, '0')", "period": "'2021'", "year": "2021",
    "town_code": "'421381901000'", "village_code": "'421381901201'", "name": "'某某'",
    "id_number": f"lpad((i // {PER_PERSON})::varchar, 18, '0')", "account_no": "'6228480400000000018'",
    "pay_kind": "''", "amount_cents": "i % 100000", "status": "'success'", "batch": "''",
    "period_start": "date '2021-01-01'", "paid_date": "date '2021-06-30'",
}  # fmt: skip


def register(path: Path) -> None:
    """A batch of the product's columns, sorted by person; nobody's numbers."""
    columns = ", ".join(f"{KNOWN.get(field.name, 'null')} as {field.name}" for field in SCHEMA)
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as database:
        database.execute(
            f"copy (select {columns} from range({COUNT}) t(i)) to '{path}' "
            "(format parquet, compression zstd, row_group_size 65536)"
        )


def main() -> None:
    """What the household form asks for each of its people."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file_name = f"{'0' * 64}.parquet"
        register(folder / file_name)
        asked = f"{COUNT // PER_PERSON // 2:018d}"
        bare = f"select * from read_parquet('{folder / file_name}') where id_number = '{asked}'"
        database = duckdb.connect(config={"threads": 2})
        assert len(database.execute(bare).fetchall()) == PER_PERSON
        assert person_item_totals(folder, [file_name], [asked], [2021])
        seconds = best({
            "product": lambda: person_item_totals(folder, [file_name], [asked], [2021]),
            "DuckDB": lambda: database.execute(bare).fetchall(),
        }, 10)  # fmt: skip
    ratio = seconds["product"] / seconds["DuckDB"]
    say([
        Measured("one person's history", f"{COUNT:,} payments", seconds, ratio, "it to DuckDB's bare point query",
                 "≤ 3", ratio <= 3, "the product opens its own connection for each question")
    ])  # fmt: skip


if __name__ == "__main__":
    main()
