"""What became of an order over many problems: for the person who gave it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models.bulk import BulkItem, BulkRun
from models.issue import Verb
from models.issue_record import Issue
from queries.ledger import LedgerFilter, ledger_ids
from queries.reading import reading
from queries.scope import issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One problem: done, refused with a sentence, or not yet its turn (`done` None)."""

    issue_id: int
    number: str
    done: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class BulkResult:
    """The person's last order that they have not put away."""

    id: int
    verb: Verb
    has_ended: bool
    lines: tuple[BulkLine, ...]
    units: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many were done."""
        return sum(line.done is True for line in self.lines)

    @property
    def refused(self) -> tuple[BulkLine, ...]:
        """Those that were not, with the reason."""
        return tuple(line for line in self.lines if line.done is False)

    @property
    def tried(self) -> int:
        """How many had their turn."""
        return sum(line.done is not None for line in self.lines)

    @property
    def sentence(self) -> str:
        """已催办 3 件，2 个单位收到通知；1 件没有办."""
        told = f"，{len(self.units)} 个单位收到通知" if self.units else ""
        left = f"；{len(self.refused)} 件没有办，原因列在下面" if self.refused else ""
        return f"已{self.verb.label} {self.done} 件{told}{left}"


def last_bulk(viewer: Viewer, campaign_id: int) -> BulkResult | None:
    """Who: whoever gave the order, nobody else. A problem they may no longer see has no number."""
    with reading() as session:
        run = session.scalar(
            sa.select(BulkRun)
            .where(BulkRun.user_id == viewer.user_id, BulkRun.campaign_id == campaign_id)
            .where(BulkRun.dismissed_at.is_(None))
            .order_by(BulkRun.id.desc())
            .limit(1)
        )
        if run is None:
            return None
        rows = session.execute(
            sa.select(BulkItem, Issue.number, issue_visible(viewer))
            .join(Issue, Issue.id == BulkItem.issue_id)
            .where(BulkItem.run_id == run.id)
            .order_by(BulkItem.id)
        ).all()
    lines = tuple(
        BulkLine(item.issue_id, (number or "未编号") if seen else "—", item.done, item.sentence or "")
        for item, number, seen in rows
    )
    units = tuple(dict.fromkeys(unit for item, _, _ in rows for unit in item.units))
    return BulkResult(run.id, Verb(run.verb), run.ended_at is not None, lines, units)


def picks_of(
    viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date, most: int
) -> tuple[tuple[int, int], ...]:
    """The first problems of a list with their versions: what 选中全部 ticks."""
    with reading() as session:
        ids: Sequence[int] = next(ledger_ids(session, viewer, campaign_id, wanted, today, chunk=most), [])
        found = session.execute(sa.select(Issue.id, Issue.version).where(Issue.id.in_(ids)))
        versions = {issue_id: version for issue_id, version in found}
    return tuple((issue_id, versions[issue_id]) for issue_id in ids)
