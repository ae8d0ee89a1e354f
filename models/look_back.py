"""回头看: problems of an earlier campaign that a later one takes over, to see whether what was put right has held."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, enum_column
from models.issue_rule import Case, Doer
from models.issue_word import IssueStatus, VerifiedHow
from models.role import Permission, may

LEAST_FINDING = 5
"""Characters of what was found: one word is no finding."""


class LookBackVerdict(StrEnum):
    """What looking again found."""

    HELD = "HELD"
    REBOUNDED = "REBOUNDED"
    NEVER_DONE = "NEVER_DONE"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"HELD": "已巩固", "REBOUNDED": "反弹", "NEVER_DONE": "虚假整改"}[self.value]

    @property
    def symbol(self) -> str:
        """A plain symbol that survives a photocopy."""
        return {"HELD": "■", "REBOUNDED": "▲", "NEVER_DONE": "×"}[self.value]

    @property
    def badge(self) -> str:
        """Streamlit badge colour."""
        return {"HELD": "green", "REBOUNDED": "orange", "NEVER_DONE": "red"}[self.value]

    @property
    def meaning(self) -> str:
        """One line for whoever chooses."""
        return {
            "HELD": "整改到位，没有反弹", "REBOUNDED": "整改过，又犯了", "NEVER_DONE": "销号时就没有真正整改",
        }[self.value]  # fmt: skip

    @property
    def leads_to_reopening(self) -> bool:
        """Whether the problem should be opened again."""
        return self is not LookBackVerdict.HELD


class LookBack(Base):
    """A closed problem that a campaign took over. Append-only; a problem once a campaign."""

    __tablename__ = "look_back"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "issue_id"),
        sa.Index("ix_look_back_issue_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), comment="that looks back")
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issue.id"))
    round: Mapped[int] = mapped_column(comment="of the problem when it was taken over")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LookBackCheck(Base):
    """What somebody found on looking again. Append-only; the last one counts."""

    __tablename__ = "look_back_check"
    __table_args__ = (sa.UniqueConstraint("look_back_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    look_back_id: Mapped[int] = mapped_column(sa.ForeignKey("look_back.id"))
    position: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    verdict: Mapped[LookBackVerdict] = mapped_column(enum_column(LookBackVerdict, "look_back_verdict"))
    how: Mapped[VerifiedHow] = mapped_column(enum_column(VerifiedHow, "look_back_how"))
    looked_on: Mapped[date]
    finding: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stood_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), comment="代")
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


def check_refusal(case: Case, doer: Doer) -> str | None:
    """Why this person may not judge whether it held, as a sentence; None if they may.

    Two pairs of eyes here too: neither the unit that put it right, nor who wrote or accepted that, judges it again.
    """
    if not may(doer.role, Permission.CHECK_BACK):
        return f"{doer.role.label}不能登记回头看结论。"
    if case.status is not IssueStatus.CLOSED:
        return f"本件现在是“{case.status.label}”，不是已销号，不必再看。"
    if case.units & (doer.belongs_to | {doer.unit_id}):
        return "责任单位的人不能核查本单位的问题。"
    if doer.people & case.writers:
        return "不能核查：本轮整改材料是您写的，须由另一人核查。"
    if doer.people & case.acceptors:
        return "不能核查：本轮是您验收的，须由另一人核查。"
    return None
