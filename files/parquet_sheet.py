"""A Parquet file of payments, read as a sheet: the column names are row 1, the first row of data is row 2."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from files.cell import Cell
from files.incoming_sheet import MAX_COLUMNS, MAX_ROWS, Sheet
from models.refusal import Refused

BATCH_ROWS = 16_384
LONGEST_TEXT = 4_000
_FAULTS = (pa.ArrowException, OSError, UnicodeError)
"""What damaged bytes lead to; UnicodeError where a text is no UTF-8."""
_CORRUPT = "Parquet 文件已损坏、加密或不完整，打不开，请重新导出后再导入。"


def parquet_sheet(path: Path, name: str) -> Sheet:
    """Refused are files that are corrupt, encrypted, nested, or too many rows by their own footer."""
    try:
        schema, rows = _facts(path)
    except (*_FAULTS, MemoryError) as error:
        raise Refused(_CORRUPT) from error
    if rows > MAX_ROWS or len(schema.names) > MAX_COLUMNS:
        raise Refused(f"数据太多：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列，请拆成几个文件再导入。")
    if any(pa.types.is_nested(each.type) or pa.types.is_binary(each.type) for each in schema):
        raise Refused("Parquet 文件里有嵌套或二进制的列，请只保留文字、数字和日期列后重新导出。")

    def read() -> Iterator[list[Cell]]:
        yield list(schema.names)
        try:
            yield from _rows(path, schema)
        except _FAULTS as error:
            raise Refused(_CORRUPT) from error

    return Sheet(name, read, expected_rows=rows + 1)


def _facts(path: Path) -> tuple[Any, int]:
    with pq.ParquetFile(path) as file:
        return file.schema_arrow, file.metadata.num_rows


def _rows(path: Path, schema: Any) -> Iterator[list[Cell]]:
    """Texts stay dictionaries until their length was looked at: a long one repeated a million times is a bomb."""
    texts = [each.name for each in schema if pa.types.is_string(each.type) or pa.types.is_large_string(each.type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            yield from (list(row) for row in zip(*map(_cells, batch.columns), strict=True))


def _cells(column: Any) -> list[Cell]:
    if pa.types.is_dictionary(column.type):
        words = column.dictionary
        if pa.types.is_string(words.type) and len(words) and pc.max(pc.binary_length(words)).as_py() > LONGEST_TEXT:
            raise Refused(f"有一格超过 {LONGEST_TEXT} 个字节，不像发放数据，请检查后再导入。")
        column = column.dictionary_decode()
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.string())
    return [_plain(value) for value in column.to_pylist()]


def _plain(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return value
    # Timestamps come as pandas' kind of datetime where there are nanoseconds.
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value  # type: ignore[no-any-return]
