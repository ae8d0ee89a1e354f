"""Manifests of payment batches. The rows themselves are immutable Parquet files (performance: ten million
rows, 74 MB)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, not_negative


class PaymentImport(Base):
    """One payment register taken in."""

    __tablename__ = "payment_import"
    __table_args__ = (
        sa.Index("ix_payment_import_campaign_id", "campaign_id"),
        *not_negative("row_count", "faulty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="of the file as it came")
    batch_file: Mapped[str] = mapped_column(sa.String(120), comment="Parquet file under DATA_DIR/payments")
    batch_sha256: Mapped[str] = mapped_column(sa.String(64))
    row_count: Mapped[int]
    faulty: Mapped[int] = mapped_column(comment="rows left out on the user's word")
    total_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分, of the rows taken in")
    control_total_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分, as stated by whoever handed it in")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="its rows count no more from then on")
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(60))
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.String(200))
