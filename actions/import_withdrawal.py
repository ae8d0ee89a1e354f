"""Withdraw an import nothing stands on: it is not erased, its rows only count no more (law 4)."""

import hashlib

import sqlalchemy as sa

from actions.campaign import require_work
from actions.transaction import Caller, Transaction, transaction
from models.audit import row_digest, row_key
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.masking import mask_text
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.roster import HouseholdMember, RosterImport
from queries.import_withdrawal import what_stands_on_payments, what_stands_on_roster

LEAST_REASON, LONGEST_REASON = 4, 200
AT_ONCE = 5_000


def withdraw_roster(caller: Caller, import_id: int, reason: str) -> None:
    """Take a roster back. Who: those who may import, in part of the region only their own; the terminal.

    The versions it had superseded are in force again. Refused where something stands on it: a later roster, a frozen
    frame, a form, a problem. The same file can be imported again.
    """
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_ROSTER)
        found = tx.session.get(RosterImport, import_id)
        said = _require_theirs(tx, Permission.IMPORT_ROSTER, found, reason)
        assert found is not None
        _refuse(what_stands_on_roster(tx.session, found))
        found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = tx.now, tx.viewer.actor, said
        _bring_back(tx, import_id)
        _take_out(tx, import_id)
        tx.record("roster.withdraw", f"roster_import:{import_id}", rows=found.taken, reason=found.withdrawn_reason)


def withdraw_payments(caller: Caller, import_id: int, reason: str) -> None:
    """Take a payment register back. Who: those who may import, in part of the region only their own; the terminal.

    The batch stays on disk and proves itself. Refused where a frozen frame or a handed-in form stands on it. The same
    file can be imported again.
    """
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_PAYMENTS)
        found = tx.session.get(PaymentImport, import_id)
        said = _require_theirs(tx, Permission.IMPORT_PAYMENTS, found, reason)
        assert found is not None
        _refuse(what_stands_on_payments(tx.session, found))
        found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = tx.now, tx.viewer.actor, said
        tx.record(
            "payment.withdraw", f"payment_import:{import_id}", rows=found.row_count, total_cents=found.total_cents,
            reason=found.withdrawn_reason,
        )  # fmt: skip


def _require_theirs(
    tx: Transaction, permission: Permission, found: RosterImport | PaymentImport | None, reason: str
) -> str:
    """The reason as it is kept. Refused: somebody else's import, a campaign that is over, no reason, done before."""
    if found is None or not (tx.viewer.is_everywhere(permission) or found.recorded_by == tx.viewer.actor):
        raise NotFoundOrNotYours("导入")
    require_work(tx.session.get_one(Campaign, found.campaign_id), CampaignWork.IMPORT)
    if found.withdrawn_at is not None:
        raise Refused("这次导入已经撤回过了。")
    said = mask_text(reason.strip())
    if not LEAST_REASON <= len(said) <= LONGEST_REASON:
        raise Refused(f"请写明撤回的理由，{LEAST_REASON} 至 {LONGEST_REASON} 个字。")
    return said


def _refuse(why: str | None) -> None:
    if why is not None:
        raise Refused(why)


def _bring_back(tx: Transaction, import_id: int) -> None:
    """What the import had superseded is in force again; each row is noted for the chain."""
    table = _table()
    its_own = sa.select(table.c.id).where(table.c.import_id == import_id)
    earlier = sa.and_(table.c.superseded_by_id.in_(its_own), table.c.import_id != import_id)
    for row in tx.session.execute(sa.select(table).where(earlier).order_by(table.c.id)).mappings():
        again = {**row, "superseded_by_id": None}
        tx.sets.append(["row", table.name, row_key(table, again), row_digest(table, again)])
    tx.session.execute(sa.update(table).where(earlier).values(superseded_by_id=None))


def _take_out(tx: Transaction, import_id: int) -> None:
    """Its own versions point to themselves from now on; sealed once more as one set."""
    table = _table()
    tx.session.execute(sa.update(table).where(table.c.import_id == import_id).values(superseded_by_id=table.c.id))
    digest, count = hashlib.sha256(), 0
    rows = tx.session.execute(
        sa.select(table).where(table.c.import_id == import_id).order_by(table.c.id),
        execution_options={"yield_per": AT_ONCE},
    )
    for row in rows.mappings():
        digest.update(row_digest(table, dict(row)).encode())
        count += 1
    tx.sets.append(["again", table.name, "import_id", import_id, count, digest.hexdigest()])


def _table() -> sa.Table:
    table = sa.inspect(HouseholdMember).local_table
    assert isinstance(table, sa.Table)
    return table
