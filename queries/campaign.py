"""Campaigns: which there are, and the one work goes on in."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import Campaign, CampaignEvent, CampaignState, HouseholdBase, SamplingRule, SubsidyItem
from models.local_time import day_text
from models.refusal import Refused
from queries.reading import reading
from queries.schedule import names_of


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign as screens show it."""

    id: int
    code: str
    name: str
    place: str
    state: CampaignState
    year_from: int
    year_to: int
    rectify_by: date
    is_demonstration: bool
    version: int = 0


@dataclass(frozen=True, slots=True)
class SamplingRuleRow:
    """The sampling rule in force. `mandatory_from_cents` is 分, None without such a rule."""

    share_percent: int
    rounding: str
    committees_included: bool
    household_base: HouseholdBase
    mandatory_villages: tuple[str, ...]
    mandatory_items: tuple[str, ...]
    mandatory_from_cents: int | None
    recorded_at: datetime
    id: int = 0


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """One change of a campaign, in words. `recorded_at` is UTC."""

    recorded_at: datetime
    by: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class SubsidyItemRow:
    """A subsidy under control, for lists to choose from."""

    code: str
    name: str


def campaigns() -> tuple[CampaignRow, ...]:
    """All campaigns, those in progress first, then the youngest."""
    with reading() as session:
        rows = session.scalars(sa.select(Campaign).order_by(Campaign.id.desc()))
        return tuple(sorted((_row(c) for c in rows), key=lambda c: c.state is not CampaignState.OPEN))


def current_campaign(chosen_id: int | None = None) -> CampaignRow | None:
    """The one chosen, else the first of `campaigns()`; None before any exists."""
    found = campaigns()
    return next((c for c in found if c.id == chosen_id), found[0] if found else None)


def campaign_history(campaign_id: int) -> tuple[CampaignChange, ...]:
    """What was changed of a campaign, the latest first."""
    with reading() as session:
        events = session.scalars(
            sa.select(CampaignEvent)
            .where(CampaignEvent.campaign_id == campaign_id)
            .order_by(CampaignEvent.position.desc())
        ).all()
        names = names_of(session, (e.recorded_by for e in events))
    return tuple(CampaignChange(e.recorded_at, names[e.recorded_by], _what(e), e.reason or "") for e in events)


def _what(event: CampaignEvent) -> str:
    if event.verb == "state":
        return f"转为“{event.state.label}”"
    facts = (
        f"{event.name}，{event.place}，{event.year_from}–{event.year_to} 年度，{day_text(event.rectify_by)}前整改到位"
    )
    return f"{'新建' if event.verb == 'create' else '改为'}：{facts}"


def campaign_named(session: Session, code: str) -> Campaign | None:
    """The campaign of that code, as typed on the command line."""
    return session.scalar(sa.select(Campaign).where(Campaign.code == code.strip().upper()))


def sampling_rule(campaign_id: int) -> SamplingRuleRow | None:
    """The rule last set, also when the clock was moved back meanwhile; None before any was."""
    with reading() as session:
        rule = session.scalar(
            sa.select(SamplingRule)
            .where(SamplingRule.campaign_id == campaign_id)
            .order_by(SamplingRule.id.desc())
            .limit(1)
        )
        return None if rule is None else _rule_row(rule)


def subsidy_items() -> tuple[SubsidyItemRow, ...]:
    """All subsidies, by code."""
    with reading() as session:
        rows = session.scalars(sa.select(SubsidyItem).order_by(SubsidyItem.code))
        return tuple(SubsidyItemRow(r.code, r.name) for r in rows)


def _row(c: Campaign) -> CampaignRow:
    return CampaignRow(
        c.id, c.code, c.name, c.place, c.state, c.year_from, c.year_to, c.rectify_by, c.is_demonstration, c.version
    )


def _rule_row(rule: SamplingRule) -> SamplingRuleRow:
    return SamplingRuleRow(
        rule.share_percent, rule.rounding, rule.committees_included, rule.household_base,
        tuple(rule.mandatory_villages), tuple(rule.mandatory_items), rule.mandatory_from_cents, rule.recorded_at,
        rule.id,
    )  # fmt: skip


def campaign_id_of(code: str) -> int:
    """The id of a campaign by its code. Raises Refused for an unknown one."""
    with reading() as session:
        found = campaign_named(session, code)
    if found is None:
        raise Refused(f"没有代码为 {code} 的专项治理。")
    return found.id
