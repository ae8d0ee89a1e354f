"""Campaigns 专项治理: begin one, move it on."""

import re
from datetime import date

import sqlalchemy as sa

from actions.transaction import Caller, transaction
from models.campaign import Campaign, CampaignState
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}")
_NEXT = {
    CampaignState.PREPARING: (CampaignState.OPEN,),
    CampaignState.OPEN: (CampaignState.CONCLUDED,),
    CampaignState.CONCLUDED: (CampaignState.OPEN, CampaignState.ARCHIVED),
    CampaignState.ARCHIVED: (),
}


def create_campaign(
    caller: Caller,
    code: str,
    name: str,
    place: str,
    year_from: int,
    year_to: int,
    rectify_by: date,
    state: CampaignState = CampaignState.PREPARING,
) -> int:
    """Write a campaign down; its id. Who: office of all regions, admin, terminal. Its sampling rule is set apart.

    `code` stands first in every problem's number (SZ2022-SX-0001) and is never changed. Years are those whose payments
    are in scope.
    """
    with transaction(caller) as tx:
        tx.require(Permission.CREATE_CAMPAIGN)
        if not tx.viewer.is_everywhere(Permission.CREATE_CAMPAIGN):
            raise Refused("专项治理覆盖全部地区，您的权限只到部分地区，不能新建。")
        code, name, place = code.strip().upper(), name.strip(), place.strip()
        _check(code, name, place, year_from, year_to)
        if tx.session.scalar(sa.select(Campaign.id).where(Campaign.code == code)) is not None:
            raise Refused(f"编号“{code}”已用过，请换一个。")
        campaign = Campaign(
            code=code, name=name, place=place, state=state, year_from=year_from, year_to=year_to, rectify_by=rectify_by,
            created_at=tx.now,
        )  # fmt: skip
        tx.session.add(campaign)
        tx.session.flush()
        tx.record("campaign.create", f"campaign:{campaign.id}", code=code)
    return campaign.id


def set_state(caller: Caller, campaign_id: int, state: CampaignState, version: int | None) -> None:
    """Move a campaign on: 筹备 → 进行 → 收尾 → 归档; from 收尾 back to 进行. Who: as create_campaign."""
    with transaction(caller) as tx:
        tx.require(Permission.CREATE_CAMPAIGN)
        campaign = tx.session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFoundOrNotYours("专项治理")
        if version is not None and campaign.version != version:
            raise Stale("刚才有人先改了这项专项治理，请看过最新内容后再办。")
        if state not in _NEXT[campaign.state]:
            raise Refused(f"“{campaign.state.label}”之后不能直接转为“{state.label}”。")
        campaign.state = state
        tx.record("campaign.set_state", f"campaign:{campaign_id}", state=state.value)


def next_states(state: CampaignState) -> tuple[CampaignState, ...]:
    """Where a campaign in this state can go."""
    return _NEXT[state]


def _check(code: str, name: str, place: str, year_from: int, year_to: int) -> None:
    if not _CODE.fullmatch(code):
        raise Refused("编号用大写字母开头，只含字母和数字，2 到 20 位，例如 SZ2022。")
    if not 1 <= len(name) <= 100:
        raise Refused("请填写名称，不超过 100 个字。")
    if not 1 <= len(place) <= 40:
        raise Refused("请填写开展的市或县，不超过 40 个字。")
    if not 2000 <= year_from <= year_to <= 2100:
        raise Refused("检查年度有误：起始年度不能晚于截止年度，请填四位年份。")
