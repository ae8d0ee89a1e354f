"""Give evidence: a file attached to a problem or a household form, for ever."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.campaign import working_campaign
from actions.transaction import Caller, Transaction, transaction
from files.evidence import EvidenceFile, inspect, keep
from models.campaign_work import CampaignWork
from models.evidence import Evidence, EvidenceKind, EvidencePurpose
from models.household_check import HouseholdCheck
from models.issue_record import Issue
from models.issue_rule import Doer, is_for_a_place_only
from models.issue_word import IssueStatus
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from queries.evidence import check_open_to, givers, used_elsewhere
from queries.issue_case import case_of, doers_for
from queries.issue_place import places_of
from queries.reading import reading
from queries.scope import issue_visible
from queries.viewer import Viewer

LONGEST_CAPTION = 120


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """What became of an upload. `also_in`: other problems with the very same file, said and not refused."""

    id: int
    also_in: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What the person is told."""
        if not self.also_in:
            return "佐证已存好"
        named = "、".join(n for n in self.also_in if n) or "另一条问题"
        return f"佐证已存好。注意：同一份文件还用在 {named}，验收时会看到。"


def add_evidence(
    caller: Caller, *, kind: EvidenceKind, purpose: EvidencePurpose, data: bytes, caption: str = "",
    issue_id: int | None = None, check_id: int | None = None, place_id: int | None = None,
) -> EvidenceGiven:  # fmt: skip
    """Attach a file to a problem or to a household form, one of the two.

    Who: RECTIFICATION, the responsible unit while it rectifies, or the inspector who may put it right on the spot;
    FINDING, the problem's author until it is assigned, or the form's team while it is open; CONTEST, the responsible
    unit while it may contest. Raises Refused for a file
    FINDING, the problem's author until it is assigned, or the form's team while it is open. `place_id`: what of several
    places it proves; the unit of a place gives for its own. Raises Refused for a file
    that is none of the kinds taken, or already there.
    """
    if (issue_id is None) == (check_id is None):
        raise ValueError("evidence belongs to a problem or to a household form")
    with reading() as session:  # before a large file is looked at, and without holding the chain meanwhile
        _owner(session, caller.look_up(session), purpose, issue_id, check_id)
    inspect(data)
    with transaction(caller) as tx:
        tx.require(_permission(tx.viewer, purpose))
        issue, doer = _owner(tx.session, tx.viewer, purpose, issue_id, check_id)
        if (
            purpose is not EvidencePurpose.LOOK_BACK
        ):  # it belongs to the campaign that looks back, not to the one that ended
            _require_work(tx, issue, check_id)
        _require_place(tx.session, issue, doer, place_id)
        found = keep(data)
        _refuse_twice(tx, found, purpose, issue, check_id)
        row = _row(tx, found, kind, purpose, caption, issue, check_id)
        row.place_id = place_id
        row.stood_in_for_id = doer.stands_in_for(tx.person_id) if doer else None
        tx.session.add(row)
        if issue is not None and purpose is not EvidencePurpose.LOOK_BACK:
            issue.evidence_count += 1
        tx.session.flush()
        owner = f"issue:{issue_id}" if issue_id is not None else f"check:{check_id}"
        tx.record("evidence.add", owner, evidence=row.id, kind=kind.value, purpose=purpose.value, sha256=found.sha256)
        others = used_elsewhere(tx.session, tx.viewer, [found.sha256], issue_id)
    return EvidenceGiven(row.id, others.get(found.sha256, ()))


def _permission(viewer: Viewer, purpose: EvidencePurpose) -> Permission:
    """What giving it is part of; `_owner` then asks whether for this very problem."""
    if purpose is EvidencePurpose.FINDING:
        return Permission.RAISE
    if purpose is EvidencePurpose.CONTEST:
        return Permission.CONTEST
    if purpose is EvidencePurpose.LOOK_BACK:
        return Permission.CHECK_BACK
    return Permission.FIX if viewer.may(Permission.FIX) else Permission.REPORT


def _owner(
    session: Session, viewer: Viewer, purpose: EvidencePurpose, issue_id: int | None, check_id: int | None
) -> tuple[Issue, Doer] | tuple[None, None]:
    """The problem and as whom the viewer gives it, nothing for a form; refused when this evidence may not be given."""
    if check_id is not None:
        if purpose is not EvidencePurpose.FINDING:
            raise Refused("一户一表只收发现问题的照片；整改佐证请在问题详情里上传。")
        if check_open_to(session, viewer, check_id) is None:
            raise NotFoundOrNotYours("一户一表")
        return None, None
    issue = session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(viewer)))
    if issue is None:
        raise NotFoundOrNotYours("问题")
    doer = givers(case_of(session, issue), doers_for(session, viewer, issue, viewer.grants)).get(purpose)
    if doer is None:
        raise Refused(_WHO_MAY[purpose])
    return issue, doer


_WHO_MAY = {
    EvidencePurpose.RECTIFICATION: "整改佐证只能由责任单位在整改中上传；立查立改的，由登记人在交办前上传。",
    EvidencePurpose.FINDING: "发现问题的佐证只能由登记人在交办之前上传。",
    EvidencePurpose.CONTEST: "申辩材料只能由责任单位在整改中上传，且没有等待答复的申辩。",
    EvidencePurpose.LOOK_BACK: "回头看材料只能由核查人对已销号的问题上传；整改、验收过本件的人除外。",
}


def _require_work(tx: Transaction, issue: Issue | None, check_id: int | None) -> None:
    if issue is None:
        check = tx.session.get_one(HouseholdCheck, check_id)
        working_campaign(tx, check.campaign_id, CampaignWork.FILL_FORM)
    else:
        is_draft = issue.status is IssueStatus.DRAFT
        working_campaign(tx, issue.campaign_id, CampaignWork.RAISE if is_draft else CampaignWork.HANDLE)


def _require_place(session: Session, issue: Issue | None, doer: Doer | None, place_id: int | None) -> None:
    """A place of this very problem; the unit of a place proves its own place and nothing else."""
    if issue is None or doer is None:
        return
    places = {place.id: place for place in places_of(session, issue.id)}
    if place_id is not None and place_id not in places:
        raise Refused("请从本件的地点中选择。")
    is_guest = is_for_a_place_only(case_of(session, issue), doer) and issue.author_id not in doer.people
    if is_guest and (place_id is None or places[place_id].unit_id != doer.unit_id):
        raise Refused("请选择贵单位整改的地点：别处的佐证由它的责任单位上传。")


def _refuse_twice(
    tx: Transaction, found: EvidenceFile, purpose: EvidencePurpose, issue: Issue | None, check_id: int | None
) -> None:
    owner = Evidence.check_id == check_id if issue is None else Evidence.issue_id == issue.id
    same = sa.select(Evidence.id).where(owner, Evidence.sha256 == found.sha256, Evidence.purpose == purpose)
    if issue is not None:
        same = same.where(Evidence.round == issue.round)
    if tx.session.scalar(same.limit(1)) is not None:
        raise Refused("这份文件已经在本件的佐证里，没有重复保存。")


def _row(
    tx: Transaction, found: EvidenceFile, kind: EvidenceKind, purpose: EvidencePurpose, caption: str,
    issue: Issue | None, check_id: int | None,
) -> Evidence:  # fmt: skip
    words = " ".join(caption.split())[:LONGEST_CAPTION] or kind.label
    return Evidence(
        issue_id=issue.id if issue else None, check_id=check_id, round=issue.round if issue else 1, kind=kind,
        purpose=purpose, sha256=found.sha256, size=found.size, media_type=found.media_type, caption=words,
        taken_at=found.taken_at, person_id=tx.person_id, recorded_at=tx.now,
    )  # fmt: skip
