"""Payment batches: which files hold a campaign's payments, and what was imported."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from files.payment_columns import RETURNED, SUCCESS
from files.payment_store import read_rows
from files.payment_workbook import PaymentRow
from files.storage import Storage
from models.campaign import SubsidyItem
from models.payment import PaymentImport
from models.role import Permission
from queries.reading import reading
from queries.region import VillageRow, villages_for
from queries.roster import ImportRow
from queries.viewer import Viewer


def batch_files(session: Session, campaign_id: int) -> tuple[str, ...]:
    """Names of the Parquet batches of a campaign under `Storage.payments()`, in the order they were taken in."""
    return tuple(
        session.scalars(
            sa.select(PaymentImport.batch_file)
            .where(PaymentImport.campaign_id == campaign_id)
            .order_by(PaymentImport.id)
        )
    )


def payment_imports(viewer: Viewer, campaign_id: int) -> tuple[ImportRow, ...]:
    """What was taken in, newest first. Who: those who may import."""
    if not viewer.may(Permission.IMPORT_PAYMENTS):
        return ()
    with reading() as session:
        rows = session.scalars(
            sa.select(PaymentImport)
            .where(PaymentImport.campaign_id == campaign_id)
            .order_by(PaymentImport.id.desc())
            .limit(200)
        )
        return tuple(ImportRow(r.id, r.file_name, r.row_count, 0, r.faulty, r.recorded_at, r.total_cents) for r in rows)


RESULT_WORDS = {SUCCESS: "成功", RETURNED: "退票"}


def payment_rows(viewer: Viewer, campaign_id: int, today: date) -> Iterator[PaymentRow]:
    """Every payment as it was taken in, unmasked: the workbook masks by its level. Who: those who may import,
    in their places."""
    villages = {v.code: v for v in villages_for(viewer, Permission.IMPORT_PAYMENTS, today)}
    with reading() as session:
        files = batch_files(session, campaign_id)
        items = {code: name for code, name in session.execute(sa.select(SubsidyItem.code, SubsidyItem.name))}
    for page in read_rows(Storage.payments(), files):
        for row in page:
            village = villages.get(row["village_code"])
            if village is not None:
                yield _payment_row(row, village, items)


def _payment_row(row: dict[str, Any], village: VillageRow, items: dict[str, str]) -> PaymentRow:
    return PaymentRow(
        items.get(row["item_code"], row["item_code"]), row["period"], row["batch"], village.town_name, village.name,
        row["name"], row["id_number"], row["payee_name"] or "", row["payee_id"] or "", row["account_name"] or "",
        row["bank_name"] or "", row["account_no"], row["channel"] or "", row["pay_kind"], row["quantity"],
        row["due_cents"], row["amount_cents"], row["due_date"], row["paid_date"], RESULT_WORDS[row["status"]],
        row["return_date"], row["approve_date"],
    )  # fmt: skip
