"""Long work that goes on while nobody looks: a file being checked or taken in, and what came of it.

Working paper: what a job did to the record is an audit entry of its own. Its file, its progress and the workbook of
faulty rows lie beside it on disk (files/job_folder.py).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, JsonText, UtcDateTime, enum_column
from models.role import Permission


class JobKind(StrEnum):
    """What the file is."""

    ROSTER = "roster"
    PAYMENTS = "payments"
    REGIONS = "regions"
    LEDGER = "ledger"

    @property
    def label(self) -> str:
        """The words on screen."""
        return {"roster": "名册", "payments": "发放登记", "regions": "区划", "ledger": "台账"}[self.value]

    @property
    def permission(self) -> Permission:
        """Whoever may import it."""
        return {
            "roster": Permission.IMPORT_ROSTER,
            "payments": Permission.IMPORT_PAYMENTS,
            "regions": Permission.IMPORT_REGIONS,
            "ledger": Permission.RETURN_LEDGER,
        }[self.value]

    @property
    def unit(self) -> str:
        """What a row is: 笔 of payments, 件 of a ledger, 行 of all else."""
        return {"payments": "笔", "ledger": "件"}.get(self.value, "行")


class JobVerb(StrEnum):
    """What is done with the file."""

    CHECK = "CHECK"
    TAKE = "TAKE"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"CHECK": "检查", "TAKE": "导入"}[self.value]


class JobState(StrEnum):
    """How far it is. A job that ended never goes on; whoever wants it again starts another."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self not in UNFINISHED


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One piece of long work, done as the person who asked for it, permission looked up anew when it runs."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_state", "state", "id"), sa.Index("ix_job_user_id", "user_id", "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(enum_column(JobKind))
    verb: Mapped[JobVerb] = mapped_column(enum_column(JobVerb))
    campaign_id: Mapped[int | None] = mapped_column(sa.ForeignKey("campaign.id"), comment="none: regions")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), comment="who asked, and as whom it is done")
    state: Mapped[JobState] = mapped_column(enum_column(JobState))
    folder: Mapped[str] = mapped_column(sa.String(32), comment="under DATA_DIR/jobs: file, progress, faulty rows")
    file_name: Mapped[str] = mapped_column(sa.String(200))
    options: Mapped[dict[str, Any]] = mapped_column(JsonText, comment="what was ticked and typed")
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonText, comment="counts and the first faults, masked")
    sentence: Mapped[str | None] = mapped_column(sa.Text, comment="why it failed, for the person")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="the person has seen it")
