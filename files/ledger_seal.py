"""What each cell of an exported ledger held, carried by its own row, so that an edited copy can be compared with it.

A hidden column holds the seal of the row: a short digest of every cell as it was written, under a key of the
installation. It moves with its row when the sheet is sorted, copied into another workbook or gathered with rows of
others; without the key nobody makes one, by accident least of all. Why not a copy of the values: decision
"The row carries its own proof".
"""

import base64
import hashlib
import re
import struct
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import getitem, itemgetter
from typing import Any

from files.cell import Cell, cell_text, date_of
from files.export_level import ExportLevel
from files.ledger_column import LEDGER_COLUMNS, LedgerColumn, shown_columns
from files.sheet import Kind
from files.workbook import NO_TEXT, NO_VALUE, legal_text

SCHEME = 1
"""Which columns in which order: whoever changes `ledger_columns.csv` raises it, and keeps the former order here."""
NEVER_READ = frozenset({"people", "id_numbers", "accounts"})
"""Identity data does not come back in by a ledger."""
_OF_ITS_DAY = frozenset({"row_number", "light"})
"""Renumbered at each export, or a matter of the day: never compared."""

Seal = Callable[[Sequence[Any], int, int, int], str]
"""Of a row's shown values, its place, key and version: the text for the hidden column."""

_HEAD = struct.Struct(">BBII")
_LEVELS = tuple(ExportLevel)
_SEAL_BYTES = 8
_EDITABLE_BYTES, _LOCKED_BYTES = 8, 3
"""An edit that goes unseen is lost work; one in a cell that may not be edited is not taken anyway."""
_KEPT = 500
_BLANK_ENDS = re.compile(r"[ \t\u3000\xa0]+(?=\n|$)")


@dataclass(frozen=True, slots=True)
class RowSeal:
    """What a row said of itself when it was exported. `position` is its place in that export, from 1."""

    level: ExportLevel
    campaign_id: int
    position: int
    codes: bytes

    def is_untouched(self, cells: Sequence[Cell]) -> bool:
        """Whether the cells of all columns it speaks of, in their order, are plainly as they were: most rows are."""
        kinds, lengths = _compared_kinds(self.level)
        return b"".join(map(_code_of_cell, kinds, cells, lengths)) == self.codes

    def edited(self, cells: Mapping[str, Cell]) -> Iterator[LedgerColumn]:
        """The columns whose cell no longer holds what was exported; `cells` by field, of columns that are there."""
        for column, at, length in compared_columns(self.level):
            if column.field in cells:
                cell, there = cells[column.field], self.codes[at : at + length]
                if _code_of_cell(column.kind, cell, length) == there:
                    continue
                if not any(_digest(plain, length) == there for plain in _readings(column.kind, cell)):
                    yield column

    def held(self, column: LedgerColumn, value: Any) -> bool:
        """Whether the record's value, as this level shows it, is the one that was exported."""
        for each, at, length in compared_columns(self.level):
            if each is column:
                return _code(column.kind, value, length) == self.codes[at : at + length]
        return False


@dataclass(frozen=True, slots=True)
class Sealer:
    """Makes and opens the seals of one installation."""

    secret: bytes

    def writer(self, campaign_id: int, level: ExportLevel) -> Seal:
        """The seal of a campaign's export at a level. Amounts in 分."""
        places = {column.field: n for n, column in enumerate(shown_columns(level))}
        compared = compared_columns(level)
        shown, codes = (
            itemgetter(*(places[c.field] for c, _, _ in compared)),
            [_Codes(c.kind, n) for c, _, n in compared],
        )
        key = _key(self.secret)

        def seal(values: Sequence[Any], position: int, issue: int, version: int) -> str:
            head = _HEAD.pack(SCHEME, _LEVELS.index(level), campaign_id, position)
            body = head + b"".join(map(getitem, codes, shown(values)))
            return base64.urlsafe_b64encode(body + _mac(key, body, issue, version)).decode().rstrip("=")

        return seal

    def open(self, text: str, issue: int, version: int) -> RowSeal | None:
        """The seal of a row with that key and version; None where it is not one, or not of this row."""
        try:
            whole = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            scheme, level, campaign_id, position = _HEAD.unpack_from(whole)
        except (ValueError, struct.error):
            return None
        body, mac = whole[:-_SEAL_BYTES], whole[-_SEAL_BYTES:]
        if scheme != SCHEME or level >= len(_LEVELS) or mac != _mac(_key(self.secret), body, issue, version):
            return None
        return RowSeal(_LEVELS[level], campaign_id, position, body[_HEAD.size :])


def is_same(column: LedgerColumn, cell: Cell, value: Any) -> bool:
    """Whether a cell says what the record's value, as a level shows it, says."""
    there = _code(column.kind, value, _EDITABLE_BYTES)
    return any(_digest(plain, _EDITABLE_BYTES) == there for plain in _readings(column.kind, cell))


@lru_cache
def compared_columns(level: ExportLevel) -> tuple[tuple[LedgerColumn, int, int], ...]:
    """The columns a level's seal speaks of: each with the place and length of its digest."""
    found, at = [], 0
    for column in LEDGER_COLUMNS:
        if column.shown[level] == "hide" or column.field in NEVER_READ | _OF_ITS_DAY:
            continue
        length = _EDITABLE_BYTES if column.editable_by else _LOCKED_BYTES
        found.append((column, at, length))
        at += length
    return tuple(found)


@lru_cache
def _compared_kinds(level: ExportLevel) -> tuple[tuple[Kind, ...], tuple[int, ...]]:
    columns = compared_columns(level)
    return tuple(column.kind for column, _, _ in columns), tuple(length for _, _, length in columns)


def plain_text(cell: Cell | None) -> str:
    """A text cell as it is meant: line ends alike, no blanks at ends, nothing for what stands for nothing."""
    text = cell if isinstance(cell, str) else "" if cell is None else cell_text(cell)
    text = legal_text(text).strip(" \t\n\u3000\xa0")
    if "\n" in text:
        text = _BLANK_ENDS.sub("", text)
    return "" if text in (NO_TEXT, NO_VALUE) else text


class _Codes(dict[Any, bytes]):
    """The codes of a column's values on their way out; what comes often is kept."""

    def __init__(self, kind: Kind, length: int) -> None:
        self.kind, self.length = kind, length

    def __missing__(self, value: Any) -> bytes:
        code = _code(self.kind, value, self.length)
        if len(self) < _KEPT:
            self[value] = code
        return code


def _code(kind: Kind, value: Any, length: int) -> bytes:
    """Of a value on its way out."""
    if kind == "money" and isinstance(value, int):
        return _digest(str(value), length)
    if kind == "text":
        return _digest(plain_text(value), length)
    return _digest(value.isoformat() if isinstance(value, date) else next(_readings(kind, value)), length)


@lru_cache(1 << 14, typed=True)
def _code_of_cell(kind: Kind, cell: Cell | None, length: int) -> bytes:
    """Of a value on its way in, as it is read at first sight."""
    return _digest(next(_readings(kind, cell)), length)


def _digest(plain: str, length: int) -> bytes:
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=length).digest()


@lru_cache
def _key(secret: bytes) -> bytes:
    return hashlib.blake2b(secret, digest_size=32, person=b"ledger").digest()


def _mac(key: bytes, body: bytes, issue: int, version: int) -> bytes:
    return hashlib.blake2b(b"%d.%d." % (issue, version) + body, key=key, digest_size=_SEAL_BYTES).digest()


def _readings(kind: Kind, cell: Cell | None) -> Iterator[str]:
    """What a cell may stand for: programs turn numbers and dates into text and back."""
    plain = plain_text(cell)
    if kind == "text":
        yield plain
        if isinstance(cell, date | datetime) and cell.day == 1:
            yield f"{cell:%Y-%m}"  # a period 2021-06 that became the first of June
    elif kind == "date":
        day = date_of(plain) if plain else None
        yield day.isoformat() if day else plain
    else:
        number = _number(plain)
        yield plain if number is None else str(int(number * 100)) if kind == "money" else f"{number.normalize():f}"


def _number(plain: str) -> Decimal | None:
    """None for what is no number; cents are whole where it is one."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", plain).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None
