"""Self-check returns taken in as a list: villages and departments, each whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from actions.batch import Atlas, not_to_come, open_batch
from actions.transaction import Caller, Transaction, transaction
from models.batch import BatchKind
from models.refusal import Refused
from models.role import Permission
from models.self_check import SelfCheckReturn


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return, of a village or a department (`unit_id`). `amount_cents` 分; a zero report says what proves it."""

    handed_in_on: date
    village_id: int | None = None
    unit_id: int | None = None
    households: int = 0
    people: int = 0
    problems: int = 0
    cards_confirmed: int = 0
    amount_cents: int = 0
    payee_households: int = 0
    payees: int = 0
    evidence: str | None = None

    @property
    def subject(self) -> tuple[int | None, int | None]:
        """Whose return it is."""
        return (self.village_id, self.unit_id)


def load_returns(caller: Caller, campaign_id: int, lines: Sequence[ReturnLine]) -> int:
    """Take a list of returns in, as a further edition where there was one. Returns the batch's id.

    Who: office in its region, the terminal. Refused: a return twice in the list, a zero report that proves nothing, a
    place that is not the caller's.
    """
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_FIELD_RECORDS)
        atlas = Atlas.read(tx, Permission.IMPORT_FIELD_RECORDS)
        batch = open_batch(tx, campaign_id, BatchKind.SELF_CHECK, len(lines))
        if len({line.subject for line in lines}) < len(lines):
            raise Refused("同一个村或同一个单位的自查表在清单里出现了两次，没有写入任何内容。")
        editions, first = _editions(tx, campaign_id), tx.next_id(SelfCheckReturn)
        rows = [
            {
                "id": first + at, "campaign_id": campaign_id, "batch_id": batch.id,
                "edition": editions.get(line.subject, 0) + 1, **_values(tx, atlas, line),
                "recorded_at": tx.now, "recorded_by": tx.viewer.actor,
            }
            for at, line in enumerate(lines)
        ]  # fmt: skip
        tx.insert_set(SelfCheckReturn, rows, "batch_id", batch.id)
        tx.record(Permission.IMPORT_FIELD_RECORDS.value, f"batch:{batch.id}", kind=batch.kind.value, taken=len(rows))
    return batch.id


def _editions(tx: Transaction, campaign_id: int) -> dict[tuple[int | None, int | None], int]:
    """The last edition of each return there is."""
    r = SelfCheckReturn
    asked = sa.select(r.village_id, r.unit_id, sa.func.max(r.edition)).where(r.campaign_id == campaign_id)
    return {(v, u): last for v, u, last in tx.session.execute(asked.group_by(r.village_id, r.unit_id))}


def _values(tx: Transaction, atlas: Atlas, line: ReturnLine) -> dict[str, Any]:
    not_to_come(line.handed_in_on, tx.today, "自查表")
    counts = {
        name: getattr(line, name)
        for name in (
            "households", "people", "problems", "cards_confirmed", "amount_cents", "payee_households", "payees",
        )
    }  # fmt: skip
    if min(counts.values()) < 0:
        raise Refused("自查表里的数不能小于 0。")
    evidence = (line.evidence or "").strip() or None
    if line.problems == 0 and evidence is None:
        raise Refused("零报告须写明凭据（谁签字、公示在哪里），才能与没有填报区分开。")
    return {**counts, **_place(atlas, line), "handed_in_on": line.handed_in_on,
            "is_zero_report": line.problems == 0, "evidence": evidence}  # fmt: skip


def _place(atlas: Atlas, line: ReturnLine) -> dict[str, int | None]:
    if (line.village_id is None) == (line.unit_id is None):
        raise Refused("一份自查表只属于一个村，或者一个单位。")
    if line.village_id is not None:
        unit, town = atlas.of_village(line.village_id)
        return {"reporting_unit_id": unit, "town_id": town, "village_id": line.village_id, "unit_id": None}
    assert line.unit_id is not None
    reporting = atlas.of_department(line.unit_id)
    return {"reporting_unit_id": reporting, "town_id": None, "village_id": None, "unit_id": line.unit_id}
