"""A view over the ledger that somebody named: the conditions of the address, kept with the person.

How somebody likes to look at the ledger is no part of the record: it lies outside the chain.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime

MOST_VIEWS, LONGEST_NAME = 12, 12
"""Of one person and campaign; characters of a name, so that the buttons stay buttons."""


class SavedView(Base):
    """One view. `shared`: the colleagues of the owner's unit find it too and cannot change it."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose it is")
    name: Mapped[str] = mapped_column(sa.String(40))
    conditions: Mapped[dict[str, Any]] = mapped_column(JsonText, comment="as in the address: key → text or texts")
    shared: Mapped[bool] = mapped_column(default=False, comment="the owner's unit finds it too")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
