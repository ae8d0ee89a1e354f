"""Households and the persons in them, as rosters were taken in. A changed row is a new version beside the old one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, not_negative


class RosterImport(Base):
    """One roster file taken in: what it was and what came of it."""

    __tablename__ = "roster_import"
    __table_args__ = (
        sa.Index("ix_roster_import_campaign_id", "campaign_id"),
        *not_negative("taken", "unchanged", "faulty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="of the file as it came")
    taken: Mapped[int] = mapped_column(comment="rows new or changed")
    unchanged: Mapped[int]
    faulty: Mapped[int] = mapped_column(comment="rows left out on the user's word")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="its rows count no more from then on")
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(60))
    withdrawn_reason: Mapped[str | None] = mapped_column(sa.String(200))


class Household(Base):
    """A household 户. Its code, `village code/household number`, never changes."""

    __tablename__ = "household"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "code"),
        sa.Index("ix_household_village_id", "village_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_import.id"))
    code: Mapped[str] = mapped_column(sa.String(50))
    number: Mapped[str] = mapped_column(sa.String(30), comment="户编号, text: 0107 keeps its zero")
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    town_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    group_name: Mapped[str | None] = mapped_column(sa.String(40), comment="组（湾）")


class HouseholdMember(Base):
    """A person in a household, in the version one import gave; `superseded_by_id` is empty on the version in force.

    The versions of an import that was withdrawn point to themselves: nothing takes their place, and they are not in
    force. What they had superseded is in force again.
    """

    __tablename__ = "household_member"
    __table_args__ = (
        sa.Index("ix_household_member_household_id", "household_id"),
        sa.Index("ix_household_member_campaign_id", "campaign_id", "superseded_by_id"),
        sa.Index("ix_household_member_identity_id", "identity_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("roster_import.id"))
    household_id: Mapped[int] = mapped_column(sa.ForeignKey("household.id"))
    identity_id: Mapped[int] = mapped_column(sa.ForeignKey("identity.id"))
    position: Mapped[int] = mapped_column(comment="row of the file: the order in which the family was written")
    relation: Mapped[str] = mapped_column(sa.String(30), comment="与户主关系, free text")
    is_head: Mapped[bool]
    sex: Mapped[str | None] = mapped_column(sa.String(4))
    bank_name: Mapped[str | None] = mapped_column(sa.String(80))
    account_kind: Mapped[str | None] = mapped_column(sa.String(20), comment="卡 or 折, as written")
    pseudonym: Mapped[str] = mapped_column(sa.String(8), comment="tells two 张* apart; see models.identity")
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("household_member.id"), info={"late": True})
