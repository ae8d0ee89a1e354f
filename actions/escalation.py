"""Set the escalation steps of a campaign. A new version is a new row: what was in force on a past day stays."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Caller, transaction
from models.campaign_work import CampaignWork
from models.escalation import EscalationSetting, EscalationStep, checked_steps
from models.refusal import Refused, Stale
from models.role import Permission
from queries.escalation import steps_in


def set_steps(
    caller: Caller, campaign_id: int, steps: Sequence[EscalationStep], version: int | None = None
) -> int:  # fmt: skip
    """Write a new version of the steps; returns it. None at all is a version too. Who: office of all regions.

    `version` is the one on screen, 0 where none was set. Refused: steps `checked_steps` refuses, what holds already.
    """
    with transaction(caller) as tx:
        tx.require(Permission.SET_LIGHTS)
        if not tx.viewer.is_everywhere(Permission.SET_LIGHTS):
            raise Refused("升级措施对全部地区生效，您的权限只到部分地区，不能设定。")
        working_campaign(tx, campaign_id, CampaignWork.PLAN)
        here = tx.session.scalar(
            sa.select(sa.func.max(EscalationSetting.version)).where(EscalationSetting.campaign_id == campaign_id)
        ) or 0  # fmt: skip
        if version is not None and version != here:
            raise Stale("刚才有人先改了升级措施。您填写的内容仍在下方，核对后可以再点一次。")
        wanted = checked_steps(steps)
        if wanted == steps_in(tx.session, campaign_id):
            raise Refused("与现在的升级措施相同，没有需要保存的。")
        tx.session.add(
            EscalationSetting(
                campaign_id=campaign_id, version=here + 1, steps=[step.stored for step in wanted],
                recorded_by=tx.viewer.actor, recorded_at=tx.now,
            )
        )  # fmt: skip
        tx.record("campaign.set_steps", f"campaign:{campaign_id}", steps=len(wanted))
    return here + 1
