"""Put the next in rank in the place of a drawn village or household, with a reason; the replaced one stays listed."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.sample_rows import household_ids, household_values, reporting_unit
from actions.transaction import Caller, Transaction, transaction
from models.campaign_work import CampaignWork
from models.draw import Ranked, next_replacement
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region
from models.role import Permission
from models.roster import Household
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage, SampleState
from models.sample_frame import Frame
from queries.region import reporting_unit_by_village
from queries.sample_frame import stored_frame
from queries.scope import within
from queries.visit import finished_visits


def replace_village(caller: Caller, sampled_village_id: int, reason: str) -> int:
    """Replace a drawn village by the next in rank of its town, whose households are drawn with the same seed.

    Who: office, in its region. Returns the id of the new row. Refused: already replaced, already visited, no reserve
    left, a sample that is not adopted, no reason.
    """
    with transaction(caller) as tx:
        tx.require(Permission.REPLACE)
        old, sample, frame = _village(tx, sampled_village_id)
        working_campaign(tx, sample.campaign_id, CampaignWork.SAMPLE)
        why = required_text(reason, "替换的理由", least=2, most=300)
        _not_visited(tx, sample, SampledHousehold.sampled_village_id == old.id, "该村已有农户完成入户，不能替换。")
        unit = _next(frame.village_stratum(sample.seed, old.stratum), _used_villages(tx, old), "本镇已经没有备选的村。")
        new = _new_village(tx, old, unit)
        tx.session.add(new)
        tx.session.flush()
        _mark(tx, old, new.id, why)
        drawn = _draw_households(tx, sample, frame, new, unit.code)
        tx.record(
            Permission.REPLACE.value, f"sampled_village:{old.id}", sample=sample.id, by=new.id, rank=unit.position,
            households=drawn,
        )  # fmt: skip
    return new.id


def replace_household(caller: Caller, sampled_household_id: int, reason: str) -> int:
    """Replace a drawn household by the next in rank of its village. Who and what is refused: as for a village."""
    with transaction(caller) as tx:
        tx.require(Permission.REPLACE)
        old = tx.session.get(SampledHousehold, sampled_household_id)
        if old is None:
            raise NotFoundOrNotYours("抽中户")
        _not_replaced(old, "这一户")
        _, sample, frame = _village(tx, old.sampled_village_id)
        working_campaign(tx, sample.campaign_id, CampaignWork.SAMPLE)
        why = required_text(reason, "替换的理由", least=2, most=300)
        _not_visited(tx, sample, SampledHousehold.id == old.id, "这一户已经完成入户，不能替换。")
        stratum = frame.household_stratum(sample.seed, old.stratum)
        unit = _next(stratum, _used_households(tx, old), "本村已经没有备选的户。")
        home = household_ids(tx, sample.campaign_id, [unit.code])[unit.code]
        new = SampledHousehold(**household_values(tx, sample.id, old.sampled_village_id, home, old.stratum, unit))
        tx.session.add(new)
        tx.session.flush()
        _mark(tx, old, new.id, why)
        tx.record(
            Permission.REPLACE.value, f"sampled_household:{old.id}", sample=sample.id, by=new.id, rank=unit.position
        )
    return new.id


def _village(tx: Transaction, sampled_village_id: int) -> tuple[SampledVillage, Sample, Frame]:
    """A village in force of an adopted sample, where the person may replace."""
    here = within(
        tx.viewer,
        Permission.REPLACE,
        SampledVillage.reporting_unit_id,
        SampledVillage.town_id,
        SampledVillage.region_id,
    )
    village = tx.session.scalar(sa.select(SampledVillage).where(SampledVillage.id == sampled_village_id, here))
    if village is None:
        raise NotFoundOrNotYours("抽中村")
    sample = tx.session.get_one(Sample, village.sample_id)
    if sample.state is not SampleState.ADOPTED:
        raise Refused(f"第 {sample.number} 次抽样{sample.state.label}，只有已采用的抽样才能替换。")
    _not_replaced(village, "这个村")
    return village, sample, stored_frame(tx.session, sample.frame_id)


def _not_replaced(row: SampledVillage | SampledHousehold, what: str) -> None:
    if row.replaced_at is not None:
        raise Refused(f"{what}已经被替换过，请在替补上办理。")


def _not_visited(tx: Transaction, sample: Sample, which: sa.ColumnElement[bool], sentence: str) -> None:
    visits = finished_visits(sample.campaign_id).subquery()
    visited = tx.session.scalar(
        sa.select(sa.func.count())
        .select_from(SampledHousehold)
        .join(visits, visits.c.household_id == SampledHousehold.household_id)
        .where(which, SampledHousehold.replaced_at.is_(None))
    )
    if visited:
        raise Refused(sentence)


def _next(stratum: Sequence[Ranked], used: set[str], sentence: str) -> Ranked:
    unit = next_replacement(stratum, used)
    if unit is None:
        raise Refused(sentence)
    return unit


def _used_villages(tx: Transaction, old: SampledVillage) -> set[str]:
    return _used(tx, Region.code, SampledVillage.region_id == Region.id, old, SampledVillage)


def _used_households(tx: Transaction, old: SampledHousehold) -> set[str]:
    return _used(tx, Household.code, SampledHousehold.household_id == Household.id, old, SampledHousehold)


def _used(
    tx: Transaction,
    code: InstrumentedAttribute[str],
    its_row: sa.ColumnElement[bool],
    old: SampledVillage | SampledHousehold,
    table: type[SampledVillage] | type[SampledHousehold],
) -> set[str]:
    """Codes of the stratum that are in the sample already."""
    return set(
        tx.session.scalars(
            sa.select(code).join(table, its_row).where(table.sample_id == old.sample_id, table.stratum == old.stratum)
        )
    )


def _new_village(tx: Transaction, old: SampledVillage, unit: Ranked) -> SampledVillage:
    region_id = tx.session.scalars(sa.select(Region.id).where(Region.code == unit.code)).one()
    unit_id = reporting_unit(reporting_unit_by_village(tx.session, tx.today), region_id)
    return SampledVillage(
        sample_id=old.sample_id, region_id=region_id, town_id=old.town_id, reporting_unit_id=unit_id,
        stratum=old.stratum, rank=unit.position, rank_hash=unit.hash, kind=DrawnKind.REPLACEMENT, recorded_at=tx.now,
    )  # fmt: skip


def _draw_households(tx: Transaction, sample: Sample, frame: Frame, village: SampledVillage, code: str) -> int:
    chosen = [unit for unit in frame.household_stratum(sample.seed, code) if unit.chosen]
    homes = household_ids(tx, sample.campaign_id, [unit.code for unit in chosen])
    tx.session.add_all(
        SampledHousehold(**household_values(tx, sample.id, village.id, homes[unit.code], code, unit)) for unit in chosen
    )
    return len(chosen)


def _mark(tx: Transaction, old: SampledVillage | SampledHousehold, new_id: int, reason: str) -> None:
    old.replaced_by_id, old.reason, old.replaced_at = new_id, reason, tx.now
    tx.session.flush()
