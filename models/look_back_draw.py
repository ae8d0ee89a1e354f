"""A surprise re-check of a share of closed problems, drawn as the villages are: frozen list, later seed, SHA-256.

The frame is the sorted list of numbers of all closed problems of one campaign, one a line; `models/draw.py` draws from
it as one stratum. Every frame is numbered and listed, drawn from or not; one seed a frame.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime


class LookBackFrame(Base):
    """The closed problems as they stood before the seed existed. Append-only."""

    __tablename__ = "look_back_frame"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "number"),
        sa.CheckConstraint("share_percent between 1 and 100", name="share_is_a_percentage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), comment="that looks back")
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), comment="whose closed problems these are")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the campaign")
    share_percent: Mapped[int]
    numbers: Mapped[str] = mapped_column(sa.Text, comment="of the problems, sorted, each followed by a line feed")
    numbers_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of numbers")
    count: Mapped[int] = mapped_column(comment="problems in the frame")
    seed_source: Mapped[str] = mapped_column(sa.String(300), comment="a named public number of a later day")
    reason: Mapped[str | None] = mapped_column(sa.String(300), comment="why a further frame was frozen")
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_by: Mapped[str] = mapped_column(sa.String(60))


class LookBackDraw(Base):
    """The one draw from a frame. Units are told what was drawn once it is released."""

    __tablename__ = "look_back_draw"
    __table_args__ = (sa.UniqueConstraint("frame_id"),)
    version: Mapped[int] = mapped_column(comment="optimistic lock: the second writer is refused")
    __mapper_args__ = {"version_id_col": version}

    id: Mapped[int] = mapped_column(primary_key=True)
    frame_id: Mapped[int] = mapped_column(sa.ForeignKey("look_back_frame.id"))
    seed: Mapped[str] = mapped_column(sa.String(300))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str] = mapped_column(sa.String(60))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="units may see the list from here")


class LookBackDrawn(Base):
    """A problem that was drawn, with its rank. Append-only."""

    __tablename__ = "look_back_drawn"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "look_back_id"),
        sa.Index("ix_look_back_drawn_look_back_id", "look_back_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("look_back_draw.id"))
    look_back_id: Mapped[int] = mapped_column(sa.ForeignKey("look_back.id"))
    rank: Mapped[int] = mapped_column(comment="place in the frame by ascending hash, 1 first")
    rank_hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 of seed|number")
    is_new: Mapped[bool] = mapped_column(comment="false: it had been taken over before, and was known")
