"""The state of a campaign's sampling: the rule, the last frame, every draw made, the one adopted."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.campaign import SubsidyItem
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage, SampleFrame, SampleState
from models.sampling_rule import Rule
from models.unit import Person, Unit
from models.user import User
from queries.reading import reading
from queries.sample_frame import FrameOutlook, outlook, rule_in_force, towns_of_villages
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frozen frame: what was printed before the seed existed. `rule`: three lines in words."""

    id: int
    rule: tuple[str, str, str]
    share_percent: int
    towns: int
    villages: int
    households: int
    village_hash: str
    household_hash: str
    mandatory_village_hash: str
    mandatory_household_hash: str
    mandatory_villages: int
    mandatory_households: int
    seed_source: str | None
    frozen_at: datetime
    frozen_by: str
    is_by_rule_in_force: bool


@dataclass(frozen=True, slots=True)
class DrawRow:
    """One draw. Counts are of the first list, without replacements."""

    id: int
    version: int
    number: int
    state: SampleState
    seed: str
    seed_registered: bool
    reason: str | None
    villages: int
    households: int
    drawn_at: datetime
    drawn_by: str
    adopted_at: datetime | None
    abandoned_at: datetime | None
    released_at: datetime | None
    frame_id: int


@dataclass(frozen=True, slots=True)
class Sampling:
    """All of it. `draws`: the last first. `frame`: the last one frozen."""

    rule: tuple[str, str, str]
    frame: FrameRow | None
    draws: tuple[DrawRow, ...]

    @property
    def adopted(self) -> DrawRow | None:
        """The draw that counts."""
        return next((d for d in self.draws if d.state is SampleState.ADOPTED), None)

    @property
    def waiting(self) -> DrawRow | None:
        """The last draw somebody must decide on."""
        last = self.draws[0] if self.draws else None
        return last if last is not None and last.state is SampleState.DRAWN else None

    @property
    def is_frame_unused(self) -> bool:
        """Whether the last frame still waits for its seed."""
        return self.frame is not None and all(d.frame_id != self.frame.id for d in self.draws)


def sampling(viewer: Viewer, campaign_id: int) -> Sampling:
    """Who: those who see samples. Raises Refused for others."""
    _may_see(viewer)
    with reading() as session:
        names = item_names(session)
        rule = rule_in_force(session, campaign_id)
        last = session.scalar(sa.select(sa.func.max(SampleFrame.id)).where(SampleFrame.campaign_id == campaign_id))
        frame = None if last is None else _frame_row(session, last, names, rule)
        return Sampling(rule.words(names), frame, tuple(_draws(session, campaign_id)))


def frame_outlook(viewer: Viewer, campaign_id: int, today: date) -> FrameOutlook:
    """What a freeze would hold now; counts the whole roster. Raises Refused as `sampling`."""
    _may_see(viewer)
    with reading() as session:
        return outlook(session, campaign_id, today)


def frame_of(viewer: Viewer, frame_id: int) -> FrameRow:
    """One frame. Raises NotFoundOrNotYours."""
    _may_see(viewer)
    with reading() as session:
        campaign_id = session.scalar(sa.select(SampleFrame.campaign_id).where(SampleFrame.id == frame_id))
        if campaign_id is None:
            raise NotFoundOrNotYours("抽样框")
        return _frame_row(session, frame_id, item_names(session), rule_in_force(session, campaign_id))


def item_names(session: Session) -> dict[str, str]:
    """Names of the subsidy items by code."""
    return {code: name for code, name in session.execute(sa.select(SubsidyItem.code, SubsidyItem.name))}


def actor_name(session: Session, actor: str) -> str:
    """`user:3` as unit and name, `terminal:…` as 服务器终端."""
    kind, _, key = actor.partition(":")
    if kind != "user":
        return "服务器终端"
    found = session.execute(
        sa.select(Unit.name, Person.name)
        .join(Person, Person.unit_id == Unit.id)
        .join(User, User.person_id == Person.id)
        .where(User.id == int(key))
    ).first()
    return "—" if found is None else f"{found[0]}{found[1]}"


def _may_see(viewer: Viewer) -> None:
    if not viewer.may(Permission.SEE_SAMPLE):
        raise Refused(f"您没有“{Permission.SEE_SAMPLE.label}”的权限。")


def _frame_row(session: Session, frame_id: int, names: dict[str, str], in_force: Rule) -> FrameRow:
    """Without the two household lists, which may be tens of megabytes."""
    f = SampleFrame
    row = session.execute(
        sa.select(
            f.rule, f.village_count, f.household_count, f.village_hash, f.household_hash, f.mandatory_village_hash,
            f.mandatory_household_hash, _lines(f.mandatory_villages), _lines(f.mandatory_households), f.seed_source,
            f.frozen_at, f.frozen_by,
        ).where(f.id == frame_id)
    ).one()  # fmt: skip
    rule = Rule.read(row[0])
    towns = len(set(towns_of_villages(session, frame_id).values()))
    return FrameRow(
        frame_id, rule.words(names), rule.share_percent, towns, row[1], row[2], row[3], row[4], row[5], row[6], row[7],
        row[8], row[9], row[10], actor_name(session, row[11]), rule == in_force,
    )  # fmt: skip


def _lines(column: InstrumentedAttribute[str]) -> sa.ColumnElement[int]:
    """How many lines a list has."""
    return sa.func.length(column) - sa.func.length(sa.func.replace(column, "\n", ""))


def _draws(session: Session, campaign_id: int) -> list[DrawRow]:
    first = SampledVillage.kind != DrawnKind.REPLACEMENT
    of_sample = (
        sa.select(sa.func.count()).select_from(SampledVillage).where(SampledVillage.sample_id == Sample.id, first)
    )
    villages = of_sample.correlate(Sample).scalar_subquery()
    households = (
        of_sample.join(SampledHousehold, SampledHousehold.sampled_village_id == SampledVillage.id)
        .where(SampledHousehold.kind != DrawnKind.REPLACEMENT)
        .correlate(Sample)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Sample, villages, households).where(Sample.campaign_id == campaign_id).order_by(Sample.number.desc())
    )
    return [
        DrawRow(
            s.id, s.version, s.number, s.state, s.seed, s.seed_registered, s.reason, n_villages, n_households,
            s.drawn_at, actor_name(session, s.drawn_by), s.adopted_at, s.abandoned_at, s.released_at, s.frame_id,
        )
        for s, n_villages, n_households in rows
    ]  # fmt: skip
