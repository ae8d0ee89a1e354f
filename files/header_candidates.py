"""The row of a file that most looks like a header, where none was recognised: to be matched by hand."""

from itertools import islice
from pathlib import Path

from files.cell import cell_text
from files.headers import HEADER_ROWS
from files.tabular import open_table


def candidate_headers(path: Path, name: str, max_bytes: int) -> tuple[str, ...]:
    """Distinct names of the fullest of the first rows of the first sheet with content. Refused as opening is."""
    for sheet in open_table(path, name, max_bytes, parquet=True):
        if sheet.hidden:
            continue
        rows = [[text for cell in row if (text := cell_text(cell))] for row in islice(sheet.rows(), HEADER_ROWS)]
        # A header is words; a row of data has numbers among them, and of two full rows the upper one is the header.
        words = [list(dict.fromkeys(text for text in row if not text[:1].isdigit())) for row in rows]
        fullest = max(words, key=len, default=[])
        if fullest:
            return tuple(text[:60] for text in fullest)
    return ()
