"""What a search brings back of households, villages and units: one line each, with where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Hits(Generic[Row]):
    """The first of one kind and how many there are in all."""

    rows: Sequence[Row] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class HouseholdHit:
    """A household. `head` is masked unless the form is an open one of the viewer's team.

    `check_id`: the form, where the viewer may see it; `village_id`: the list of the village's drawn households, where
    the household is drawn and the list is the viewer's.
    """

    household_id: int
    number: str
    place: str
    head: str
    pseudonym: str
    people: int
    check_id: int | None
    village_id: int | None


@dataclass(frozen=True, slots=True)
class VillageHit:
    """A village; `issues` and `open` count the problems the viewer sees; `is_drawn`: has a list the viewer may open."""

    village_id: int
    name: str
    place: str
    issues: int
    open: int
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class UnitHit:
    """A unit; `issues`, `open` and `overdue` count the problems it holds that the viewer sees."""

    unit_id: int
    name: str
    is_dissolved: bool
    issues: int
    open: int
    overdue: int
