"""Payment batches: which files hold a campaign's payments, and the rows of an export."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.payment_columns import RETURNED, SUCCESS
from files.payment_sameness import are_same_rows
from files.payment_store import StoredBatch, read_rows
from files.payment_workbook import PaymentRow
from files.storage import Storage
from models.campaign import SubsidyItem
from models.payment import PaymentImport
from models.role import Permission
from queries.reading import reading
from queries.region import VillageRow, village_labels, villages_for
from queries.viewer import Viewer


def batch_files(session: Session, campaign_id: int, sha256: str | None = None) -> tuple[str, ...]:
    """Names of the Parquet batches of a campaign under `Storage.payments()`, in the order they were taken in, without
    those withdrawn.

    With `sha256`, those taken from the very file that has it.
    """
    statement = sa.select(PaymentImport.batch_file).where(
        PaymentImport.campaign_id == campaign_id, PaymentImport.withdrawn_at.is_(None)
    )
    if sha256 is not None:
        statement = statement.where(PaymentImport.sha256 == sha256)
    return tuple(session.scalars(statement.order_by(PaymentImport.id)))


def holds_same_rows(
    session: Session, viewer: Viewer, campaign_id: int, today: date, new: Path, batch: StoredBatch
) -> bool:
    """Whether a campaign holds exactly the rows at `new`: in one import, or in all the viewer may export."""
    taken = session.execute(
        sa.select(PaymentImport.batch_file, PaymentImport.row_count, PaymentImport.total_cents)
        .where(PaymentImport.campaign_id == campaign_id, PaymentImport.withdrawn_at.is_(None))
        .order_by(PaymentImport.id)
    ).all()
    folder = Storage.payments()
    alike = (file for file, rows, cents in taken if (rows, cents) == (batch.rows, batch.total_cents))
    if any(are_same_rows(folder, [file], new) for file in alike):
        return True
    if sum(rows for _, rows, _ in taken) < batch.rows:
        return False
    files = [file for file, _, _ in taken]
    if viewer.is_everywhere(Permission.IMPORT_PAYMENTS):
        in_all = (sum(rows for _, rows, _ in taken), sum(cents for _, _, cents in taken))
        return in_all == (batch.rows, batch.total_cents) and are_same_rows(folder, files, new)
    codes = [v.code for v in villages_for(viewer, Permission.IMPORT_PAYMENTS, today, merged_too=True)]
    return are_same_rows(folder, files, new, codes)


RESULT_WORDS = {SUCCESS: "成功", RETURNED: "退票"}


def payment_rows(viewer: Viewer, campaign_id: int, today: date) -> Iterator[PaymentRow]:
    """Every payment as it was taken in, unmasked: the workbook masks by its level. Who: those who may import,
    in their places."""
    villages = {v.code: v for v in villages_for(viewer, Permission.IMPORT_PAYMENTS, today, merged_too=True)}
    with reading() as session:
        files = batch_files(session, campaign_id)
        items = {code: name for code, name in session.execute(sa.select(SubsidyItem.code, SubsidyItem.name))}
        labels = village_labels(session)
    for page in read_rows(Storage.payments(), files):
        for row in page:
            village = villages.get(row["village_code"])
            if village is not None:
                yield _payment_row(row, village, labels[village.code], items)


def _payment_row(row: dict[str, Any], village: VillageRow, label: str, items: dict[str, str]) -> PaymentRow:
    return PaymentRow(
        items.get(row["item_code"], row["item_code"]), row["period"], row["batch"], village.town_name, label,
        row["name"], row["id_number"], row["payee_name"] or "", row["payee_id"] or "", row["account_name"] or "",
        row["bank_name"] or "", row["account_no"], row["channel"] or "", row["pay_kind"], row["quantity"],
        row["due_cents"], row["amount_cents"], row["due_date"], row["paid_date"], RESULT_WORDS[row["status"]],
        row["return_date"], row["approve_date"],
    )  # fmt: skip
