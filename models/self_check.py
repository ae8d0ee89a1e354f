"""Self-check returns 自查表: what a village or a department found when it looked at itself (source: 自查自纠, S5)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime, not_negative


class SelfCheckReturn(Base):
    """One return, whole: not a form a household. Append-only; a mended return is a further edition, the last counts.

    A zero report 零报告 is a signed duty of its own: nothing found and said so, with what proves it.
    """

    __tablename__ = "self_check_return"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "village_id", "edition"),
        sa.UniqueConstraint("campaign_id", "unit_id", "edition"),
        sa.CheckConstraint("(village_id is null) <> (unit_id is null)", name="village_or_department"),
        sa.CheckConstraint("village_id is null or town_id is not null", name="village_has_its_town"),
        sa.CheckConstraint("(problems = 0) = is_zero_report", name="zero_report_is_said"),
        sa.CheckConstraint("not is_zero_report or evidence is not null", name="zero_report_is_proved"),
        *not_negative(
            "households", "people", "problems", "cards_confirmed", "amount_cents", "payee_households", "payees"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batch.id"))
    reporting_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("reporting_unit.id"))
    town_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    village_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), comment="the department, where it is one")
    edition: Mapped[int] = mapped_column(comment="1, 2, 3 … of the same village or department")
    handed_in_on: Mapped[date]
    households: Mapped[int] = mapped_column(comment="户, visited at home; each once")
    people: Mapped[int] = mapped_column(comment="人 in the households visited")
    problems: Mapped[int] = mapped_column(comment="件, found by the village or department itself")
    is_zero_report: Mapped[bool]
    cards_confirmed: Mapped[int] = mapped_column(comment="人 whose card or passbook was confirmed")
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger, comment="分, subsidies gone through 自查覆盖资金")
    payee_households: Mapped[int] = mapped_column(comment="户次 the money went to: a household counts once an item")
    payees: Mapped[int] = mapped_column(comment="人 the money went to")
    evidence: Mapped[str | None] = mapped_column(sa.String(200), comment="what proves the return, in words")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
