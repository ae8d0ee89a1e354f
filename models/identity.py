"""The one table of identity data. It stands outside history: rows elsewhere point here, digests see salted hashes only.

Erasure empties the fields and the salt; the hashes stay, so that the record still proves itself and tells nothing.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime

IDENTITY_FIELDS = ("name", "id_number", "account_no", "phone", "address")
_HIDDEN = {"digest": False}


class Identity(Base):
    """Name, numbers and address of one person as one roster row gave them."""

    __tablename__ = "identity"
    __table_args__ = (
        sa.Index("ix_identity_campaign_id_id_number", "campaign_id", "id_number"),
        sa.Index("ix_identity_account_no", "account_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_import.id"))
    name: Mapped[str | None] = mapped_column(sa.String(60), info=_HIDDEN)
    id_number: Mapped[str | None] = mapped_column(sa.String(30), info=_HIDDEN)
    account_no: Mapped[str | None] = mapped_column(sa.String(40), info=_HIDDEN)
    phone: Mapped[str | None] = mapped_column(sa.String(30), info=_HIDDEN)
    address: Mapped[str | None] = mapped_column(sa.String(200), info=_HIDDEN)
    salt: Mapped[str | None] = mapped_column(sa.String(32), info=_HIDDEN, comment="erased with the fields")
    fields_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of salt and fields; enters the digest")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"late": True})


def new_salt() -> str:
    """A fresh salt; without it the hash of an 18-digit number could be guessed in minutes."""
    return secrets.token_hex(16)


def fields_hash(salt: str, values: tuple[str | None, ...]) -> str:
    """Hash of the identity fields in the order of `IDENTITY_FIELDS`."""
    return hashlib.sha256("\x1f".join((salt, *(v or "" for v in values))).encode()).hexdigest()


def pseudonym(campaign_code: str, secret: bytes, id_number: str) -> str:
    """Four letters that tell two 张* of one campaign apart and lead nowhere else."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    digest = hmac.new(secret, f"{campaign_code}|{id_number}".encode(), hashlib.sha256).digest()
    return "".join(alphabet[b % 32] for b in digest[:4])
