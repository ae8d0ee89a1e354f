"""Draw a share of closed problems for a surprise re-check: freeze, draw, release (design: proof of a sample)."""

from fractions import Fraction

import sqlalchemy as sa

from actions.campaign import working_campaign
from actions.issue_step import required_text
from actions.look_back import write_items
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign, CampaignState
from models.campaign_work import CampaignWork
from models.draw import draw_stratum
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.look_back import LookBack
from models.look_back_draw import LookBackDraw, LookBackDrawn, LookBackFrame
from models.refusal import NotFoundOrNotYours, Refused, Stale
from models.role import Permission
from models.sample_frame import lines_of, list_hash, listed


def freeze_closed(
    caller: Caller, campaign_id: int, source_id: int, share_percent: int, seed_source: str, reason: str = ""
) -> int:  # fmt: skip
    """Freeze the list of closed problems of a campaign, its own or one that ended. Returns the frame's id.

    `seed_source`: the named public number of a later day. Who: office of all regions. Refused: a share that is not 1 to
    100, no closed problem, no seed source, a further frame without a reason.
    """
    with transaction(caller) as tx:
        _everywhere(tx, Permission.FREEZE_FRAME)
        working_campaign(tx, campaign_id, CampaignWork.HANDLE)
        source = _source(tx, campaign_id, source_id)
        if not 1 <= share_percent <= 100:
            raise Refused("抽查比例请填 1 到 100 的整数。")
        closed = sa.select(Issue.number).where(Issue.campaign_id == source.id, Issue.status == IssueStatus.CLOSED)
        numbers = listed(number for number in tx.session.scalars(closed) if number)
        if not numbers:
            raise Refused(f"“{source.name}”没有已销号的问题，没有可抽的。")
        last = sa.select(sa.func.max(LookBackFrame.number)).where(LookBackFrame.campaign_id == campaign_id)
        number = (tx.session.scalar(last) or 0) + 1
        why = required_text(reason, f"第 {number} 次抽查的理由", least=2, most=300) if number > 1 else None
        frame = LookBackFrame(
            campaign_id=campaign_id, source_id=source.id, number=number, share_percent=share_percent, numbers=numbers,
            numbers_hash=list_hash(numbers), count=len(lines_of(numbers)), reason=why, frozen_at=tx.now,
            seed_source=required_text(seed_source, "种子的来源", least=4, most=300), frozen_by=tx.viewer.actor,
        )  # fmt: skip
        tx.session.add(frame)
        tx.session.flush()
        tx.record("look_back.freeze", f"campaign:{campaign_id}", source=source.code, rows=frame.count,
                  share_percent=share_percent, sha256=frame.numbers_hash, seed_source=frame.seed_source)  # fmt: skip
    return frame.id


def draw_closed(caller: Caller, frame_id: int, seed: str) -> int:
    """Draw from a frame; what is drawn is looked back at from now on, hidden from units. Returns the draw's id.

    Who: office of all regions. Refused: a frame drawn from already, since a source gives one seed; an unusable seed.
    """
    with transaction(caller) as tx:
        _everywhere(tx, Permission.DRAW)
        frame = tx.session.get(LookBackFrame, frame_id)
        if frame is None:
            raise NotFoundOrNotYours("抽查名单")
        working_campaign(tx, frame.campaign_id, CampaignWork.HANDLE)
        if tx.session.scalar(sa.select(LookBackDraw.id).where(LookBackDraw.frame_id == frame.id)) is not None:
            raise Refused("这份名单已经抽过：一个来源只有一个种子。要再抽请另行封存，写明理由。")
        if len(seed) > 300:
            raise Refused(f"种子太长：{len(seed)} 个字，最多 300 个字。")
        ranked = draw_stratum(seed, lines_of(frame.numbers), (), Fraction(frame.share_percent, 100))
        draw = LookBackDraw(frame_id=frame.id, seed=seed, drawn_at=tx.now, drawn_by=tx.viewer.actor)
        tx.session.add(draw)
        tx.session.flush()
        chosen = {unit.code: unit for unit in ranked if unit.chosen}
        for item, number, is_new in _items(tx, frame, list(chosen)):
            unit = chosen[number]
            tx.session.add(
                LookBackDrawn(
                    draw_id=draw.id, look_back_id=item.id, rank=unit.position, rank_hash=unit.hash, is_new=is_new
                )
            )  # fmt: skip
        tx.record("look_back.draw", f"campaign:{frame.campaign_id}", seed=seed, rows=len(chosen),
                  sha256=frame.numbers_hash)  # fmt: skip
    return draw.id


def release_drawn(caller: Caller, draw_id: int, version: int | None = None) -> None:
    """Let the units see from now on what of theirs was drawn. Who: office of all regions. Refused: released before."""
    with transaction(caller) as tx:
        _everywhere(tx, Permission.ADOPT)
        draw = tx.session.get(LookBackDraw, draw_id)
        if draw is None:
            raise NotFoundOrNotYours("抽查")
        if version is not None and draw.version != version:
            raise Stale("刚才有人先办了这次抽查，请看过最新情况再办。")
        if draw.released_at is not None:
            raise Refused("名单已经公布。")
        draw.released_at = tx.now
        frame = tx.session.get_one(LookBackFrame, draw.frame_id)
        tx.record("look_back.release", f"campaign:{frame.campaign_id}", number=frame.number)


def _everywhere(tx: Transaction, permission: Permission) -> None:
    tx.require(permission)
    if not tx.viewer.is_everywhere(permission):
        raise Refused(f"抽查对全部地区统一进行，您的权限只到部分地区，不能办理“{permission.label}”。")


def _source(tx: Transaction, campaign_id: int, source_id: int) -> Campaign:
    source = tx.session.get(Campaign, source_id)
    if source is None:
        raise NotFoundOrNotYours("专项治理")
    if source.id != campaign_id and source.state not in (CampaignState.CONCLUDED, CampaignState.ARCHIVED):
        raise Refused(f"“{source.name}”还是“{source.state.label}”，收尾或归档以后才能抽查它的问题。")
    return source


def _items(tx: Transaction, frame: LookBackFrame, numbers: list[str]) -> list[tuple[LookBack, str, bool]]:
    """The item of each problem drawn: the one it has in this campaign, or a new one."""
    issues = list(
        tx.session.scalars(
            sa.select(Issue).where(Issue.campaign_id == frame.source_id, Issue.number.in_(numbers)).order_by(Issue.id)
        )
    )
    known = {
        item.issue_id: item
        for item in tx.session.scalars(
            sa.select(LookBack).where(
                LookBack.campaign_id == frame.campaign_id, LookBack.issue_id.in_([i.id for i in issues])
            )
        )
    }
    new = {item.issue_id: item for item in write_items(tx, frame.campaign_id, [i for i in issues if i.id not in known])}
    return [(known.get(i.id) or new[i.id], i.number or "", i.id in new) for i in issues]
