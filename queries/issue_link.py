"""What a problem has to do with others: split off, merged; and the contents of what was merged, for its survivor."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.issue_link import IssueLink, LinkKind
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.masking import mask_text
from models.refusal import NotFoundOrNotYours
from models.search_text import folded
from queries.evidence import EvidenceRow, evidence_of_issue
from queries.ledger_search import number_condition
from queries.reading import reading
from queries.scope import OFFENCES, Condition, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Another problem and what it has to do with this one. `issue_id` None: the viewer may not open it.

    Of one merged into this the survivor shows the rest: its facts, its money and evidence; texts masked.
    """

    kind: LinkKind
    is_outgoing: bool
    number: str
    issue_id: int | None
    title: str
    status: IssueStatus
    facts: str = ""
    amount_cents: int = 0
    to_recover_cents: int = 0
    to_pay_cents: int = 0
    evidence: tuple[EvidenceRow, ...] = ()

    @property
    def words(self) -> str:
        """拆分自, 已并入 …."""
        return self.kind.words(self.is_outgoing)


@dataclass(frozen=True, slots=True)
class MergeTarget:
    """A problem another one may be merged into, as far as one sees from here."""

    id: int
    number: str
    title: str
    status: IssueStatus


def merge_target(viewer: Viewer, issue_id: int, typed: str) -> MergeTarget:
    """The problem of a number as people write it, SX-0007 or whole, beside the one that is to be merged.

    Raises NotFoundOrNotYours for both alike, as a problem's page does.
    """
    with reading() as session:
        here = session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(viewer)))
        whole = typed.strip().upper()
        number = Issue.number == whole if whole.count("-") == 2 else number_condition(folded(typed))
        if here is None or number is None:
            raise NotFoundOrNotYours("问题")
        found = session.scalars(
            sa.select(Issue)
            .where(Issue.campaign_id == here.campaign_id, Issue.reporting_unit_id == here.reporting_unit_id)
            .where(number, Issue.id != here.id, Issue.number.is_not(None), issue_visible(viewer))
        ).first()
    if found is None:
        raise NotFoundOrNotYours("问题")
    return MergeTarget(found.id, found.number or "", mask_text(found.title), found.status)


def link_rows(session: Session, viewer: Viewer, issue: Issue) -> tuple[LinkRow, ...]:
    """In the order in which they came about; a merge that was taken back is left out."""
    other = sa.case((IssueLink.from_id == issue.id, IssueLink.to_id), else_=IssueLink.from_id)
    rows = session.execute(
        sa.select(IssueLink.kind, IssueLink.from_id, Issue, issue_visible(viewer))
        .join(Issue, Issue.id == other)
        .where(sa.or_(IssueLink.from_id == issue.id, IssueLink.to_id == issue.id), _holds(issue))
        .where(IssueLink.kind.in_(list(LinkKind)))
        .order_by(IssueLink.id)
    ).all()
    return tuple(
        _row(session, viewer, LinkKind(kind), from_id == issue.id, found, bool(seen))
        for kind, from_id, found, seen in rows
    )


def merged_into(session: Session, issue: Issue) -> Issue | None:
    """The problem this one was merged into, while that holds."""
    if issue.status is not IssueStatus.DISMISSED:
        return None
    link = sa.select(IssueLink).where(IssueLink.from_id == issue.id, IssueLink.kind == LinkKind.MERGED)
    last = session.scalars(link.order_by(IssueLink.id.desc()).limit(1)).first()
    return None if last is None else session.get_one(Issue, last.to_id)


def _holds(issue: Issue) -> Condition:
    """A merge holds while the merged one is dismissed and was merged last into this very problem."""
    gone, later = aliased(Issue), aliased(IssueLink)
    dismissed = sa.select(gone.id).where(gone.status == IssueStatus.DISMISSED)
    again = sa.exists().where(
        later.from_id == IssueLink.from_id, later.kind == LinkKind.MERGED, later.id > IssueLink.id
    )
    holds = sa.and_(IssueLink.from_id.in_(dismissed), sa.not_(again))
    return sa.or_(IssueLink.kind != LinkKind.MERGED, holds)


def _row(session: Session, viewer: Viewer, kind: LinkKind, outgoing: bool, found: Issue, seen: bool) -> LinkRow:
    number, told = found.number or "", seen or found.type_code not in OFFENCES or found.is_released
    if not told:
        return LinkRow(kind, outgoing, number, None, "—", found.status)
    title, own_id = mask_text(found.title), found.id if seen else None
    if kind is not LinkKind.MERGED or outgoing:
        return LinkRow(kind, outgoing, number, own_id, title, found.status)
    return LinkRow(
        kind, outgoing, number, own_id, title, found.status, mask_text(found.facts), found.amount_cents,
        found.to_recover_cents, found.to_pay_cents, evidence_of_issue(session, viewer, found.id),
    )  # fmt: skip
