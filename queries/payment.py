"""Payment batches: which files hold a campaign's payments, and what was imported."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.payment import PaymentImport
from models.role import Permission
from queries.reading import reading
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
