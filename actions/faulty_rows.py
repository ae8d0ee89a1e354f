"""Hand back the faulty rows of an upload as a workbook, each with its reasons, to whoever uploaded it."""

from dataclasses import replace
from pathlib import Path

from actions import payment, roster
from actions.handout import to_fetch
from actions.importing import file_label
from actions.payment import PaymentOptions
from actions.roster import RosterOptions
from actions.transaction import Caller
from files.fault_workbook import fault_workbook
from files.payments import PaymentFile
from files.roster import RosterFile
from files.storage import Storage
from models.refusal import Refused


def faulty_rows_to_fetch(
    caller: Caller, campaign_id: int, path: Path, name: str, options: RosterOptions | PaymentOptions
) -> str:
    """The workbook waits for the person under a token, which is returned. Who: those who may import that register.

    `options` are those of the preview. The file holds what the person uploaded, unmasked. Refused without faults.
    """
    found: RosterFile | PaymentFile
    if isinstance(options, RosterOptions):
        _, found = roster.read_and_take(caller, campaign_id, path, name, replace(options, dry_run=True))
    else:
        _, found = payment.read_and_take(caller, campaign_id, path, name, replace(options, dry_run=True))
    if not found.faults:
        raise Refused("文件里没有有误的行。")
    originals = found.originals(path, name, Storage.max_upload_bytes)

    def write(made: Path) -> str:
        made.write_bytes(fault_workbook(found.faults, originals.header, originals.rows))
        return f"{Path(file_label(name)).stem[:80]}_有误的行.xlsx"

    return to_fetch(caller, write)
