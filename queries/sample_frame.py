"""What a freeze would put into a frame, gathered from regions, roster and payment registers; and frames as stored."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.payment_store import person_item_totals, recipients
from files.storage import Storage
from models.campaign import Campaign, HouseholdBase, SamplingRule
from models.draw import Rounding
from models.id_number import upgraded
from models.identity import Identity
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region, RegionLevel
from models.roster import Household, HouseholdMember
from models.sample import SampleFrame
from models.sample_frame import Frame, lines_of
from models.sampling_rule import Rule
from queries.payment import batch_files
from queries.region import VillageRow, reporting_unit_by_village, villages_in

DEFAULT_RULE = {
    "share_percent": 30, "rounding": Rounding.UP, "committees_included": True, "household_base": HouseholdBase.ALL,
    "mandatory_villages": [], "mandatory_items": [], "mandatory_from_cents": None,
}  # fmt: skip
"""Until a campaign sets its own: the source's 30 % of all villages and of all households."""
PEOPLE_AT_ONCE = 20_000
FRAMES_KEPT = 4
_COUNTS: dict[str, Counter[str]] = {}
"""Households by village, by the hash of the frame's list: a million codes are not counted anew at every look."""


@dataclass(frozen=True, slots=True)
class FrameOutlook:
    """What the base holds now. `problem`: why it cannot be frozen yet, a sentence for the user."""

    towns: int
    villages: int
    households: int
    problem: str | None


def rule_in_force(session: Session, campaign_id: int) -> Rule:
    """The last version of the campaign's rule. Raises NotFoundOrNotYours for an unknown campaign."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundOrNotYours("专项治理")
    row = session.scalars(
        sa.select(SamplingRule).where(SamplingRule.campaign_id == campaign_id).order_by(SamplingRule.id.desc()).limit(1)
    ).first()
    said = DEFAULT_RULE if row is None else {name: getattr(row, name) for name in DEFAULT_RULE}
    return Rule.read({**said, "year_from": campaign.year_from, "year_to": campaign.year_to})


def stored_frame(session: Session, frame_id: int) -> Frame:
    """A frozen frame with all its lists. Raises KeyError or ValueError where somebody tampered with its rule."""
    row = session.get_one(SampleFrame, frame_id)
    return Frame(
        Rule.read(row.rule), row.village_codes, row.village_strata, row.household_codes, row.mandatory_villages,
        row.mandatory_households,
    )  # fmt: skip


def village_stage(session: Session, frame_id: int) -> Frame:
    """A frozen frame without its households: enough for the first stage, and light."""
    f = SampleFrame
    asked = sa.select(f.rule, f.village_codes, f.village_strata, f.mandatory_villages).where(f.id == frame_id)
    rule, villages, strata, mandatory = session.execute(asked).one()
    return Frame(Rule.read(rule), villages, strata, "", mandatory, "")


def towns_of_villages(session: Session, frame_id: int) -> dict[str, str]:
    """The town of each village of a frame, both by code."""
    text = session.scalars(sa.select(SampleFrame.village_strata).where(SampleFrame.id == frame_id)).one()
    pairs = (line.split(",") for line in lines_of(text))
    return {village: town for village, town in pairs}


def household_counts(session: Session, frame_id: int) -> Counter[str]:
    """How many households of a frame each village has. Kept for the last few frames: a frame never changes."""
    digest = session.scalars(sa.select(SampleFrame.household_hash).where(SampleFrame.id == frame_id)).one()
    if digest not in _COUNTS:
        text = session.scalars(sa.select(SampleFrame.household_codes).where(SampleFrame.id == frame_id)).one()
        if len(_COUNTS) >= FRAMES_KEPT:
            _COUNTS.clear()
        _COUNTS[digest] = Counter(code.partition("/")[0] for code in lines_of(text))
    return _COUNTS[digest]


def outlook(session: Session, campaign_id: int, today: date) -> FrameOutlook:
    """Counts of the base as it is, without gathering the lists. Households: those of the roster, subsidised or not."""
    rule = rule_in_force(session, campaign_id)
    villages = _base_villages(session, rule, today)
    households = session.scalar(
        sa.select(sa.func.count()).select_from(_households(campaign_id, rule, today).subquery())
    )
    problem = _problem(session, campaign_id, rule, villages, households or 0, today)
    return FrameOutlook(len({v.town_id for v in villages}), len(villages), households or 0, problem)


def gather(session: Session, campaign_id: int, today: date) -> Frame:
    """The base of both stages by the rule in force. Raises Refused when something it needs is not there."""
    rule = rule_in_force(session, campaign_id)
    villages = _base_villages(session, rule, today)
    households = set(session.scalars(_households(campaign_id, rule, today)))
    problem = _problem(session, campaign_id, rule, villages, len(households), today)
    if problem is not None:
        raise Refused(problem)
    mandatory: set[str] = set()
    if rule.needs_payments:
        people = _people(session, campaign_id)
        files = batch_files(session, campaign_id)
        if rule.household_base is HouseholdBase.SUBSIDISED:
            households &= _homes_of(people, recipients(Storage.payments(), files, years=rule.years))
        mandatory = _mandatory(rule, people, files) & households
    town_of = {v.code: v.town_code for v in villages}
    return Frame.of(rule, town_of, households, rule.mandatory_villages, mandatory)


def _base_villages(session: Session, rule: Rule, today: date) -> list[VillageRow]:
    villages = villages_in(session, today)
    if rule.committees_included:
        return villages
    committees = set(session.scalars(sa.select(Region.id).where(Region.kind == "居委会")))
    return [v for v in villages if v.id not in committees]


def _households(campaign_id: int, rule: Rule, today: date) -> sa.Select[str]:
    """Codes of the households with anybody in force, in the villages of the base."""
    anybody = sa.exists().where(
        HouseholdMember.household_id == Household.id, HouseholdMember.superseded_by_id.is_(None)
    )
    asked = (
        sa.select(Household.code)
        .join(Region, Region.id == Household.village_id)
        .where(Household.campaign_id == campaign_id, anybody)
        .where(Region.level == RegionLevel.VILLAGE, Region.valid_from <= today)
        .where(sa.or_(Region.valid_to.is_(None), Region.valid_to >= today))
    )
    if rule.committees_included:
        return asked
    return asked.where(sa.or_(Region.kind.is_(None), Region.kind != "居委会"))


def _problem(
    session: Session, campaign_id: int, rule: Rule, villages: Sequence[VillageRow], households: int, today: date
) -> str | None:
    """Why this base cannot be frozen."""
    if not villages:
        return "还没有区划，请先导入区划再封存抽样框。"
    if not households:
        return "名册里还没有农户，请先导入名册再封存抽样框。"
    units = reporting_unit_by_village(session, today)
    homeless = [f"{v.town_short}{v.short_name}" for v in villages if v.id not in units]
    if homeless:
        return f"有 {len(homeless)} 个村还没有归入填报单位：{_some(homeless)}。请先在区划里设好再封存。"
    if (left_out := _left_out(session, campaign_id, today)) is not None:
        return left_out
    unknown = set(rule.mandatory_villages).difference(v.code for v in villages)
    if unknown:
        return f"规则指定的必查村有 {len(unknown)} 个不在基数里：{_some(unknown)}。请更正规则后再封存。"
    return _payments_problem(session, campaign_id) if rule.needs_payments else None


def _left_out(session: Session, campaign_id: int, today: date) -> str | None:
    """Households still listed under a merged village would be missing from the base without a word."""
    survivor = aliased(Region)
    found = session.execute(
        sa.select(Region.short_name, survivor.short_name, sa.func.count(Household.id.distinct()))
        .join(Household, Household.village_id == Region.id)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(survivor, survivor.id == Region.merged_into_id)
        .where(Household.campaign_id == campaign_id, HouseholdMember.superseded_by_id.is_(None))
        .where(Region.valid_to < today)
        .group_by(Region.code, Region.short_name, survivor.short_name)
        .order_by(Region.code)
    ).first()
    if found is None:
        return None
    village, into, households = found
    return (
        f"{village}已并入{into}，名册里还有 {households} 户列在{village}，现在封存会漏掉他们。"
        f"请把这些户改列到{into}，再导入一次名册。"
    )


def _payments_problem(session: Session, campaign_id: int) -> str | None:
    files = batch_files(session, campaign_id)
    if not files:
        return "规则要用到发放登记，但还没有导入发放登记。请先导入，或者改用名册全部农户、不设必查户。"
    lost = [name for name in files if not (Storage.payments() / name).exists()]
    return f"有 {len(lost)} 份发放登记的原始数据已不在，算不出基数。请重新导入后再封存。" if lost else None


def _people(session: Session, campaign_id: int) -> list[tuple[str, str]]:
    """Household code and ID number of every person in force."""
    rows = session.execute(
        sa.select(Household.code, Identity.id_number)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.campaign_id == campaign_id, HouseholdMember.superseded_by_id.is_(None))
    )
    return [(code, number) for code, number in rows if number]


def _homes_of(people: Iterable[tuple[str, str]], numbers: Iterable[str]) -> set[str]:
    """Households with somebody of these numbers; 15 digits and 18 are one person."""
    known = {upgraded(number) for number in numbers}
    return {code for code, number in people if upgraded(number) in known}


def _mandatory(rule: Rule, people: Sequence[tuple[str, str]], files: Sequence[str]) -> set[str]:
    found: set[str] = set()
    if rule.mandatory_items:
        items = recipients(Storage.payments(), files, items=rule.mandatory_items, years=rule.years)
        found |= _homes_of(people, items)
    if rule.mandatory_from_cents is not None:
        found |= _large(rule.mandatory_from_cents, rule.years, people, files)
    return found


def _large(least: int, years: Sequence[int], people: Sequence[tuple[str, str]], files: Sequence[str]) -> set[str]:
    """Households whose members together were credited with at least `least` 分 in scope."""
    numbers = sorted(recipients(Storage.payments(), files, years=years))
    credited: dict[str, int] = {}
    for start in range(0, len(numbers), PEOPLE_AT_ONCE):
        for row in person_item_totals(Storage.payments(), files, numbers[start : start + PEOPLE_AT_ONCE], years):
            person = upgraded(row.id_number)
            credited[person] = credited.get(person, 0) + row.received_cents
    sums: dict[str, int] = {}
    for code, number in people:
        sums[code] = sums.get(code, 0) + credited.get(upgraded(number), 0)
    return {code for code, total in sums.items() if total >= least}


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return "、".join(ordered[:3]) + ("等" if len(ordered) > 3 else "")
