"""Campaigns 专项治理: begin one, correct it, move it on; and whether work in it may go on."""

import re
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, CampaignEvent, CampaignState
from models.campaign_work import NEXT, CampaignWork, is_back, work_refusal
from models.issue_record import Issue
from models.local_time import day_text
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from queries.carry_over import is_undecided
from queries.schedule import first_day

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}")
LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What of a campaign may be corrected; its code is in every problem's number and may not."""

    name: str
    place: str
    year_from: int
    year_to: int
    rectify_by: date


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
        _everywhere(tx, "新建")
        code = code.strip().upper()
        if not _CODE.fullmatch(code):
            raise Refused("编号用大写字母开头，只含字母和数字，2 到 20 位，例如 SZ2022。")
        facts = _checked(CampaignFacts(name, place, year_from, year_to, rectify_by))
        if tx.session.scalar(sa.select(Campaign.id).where(Campaign.code == code)) is not None:
            raise Refused(f"编号“{code}”已用过，请换一个。")
        campaign = Campaign(code=code, state=state, created_at=tx.now)
        _take(campaign, facts)
        tx.session.add(campaign)
        tx.session.flush()
        _log(tx, campaign, "create")
        tx.record("campaign.create", f"campaign:{campaign.id}", code=code)
    return campaign.id


def edit_campaign(caller: Caller, campaign_id: int, facts: CampaignFacts, version: int | None = None) -> None:
    """Correct name, place, years or the last day for rectification. Who: as create_campaign.

    `version` is the one on screen: the second of two editors is told what the first one wrote. Refused when archived.
    """
    with transaction(caller) as tx:
        _everywhere(tx, "修改")
        campaign = _found(tx, campaign_id, version)
        require_work(campaign, CampaignWork.PLAN)
        facts = _checked(facts)
        begins = first_day(tx.session, campaign_id)
        if begins is not None and facts.rectify_by < begins:
            raise Refused(f"整改到位期限早于第一阶段开始的{day_text(begins)}。请改正期限，或先改时间表。")
        if facts == _facts(campaign):
            raise Refused("内容与已记录的相同，没有需要保存的。")
        _take(campaign, facts)
        _log(tx, campaign, "edit")
        tx.record("campaign.edit", f"campaign:{campaign_id}")


def set_state(
    caller: Caller, campaign_id: int, state: CampaignState, version: int | None, reason: str = ""
) -> None:  # fmt: skip
    """Move a campaign one step: 筹备 → 进行 → 收尾 → 归档; back from 收尾 and 归档 with a reason.

    Who: as create_campaign. Refused: any other step, and 归档 while nobody decided what becomes of an open problem.
    """
    with transaction(caller) as tx:
        _everywhere(tx, "改变状态")
        campaign = _found(tx, campaign_id, version)
        if state not in NEXT[campaign.state]:
            raise Refused(f"“{campaign.state.label}”之后不能直接转为“{state.label}”。")
        why = reason.strip()
        if is_back(campaign.state, state) and not LEAST_REASON <= len(why) <= 300:
            raise Refused(f"退回“{state.label}”须写明理由，{LEAST_REASON} 到 300 个字。")
        if state is CampaignState.ARCHIVED:
            _nothing_open(tx, campaign)
        campaign.state = state
        _log(tx, campaign, "state", why or None)
        tx.record("campaign.set_state", f"campaign:{campaign_id}", state=state.label, reason=why)


def working_campaign(tx: Transaction, campaign_id: int, work: CampaignWork) -> Campaign:
    """The campaign, if its state lets this work be done. For actions that hold a transaction. Raises Refused."""
    campaign = tx.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    require_work(campaign, work)
    return campaign


def require_work(campaign: Campaign, work: CampaignWork) -> None:
    """Refuse what the campaign's state does not let be done."""
    sentence = work_refusal(campaign.name, campaign.state, work)
    if sentence is not None:
        raise Refused(sentence)


def _everywhere(tx: Transaction, what: str) -> None:
    tx.require(Permission.CREATE_CAMPAIGN)
    if not tx.viewer.is_everywhere(Permission.CREATE_CAMPAIGN):
        raise Refused(f"专项治理覆盖全部地区，您的权限只到部分地区，不能{what}。")


def _found(tx: Transaction, campaign_id: int, version: int | None) -> Campaign:
    campaign = tx.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    if version is not None and campaign.version != version:
        raise Stale(
            f"刚才有人先改了这项专项治理，现在是：{campaign.name}，{campaign.place}，"
            f"{campaign.year_from}–{campaign.year_to} 年度，{day_text(campaign.rectify_by)}前整改到位，"
            f"“{campaign.state.label}”。您填写的内容仍在下方，核对后可以再点一次。"
        )
    return campaign


def _nothing_open(tx: Transaction, campaign: Campaign) -> None:
    """Every problem was closed or dismissed, carried over, or put on the list of what is left."""
    undecided = sa.select(sa.func.count()).select_from(Issue).where(Issue.campaign_id == campaign.id, is_undecided())
    left = tx.session.scalar(undecided) or 0
    if left:
        raise Refused(f"还有 {left} 件问题没有销号，也没有决定去向，不能归档。请逐件办结，或在台账里用“结转”决定去向。")


def _facts(campaign: Campaign) -> CampaignFacts:
    return CampaignFacts(campaign.name, campaign.place, campaign.year_from, campaign.year_to, campaign.rectify_by)


def _take(campaign: Campaign, facts: CampaignFacts) -> None:
    campaign.name, campaign.place = facts.name, facts.place
    campaign.year_from, campaign.year_to, campaign.rectify_by = facts.year_from, facts.year_to, facts.rectify_by


def _log(tx: Transaction, campaign: Campaign, verb: str, reason: str | None = None) -> None:
    last = tx.session.scalar(
        sa.select(sa.func.max(CampaignEvent.position)).where(CampaignEvent.campaign_id == campaign.id)
    )
    tx.session.add(
        CampaignEvent(
            campaign_id=campaign.id, position=(last or 0) + 1, verb=verb, state=campaign.state, name=campaign.name,
            place=campaign.place, year_from=campaign.year_from, year_to=campaign.year_to,
            rectify_by=campaign.rectify_by, reason=reason, recorded_by=tx.viewer.actor, recorded_at=tx.now,
        )
    )  # fmt: skip


def _checked(facts: CampaignFacts) -> CampaignFacts:
    name, place = facts.name.strip(), facts.place.strip()
    if not 1 <= len(name) <= 100:
        raise Refused("请填写名称，不超过 100 个字。")
    if not 1 <= len(place) <= 40:
        raise Refused("请填写开展的市或县，不超过 40 个字。")
    if not 2000 <= facts.year_from <= facts.year_to <= 2100:
        raise Refused("检查年度有误：起始年度不能晚于截止年度，请填四位年份。")
    if facts.rectify_by.year < facts.year_to:
        raise Refused(f"整改到位期限{day_text(facts.rectify_by)}早于检查年度 {facts.year_to} 年，请改正期限或年度。")
    return CampaignFacts(name, place, facts.year_from, facts.year_to, facts.rectify_by)
