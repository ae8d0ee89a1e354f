"""Draws of closed problems for a surprise re-check: what was frozen, drawn and released, and the same drawn again."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import Campaign, CampaignState
from models.draw import Ranked, draw_stratum, required
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.look_back import LookBack
from models.look_back_draw import LookBackDraw, LookBackDrawn, LookBackFrame
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.sample_frame import lines_of, list_hash
from queries.reading import reading
from queries.scope import issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One problem drawn that the viewer may see. `look_back_id` leads to its check."""

    look_back_id: int
    rank: int
    number: str
    rank_hash: str


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A frame and, once there is one, the draw from it. `findings`: what does not agree with the drawing again."""

    frame_id: int
    number: int
    source: str
    share_percent: int
    count: int
    wanted: int
    numbers: str
    numbers_hash: str
    seed_source: str
    reason: str
    frozen_at: datetime
    draw_id: int | None
    version: int | None
    seed: str
    drawn_at: datetime | None
    released_at: datetime | None
    rows: tuple[DrawnRow, ...]
    elsewhere: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrameSource:
    """A campaign whose closed problems may be drawn from, and how many there are."""

    id: int
    name: str
    closed: int


def frame_sources(viewer: Viewer, campaign_id: int) -> tuple[FrameSource, ...]:
    """This campaign and those that ended, for whoever may freeze for all regions."""
    if not viewer.is_everywhere(Permission.FREEZE_FRAME):
        return ()
    ended = (CampaignState.CONCLUDED, CampaignState.ARCHIVED)
    closed = sa.and_(Issue.campaign_id == Campaign.id, Issue.status == IssueStatus.CLOSED)
    with reading() as session:
        rows = session.execute(
            sa.select(Campaign.id, Campaign.name, sa.func.count(Issue.id))
            .outerjoin(Issue, closed)
            .where(sa.or_(Campaign.id == campaign_id, Campaign.state.in_(ended)))
            .group_by(Campaign.id, Campaign.name)
            .order_by(Campaign.id.desc())
        )
        return tuple(FrameSource(*row) for row in rows)


def closed_draws(viewer: Viewer, campaign_id: int) -> tuple[DrawRow, ...]:
    """All frames of a campaign with their draws, the latest first. Who: those who see samples; units never."""
    if not viewer.may(Permission.SEE_SAMPLE):
        return ()
    with reading() as session:
        frames = session.execute(
            sa.select(LookBackFrame, LookBackDraw, Campaign.name)
            .join(Campaign, Campaign.id == LookBackFrame.source_id)
            .outerjoin(LookBackDraw, LookBackDraw.frame_id == LookBackFrame.id)
            .where(LookBackFrame.campaign_id == campaign_id)
            .order_by(LookBackFrame.number.desc())
        ).all()
        return tuple(_row(session, viewer, frame, draw, name) for frame, draw, name in frames)


def verify_closed_draw(frame_id: int) -> tuple[str, ...]:
    """What does not agree with the seed and the frozen list, as sentences; empty: all of it agrees.

    Asks nobody's permission: it names numbers of problems and nothing of them.
    """
    with reading() as session:
        frame = session.get(LookBackFrame, frame_id)
        if frame is None:
            raise NotFoundOrNotYours("抽查名单")
        draw = session.scalar(sa.select(LookBackDraw).where(LookBackDraw.frame_id == frame.id))
        return _findings(session, frame, draw)


def _row(session: Session, viewer: Viewer, frame: LookBackFrame, draw: LookBackDraw | None, source: str) -> DrawRow:
    rows, total = _drawn(session, viewer, draw)
    return DrawRow(
        frame.id, frame.number, source, frame.share_percent, frame.count,
        required(frame.count, frame.share_percent, 100), frame.numbers, frame.numbers_hash, frame.seed_source,
        frame.reason or "", frame.frozen_at, draw.id if draw else None, draw.version if draw else None,
        draw.seed if draw else "", draw.drawn_at if draw else None, draw.released_at if draw else None, rows,
        total - len(rows), _findings(session, frame, draw),
    )  # fmt: skip


def _drawn(session: Session, viewer: Viewer, draw: LookBackDraw | None) -> tuple[tuple[DrawnRow, ...], int]:
    if draw is None:
        return (), 0
    asked = (
        sa.select(LookBackDrawn.look_back_id, LookBackDrawn.rank, Issue.number, LookBackDrawn.rank_hash)
        .join(LookBack, LookBack.id == LookBackDrawn.look_back_id)
        .join(Issue, Issue.id == LookBack.issue_id)
        .where(LookBackDrawn.draw_id == draw.id)
        .order_by(LookBackDrawn.rank)
    )
    total = session.scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0
    seen = session.execute(asked.where(issue_visible(viewer)))
    return tuple(DrawnRow(i, rank, number or "", digest) for i, rank, number, digest in seen), int(total)


def _findings(session: Session, frame: LookBackFrame, draw: LookBackDraw | None) -> tuple[str, ...]:
    """The frozen list against its hash, then each rank against the drawing done again."""
    found = []
    numbers = lines_of(frame.numbers)
    if list_hash(frame.numbers) != frame.numbers_hash or len(numbers) != frame.count:
        found.append("问题清单与封存时的散列值或件数不符，被改动过。")
    if draw is None:
        return tuple(found)
    try:
        ranked = draw_stratum(draw.seed, numbers, (), Fraction(frame.share_percent, 100))
    except Refused as refused:
        return (*found, f"已不能用来重抽：{refused}")
    expected = {unit.code: unit for unit in ranked if unit.chosen}
    stored = {number or "": (rank, digest) for number, rank, digest in session.execute(_stored(draw))}
    found += [f"{number} 按种子应当抽中，名单里没有。" for number in sorted(expected.keys() - stored.keys())]
    found += [f"{number} 按种子没有抽中，名单里却有。" for number in sorted(stored.keys() - expected.keys())]
    both = sorted(expected.keys() & stored.keys())
    found += [f"{n} 的次序或排序码与重算的不符，被改动过。" for n in both if stored[n] != _place(expected[n])]
    return tuple(found)


def _stored(draw: LookBackDraw) -> sa.Select[str | None, int, str]:
    return (
        sa.select(Issue.number, LookBackDrawn.rank, LookBackDrawn.rank_hash)
        .join(LookBack, LookBack.issue_id == Issue.id)
        .join(LookBackDrawn, LookBackDrawn.look_back_id == LookBack.id)
        .where(LookBackDrawn.draw_id == draw.id)
    )


def _place(unit: Ranked) -> tuple[int, str]:
    return unit.position, unit.hash
