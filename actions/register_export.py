"""Hand out the roster or the payments as a workbook, masked by level, each export in the log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from actions.transaction import Caller, Transaction, transaction
from files.export_level import ExportLevel
from files.payment_workbook import write_payments
from files.roster_workbook import write_roster
from models.campaign import Campaign
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from queries.payment import payment_rows
from queries.roster import roster_rows
from queries.viewer import Viewer


def export_roster(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str, target: Path) -> None:
    """Write the roster of a campaign to `target`. Who: office in its places, the terminal; 内部版 with a purpose."""
    _export(caller, campaign_id, Permission.IMPORT_ROSTER, level, purpose, target, "roster.export", _roster)


def export_payments(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str, target: Path) -> None:
    """Write the payments of a campaign to `target`. Who: office in its places, the terminal; 内部版 with a purpose."""
    _export(caller, campaign_id, Permission.IMPORT_PAYMENTS, level, purpose, target, "payment.export", _payments)


Writer = Callable[[Transaction, Campaign, dict[str, Any], Path], None]


def _export(
    caller: Caller, campaign_id: int, permission: Permission, level: ExportLevel, purpose: str, target: Path,
    action: str,
    write: Writer,
) -> None:  # fmt: skip
    with transaction(caller) as tx:
        tx.require(Permission.EXPORT)
        tx.require(permission)
        check_level(tx.viewer, level, purpose)
        campaign = tx.session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFoundOrNotYours("专项治理")
        seq, digest = tx.head()
        about = {
            "level": level, "as_of": tx.today, "campaign_name": campaign.name, "conditions": "全部",
            "exported_by": tx.viewer.person_name, "exported_at": tx.now, "audit_head": f"{seq} {digest}",
        }  # fmt: skip
        write(tx, campaign, about, target)
        tx.record(action, f"campaign:{campaign_id}", level=level.value, purpose=purpose, head=f"{seq} {digest}")


def check_level(viewer: Viewer, level: ExportLevel, purpose: str) -> None:
    """内部版 leaves only with the permission and a purpose. Raises Refused."""
    if level is not ExportLevel.INTERNAL:
        return
    if not viewer.may(Permission.EXPORT_INTERNAL):
        raise Refused("您没有“导出内部版”的权限。")
    if len(purpose.strip()) < 2:
        raise Refused("导出内部版须写明用途。")


def _roster(tx: Transaction, campaign: Campaign, about: dict[str, Any], target: Path) -> None:
    write_roster(target, roster_rows(tx.viewer, campaign.id), **about)


def _payments(tx: Transaction, campaign: Campaign, about: dict[str, Any], target: Path) -> None:
    write_payments(target, payment_rows(tx.viewer, campaign.id, tx.today), **about)
