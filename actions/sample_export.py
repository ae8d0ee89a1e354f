"""Hand out a draw: the workbook with its frames, or one list of the frame as anyone can hash it. Each in the log."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from actions.handout import check_handout, whole_or_not_there
from actions.transaction import Caller, transaction
from files.digest import file_sha256
from files.export_level import ExportLevel
from files.sample_workbook import DrawnHousehold, DrawnVillage, FrameUnit, SampleSheets, write_sample
from models.campaign import Campaign
from models.local_time import local_day
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.sample import Sample, SampleFrame
from models.sample_frame import Frame, lines_of
from queries.audit import audit_head
from queries.reading import reading
from queries.sample import item_names
from queries.sample_frame import stored_frame
from queries.sample_rows import household_lines, village_lines, visible_villages
from queries.viewer import Viewer


class FrameList(StrEnum):
    """The lists of a frame that a stranger needs to draw again, each a file."""

    VILLAGES = "village_strata"
    HOUSEHOLDS = "household_codes"
    MANDATORY_VILLAGES = "mandatory_villages"
    MANDATORY_HOUSEHOLDS = "mandatory_households"

    @property
    def file_name(self) -> str:
        """As `docs/verify-a-draw.md` names it."""
        return {
            "village_strata": "村清单.csv", "household_codes": "户清单.txt", "mandatory_villages": "必查村.txt",
            "mandatory_households": "必查户.txt",
        }[self.value]  # fmt: skip


def export_frame_list(caller: Caller, frame_id: int, which: FrameList) -> bytes:
    """One list, UTF-8, sorted, each line ended by a line feed. Who: those who see samples everywhere and may export."""
    with transaction(caller) as tx:
        tx.require(Permission.EXPORT)
        tx.require(Permission.SEE_SAMPLE)
        if not tx.viewer.is_everywhere(Permission.SEE_SAMPLE):
            raise Refused("抽样框的清单包含全部地区，您的权限只到部分地区。请向领导小组办公室索取。")
        frame = tx.session.get(SampleFrame, frame_id)
        if frame is None:
            raise NotFoundOrNotYours("抽样框")
        text: str = getattr(frame, which.value)
        tx.record("sample.export_list", f"sample_frame:{frame_id}", list=which.value)
    return text.encode()


def export_sample(
    caller: Caller, sample_id: int, target: Path, level: ExportLevel = ExportLevel.UNIT, purpose: str = ""
) -> None:
    """Write the workbook of a draw to `target`. Who: those who see samples, the lists of their own places only.

    Refused: 内部版 without permission or purpose, 公开版 before the list was released. The file is written before
    the log entry: a million households take a minute and nobody should wait for it; without the entry there is no file.
    """
    with reading() as session:
        viewer = caller.look_up(session)
        sample = _permitted(session, viewer, sample_id, level, purpose)
        head = str(audit_head())
        with whole_or_not_there(target):
            write_sample(target, _sheets(session, viewer, sample, caller, level, head))
            with transaction(caller) as tx:
                check_handout(tx.viewer, level, purpose, Permission.SEE_SAMPLE)
                tx.record(
                    "sample.export", f"sample:{sample_id}", level=level.value, purpose=mask_text(purpose.strip()),
                    head=head, sha256=file_sha256(target),
                )  # fmt: skip


def _permitted(session: Session, viewer: Viewer, sample_id: int, level: ExportLevel, purpose: str) -> Sample:
    """The draw, if the person may have its workbook at that level."""
    check_handout(viewer, level, purpose, Permission.SEE_SAMPLE)
    sample = session.get(Sample, sample_id)
    if sample is None:
        raise NotFoundOrNotYours("抽样")
    if level is ExportLevel.PUBLIC and sample.released_at is None:
        raise Refused("名单还没有公布，不能导出公开版。")
    return sample


def _sheets(
    session: Session, viewer: Viewer, sample: Sample, caller: Caller, level: ExportLevel, head: str
) -> SampleSheets:
    frozen = session.get_one(SampleFrame, sample.frame_id)
    frame = stored_frame(session, frozen.id)
    campaign = session.get_one(Campaign, sample.campaign_id)
    visible = visible_villages(session, viewer, frame, caller.today)
    villages = village_lines(session, viewer, sample, caller.today)
    households = household_lines(session, viewer, sample)
    return SampleSheets(
        sample_id=sample.id, campaign_name=campaign.name, state=sample.state.label, seed=sample.seed,
        seed_source=(frozen.seed_source or "") if sample.seed_registered else "",
        rule="；".join(frame.rule.words(item_names(session))), village_frame_hash=frozen.village_hash,
        household_frame_hash=frozen.household_hash, mandatory_village_hash=frozen.mandatory_village_hash,
        mandatory_household_hash=frozen.mandatory_household_hash, frozen_on=local_day(frozen.frozen_at),
        drawn_on=local_day(sample.drawn_at),
        villages=[DrawnVillage(v.town, v.code, v.village, v.rank, v.hash, v.kind, v.state, v.note) for v in villages],
        households=(
            DrawnHousehold(h.village_code, h.code, h.rank, h.hash, h.kind, h.state, h.note) for h in households
        ),
        village_frame=_village_frame(frame, visible), household_frame=_household_frame(frame, visible), level=level,
        as_of=caller.today, exported_by=viewer.person_name, exported_at=caller.now, audit_head=head,
    )  # fmt: skip


def _village_frame(frame: Frame, visible: Callable[[str], bool]) -> Iterator[FrameUnit]:
    musts = set(lines_of(frame.mandatory_villages))
    return (FrameUnit(code, code in musts, town) for code, town in frame.town_of().items() if visible(code))


def _household_frame(frame: Frame, visible: Callable[[str], bool]) -> Iterator[FrameUnit]:
    musts = set(lines_of(frame.mandatory_households))
    codes: Iterable[tuple[str, str]] = ((code, code.partition("/")[0]) for code in lines_of(frame.households))
    return (FrameUnit(code, code in musts, village) for code, village in codes if visible(village))
