"""When 临期 begins in a campaign: a dated setting, added to and never overwritten."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, UtcDateTime
from models.deadline import LightThresholds


class LightSetting(Base):
    """One version of the thresholds; the last one counts. Without any, the usual ones of `LightThresholds` hold."""

    __tablename__ = "light_setting"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "version"),
        sa.CheckConstraint("soon_workdays between 0 and 30", name="soon_workdays_in_reach"),
        sa.CheckConstraint("soon_days_long between 0 and 90", name="soon_days_long_in_reach"),
        sa.CheckConstraint("long_limit_days between 1 and 999", name="long_limit_days_in_reach"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    version: Mapped[int] = mapped_column(comment="1, 2, 3 …")
    soon_workdays: Mapped[int] = mapped_column(comment="the last so many working days warn, whatever the limit")
    soon_days_long: Mapped[int] = mapped_column(comment="a long limit's last so many calendar days warn too")
    long_limit_days: Mapped[int] = mapped_column(comment="a limit of more days than this is long")
    recorded_by: Mapped[str] = mapped_column(sa.String(60), comment="user:ID or terminal:NAME")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def thresholds(self) -> LightThresholds:
        """As the rule of the lights takes them."""
        return LightThresholds(self.soon_workdays, self.soon_days_long, self.long_limit_days)
