"""Figures over rows recorded once and lying in a place: how many they are, or what a column of them adds up to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.local_time import end_of_day
from models.money import yuan
from models.region import Region, ReportingUnit
from models.unit import Unit
from queries.figure import Definition, Rows, Slice
from queries.standing import Ask

Condition = Callable[[Ask], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the rows shown beside their place: its head, what is read, how it becomes text."""

    header: str
    value: Any
    text: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Counted:
    """A table with campaign, reporting unit, town and moment of record; its rows by day and id.

    `village`: the column of the village, where rows have one. `source`: joins that the columns need.
    """

    table: Any
    day: Any
    columns: Sequence[Column]
    unit: Any = None
    village: Any = None
    source: Callable[[sa.Select[Any]], sa.Select[Any]] = lambda asked: asked

    def base(self, ask: Ask, where: Condition) -> sa.Select[Any]:
        """The ids of the rows on record by the end of the day in the asked place."""
        t = self.table
        village = sa.null() if self.village is None else self.village
        return self.source(sa.select(t.id)).where(
            t.campaign_id == ask.campaign_id,
            t.recorded_at < end_of_day(ask.as_of),
            ask.here(t.reporting_unit_id, t.town_id, village),
            where(ask),
        )

    def listed(self, ask: Ask, where: Condition, part: Slice) -> Rows:
        """The rows with their place, in the office's order of units."""
        t, town, village = self.table, aliased(Region), aliased(Region)
        values = [column.value for column in self.columns]
        asked = (
            self.base(ask, where)
            .with_only_columns(ReportingUnit.name, town.short_name, village.short_name, Unit.name, self.day, *values)
            .join(ReportingUnit, ReportingUnit.id == t.reporting_unit_id)
            .outerjoin(town, town.id == t.town_id)
            .outerjoin(village, village.id == (sa.null() if self.village is None else self.village))
            .outerjoin(Unit, Unit.id == (sa.null() if self.unit is None else self.unit))
            .order_by(ReportingUnit.position, self.day, t.id)
        )
        found = ask.session.execute(asked.offset(part.offset).limit(part.limit)).all()
        kept = [n for n, there in enumerate((True, True, self.village, self.unit, True)) if there is not None]
        heads = ("填报单位", "镇（办）", "村（居）", "单位", "日期")
        texts = [column.text for column in self.columns]
        cells = [
            (*(row[n] for n in kept), *(text(value) for text, value in zip(texts, row[5:], strict=True)))
            for row in found
        ]
        headers = (*(heads[n] for n in kept), *(column.header for column in self.columns))
        return Rows(headers, cells, _number(ask, self.base(ask, where), sa.func.count()))


def anything(ask: Ask) -> sa.ColumnElement[bool]:
    """No condition."""
    return sa.true()


def number_of(rows: Counted, label: str, unit: str, definition: str, where: Condition = anything) -> Definition:
    """How many rows there are."""
    return Definition(
        label, unit, definition, lambda ask: _number(ask, rows.base(ask, where), sa.func.count()),
        lambda ask, part: rows.listed(ask, where, part),
    )  # fmt: skip


def sum_of(
    rows: Counted, column: Any, label: str, unit: str, definition: str, where: Condition = anything
) -> Definition:
    """What a column adds up to; listed are the rows that add anything."""

    def adds(ask: Ask) -> sa.ColumnElement[bool]:
        return sa.and_(where(ask), column != 0)

    def count(ask: Ask) -> int:
        return _number(ask, rows.base(ask, adds).with_only_columns(column.label("n")), sa.func.sum(sa.column("n")))

    return Definition(label, unit, definition, count, lambda ask, part: rows.listed(ask, adds, part))


def money(cents: Any) -> str:
    """分 as 元, for a column."""
    return yuan(int(cents))


def _number(ask: Ask, asked: sa.Select[Any], what: Any) -> int:
    return int(ask.session.scalar(sa.select(what).select_from(asked.subquery())) or 0)
