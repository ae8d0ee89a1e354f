"""The log of meetings, publicity and special audits, taken in as a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.batch import ELSEWHERE, Atlas, not_to_come, open_batch
from actions.issue_step import required_text
from actions.transaction import Caller, Transaction, transaction
from models.activity import Activity, ActivityKind
from models.batch import BatchKind
from models.refusal import Refused
from models.role import Permission


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One entry. `count` in the unit of its kind (次, 份, 人次 …), negative only to correct an earlier entry."""

    kind: ActivityKind
    title: str
    held_on: date
    count: int
    reporting_unit_id: int
    town_id: int | None = None
    unit_id: int | None = None
    evidence: str | None = None


def load_activities(caller: Caller, campaign_id: int, lines: Sequence[ActivityLine]) -> int:
    """Take a list of entries in. Returns the batch's id. Who: office in its region, the terminal."""
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_FIELD_RECORDS)
        atlas = Atlas.read(tx, Permission.IMPORT_FIELD_RECORDS)
        batch = open_batch(tx, campaign_id, BatchKind.ACTIVITY, len(lines))
        first = tx.next_id(Activity)
        rows = [
            {
                "id": first + at, "campaign_id": campaign_id, "batch_id": batch.id, **_values(tx, atlas, line),
                "recorded_at": tx.now, "recorded_by": tx.viewer.actor,
            }
            for at, line in enumerate(lines)
        ]  # fmt: skip
        tx.insert_set(Activity, rows, "batch_id", batch.id)
        tx.record(Permission.IMPORT_FIELD_RECORDS.value, f"batch:{batch.id}", kind=batch.kind.value, taken=len(rows))
    return batch.id


def _values(tx: Transaction, atlas: Atlas, line: ActivityLine) -> dict[str, Any]:
    not_to_come(line.held_on, tx.today, line.kind.label)
    atlas.require(line.reporting_unit_id, line.town_id)
    if line.unit_id is not None and line.unit_id not in atlas.units:
        raise Refused(ELSEWHERE)
    if line.count == 0:
        raise Refused(f"“{line.title}”的数量是 0，不用登记。")
    return {
        "reporting_unit_id": line.reporting_unit_id, "town_id": line.town_id, "unit_id": line.unit_id,
        "kind": line.kind, "title": required_text(line.title, "内容", most=100), "held_on": line.held_on,
        "count": line.count, "evidence": (line.evidence or "").strip() or None,
    }  # fmt: skip
