"""What a job does: the file is checked or taken in by the import's own action, its faulty rows laid aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions import payment, roster
from actions.header_mapping import remember_mapping
from actions.importing import ImportResult
from actions.job_result import JobResult
from actions.ledger_result import LedgerResult
from actions.ledger_return import read_and_take
from actions.payment import PaymentOptions
from actions.region import import_regions
from actions.roster import RosterOptions
from actions.transaction import Caller, who
from files.fault_workbook import fault_workbook
from files.header_candidates import candidate_headers
from files.headers import HeaderMatch
from files.job_folder import JobFolder
from files.payments import PaymentFile
from files.progress import FAULTS
from files.roster import RosterFile
from files.storage import Storage
from files.table import original_rows
from models.job import JobKind, JobVerb
from queries.header_mapping import Register, remembered_mapping

REGISTERS = {JobKind.ROSTER: Register.ROSTER, JobKind.PAYMENTS: Register.PAYMENTS}


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What the person ticked and typed. `mapping`: standard header → the file's, as matched by hand in a table whose
    columns are `layout`."""

    skip_faulty: bool = False
    accept_as_is: bool = False
    control_total_cents: int = 0
    mapping: Mapping[str, str] | None = None
    layout: tuple[str, ...] = ()

    def packed(self) -> dict[str, Any]:
        """For the row of the job."""
        return {
            "skip_faulty": self.skip_faulty, "accept_as_is": self.accept_as_is,
            "control_total_cents": self.control_total_cents, "mapping": dict(self.mapping) if self.mapping else None,
            "layout": list(self.layout),
        }  # fmt: skip

    @classmethod
    def unpacked(cls, row: Mapping[str, Any]) -> "JobOptions":
        """From the row of the job."""
        return cls(**{**row, "layout": tuple(row["layout"])})


@dataclass(frozen=True, slots=True)
class JobOrder:
    """A job as its row says it."""

    kind: JobKind
    verb: JobVerb
    campaign_id: int
    file_name: str
    options: JobOptions


def do_work(caller: Caller, order: JobOrder, folder: JobFolder) -> JobResult | LedgerResult:
    """Check or take in, as the caller. Raises what the import's own action refuses with."""
    if order.kind is JobKind.LEDGER:
        return _ledger(caller, order, folder)
    if order.kind is JobKind.REGIONS:
        result = import_regions(
            caller, folder.source, order.file_name, dry_run=order.verb is JobVerb.CHECK,
            skip_faulty=order.options.skip_faulty,
        )  # fmt: skip
        return JobResult.of(result, None, (), (), False, None)
    register = REGISTERS[order.kind]
    read = _Reading(caller, order, folder)
    read.check() if order.verb is JobVerb.CHECK else read.take()
    found = read.found
    has_workbook = any(fault.row for fault in found.faults) and _faulty_rows(found, order, folder)
    return JobResult.of(read.result, found.headers, read.layout, register.needed, has_workbook, read.mapping)


def _ledger(caller: Caller, order: JobOrder, folder: JobFolder) -> LedgerResult:
    """An edited ledger: what is told of it, its conflicts too, waits as a workbook."""
    result, read = read_and_take(
        caller, order.campaign_id, folder.source, order.file_name, dry_run=order.verb is JobVerb.CHECK,
        skip_faulty=order.options.skip_faulty, report=folder.report,
    )  # fmt: skip
    told = [fault for fault in (*result.faults, *(clash.fault for clash in result.clashes)) if fault.row]
    if told:
        folder.report(FAULTS, 0, 0)
        originals = original_rows(folder.source, order.file_name, Storage.max_upload_bytes, read.tables, told)
        folder.faults.write_bytes(fault_workbook(told, originals.header, originals.rows))
    return LedgerResult.of(result, bool(told))


class _Reading:
    """The file read with the columns as named, as matched by hand, or as matched for such a table before."""

    result: ImportResult
    found: RosterFile | PaymentFile

    def __init__(self, caller: Caller, order: JobOrder, folder: JobFolder) -> None:
        self.caller, self.order, self.folder = caller, order, folder
        self.mapping, self.layout = order.options.mapping, order.options.layout

    def check(self) -> None:
        """Nothing is written but the mapping, once it has proved itself."""
        register = REGISTERS[self.order.kind]
        self._read(dry_run=True)
        headers = self.found.headers
        if self.mapping is not None:
            if headers is not None and not headers.missing:
                remember_mapping(self.caller, register, self.layout, self.mapping)
            return
        self.layout = _names(headers) or candidate_headers(
            self.folder.source, self.order.file_name, Storage.max_upload_bytes
        )
        kept = remembered_mapping(who(self.caller), register, self.layout)
        if kept and (headers is None or any(headers.mapping.get(s) != h for s, h in kept.items())):
            self.mapping = kept
            self._read(dry_run=True)

    def take(self) -> None:
        """As it was checked."""
        self._read(dry_run=False)

    def _read(self, *, dry_run: bool) -> None:
        self.result, self.found = _read(self.caller, self.order, self.folder, self.mapping, dry_run=dry_run)


def _read(
    caller: Caller, order: JobOrder, folder: JobFolder, mapping: Mapping[str, str] | None, *, dry_run: bool
) -> tuple[ImportResult, RosterFile | PaymentFile]:
    said = order.options
    if order.kind is JobKind.ROSTER:
        as_roster = RosterOptions(dry_run, said.skip_faulty, said.accept_as_is, mapping)
        return roster.read_and_take(caller, order.campaign_id, folder.source, order.file_name, as_roster, folder.report)
    as_register = PaymentOptions(said.control_total_cents, dry_run, said.skip_faulty, mapping)
    return payment.read_and_take(caller, order.campaign_id, folder.source, order.file_name, as_register, folder.report)


def _names(headers: HeaderMatch | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*headers.mapping.values(), *headers.unknown))) if headers else ()


def _faulty_rows(found: RosterFile | PaymentFile, order: JobOrder, folder: JobFolder) -> bool:
    """The faulty rows with their reasons, as the person wrote them: unmasked, for whoever brought the file."""
    folder.report(FAULTS, 0, 0)
    originals = found.originals(folder.source, order.file_name, Storage.max_upload_bytes)
    made: Path = folder.faults
    made.write_bytes(fault_workbook(found.faults, originals.header, originals.rows))
    return True
