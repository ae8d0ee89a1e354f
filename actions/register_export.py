"""Hand out the roster or the payments as a workbook, masked by level, each export in the log."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.transaction import Caller, transaction
from files.export_level import ExportLevel
from files.outgoing import new_outgoing
from files.payment_workbook import write_payments
from files.roster_workbook import write_roster
from models.campaign import Campaign
from models.local_time import day_text
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours, Refused
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


def check_level(viewer: Viewer, level: ExportLevel, purpose: str) -> None:
    """内部版 leaves only with the permission and a purpose. Raises Refused."""
    if level is not ExportLevel.INTERNAL:
        return
    if not viewer.may(Permission.EXPORT_INTERNAL):
        raise Refused("您没有“导出内部版”的权限。")
    if len(purpose.strip()) < 2:
        raise Refused("导出内部版须写明用途。")


@dataclass(frozen=True, slots=True)
class _Register:
    """What a register's export asks for, is called, and consists of."""

    word: str
    permission: Permission
    action: str
    rows: Callable[[Viewer, int, Caller], Iterable[Any]]
    write: Callable[..., None]

    def require(self, viewer: Viewer, level: ExportLevel, purpose: str) -> None:
        """First line: who may not, learns it before anything is read."""
        if viewer.must_change_password:
            raise Refused("请先修改一次性密码。")
        for permission in (Permission.EXPORT, self.permission):
            if not viewer.may(permission):
                raise Refused(f"您没有“{permission.label}”的权限。")
        check_level(viewer, level, purpose)


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
        register.require(viewer, level, purpose)
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFoundOrNotYours("专项治理")
        head = str(audit_head())
    try:
        # Not in the transaction: writers need not wait for a file of a million rows.
        rows = _Counted(register.rows(viewer, campaign_id, caller))
        register.write(
            target, rows, level=level, as_of=caller.today, campaign_name=campaign.name, conditions="全部",
            exported_by=viewer.person_name, exported_at=caller.now, audit_head=head,
        )  # fmt: skip
        with transaction(caller) as tx:
            register.require(tx.viewer, level, purpose)
            tx.record(
                register.action, f"campaign:{campaign_id}", level=level.value, purpose=mask_text(purpose.strip()),
                rows=rows.count, head=head, sha256=_digest(target),
            )  # fmt: skip
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    place = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", campaign.place)
    return f"{place}{register.word}(截至{day_text(caller.today)})_{level.label}.xlsx"


def _to_fetch(caller: Caller, campaign_id: int, register: _Register, level: ExportLevel, purpose: str) -> str:
    with reading() as session:
        viewer = caller.look_up(session)
    register.require(viewer, level, purpose)
    if viewer.user_id is None:
        raise Refused("服务器终端请用 export 导出到文件。")
    token, folder = new_outgoing(viewer.user_id, caller.wall)
    made = folder / ".making"
    name = _export(caller, campaign_id, register, level, purpose, made)
    made.rename(folder / name)
    return token


@dataclass(slots=True)
class _Counted:
    """Rows on their way into the file, counted as they pass."""

    rows: Iterable[Any]
    count: int = 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.count += 1
            yield row


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
