"""Evidence: who may give it, who may see it, and where else the same file was used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.evidence import ENDINGS, IMAGES
from models.evidence import Evidence, EvidenceKind, EvidencePurpose
from models.household_check import CheckLine, CheckStatus, HouseholdCheck
from models.issue import Verb
from models.issue_link import IssueLink, LinkKind
from models.issue_record import Issue
from models.issue_rule import Case, Doer, refusal
from models.issue_word import IssueStatus
from models.look_back import check_refusal
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from models.unit import Person
from queries.reading import reading
from queries.referral import referred_papers
from queries.scope import OFFENCES, Condition, check_visible, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A file the viewer may open."""

    id: int
    sha256: str
    media_type: str

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.media_type in IMAGES

    @property
    def file_name(self) -> str:
        """Under which it is saved: the caption may name people, the number does not."""
        return f"佐证{self.id}.{ENDINGS.get(self.media_type, 'bin')}"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One file as a problem shows it. `also_in` are the numbers of other problems of the viewer's that use it.

    `from_visit`: taken with the household form the problem came from; it proves the finding and counts for no request.
    """

    id: int
    round: int
    kind: EvidenceKind
    purpose: EvidencePurpose
    media_type: str
    caption: str
    taken_at: datetime | None
    recorded_at: datetime
    given_by: str
    also_in: tuple[str, ...]
    also_elsewhere: bool
    from_visit: bool = False
    place_id: int | None = None
    """What of several places it proves; None: the whole."""

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.media_type in IMAGES


def stored_evidence(viewer: Viewer, evidence_id: int) -> StoredEvidence:
    """The file, if the viewer may see the problem or the household form it belongs to, a problem raised from that form,
    or a referral to 纪委监委 they answer. Raises NotFoundOrNotYours."""
    with reading() as session:
        row = session.execute(
            sa.select(Evidence.id, Evidence.sha256, Evidence.media_type)
            .outerjoin(Issue, Issue.id == Evidence.issue_id)
            .outerjoin(HouseholdCheck, HouseholdCheck.id == Evidence.check_id)
            .where(Evidence.id == evidence_id)
            .where(
                sa.or_(
                    _of_visible_issue(viewer),
                    _of_visible_check(viewer),
                    _of_raised_issue(viewer),
                    _of_merged_issue(viewer),
                    Evidence.id.in_(referred_papers(viewer)),
                )
            )
        ).first()
    if row is None:
        raise NotFoundOrNotYours("佐证")
    return StoredEvidence(*row)


def givers(case: Case, doers: Iterable[Doer]) -> dict[EvidencePurpose, Doer]:
    """What evidence may be given for now, and by which of the doers.

    Of rectification: whoever may report progress, the responsible unit while it rectifies; whoever may put it right on
    the spot. Of the finding: its author, until it was assigned. Papers of a 申辩: whoever may contest. Of
    looking back: whoever may judge whether a closed problem has held.
    """
    found: dict[EvidencePurpose, Doer] = {}
    for doer in doers:
        if any(refusal(verb, case, doer) is None for verb in (Verb.REPORT, Verb.FIX)):
            found.setdefault(EvidencePurpose.RECTIFICATION, doer)
        if refusal(Verb.CONTEST, case, doer) is None:
            found.setdefault(EvidencePurpose.CONTEST, doer)
        if check_refusal(case, doer) is None:
            found.setdefault(EvidencePurpose.LOOK_BACK, doer)
        before = case.status in (IssueStatus.DRAFT, IssueStatus.REGISTERED) and not case.carried_to
        if before and case.author_id in doer.people:
            found.setdefault(EvidencePurpose.FINDING, doer)
    return found


def check_open_to(session: Session, viewer: Viewer, check_id: int) -> HouseholdCheck | None:
    """The household form, if it is still being filled by the viewer's own team."""
    teams = {team for grant in viewer.grants_with(Permission.FILL_CHECK) for team in grant.team_ids}
    return session.scalar(
        sa.select(HouseholdCheck)
        .where(HouseholdCheck.id == check_id, check_visible(viewer, Permission.FILL_CHECK))
        .where(HouseholdCheck.status != CheckStatus.SUBMITTED)
        .where(sa.or_(HouseholdCheck.team_id.is_(None), HouseholdCheck.team_id.in_(teams)))
    )


def evidence_of_issue(
    session: Session, viewer: Viewer, issue_id: int, names: Sequence[str] = ()
) -> tuple[EvidenceRow, ...]:
    """All evidence of a problem, the latest first, with what was taken with the household form it came from; captions
    masked."""
    form = (
        sa.select(CheckLine.check_id)
        .join(Issue, Issue.check_line_id == CheckLine.id)
        .where(Issue.id == issue_id)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Evidence, Person.name)
        .join(Person, Person.id == Evidence.person_id)
        .where(sa.or_(Evidence.issue_id == issue_id, Evidence.check_id == form))
        .order_by(Evidence.id.desc())
    ).all()
    others = used_elsewhere(session, viewer, [e.sha256 for e, _ in rows], issue_id)
    return tuple(
        EvidenceRow(
            e.id, e.round, e.kind, e.purpose, e.media_type, mask_text(e.caption, names), e.taken_at, e.recorded_at, who,
            tuple(n for n in others.get(e.sha256, ()) if n), e.sha256 in others,
            e.check_id is not None, e.place_id,
        )
        for e, who in rows
    )  # fmt: skip


def used_elsewhere(
    session: Session, viewer: Viewer, digests: Sequence[str], issue_id: int | None
) -> dict[str, tuple[str, ...]]:
    """By hash, the numbers of other problems with the same file; an empty text for one that is not the viewer's."""
    if not digests:
        return {}
    rows = session.execute(
        sa.select(Evidence.sha256, Issue.number, issue_visible(viewer))
        .join(Issue, Issue.id == Evidence.issue_id)
        .where(Evidence.sha256.in_(digests), Evidence.issue_id != (issue_id or 0))
        .where(Issue.status != IssueStatus.DRAFT)
        .order_by(Issue.number)
    )
    found: dict[str, dict[str, None]] = {}
    for digest, number, seen in rows:
        found.setdefault(digest, {})[(number or "") if seen else ""] = None
    return {digest: tuple(numbers) for digest, numbers in found.items()}


def check_evidence(viewer: Viewer, check_id: int) -> tuple[StoredEvidence, ...]:
    """The files given with a household form the viewer may see, in their order."""
    with reading() as session:
        rows = session.execute(
            sa.select(Evidence.id, Evidence.sha256, Evidence.media_type)
            .join(HouseholdCheck, HouseholdCheck.id == Evidence.check_id)
            .where(Evidence.check_id == check_id, _of_visible_check(viewer))
            .order_by(Evidence.id)
        )
        return tuple(StoredEvidence(*row) for row in rows)


def _of_visible_issue(viewer: Viewer) -> Condition:
    return sa.and_(Evidence.issue_id.is_not(None), issue_visible(viewer))


def _of_merged_issue(viewer: Viewer) -> Condition:
    """Evidence of what was merged into a problem the viewer may see; of group C only once it was told."""
    survivors = sa.select(Issue.id).where(issue_visible(viewer)).correlate(None)
    gone = aliased(Issue)
    told = sa.or_(gone.type_code.not_in(OFFENCES), gone.is_released)
    merged = (
        sa.select(IssueLink.from_id)
        .join(gone, gone.id == IssueLink.from_id)
        .where(IssueLink.kind == LinkKind.MERGED, gone.status == IssueStatus.DISMISSED, told)
        .where(IssueLink.to_id.in_(survivors))
        .correlate(None)
    )
    return Evidence.issue_id.in_(merged)


def _of_visible_check(viewer: Viewer) -> Condition:
    seen = sa.or_(check_visible(viewer, Permission.FILL_CHECK), check_visible(viewer, Permission.SEE_CHECKS))
    return sa.and_(Evidence.check_id.is_not(None), seen)


def _of_raised_issue(viewer: Viewer) -> Condition:
    """Taken with a form from which a problem of the viewer's was raised: whoever rectifies sees what was found."""
    forms = (
        sa.select(CheckLine.check_id)
        .join(Issue, Issue.check_line_id == CheckLine.id)
        .where(issue_visible(viewer))
        .correlate(None)
    )
    return Evidence.check_id.in_(forms)
