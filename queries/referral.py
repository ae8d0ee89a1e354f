"""移送 and 问责: of one problem for whoever sees inside, and what discipline has before it, which is nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.evidence import Evidence
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.local_time import day_text
from models.masking import mask_text
from models.outcome import Outcome
from models.problem_type import problem_types
from models.referral import AnswerKind, Referral, ReferralAnswer, ReferralBody, ReferralPaper
from models.refusal import NotFoundOrNotYours
from models.region import Region, ReportingUnit
from models.role import Permission, Role
from models.unit import Person
from queries.issue_names import names_in
from queries.reading import reading
from queries.scope import Condition, in_places
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What came back, or the leader's 另案处理."""

    kind: AnswerKind
    text: str
    document_number: str
    answered_on: date
    by: str


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """One referral with what came back; texts masked."""

    id: int
    body: ReferralBody
    to: str
    ground: str
    document_number: str
    referred_on: date
    by: str
    papers: tuple[int, ...]
    answers: tuple[AnswerRow, ...]

    @property
    def is_waiting(self) -> bool:
        """Neither replied to nor going on as a case of its own."""
        return not self.answers


@dataclass(frozen=True, slots=True)
class SanctionRow:
    """People held to account by one document. `stands`: what a first row says with its corrections."""

    id: int
    issue_id: int | None
    number: str
    place: str
    kind: str
    people: int
    stands: int
    document_number: str
    decided_on: date
    corrects_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class BriefIssue:
    """All that discipline is told of a problem that was not referred to it: enough to record a sanction."""

    id: int
    version: int
    campaign_id: int
    number: str
    place: str
    type_label: str
    status: IssueStatus


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that went with a referral."""

    id: int
    kind: str
    caption: str
    is_image: bool


@dataclass(frozen=True, slots=True)
class ReferredCase:
    """A problem referred to 纪委监委, as discipline sees it; texts masked."""

    issue: BriefIssue
    title: str
    facts: str
    referral: ReferralRow
    papers: tuple[Paper, ...]
    sanctions: tuple[SanctionRow, ...]


# --- of one problem --------------------------------------------------------------------------------------------------


def unanswered_referrals(session: Session, issue_id: int) -> list[Referral]:
    """Referrals that wait."""
    answered = sa.exists().where(ReferralAnswer.referral_id == Referral.id)
    return list(
        session.scalars(sa.select(Referral).where(Referral.issue_id == issue_id, ~answered).order_by(Referral.id))
    )


def waits_for_reply() -> Condition:
    """Problems with a referral that waits."""
    answered = sa.exists().where(ReferralAnswer.referral_id == Referral.id)
    return sa.exists().where(Referral.issue_id == Issue.id, ~answered)


def referral_bodies(session: Session, issue_id: int) -> tuple[frozenset[ReferralBody], frozenset[ReferralBody]]:
    """To whom a problem was referred, and whose reply is still to come."""
    rows = session.execute(
        sa.select(Referral.body, sa.exists().where(ReferralAnswer.referral_id == Referral.id))
        .where(Referral.issue_id == issue_id)
        .correlate(Referral)
    ).all()
    return frozenset(body for body, _ in rows), frozenset(body for body, answered in rows if not answered)


def referrals_of(session: Session, issue_id: int, names: Sequence[str] = ()) -> tuple[ReferralRow, ...]:
    """All referrals of a problem, the latest first."""
    rows = session.execute(
        sa.select(Referral, Person.name)
        .join(Person, Person.id == Referral.person_id)
        .where(Referral.issue_id == issue_id)
        .order_by(Referral.id.desc())
    ).all()
    ids = [row.id for row, _ in rows]
    papers: dict[int, list[int]] = {}
    for paper in session.scalars(
        sa.select(ReferralPaper).where(ReferralPaper.referral_id.in_(ids)).order_by(ReferralPaper.evidence_id)
    ):
        papers.setdefault(paper.referral_id, []).append(paper.evidence_id)
    answers = _answers(session, ids, names)
    return tuple(
        ReferralRow(
            row.id, row.body, row.to, mask_text(row.ground, names), row.document_number, row.referred_on, by,
            tuple(papers.get(row.id, ())), tuple(answers.get(row.id, ())),
        )
        for row, by in rows
    )  # fmt: skip


def _answers(session: Session, ids: Sequence[int], names: Sequence[str]) -> dict[int, list[AnswerRow]]:
    found: dict[int, list[AnswerRow]] = {}
    for answer, by in session.execute(
        sa.select(ReferralAnswer, Person.name)
        .join(Person, Person.id == ReferralAnswer.person_id)
        .where(ReferralAnswer.referral_id.in_(ids))
        .order_by(ReferralAnswer.id)
    ):
        found.setdefault(answer.referral_id, []).append(
            AnswerRow(answer.kind, mask_text(answer.text, names), answer.document_number or "—", answer.answered_on, by)
        )
    return found


def sanctions_of(session: Session, where: Condition) -> tuple[SanctionRow, ...]:
    """Sanctions by unit and document, a correction right after what it corrects."""
    rows = session.execute(
        sa.select(Outcome, Issue.number, ReportingUnit.name, Region.short_name)
        .join(ReportingUnit, ReportingUnit.id == Outcome.reporting_unit_id)
        .outerjoin(Issue, Issue.id == Outcome.issue_id)
        .outerjoin(Region, Region.id == Outcome.town_id)
        .where(where)
        .order_by(ReportingUnit.position, sa.func.coalesce(Outcome.corrects_id, Outcome.id), Outcome.id)
    ).all()
    stands: dict[int, int] = {}
    for row, *_ in rows:
        first = row.corrects_id or row.id
        stands[first] = stands.get(first, 0) + row.people
    return tuple(
        SanctionRow(
            row.id, row.issue_id, number or "—", " ".join(p for p in (unit, town) if p), row.kind.label, row.people,
            stands.get(row.id, 0), row.document_number, row.decided_on, row.corrects_id, row.reason or "",
        )
        for row, number, unit, town in rows
    )  # fmt: skip


# --- the two columns of the workbook ---------------------------------------------------------------------------------


def referred_words(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """By problem: 纪委监委 2022年8月15日 甲移〔2022〕3号; nothing of its progress."""
    found: dict[int, list[str]] = {}
    for row in session.scalars(sa.select(Referral).where(Referral.issue_id.in_(ids)).order_by(Referral.id)):
        found.setdefault(row.issue_id, []).append(f"{row.to} {day_text(row.referred_on)} {row.document_number}")
    return {issue_id: "；".join(words) for issue_id, words in found.items()}


def sanction_words(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """By problem: 诫勉 2 人；党纪处分 1 人."""
    found: dict[int, list[str]] = {}
    people = sa.func.sum(Outcome.people)
    for issue_id, kind, count in session.execute(
        sa.select(Outcome.issue_id, Outcome.kind, people)
        .where(Outcome.issue_id.in_(ids))
        .group_by(Outcome.issue_id, Outcome.kind)
        .having(people > 0)
        .order_by(Outcome.issue_id, Outcome.kind)
    ):
        found.setdefault(issue_id or 0, []).append(f"{kind.label} {count} 人")
    return {issue_id: "；".join(words) for issue_id, words in found.items()}


# --- what discipline has before it -----------------------------------------------------------------------------------


def before_discipline(viewer: Viewer) -> Condition:
    """Problems of the region where the viewer acts for discipline, no drafts."""
    grants = [g for g in viewer.grants_with(Permission.SANCTION) if g.role is Role.DISCIPLINE]
    here = (in_places(g, Issue.reporting_unit_id, Issue.town_id, Issue.village_id) for g in grants)
    return sa.and_(Issue.status != IssueStatus.DRAFT, sa.or_(sa.false(), *here))


def referred_papers(viewer: Viewer) -> sa.Select[int]:
    """Ids of the files that went to 纪委监委 where the viewer acts for it."""
    return (
        sa.select(ReferralPaper.evidence_id)
        .join(Referral, Referral.id == ReferralPaper.referral_id)
        .join(Issue, Issue.id == Referral.issue_id)
        .where(Referral.body == ReferralBody.DISCIPLINE, before_discipline(viewer))
        .correlate(None)
    )


def _brief(row: Issue, unit: str, town: str | None) -> BriefIssue:
    kind = problem_types()[row.type_code].label
    place = " ".join(p for p in (unit, town) if p)
    return BriefIssue(row.id, row.version, row.campaign_id, row.number or "", place, kind, row.status)


def _briefs(session: Session, where: Condition) -> list[BriefIssue]:
    rows = session.execute(
        sa.select(Issue, ReportingUnit.name, Region.short_name)
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(Region, Region.id == Issue.town_id)
        .where(where)
        .order_by(ReportingUnit.position, Issue.sequence)
    )
    return [_brief(*row) for row in rows]


def problem_numbered(viewer: Viewer, campaign_id: int, number: str) -> BriefIssue:
    """The problem of that number where the viewer acts for discipline. Raises NotFoundOrNotYours."""
    with reading() as session:
        named = sa.and_(Issue.campaign_id == campaign_id, Issue.number == number.strip().upper())
        found = _briefs(session, sa.and_(named, before_discipline(viewer)))
    if not found:
        raise NotFoundOrNotYours("问题")
    return found[0]


def referred_cases(viewer: Viewer, campaign_id: int) -> tuple[ReferredCase, ...]:
    """Problems referred to 纪委监委, those that wait first, then the latest. Who: discipline, in its region."""
    with reading() as session:
        ids = list(
            session.scalars(
                sa.select(Referral.issue_id)
                .join(Issue, Issue.id == Referral.issue_id)
                .where(Referral.body == ReferralBody.DISCIPLINE, Issue.campaign_id == campaign_id)
                .where(before_discipline(viewer))
                .distinct()
            )
        )
        found = [case for issue_id in ids for case in _cases(session, issue_id)]
    return tuple(sorted(found, key=lambda c: (not c.referral.is_waiting, -c.referral.referred_on.toordinal())))


def referred_case(viewer: Viewer, referral_id: int) -> ReferredCase:
    """One of them. Raises NotFoundOrNotYours."""
    with reading() as session:
        issue_id = session.scalar(
            sa.select(Referral.issue_id)
            .join(Issue, Issue.id == Referral.issue_id)
            .where(Referral.id == referral_id, Referral.body == ReferralBody.DISCIPLINE, before_discipline(viewer))
        )
        found = [c for c in _cases(session, issue_id or 0) if c.referral.id == referral_id]
    if not found:
        raise NotFoundOrNotYours("移送")
    return found[0]


def _cases(session: Session, issue_id: int) -> list[ReferredCase]:
    briefs = _briefs(session, Issue.id == issue_id)
    if not briefs:
        return []
    issue, names = session.get_one(Issue, issue_id), names_in(session, issue_id)
    sanctions = sanctions_of(session, Outcome.issue_id == issue_id)
    title, facts = mask_text(issue.title, names), mask_text(issue.facts, names)
    theirs = (row for row in referrals_of(session, issue_id, names) if row.body is ReferralBody.DISCIPLINE)
    brief = briefs[0]
    return [ReferredCase(brief, title, facts, row, _papers(session, row.papers, names), sanctions) for row in theirs]


def _papers(session: Session, ids: Sequence[int], names: Sequence[str]) -> tuple[Paper, ...]:
    rows = session.scalars(sa.select(Evidence).where(Evidence.id.in_(ids)).order_by(Evidence.id))
    return tuple(
        Paper(e.id, e.kind.label, mask_text(e.caption or "", names), e.media_type.startswith("image/")) for e in rows
    )


def sanctions_before(viewer: Viewer, campaign_id: int) -> tuple[SanctionRow, ...]:
    """All sanctions of the region where the viewer acts for discipline."""
    grants = [g for g in viewer.grants_with(Permission.SANCTION) if g.role is Role.DISCIPLINE]
    here = (in_places(g, Outcome.reporting_unit_id, Outcome.town_id, sa.null()) for g in grants)
    with reading() as session:
        return sanctions_of(session, sa.and_(Outcome.campaign_id == campaign_id, sa.or_(sa.false(), *here)))
