"""What is being typed, kept on the server field by field until it becomes a record. Working paper: outside the
chain."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime


class Draft(Base):
    """One typed field. `subject` names the form (`check:12`, `issue:7:request:3` with the user's id at the end)."""

    __tablename__ = "draft"

    subject: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    field: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonText)
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
