"""A filtered ledger in its order: which ids stand from where to where, and at which place one of them stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.deadline import Light
from models.issue_record import Issue
from queries.ledger_light import Band, BandTotal, DayTotal, LightRule, band_number
from queries.scope import Condition


@dataclass(frozen=True, slots=True)
class Listing:
    """A filtered ledger: its bands, and how many rows and what sums lie in each."""

    condition: Condition
    bands: tuple[Band, ...]
    totals: tuple[BandTotal, ...]
    rule: LightRule
    days: tuple[DayTotal, ...]
    acts: sa.Subquery | None = None
    """The viewer's last acts, where the list is in their order."""

    @property
    def total(self) -> int:
        return sum(t.count for t in self.totals)

    @property
    def open(self) -> int:
        return sum(t.open for t in self.totals)

    @property
    def overdue(self) -> int:
        return sum(t.count for b, t in zip(self.bands, self.totals, strict=True) if b.light is Light.OVERDUE)

    @property
    def dismissed(self) -> int:
        return sum(t.count for b, t in zip(self.bands, self.totals, strict=True) if b.light is Light.DISMISSED)

    @property
    def amount_cents(self) -> int:
        return sum(t.amount_cents for t in self.totals)

    def ids(self, session: Session, offset: int, limit: int) -> list[int]:
        """Ids from `offset` on, across bands."""
        if self.acts is not None:
            query = self._by_act(Issue.id).order_by(self.acts.c.last.desc())
            return list(session.scalars(query.offset(offset).limit(limit)))
        found: list[int] = []
        for band, count in zip(self.bands, (t.count for t in self.totals), strict=True):
            if limit <= len(found):
                break
            if offset >= count:
                offset -= count
                continue
            query = sa.select(Issue.id).where(self.condition, band.condition).order_by(*band.order)
            found += session.scalars(query.offset(offset).limit(limit - len(found)))
            offset = 0
        return found

    def position(self, session: Session, issue_id: int) -> int:
        """Place in the list from 1; 0 when the problem is not in it."""
        if self.acts is not None:
            last = session.scalar(self._by_act(self.acts.c.last).where(Issue.id == issue_id))
            later = self._by_act(sa.func.count()).where(self.acts.c.last > (last or 0))
            return int(session.scalar(later) or 0) + 1 if last is not None else 0
        here = session.execute(
            sa.select(Issue.deadline, Issue.number, Issue.id, band_number(self.bands)).where(
                self.condition, Issue.id == issue_id
            )
        ).first()
        if here is None or here[3] >= len(self.bands):
            return 0
        band = self.bands[here[3]]
        key = here[:2] if band.has_deadline else here[1 : 1 + len(band.order)]
        before = sa.select(sa.func.count()).select_from(Issue).where(self.condition, band.condition)
        before = before.where(_sorts_before(band.order, key))
        return sum(t.count for t in self.totals[: here[3]]) + int(session.scalar(before) or 0) + 1

    def _by_act(self, *columns: Any) -> sa.Select[Any]:
        assert self.acts is not None
        kept = sa.or_(sa.false(), *(band.condition for band in self.bands))
        joined = sa.select(*columns).select_from(Issue).join(self.acts, self.acts.c.issue_id == Issue.id)
        return joined.where(self.condition, kept)


def _sorts_before(columns: Sequence[Any], values: Sequence[Any]) -> Condition:
    """Row-value comparison, spelt out; a draft has no number and is told apart by its id."""
    parts: list[Condition] = []
    equal: list[Condition] = []
    for column, value in zip(columns, values, strict=True):
        if value is not None:
            parts.append(sa.and_(*equal, column < value))
            equal.append(column == value)
        else:
            equal.append(column.is_(None))
    return sa.or_(sa.false(), *parts)
