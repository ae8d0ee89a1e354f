"""The thresholds of the lights: those in force, or those in force at the end of a past day."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.deadline import LightThresholds
from models.light_setting import LightSetting
from models.local_time import end_of_day
from queries.reading import reading
from queries.schedule import names_of


@dataclass(frozen=True, slots=True)
class LightSettingRow:
    """A version of the thresholds, by whom and when. `version` 0: nobody has set any, the usual ones hold."""

    version: int
    thresholds: LightThresholds
    by: str
    recorded_at: datetime | None


def thresholds_in(session: Session, campaign_id: int, as_of: date | None = None) -> LightThresholds:
    """The thresholds as an open session sees them; `as_of`: as the record held them at the end of that day."""
    asked = sa.select(LightSetting).where(LightSetting.campaign_id == campaign_id)
    if as_of is not None:
        asked = asked.where(LightSetting.recorded_at < end_of_day(as_of))
    last = session.scalars(asked.order_by(LightSetting.version.desc()).limit(1)).first()
    return LightThresholds() if last is None else last.thresholds


def light_setting(campaign_id: int) -> LightSettingRow:
    """The version in force, for whoever wants to change it."""
    with reading() as session:
        last = session.scalars(
            sa.select(LightSetting)
            .where(LightSetting.campaign_id == campaign_id)
            .order_by(LightSetting.version.desc())
            .limit(1)
        ).first()
        if last is None:
            return LightSettingRow(0, LightThresholds(), "", None)
        names = names_of(session, [last.recorded_by])
        return LightSettingRow(last.version, last.thresholds, names[last.recorded_by], last.recorded_at)
