"""What waits for this very person: problems with the verb that is theirs, and what they wait for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.deadline import LightReading
from models.issue import IssueStatus, Verb, allowed_verbs
from models.issue_record import Issue
from models.masking import mask_text
from models.role import Permission, Role
from models.unit import Person, Team, TeamMember
from queries.issue_case import case_of, doers_for
from queries.issue_waiting import waits_for_acceptance_by, waits_for_approval_by
from queries.ledger_light import LightRule, light_rule
from queries.reading import reading
from queries.scope import OFFENCES, Condition, in_places, issue_visible
from queries.viewer import Viewer

SHOWN = 10
LOOKED_AT = 60
"""Candidates asked by the rules; a person with more has work for weeks."""
URGENCY = (
    Verb.CONFIRM_DISMISSAL, Verb.APPROVE, Verb.ACCEPT, Verb.ASSIGN, Verb.RELEASE, Verb.SIGN, Verb.REQUEST, Verb.SUBMIT,
)  # fmt: skip
"""The verb that moves a problem on, if several are open to the person."""


@dataclass(frozen=True, slots=True)
class WaitingIssue:
    """A problem that waits for the viewer. `words`: what the button says; `detail`: what one must know beforehand."""

    id: int
    number: str
    title: str
    status: IssueStatus
    light: LightReading
    verb: Verb
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the viewer, the most urgent first. `more`: how many further candidates were not listed."""

    rows: tuple[WaitingIssue, ...]
    more: int


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """What the viewer's unit has handed on and waits for: 验收中 2 件, 最长 4 天."""

    label: str
    count: int
    longest_days: int


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team of the viewer with the names of its members."""

    name: str
    members: tuple[str, ...]


def waiting_for(viewer: Viewer, campaign_id: int, today: date, most: int = SHOWN) -> Waiting:
    """Problems that wait for the viewer with the next verb; each was asked of the rules, not only of the status."""
    with reading() as session:
        here = sa.and_(Issue.campaign_id == campaign_id, issue_visible(viewer), sa.or_(sa.false(), *_mine(viewer)))
        total = session.scalar(sa.select(sa.func.count()).select_from(Issue).where(here)) or 0
        order = (Issue.deadline.is_(None), Issue.deadline, Issue.id)
        candidates = session.scalars(sa.select(Issue).where(here).order_by(*order).limit(LOOKED_AT)).all()
        rule = light_rule(session, campaign_id, today)
        rows: list[WaitingIssue] = []
        refused = 0
        for issue in candidates:
            if len(rows) == most:
                break
            row = _row(session, viewer, issue, rule)
            if row is None:
                refused += 1
            else:
                rows.append(row)
        return Waiting(tuple(rows), total - refused - len(rows))


def waited_for(viewer: Viewer, campaign_id: int, today: date) -> tuple[WaitedFor, ...]:
    """What the viewer's unit waits for others to do, so that nobody chases what is not theirs."""
    units = [g.unit_id for g in viewer.grants if g.role is Role.UNIT]
    labels = {IssueStatus.ACCEPTANCE: "待验收", IssueStatus.APPROVAL: "待审批"}
    with reading() as session:
        rows = session.execute(
            sa.select(Issue.status, sa.func.count(), sa.func.min(Issue.requested_on))
            .where(Issue.campaign_id == campaign_id, Issue.responsible_unit_id.in_(units), issue_visible(viewer))
            .where(Issue.status.in_(labels))
            .group_by(Issue.status)
        )
        found = {
            status: WaitedFor(labels[status], n, (today - first).days if first else 0) for status, n, first in rows
        }
        return tuple(found[status] for status in labels if status in found)


def teams_for(viewer: Viewer, today: date) -> tuple[TeamRow, ...]:
    """The viewer's inspection teams."""
    ids = [t for grant in viewer.grants_with(Permission.FILL_CHECK) for t in grant.team_ids]
    with reading() as session:
        rows = session.execute(
            sa.select(Team.id, Team.name, Person.name)
            .join(TeamMember, TeamMember.team_id == Team.id)
            .join(Person, Person.id == TeamMember.person_id)
            .where(Team.id.in_(ids), TeamMember.valid_from <= today)
            .where(sa.or_(TeamMember.valid_to.is_(None), TeamMember.valid_to >= today))
            .order_by(Team.id, TeamMember.is_leader.desc(), Person.id)
        ).all()
    names = {id_: name for id_, name, _ in rows}
    return tuple(TeamRow(name, tuple(p for i, _, p in rows if i == id_)) for id_, name in names.items())


def _mine(viewer: Viewer) -> Iterator[Condition]:
    """By role, what may wait for the person; the rules have the last word on each."""
    yield sa.and_(Issue.status == IssueStatus.DRAFT, Issue.author_id == viewer.person_id)
    if viewer.may(Permission.ACCEPT):
        yield waits_for_acceptance_by(viewer)
    if viewer.may(Permission.APPROVE):
        yield waits_for_approval_by(viewer)
    for grant in viewer.grants:
        here = in_places(grant, Issue.reporting_unit_id, Issue.town_id, Issue.village_id)
        match grant.role:
            case Role.UNIT:
                ours = Issue.responsible_unit_id == grant.unit_id
                yield sa.and_(ours, Issue.status == IssueStatus.RECTIFYING, sa.not_(Issue.dismissal_pending))
            case Role.OFFICE:
                yield sa.and_(here, Issue.status == IssueStatus.REGISTERED, sa.not_(Issue.dismissal_pending))
                yield sa.and_(here, Issue.dismissal_pending)
            case Role.LEADER:
                offence = sa.and_(here, Issue.type_code.in_(OFFENCES))
                unreleased = sa.and_(
                    Issue.status.in_((IssueStatus.REGISTERED, IssueStatus.RECTIFYING)), sa.not_(Issue.is_released)
                )
                yield sa.and_(offence, sa.or_(Issue.dismissal_pending, unreleased))
            case _:
                pass


def _row(session: Session, viewer: Viewer, issue: Issue, rule: LightRule) -> WaitingIssue | None:
    case = case_of(session, issue)
    open_to_me = allowed_verbs(case, doers_for(session, viewer, issue, viewer.grants))
    verb = next((v for v in URGENCY if v in open_to_me and not (v is Verb.REQUEST and not case.is_signed)), None)
    if verb is None:
        return None
    return WaitingIssue(
        issue.id, issue.number or "未编号", mask_text(issue.title), issue.status, rule.of(issue), verb,
        _words(issue, verb), _detail(issue, verb, rule.today),
    )  # fmt: skip


def _words(issue: Issue, verb: Verb) -> str:
    if verb is Verb.REQUEST:
        return "补充后再申请" if issue.returns else "填报进展、申请销号"
    return {Verb.ACCEPT: "去验收", Verb.APPROVE: "去审批", Verb.SUBMIT: "核对后提交"}.get(verb, f"去{verb.label}")


def _detail(issue: Issue, verb: Verb, today: date) -> str:
    waited = (today - issue.requested_on).days if issue.requested_on else 0
    if verb in (Verb.ACCEPT, Verb.APPROVE):
        again = f"第 {issue.requests} 次申请销号，" if issue.requests > 1 else ""
        return f"{again}已等待 {waited} 天" if waited else f"{again}今天申请"
    if verb is Verb.SUBMIT:
        return "草稿，只有您自己看得到"
    if issue.deadline is not None:
        return f"时限 {issue.deadline.month}月{issue.deadline.day}日"
    return f"{issue.registered_on.month}月{issue.registered_on.day}日登记" if issue.registered_on else "—"
