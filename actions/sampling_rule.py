"""Set how a campaign samples. A new version is a new row; frames keep the rule they were frozen by."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.transaction import Caller, Transaction, transaction
from models.campaign import HouseholdBase, SamplingRule, SubsidyItem
from models.campaign_work import CampaignWork
from models.draw import Rounding
from models.refusal import Refused, Stale
from models.region import Region, RegionLevel
from models.role import Permission


def set_rule(
    caller: Caller,
    campaign_id: int,
    *,
    share_percent: int = 30,
    rounding: Rounding = Rounding.UP,
    committees_included: bool = True,
    household_base: HouseholdBase = HouseholdBase.ALL,
    mandatory_villages: Sequence[str] = (),
    mandatory_items: Sequence[str] = (),
    mandatory_from_cents: int | None = None,
    seen: int | None = None,
) -> int:
    """Write a new version of the rule; it holds from the next freeze on. Returns its id. Who: office, terminal.

    Codes: `mandatory_villages` of villages, `mandatory_items` of subsidy items; `mandatory_from_cents` in 分.
    `seen`: the id of the rule on screen, 0 where there was none; the second of two people is told. Refused: a person of
    part of the regions, a share outside 1 to 100, an unknown code, an amount of zero or less.
    """
    with transaction(caller) as tx:
        tx.require(Permission.SET_RULE)
        if not tx.viewer.is_everywhere(Permission.SET_RULE):
            raise Refused("抽样规则对全部地区生效，您的权限只到部分地区，不能设定。")
        working_campaign(tx, campaign_id, CampaignWork.SAMPLE)
        _refuse_stale(tx, campaign_id, seen)
        villages, items = sorted(set(mandatory_villages)), sorted(set(mandatory_items))
        _check(tx, share_percent, villages, items, mandatory_from_cents)
        rule = SamplingRule(
            campaign_id=campaign_id, share_percent=share_percent, rounding=rounding.value,
            committees_included=committees_included, household_base=household_base, mandatory_villages=villages,
            mandatory_items=items, mandatory_from_cents=mandatory_from_cents, recorded_at=tx.now,
        )  # fmt: skip
        tx.session.add(rule)
        tx.session.flush()
        tx.record(Permission.SET_RULE.value, f"campaign:{campaign_id}", rule=rule.id, share_percent=share_percent)
    return rule.id


def _refuse_stale(tx: Transaction, campaign_id: int, seen: int | None) -> None:
    last = tx.session.scalars(
        sa.select(SamplingRule).where(SamplingRule.campaign_id == campaign_id).order_by(SamplingRule.id.desc()).limit(1)
    ).first()
    if seen is not None and last is not None and last.id != seen:
        raise Stale(
            f"刚才有人先设定了抽样规则，现在是不少于 {last.share_percent}%，{last.household_base.label}。"
            "您填写的内容仍在下方，核对后可以再点一次。"
        )


def _check(tx: Transaction, share: int, villages: Sequence[str], items: Sequence[str], least: int | None) -> None:
    if not 1 <= share <= 100:
        raise Refused(f"抽样比例应在 1% 到 100% 之间，现在是 {share}%。")
    if least is not None and least <= 0:
        raise Refused("大额户的起点金额应大于 0。")
    known = set(
        tx.session.scalars(sa.select(Region.code).where(Region.level == RegionLevel.VILLAGE, Region.code.in_(villages)))
    )
    unknown = [code for code in villages if code not in known]
    if unknown:
        raise Refused(f"没有这些村编号：{'、'.join(unknown[:3])}。请对照区划改正。")
    named = set(tx.session.scalars(sa.select(SubsidyItem.code).where(SubsidyItem.code.in_(items))))
    if set(items) - named:
        raise Refused(f"没有这些补贴项目：{'、'.join(sorted(set(items) - named)[:3])}。")
