"""Take in a payment register: an immutable batch, reconciled to the 分; the same file twice changes nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.campaign import require_work, working_campaign
from actions.importing import ImportResult, file_label, masked, permitted
from actions.transaction import Caller, Transaction, transaction
from files.payment_sameness import rows_not_in, rows_seen_before
from files.payment_store import StoredBatch, write_batch
from files.payments import PaymentFile, read_payments
from files.progress import COMPARING, Report, unheard
from files.storage import Storage
from models.campaign import Campaign, SubsidyItem
from models.campaign_work import CampaignWork
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.row_fault import RowFault
from queries.payment import batch_files, holds_same_rows
from queries.reading import reading
from queries.viewer import Viewer
from queries.village_names import named_villages


@dataclass(frozen=True, slots=True)
class PaymentOptions:
    """How a register is taken in. `control_total_cents` is stated by whoever hands it in, 分."""

    control_total_cents: int
    dry_run: bool = False
    skip_faulty: bool = False
    mapping: Mapping[str, str] | None = None


def import_payments(caller: Caller, campaign_id: int, path: Path, name: str, options: PaymentOptions) -> ImportResult:
    """Take in a payment register. Who: office in its region, the terminal.

    Raises Refused for a file that is no table; faults, a wrong control total among them, are values in the result.
    """
    result, _ = read_and_take(caller, campaign_id, path, name, options)
    return result


def read_and_take(
    caller: Caller, campaign_id: int, path: Path, name: str, options: PaymentOptions, report: Report = unheard
) -> tuple[ImportResult, PaymentFile]:
    """As `import_payments`, with the file read beside the result: the screen offers its faulty rows back. `report`
    hears how far it is."""
    viewer = permitted(caller, Permission.IMPORT_PAYMENTS)
    found = _read(caller, viewer, campaign_id, path, name, options, report)
    report(COMPARING, 0, 0)
    stops = bool(found.whole_file_faults) or (found.faulty_rows > 0 and not options.skip_faulty)
    writes = not (options.dry_run or stops)
    with _folder_for(writes) as folder:
        fresh = _without_rows_taken(caller, viewer, campaign_id, found, folder)
        if fresh.batch is not None and not writes:
            found = _with_notice(found, _seen_before(campaign_id, folder, fresh.batch))
        elif fresh.batch is not None:
            fresh = _take(caller, campaign_id, found, name, options, fresh)
    return _result(found, options, fresh, stops), found


def _read(
    caller: Caller, viewer: Viewer, campaign_id: int, path: Path, name: str, options: PaymentOptions, report: Report
) -> PaymentFile:
    villages = named_villages(viewer, Permission.IMPORT_PAYMENTS, caller.today, merged_too=True)
    if not villages.in_force:
        raise Refused("还没有区划，请先导入区划再导入发放登记。")
    with reading() as session:
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFoundOrNotYours("专项治理")
        require_work(campaign, CampaignWork.IMPORT)
        items = [(row.code, row.name) for row in session.scalars(sa.select(SubsidyItem).order_by(SubsidyItem.code))]
    return read_payments(
        path, name, villages.index, items, options.control_total_cents, caller.today, options.mapping,
        max_bytes=Storage.max_upload_bytes, report=report,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fresh:
    """The rows that are not on record yet, as a batch; None when there are none."""

    batch: StoredBatch | None
    same_file: tuple[str, ...] = ()
    """Batches taken from this very file before, with its faulty rows left out."""


@contextmanager
def _folder_for(writes: bool) -> Iterator[Path]:
    """Where the batch is written: a preview keeps nothing."""
    if writes:
        yield Storage.payments()
        return
    aside = Storage.data_dir / "incoming"
    aside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=aside) as name:
        yield Path(name)


def _without_rows_taken(caller: Caller, viewer: Viewer, campaign_id: int, found: PaymentFile, folder: Path) -> _Fresh:
    """Of a file taken in before, only the rows that were faulty then; of the same rows in another file, none."""
    with reading() as session:
        same_file = batch_files(session, campaign_id, found.sha256)
        if same_file and _rows_taken(session, campaign_id, found.sha256) >= found.clean.num_rows:
            return _Fresh(None, same_file)
        left = rows_not_in(Storage.payments(), same_file, found.clean)
        if not left.num_rows:
            return _Fresh(None, same_file)
        batch = write_batch(folder, left)
        if not same_file and holds_same_rows(
            session, viewer, campaign_id, caller.today, folder / batch.file_name, batch
        ):
            return _Fresh(None)
    return _Fresh(batch, same_file)


def _rows_taken(session: Session, campaign_id: int, sha256: str) -> int:
    """How many rows of this very file are on record."""
    rows = sa.select(sa.func.sum(PaymentImport.row_count)).where(
        PaymentImport.campaign_id == campaign_id, PaymentImport.sha256 == sha256,
        PaymentImport.withdrawn_at.is_(None),
    )  # fmt: skip
    return session.scalar(rows) or 0


def _seen_before(campaign_id: int, folder: Path, batch: StoredBatch) -> int:
    with reading() as session:
        return rows_seen_before(Storage.payments(), batch_files(session, campaign_id), folder / batch.file_name)


def _with_notice(found: PaymentFile, seen: int) -> PaymentFile:
    if not seen:
        return found
    message = (
        f"有 {seen} 笔与已导入的发放登记是同一人、同一项目、同一期间、同一天、同样金额；"
        "导入后会照原样再记一遍，请核对是不是重复导入。"
    )
    return replace(found, notices=(*found.notices, RowFault(found.tables[0].sheet.name, 0, "", "", message)))


def _take(
    caller: Caller, campaign_id: int, found: PaymentFile, name: str, options: PaymentOptions, fresh: _Fresh
) -> _Fresh:
    """The batch lies on disk; the row that names it makes it part of the record. Without a row it is never read."""
    batch = fresh.batch
    assert batch is not None
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_PAYMENTS)
        working_campaign(tx, campaign_id, CampaignWork.IMPORT)
        if _is_on_record(tx.session, campaign_id, batch):
            return _Fresh(None)
        if batch_files(tx.session, campaign_id, found.sha256) != fresh.same_file:
            raise Refused("刚才有人导入了同一份文件，本次没有导入，请重新检查后再导入。")
        _write(tx, campaign_id, found, name, options, batch)
    return fresh


def _result(found: PaymentFile, options: PaymentOptions, fresh: _Fresh, stops: bool) -> ImportResult:
    new = 0 if fresh.batch is None else fresh.batch.rows
    return ImportResult(
        taken=0 if stops else new,
        unchanged=int(found.clean.num_rows) - new,
        faulty=max(found.faulty_rows, len(found.whole_file_faults)),
        faults=masked(found.faults),
        notices=masked(found.notices),
        skip_faulty=options.skip_faulty,
        good=new,
        total_cents=found.total_cents,
        good_cents=0 if fresh.batch is None else fresh.batch.total_cents,
    )


def _is_on_record(session: Session, campaign_id: int, batch: StoredBatch) -> bool:
    known = sa.select(PaymentImport.id).where(
        PaymentImport.campaign_id == campaign_id, PaymentImport.batch_sha256 == batch.sha256,
        PaymentImport.withdrawn_at.is_(None),
    )  # fmt: skip
    return session.scalar(known) is not None


def _write(
    tx: Transaction, campaign_id: int, found: PaymentFile, name: str, options: PaymentOptions, batch: StoredBatch
) -> None:
    manifest = PaymentImport(
        campaign_id=campaign_id,
        file_name=file_label(name),
        sha256=found.sha256,
        batch_file=batch.file_name,
        batch_sha256=batch.sha256,
        row_count=batch.rows,
        faulty=found.faulty_rows,
        total_cents=batch.total_cents,
        control_total_cents=options.control_total_cents,
        recorded_at=tx.now,
        recorded_by=tx.viewer.actor,
    )
    tx.session.add(manifest)
    tx.session.flush()
    tx.record(
        Permission.IMPORT_PAYMENTS.value,
        f"payment_import:{manifest.id}",
        rows=batch.rows,
        total_cents=batch.total_cents,
        sha256=found.sha256,
        batch_sha256=batch.sha256,
    )
