"""The places of a problem: one problem in seven villages is one problem with seven places, each crossed off."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime

MOST_PLACES = 500
"""More than any town has villages; a whole county is several problems."""


class IssuePlace(Base):
    """One place of a problem: a village (or town), a unit, or both. A place left out later keeps its row with the
    moment it ended; what was done to it stands in the problem's history."""

    __tablename__ = "issue_place"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "position"),
        sa.Index("ix_issue_place_region_id", "region_id", "issue_id"),
        sa.Index("ix_issue_place_unit_id", "unit_id", "issue_id"),
        sa.CheckConstraint("region_id is not null or unit_id is not null", name="is_somewhere"),
        sa.CheckConstraint("(done_on is null) = (done_by_id is null)", name="done_by_somebody"),
    )
    version: Mapped[int] = mapped_column(comment="optimistic lock, beside the problem's own")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 … within the problem; never given twice")
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"), comment="village, or town as a whole")
    unit_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("unit.id"), comment="who puts it right here; empty: the problem's responsible unit"
    )
    unit_name: Mapped[str | None] = mapped_column(sa.String(80), comment="as it was called on that day")
    due_on: Mapped[date | None] = mapped_column(comment="empty: the problem's deadline; never after it")
    done_on: Mapped[date | None] = mapped_column(comment="crossed off; empty again when looking back finds it undone")
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    done_note: Mapped[str | None] = mapped_column(sa.Text, comment="what was done, as reported when it was crossed off")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="left out from then on")
