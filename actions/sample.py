"""Freeze the base, draw from it, adopt one draw, publish its list (design: proof of a sample)."""

import hashlib

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.sample_replacement import replace_household, replace_village
from actions.sample_rows import write_households, write_villages
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from models.sample import Sample, SampleFrame, SampleState
from models.sample_frame import lines_of, list_hash
from queries.sample_frame import gather, stored_frame

__all__ = ["abandon", "adopt", "draw", "freeze", "release", "replace_household", "replace_village"]


def freeze(caller: Caller, campaign_id: int, seed_source: str | None) -> int:
    """Freeze the frame as region tree, roster and payment registers stand now. Returns its id.

    `seed_source`: the named public number of a later day that will be the seed; without it no draw from this frame can
    be adopted. Who: office everywhere, the terminal. Raises Refused when something the rule needs is missing.
    """
    with transaction(caller) as tx:
        _everywhere(tx, Permission.FREEZE_FRAME)
        campaign = _campaign(tx, campaign_id)
        source = required_text(seed_source, "种子的来源", most=300) if (seed_source or "").strip() else None
        frame = _freeze(tx, campaign, source)
        tx.record(Permission.FREEZE_FRAME.value, f"sample_frame:{frame.id}", **_proof(frame), seed_source=source)
    return frame.id


def draw(caller: Caller, campaign_id: int, seed: str, reason: str | None = None, frame_id: int | None = None) -> int:
    """Draw both stages from a frame, by default the latest; freezes one if there is none. Returns the sample's id.

    Who: office everywhere, the terminal. A frame frozen by this very call, one without a recorded seed source, or one
    from which another seed was drawn before, gives a draw that cannot be adopted (种子未事先登记). Refused: an unusable
    seed, a further draw without a reason.
    """
    with transaction(caller) as tx:
        _everywhere(tx, Permission.DRAW)
        campaign = _campaign(tx, campaign_id)
        number = 1 + (tx.session.scalar(
            sa.select(sa.func.max(Sample.number)).where(Sample.campaign_id == campaign.id)
        ) or 0)  # fmt: skip
        if number > 1 or reason:
            reason = required_text(reason, f"第 {number} 次抽样的理由", least=2, most=300)
        _short_enough(seed)
        stored = _frame_to_draw_from(tx, campaign, frame_id)
        frame = stored_frame(tx.session, stored.id)
        drawn = frame.draw(seed)
        sample = Sample(
            campaign_id=campaign.id, frame_id=stored.id, number=number, state=SampleState.DRAWN, seed=seed,
            seed_registered=_is_registered(tx, stored, seed), reason=reason, drawn_at=tx.now,
            drawn_by=tx.viewer.actor,
        )  # fmt: skip
        tx.session.add(sample)
        tx.session.flush()
        villages = write_villages(tx, sample, drawn)
        households = write_households(tx, sample, drawn, villages)
        tx.record(
            Permission.DRAW.value, f"sample:{sample.id}", number=number, seed=seed, frame=stored.id, **_proof(stored),
            villages_drawn=len(villages), households_drawn=households, registered=sample.seed_registered,
        )  # fmt: skip
    return sample.id


def adopt(caller: Caller, sample_id: int, version: int | None = None) -> None:
    """Make a draw the one that counts; the one adopted before is abandoned. Who: office everywhere, not the terminal.

    Refused: a draw whose seed source was not recorded beforehand, or one adopted or abandoned already.
    """
    with transaction(caller) as tx:
        _everywhere(tx, Permission.ADOPT)
        sample = _sample(tx, sample_id, version)
        _campaign(tx, sample.campaign_id)
        if sample.state is not SampleState.DRAWN:
            raise Refused(f"第 {sample.number} 次抽样{sample.state.label}，不能再采用。")
        if not sample.seed_registered:
            raise Refused("种子未事先登记，这次抽样不能采用。请先封存抽样框并登记种子来源，等种子产生以后再抽。")
        for earlier in tx.session.scalars(
            sa.select(Sample).where(Sample.campaign_id == sample.campaign_id, Sample.state == SampleState.ADOPTED)
        ):
            earlier.state, earlier.abandoned_at = SampleState.ABANDONED, tx.now
        tx.session.flush()
        sample.state, sample.adopted_at = SampleState.ADOPTED, tx.now
        tx.record(Permission.ADOPT.value, f"sample:{sample.id}", number=sample.number)


def abandon(caller: Caller, sample_id: int, version: int | None = None) -> None:
    """Lay a draw aside for good; it stays listed. Who: office everywhere, not the terminal."""
    with transaction(caller) as tx:
        _everywhere(tx, Permission.ADOPT)
        sample = _sample(tx, sample_id, version)
        _campaign(tx, sample.campaign_id)
        if sample.state is SampleState.ABANDONED:
            raise Refused(f"第 {sample.number} 次抽样已经放弃。")
        sample.state, sample.abandoned_at = SampleState.ABANDONED, tx.now
        tx.record("sample.abandon", f"sample:{sample.id}", number=sample.number)


def release(caller: Caller, sample_id: int, version: int | None = None) -> None:
    """Let the visited towns and villages see the list from now on. Who: office everywhere. Refused before adoption."""
    with transaction(caller) as tx:
        _everywhere(tx, Permission.ADOPT)
        sample = _sample(tx, sample_id, version)
        if sample.state is not SampleState.ADOPTED:
            raise Refused("只有已采用的抽样才能公布名单。")
        if sample.released_at is not None:
            raise Refused("名单已经公布。")
        sample.released_at = tx.now
        tx.record("sample.release", f"sample:{sample.id}", number=sample.number)


def _everywhere(tx: Transaction, permission: Permission) -> None:
    """A draw is one for the whole campaign: whoever covers a part of it cannot make it."""
    tx.require(permission)
    if not tx.viewer.is_everywhere(permission):
        raise Refused(f"抽样对全部地区统一进行，您的权限只到部分地区，不能办理“{permission.label}”。")


def _campaign(tx: Transaction, campaign_id: int) -> Campaign:
    return working_campaign(tx, campaign_id, CampaignWork.SAMPLE)


def _sample(tx: Transaction, sample_id: int, version: int | None) -> Sample:
    sample = tx.session.get(Sample, sample_id)
    if sample is None:
        raise NotFoundOrNotYours("抽样")
    if version is not None and sample.version != version:
        raise Stale(f"刚才有人先改了第 {sample.number} 次抽样，现在是“{sample.state.label}”。请看过最新情况再办。")
    return sample


def _short_enough(seed: str) -> None:
    if len(seed) > 300:
        raise Refused(f"种子太长：{len(seed)} 个字，最多 300 个字。")


def _freeze(tx: Transaction, campaign: Campaign, seed_source: str | None) -> SampleFrame:
    frame = gather(tx.session, campaign.id, tx.today)
    row = SampleFrame(
        campaign_id=campaign.id, rule=frame.rule.stored(), village_codes=frame.villages,
        village_strata=frame.village_strata, household_codes=frame.households,
        mandatory_villages=frame.mandatory_villages, mandatory_households=frame.mandatory_households,
        village_hash=list_hash(frame.villages), household_hash=list_hash(frame.households),
        mandatory_village_hash=list_hash(frame.mandatory_villages),
        mandatory_household_hash=list_hash(frame.mandatory_households), village_count=len(lines_of(frame.villages)),
        household_count=len(lines_of(frame.households)), seed_source=seed_source, frozen_at=tx.now,
        frozen_by=tx.viewer.actor,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    return row


def _proof(frame: SampleFrame) -> dict[str, str]:
    """What the chain remembers of a frame. The strata are in it too: they decide as much as the codes do."""
    return {
        "villages": frame.village_hash, "households": frame.household_hash,
        "mandatory_villages": frame.mandatory_village_hash, "mandatory_households": frame.mandatory_household_hash,
        "strata": hashlib.sha256(frame.village_strata.encode()).hexdigest(),
    }  # fmt: skip


def _is_registered(tx: Transaction, frame: SampleFrame, seed: str) -> bool:
    """Whether the seed is the one whose source was recorded: a source gives one seed, so a second one is nobody's."""
    other = sa.select(Sample.id).where(Sample.frame_id == frame.id, Sample.seed != seed).limit(1)
    return frame.seed_source is not None and tx.session.scalar(other) is None


def _frame_to_draw_from(tx: Transaction, campaign: Campaign, frame_id: int | None) -> SampleFrame:
    """The frame asked for or the latest; where there is none, one frozen now, with no seed source recorded before."""
    asked = sa.select(SampleFrame).where(SampleFrame.campaign_id == campaign.id).order_by(SampleFrame.id.desc())
    if frame_id is not None:
        asked = asked.where(SampleFrame.id == frame_id)
    found = tx.session.scalars(asked.limit(1)).first()
    if found is not None:
        return found
    if frame_id is not None:
        raise NotFoundOrNotYours("抽样框")
    tx.require(Permission.FREEZE_FRAME)
    return _freeze(tx, campaign, None)
