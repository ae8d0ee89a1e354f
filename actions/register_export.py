"""Hand out the roster or the payments as a workbook, masked by level, each export in the log."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.handout import Counted, check_handout, to_fetch, whole_or_not_there
from actions.transaction import Caller, transaction
from files.digest import file_sha256
from files.export_level import ExportLevel
from files.payment_workbook import write_payments
from files.roster_workbook import write_roster
from models.campaign import Campaign
from models.local_time import day_text
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from queries.audit import audit_head
from queries.payment import payment_rows
from queries.reading import reading
from queries.roster import roster_rows
from queries.viewer import Viewer


def export_roster(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str, target: Path) -> None:
    """Write the roster of a campaign to `target`. Who: office in its places, the terminal; 内部版 with a purpose."""
    _export(caller, campaign_id, ROSTER, level, purpose, target)


def export_payments(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str, target: Path) -> None:
    """Write the payments of a campaign to `target`. Who: office in its places, the terminal; 内部版 with a purpose."""
    _export(caller, campaign_id, PAYMENTS, level, purpose, target)


def roster_to_fetch(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str = "") -> str:
    """`export_roster` for a browser: the file waits for the person under a token; returns the token."""
    return _to_fetch(caller, campaign_id, ROSTER, level, purpose)


def payments_to_fetch(caller: Caller, campaign_id: int, level: ExportLevel, purpose: str = "") -> str:
    """`export_payments` for a browser: the file waits for the person under a token; returns the token."""
    return _to_fetch(caller, campaign_id, PAYMENTS, level, purpose)


@dataclass(frozen=True, slots=True)
class _Register:
    """What a register's export asks for, is called, and consists of."""

    word: str
    permission: Permission
    action: str
    rows: Callable[[Viewer, int, Caller], Iterable[Any]]
    write: Callable[..., None]


ROSTER = _Register(
    "名册", Permission.IMPORT_ROSTER, "roster.export", lambda who, campaign, _: roster_rows(who, campaign), write_roster
)
PAYMENTS = _Register(
    "发放明细", Permission.IMPORT_PAYMENTS, "payment.export",
    lambda who, campaign, caller: payment_rows(who, campaign, caller.today), write_payments,
)  # fmt: skip


def _export(
    caller: Caller, campaign_id: int, register: _Register, level: ExportLevel, purpose: str, target: Path
) -> str:
    """The file is complete and the entry written, or there is neither. Returns the name for somebody's desk."""
    with reading() as session:
        viewer = caller.look_up(session)
        check_handout(viewer, level, purpose, register.permission)
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFoundOrNotYours("专项治理")
        head = str(audit_head())
    with whole_or_not_there(target):
        # Not in the transaction: writers need not wait for a file of a million rows.
        rows = Counted(register.rows(viewer, campaign_id, caller))
        register.write(
            target, rows, level=level, as_of=caller.today, campaign_name=campaign.name, conditions="全部",
            exported_by=viewer.person_name, exported_at=caller.now, audit_head=head,
        )  # fmt: skip
        with transaction(caller) as tx:
            check_handout(tx.viewer, level, purpose, register.permission)
            tx.record(
                register.action, f"campaign:{campaign_id}", level=level.value, purpose=mask_text(purpose.strip()),
                rows=rows.count, head=head, sha256=file_sha256(target),
            )  # fmt: skip
    place = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", campaign.place)
    return f"{place}{register.word}(截至{day_text(caller.today)})_{level.label}.xlsx"


def _to_fetch(caller: Caller, campaign_id: int, register: _Register, level: ExportLevel, purpose: str) -> str:
    return to_fetch(caller, lambda made: _export(caller, campaign_id, register, level, purpose, made))
