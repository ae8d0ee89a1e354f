"""Drafts their author threw away: they stay in the record and are shown to nobody any more."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime


class DiscardedDraft(Base):
    """One draft thrown away. It has no number, so no figure ever counted it. Append-only."""

    __tablename__ = "discarded_draft"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
