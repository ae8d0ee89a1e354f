"""Set when 临期 begins in a campaign. A new version is a new row: a past day keeps the lights of that day."""

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Caller, transaction
from models.campaign_work import CampaignWork
from models.deadline import LightThresholds
from models.light_setting import LightSetting
from models.refusal import Refused, Stale
from models.role import Permission


def set_thresholds(
    caller: Caller, campaign_id: int, thresholds: LightThresholds, version: int | None = None
) -> int:  # fmt: skip
    """Write a new version of the thresholds; returns it. Who: office of all regions.

    `version` is the one on screen, 0 where none was set. Refused: numbers out of reach, what holds already.
    """
    with transaction(caller) as tx:
        tx.require(Permission.SET_LIGHTS)
        if not tx.viewer.is_everywhere(Permission.SET_LIGHTS):
            raise Refused("临期提醒对全部地区生效，您的权限只到部分地区，不能设定。")
        working_campaign(tx, campaign_id, CampaignWork.PLAN)
        last = tx.session.scalars(
            sa.select(LightSetting)
            .where(LightSetting.campaign_id == campaign_id)
            .order_by(LightSetting.version.desc())
            .limit(1)
        ).first()
        here = 0 if last is None else last.version
        in_force = LightThresholds() if last is None else last.thresholds
        if version is not None and version != here:
            raise Stale(f"刚才有人先改了临期提醒，现在是：{in_force.words}。您填写的内容仍在下方，核对后可以再点一次。")
        _check(thresholds)
        if thresholds == in_force:
            raise Refused("与现在的临期提醒相同，没有需要保存的。")
        tx.session.add(
            LightSetting(
                campaign_id=campaign_id, version=here + 1, soon_workdays=thresholds.soon_workdays,
                soon_days_long=thresholds.soon_days_long, long_limit_days=thresholds.long_limit_days,
                recorded_by=tx.viewer.actor, recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record(Permission.SET_LIGHTS.value, f"campaign:{campaign_id}", rule=thresholds.words)
    return here + 1


def _check(thresholds: LightThresholds) -> None:
    if not 0 <= thresholds.soon_workdays <= 30:
        raise Refused(f"末几个工作日提醒，应在 0 到 30 之间，现在是 {thresholds.soon_workdays}。")
    if not 0 <= thresholds.soon_days_long <= 90:
        raise Refused(f"长时限末几天提醒，应在 0 到 90 之间，现在是 {thresholds.soon_days_long}。")
    if not 1 <= thresholds.long_limit_days <= 999:
        raise Refused(f"多少天以上算长时限，应在 1 到 999 之间，现在是 {thresholds.long_limit_days}。")
