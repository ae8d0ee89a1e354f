"""What a figure is: a name, a unit that is never mixed with another, a definition, and the rows it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from models.money import yuan
from queries.standing import Ask

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure asked and answered. `value` is a count, 分, or percent with one decimal, cut; None: no base."""

    name: str
    label: str
    unit: str
    definition: str
    value: int | float | None

    @property
    def text(self) -> str:
        """As a screen shows it: 61 件, 29.9%, 3,420.00 元."""
        if self.value is None:
            return "—"
        if self.unit == "分":
            return f"{yuan(int(self.value))} 元"
        return f"{self.value}%" if self.unit == "%" else f"{self.value:,} {self.unit}"


@dataclass(frozen=True, slots=True)
class FigureRows:
    """The rows behind a figure: headers and masked text cells, `total` of them in all.

    `issue_ids`: one for each row where the rows are problems, or belong to problems, one may open.
    """

    figure: Figure
    place: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    issue_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of the rows are wanted; `limit` None: all from `offset` on."""

    offset: int = 0
    limit: int | None = None

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """The wanted part of a list."""
        return rows[self.offset :] if self.limit is None else rows[self.offset : self.offset + self.limit]


ALL = Slice()


@dataclass(frozen=True, slots=True)
class Rows:
    """A slice of what a figure counts, not yet text."""

    headers: tuple[str, ...]
    cells: Sequence[tuple[Any, ...]]
    total: int
    issue_ids: tuple[int, ...] = ()


Count = Callable[[Ask], int | float | None]
List = Callable[[Ask, Slice], Rows]


@dataclass(frozen=True, slots=True)
class Definition:
    """How a figure is computed and which rows it counts."""

    label: str
    unit: str
    definition: str
    count: Count
    rows: List


def percent(done: int, base: int) -> float | None:
    """Percent with one decimal, cut: 29.997 % is not 30.0 %. None without a base."""
    return None if base == 0 else (done * 1000 // base) / 10
