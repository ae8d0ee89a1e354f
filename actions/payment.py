"""Take in a payment register: an immutable batch, reconciled with a control total to the 分; the same file
twice changes nothing."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from actions.importing import ImportResult, permitted
from actions.transaction import Caller, Transaction, transaction
from files.payment_store import StoredBatch, write_batch
from files.payments import PaymentFile, read_payments
from files.storage import Storage
from files.village_index import VillageIndex
from models.campaign import Campaign, SubsidyItem
from models.payment import PaymentImport
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from queries.reading import reading
from queries.region import villages_for


@dataclass(frozen=True, slots=True)
class PaymentOptions:
    """How a register is taken in. `control_total_cents` is stated by whoever hands it in, 分."""

    control_total_cents: int
    dry_run: bool = False
    skip_faulty: bool = False
    mapping: dict[str, str] | None = None


def import_payments(caller: Caller, campaign_id: int, path: Path, name: str, options: PaymentOptions) -> ImportResult:
    """Take in a payment register. Who: office in its region, the terminal.

    Raises Refused for a file that is no table; faults, a wrong control total among them, are values in the result.
    """
    result, _ = read_and_take(caller, campaign_id, path, name, options)
    return result


def read_and_take(
    caller: Caller, campaign_id: int, path: Path, name: str, options: PaymentOptions
) -> tuple[ImportResult, PaymentFile]:
    """As `import_payments`, with the file read beside the result: the screen offers its faulty rows back."""
    viewer = permitted(caller, Permission.IMPORT_PAYMENTS)
    villages = villages_for(viewer, Permission.IMPORT_PAYMENTS, caller.today)
    if not villages:
        raise Refused("还没有区划，请先导入区划再导入发放登记。")
    index = VillageIndex([(v.town_code, v.town_name, v.town_short, v.code, v.name, v.short_name) for v in villages])
    with reading() as session:
        items = [(row.code, row.name) for row in session.scalars(sa.select(SubsidyItem).order_by(SubsidyItem.code))]
    found = read_payments(
        path,
        name,
        index,
        items,
        options.control_total_cents,
        caller.today,
        options.mapping,
        max_bytes=Storage.max_upload_bytes,
    )
    return _take(caller, campaign_id, found, name, options), found


def _take(caller: Caller, campaign_id: int, found: PaymentFile, name: str, options: PaymentOptions) -> ImportResult:
    stops = bool(found.whole_file_faults) or (found.faulty_rows > 0 and not options.skip_faulty)
    rows = int(found.clean.num_rows)
    writes = rows > 0 and not stops and not options.dry_run
    batch = write_batch(Storage.payments(), found.clean) if writes else None
    with transaction(caller) as tx:
        tx.require(Permission.IMPORT_PAYMENTS)
        if tx.session.get(Campaign, campaign_id) is None:
            raise NotFoundOrNotYours("专项治理")
        known = _is_known(tx, campaign_id, found.sha256, batch)
        if batch is not None and not known:
            _write(tx, campaign_id, found, name, options, batch)
    new = 0 if known else rows
    return ImportResult(
        taken=0 if stops else new,
        unchanged=rows - new,
        faulty=max(found.faulty_rows, len(found.whole_file_faults)),
        faults=found.faults,
        notices=found.notices,
        skip_faulty=options.skip_faulty,
        good=new,
        total_cents=found.total_cents,
    )


def _is_known(tx: Transaction, campaign_id: int, sha256: str, batch: StoredBatch | None) -> bool:
    """Whether this very file, or the same rows in another file, was taken in before."""
    same = PaymentImport.sha256 == sha256
    if batch is not None:
        same = sa.or_(same, PaymentImport.batch_sha256 == batch.sha256)
    return (
        tx.session.scalar(sa.select(PaymentImport.id).where(PaymentImport.campaign_id == campaign_id, same)) is not None
    )


def _write(
    tx: Transaction, campaign_id: int, found: PaymentFile, name: str, options: PaymentOptions, batch: StoredBatch
) -> None:
    manifest = PaymentImport(
        campaign_id=campaign_id,
        file_name=Path(name).name[:200],
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
