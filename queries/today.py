"""What waits for this very person: problems with the verb that is theirs, the most urgent first.

Order: what the own unit has not signed for, then what it must rectify, both by deadline (超期 → 临期 → 正常), then
requests by how long they have waited, then proposed dismissals, then what is to be assigned, then drafts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.deadline import LightReading
from models.extension import ExtensionRequest
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_rule import Case, allowed_verbs, next_verb
from models.issue_word import Handling, IssueStatus
from models.local_time import local_day
from models.masking import mask_text
from models.measure import IssueMeasure
from models.money import yuan
from models.region import Region, ReportingUnit
from models.role import Permission, Role
from models.unit import Person, Team, TeamMember, Unit
from queries.carry_over import is_carried
from queries.contest import waits_for_an_answer
from queries.extension import waiting_requests
from queries.issue_case import case_of, doers_for
from queries.issue_place import of_units
from queries.issue_waiting import (
    not_responsible,
    waits_for_acceptance_by,
    waits_for_approval_by,
    waits_for_decision_on_dismissal_by,
    waits_for_more_time_from,
    waits_for_reassignment,
    waits_for_review_by,
)
from queries.ledger_light import LightRule, light_rule
from queries.ledger_marks import LedgerMark
from queries.listing import missing_reports
from queries.measure import next_steps
from queries.merged import short_name_on
from queries.reading import reading
from queries.scope import OFFENCES, Condition, in_places, issue_visible, issue_visible_to
from queries.viewer import Viewer

SHOWN = 20
UNFINISHED = (IssueStatus.DRAFT, *IssueStatus.open())
URGENCY = (
    Verb.CONFIRM_DISMISSAL, Verb.APPROVE, Verb.ACCEPT, Verb.DECIDE_EXTENSION, Verb.ANSWER,
    Verb.ASSIGN, Verb.RELEASE, Verb.SIGN, Verb.REQUEST, Verb.SUBMIT,
)  # fmt: skip
"""The verb that moves a problem on, if several are open to the person."""


@dataclass(frozen=True, slots=True)
class WaitingIssue:
    """A problem that waits for the viewer. `words`: what the button says; `detail`: what one must know beforehand.

    `mark`: what sets it apart from its neighbours, 被退回 or 待签收; empty where nothing does.
    """

    id: int
    number: str
    title: str
    status: IssueStatus
    light: LightReading
    verb: Verb
    words: str
    detail: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the viewer, the most urgent first. `more`: how many further ones were not listed."""

    rows: tuple[WaitingIssue, ...]
    more: int

    @property
    def total(self) -> int:
        """All of them."""
        return len(self.rows) + self.more


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team of the viewer with the names of its members."""

    name: str
    members: tuple[str, ...]


def waiting_for(viewer: Viewer, campaign_id: int, today: date, most: int = SHOWN) -> Waiting:
    """Problems that wait for the viewer with the next verb; each one listed was asked of the rules themselves."""
    with reading() as session:
        total, listed = _first(session, viewer, campaign_id, most, today)
        facts = _Facts(
            light_rule(session, campaign_id, today), today, _places(session, listed), _last_returns(session, listed),
            frozenset(session.scalars(sa.select(Unit.id).where(Unit.valid_to.is_not(None)))),
            missing_reports(session, [issue.id for issue in listed], today),
            waiting_requests(session, [issue.id for issue in listed]), next_steps(session, listed),
        )  # fmt: skip
        rows = [_row(session, viewer, issue, facts) for issue in listed]
        return Waiting(tuple(row for row in rows if row is not None), total - len(listed))


def _first(session: Session, viewer: Viewer, campaign_id: int, most: int, today: date) -> tuple[int, list[Issue]]:
    """How many there are, and the first of them: ids are sorted, whole rows only read for what is listed."""
    here = sa.and_(Issue.campaign_id == campaign_id, Issue.status.in_(UNFINISHED), issue_visible(viewer))
    wanted = sa.select(Issue.id, sa.func.count().over()).where(here, waits_for(viewer, today))
    rows = session.execute(wanted.order_by(*_by_urgency()).limit(most)).all()
    found = {issue.id: issue for issue in session.scalars(sa.select(Issue).where(Issue.id.in_([r[0] for r in rows])))}
    return (rows[0][1] if rows else 0), [found[id_] for id_, _ in rows]


def waits_for(viewer: Viewer, today: date) -> Condition:
    """What waits for the person under any of their roles."""
    return sa.and_(sa.or_(sa.false(), *_mine(viewer, today)), sa.not_(is_carried()))


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


# --- what is mine, in SQL -------------------------------------------------------------------------------------------


def _mine(viewer: Viewer, today: date) -> Iterator[Condition]:
    """By role, what waits for the person; a test holds it to the rules."""
    yield sa.and_(Issue.status == IssueStatus.DRAFT, Issue.author_id == viewer.person_id)
    if viewer.may(Permission.ACCEPT):
        yield waits_for_acceptance_by(viewer)
    if viewer.may(Permission.APPROVE):
        yield waits_for_approval_by(viewer)
    if viewer.may(Permission.CONFIRM_DISMISSAL):
        yield waits_for_decision_on_dismissal_by(viewer)
    if viewer.may(Permission.REVIEW):
        yield waits_for_review_by(viewer, today)
    if viewer.may(Permission.DECIDE_EXTENSION):
        yield waits_for_more_time_from(viewer)
    undisputed = sa.not_(Issue.dismissal_pending)
    if viewer.may(Permission.FIX):
        own = sa.and_(Issue.status == IssueStatus.REGISTERED, Issue.author_id == viewer.person_id)
        yield sa.and_(own, Issue.returns > 0, _put_right_on_the_spot(), undisputed)
    for grant in viewer.grants:
        here = in_places(grant, Issue.reporting_unit_id, Issue.town_id, Issue.village_id)
        match grant.role:
            case Role.UNIT:
                held = sa.or_(Issue.responsible_unit_id == grant.unit_id, of_units((grant.unit_id,), open_only=True))
                ours = sa.and_(held, issue_visible_to(viewer, grant))
                yield sa.and_(ours, Issue.status == IssueStatus.RECTIFYING, undisputed)
            case Role.OFFICE:
                yield sa.and_(here, Issue.status == IssueStatus.REGISTERED, undisputed)
                yield sa.and_(here, waits_for_reassignment(), undisputed)
                yield sa.and_(here, _DIRECT, Issue.status == IssueStatus.RECTIFYING, undisputed)
                yield sa.and_(here, waits_for_an_answer(), not_responsible(viewer, grant))
            case Role.LEADER:
                before_closing = Issue.status.in_((IssueStatus.REGISTERED, IssueStatus.RECTIFYING))
                unreleased = sa.and_(Issue.type_code.in_(OFFENCES), sa.not_(Issue.is_released))
                yield sa.and_(here, before_closing, unreleased, sa.not_(_DIRECT))
            case _:
                pass


_DIRECT = sa.and_(Issue.handling.is_not(None), Issue.handling == Handling.DIRECT)
"""The office rectifies it itself."""


def _put_right_on_the_spot() -> Condition:
    return sa.exists().where(
        IssueEvent.issue_id == Issue.id, IssueEvent.round == Issue.round, IssueEvent.verb == Verb.FIX
    )


def _by_urgency() -> tuple[Any, ...]:
    held = Issue.status.in_(IssueStatus.held())
    rank = sa.case(
        (Issue.dismissal_pending, 2),
        (held, 1),
        (Issue.status == IssueStatus.REGISTERED, 3),
        (Issue.status == IssueStatus.DRAFT, 4),
        (Issue.signed_on.is_(None), -1),
        else_=0,
    )
    day = sa.case(
        (held, Issue.requested_on),
        (Issue.status == IssueStatus.REGISTERED, Issue.registered_on),
        (Issue.status == IssueStatus.DRAFT, Issue.found_on),
        (sa.and_(Issue.next_step_on.is_not(None), Issue.next_step_on < Issue.deadline), Issue.next_step_on),
        (Issue.deadline.is_(None), Issue.next_step_on),
        else_=Issue.deadline,
    )
    return rank, day.is_(None), day, Issue.id


# --- a row in words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is read for all rows at once: names of places by problem, their last returns, units that are no more."""

    rule: LightRule
    today: date
    places: Mapping[int, str]
    returns: Mapping[int, tuple[str, date, str]]
    dissolved: frozenset[int]
    unreported: frozenset[int]
    more_time: Mapping[int, ExtensionRequest]
    steps: Mapping[int, IssueMeasure]


def _places(session: Session, issues: Sequence[Issue]) -> dict[int, str]:
    town, village = aliased(Region), aliased(Region)
    rows = session.execute(
        sa.select(
            Issue.id,
            ReportingUnit.name,
            short_name_on(town, Issue.registered_on),
            short_name_on(village, Issue.registered_on),
        )
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
        .where(Issue.id.in_([issue.id for issue in issues]))
    )
    return {issue_id: " ".join(filter(None, names)) for issue_id, *names in rows}


def _last_returns(session: Session, issues: Sequence[Issue]) -> dict[int, tuple[str, date, str]]:
    """Who gave it back when and why, of problems that are with those again who asked."""
    given_back = [i.id for i in issues if i.returns and i.status in (IssueStatus.RECTIFYING, IssueStatus.REGISTERED)]
    rows = session.execute(
        sa.select(IssueEvent.issue_id, Person.name, IssueEvent.recorded_at, IssueEvent.note)
        .join(Person, Person.id == IssueEvent.person_id)
        .join(Issue, sa.and_(Issue.id == IssueEvent.issue_id, Issue.round == IssueEvent.round))
        .where(IssueEvent.issue_id.in_(given_back), IssueEvent.verb == Verb.RETURN)
        .order_by(IssueEvent.position)
    )
    return {issue_id: (name, local_day(at), note or "") for issue_id, name, at, note in rows}


def _row(session: Session, viewer: Viewer, issue: Issue, facts: _Facts) -> WaitingIssue | None:
    case = case_of(session, issue, facts.today)
    open_to_me = allowed_verbs(case, doers_for(session, viewer, issue, viewer.grants))
    verb = next((v for v in URGENCY if v in open_to_me and not (v is Verb.REQUEST and not case.is_signed)), None)
    if verb is None and Verb.REPORT in open_to_me and case.open_places:
        verb = Verb.REPORT
    if verb is None and Verb.FIX in open_to_me and issue.id in facts.returns:
        verb = Verb.FIX
    if verb is None and next_verb(case) is Verb.MEASURE and Verb.MEASURE in open_to_me:
        verb = Verb.MEASURE
    if verb is None and case.review_is_due and Verb.REVIEW in open_to_me:
        verb = Verb.REVIEW
    if verb is None and case.reviews_left and Verb.REPORT in open_to_me:
        verb = Verb.REPORT
    if Verb.REASSIGN in open_to_me and issue.responsible_unit_id in facts.dissolved:
        verb = Verb.REASSIGN
    elif Verb.CORRECT in open_to_me and any(p.unit_id in facts.dissolved for p in case.places if not p.is_done):
        verb = Verb.CORRECT
    if verb is None:
        return None
    late_report = issue.id in facts.unreported and Verb.REPORT in open_to_me
    if verb is Verb.REQUEST and (late_report or (not issue.progress and issue.id not in facts.returns)):
        verb = Verb.REPORT
    mark = LedgerMark.UNREPORTED.label if late_report else "被退回" if issue.id in facts.returns else ""
    mark = "待签收" if verb is Verb.SIGN else mark
    return WaitingIssue(
        issue.id, issue.number or "未编号", mask_text(issue.title), issue.status, facts.rule.of(issue), verb,
        _words(issue, verb, facts), mask_text(" · ".join((*_detail(issue, verb, facts), *_crossed(case, verb)))), mark,
    )  # fmt: skip


def _crossed(case: Case, verb: Verb) -> Iterator[str]:
    """How many of its places are done, for whoever has to do them."""
    if case.open_places and verb in (Verb.SIGN, Verb.REPORT):
        yield f"地点已完成 {len(case.places) - len(case.open_places)}/{len(case.places)} 处"


def _words(issue: Issue, verb: Verb, facts: _Facts) -> str:
    if verb in (Verb.REQUEST, Verb.FIX):
        return "补充后再申请" if issue.id in facts.returns else "申请销号"
    return {
        Verb.ACCEPT: "去验收", Verb.APPROVE: "去审批", Verb.SUBMIT: "核对后提交", Verb.REPORT: "填报进展",
        Verb.CONFIRM_DISMISSAL: "决定是否查否", Verb.MEASURE: "填报措施", Verb.DECIDE_EXTENSION: "审批延期",
    }.get(verb, f"去{verb.label}")  # fmt: skip


def _detail(issue: Issue, verb: Verb, facts: _Facts) -> Iterator[str]:
    """What one must know before opening it: for the unit what and until when, for the others whose and how long."""
    if verb in (Verb.ACCEPT, Verb.APPROVE):
        waited = (facts.today - issue.requested_on).days if issue.requested_on else 0
        again = f"第 {issue.requests} 次申请，" if issue.requests > 1 else ""
        yield issue.responsible_unit_name or facts.places[issue.id]
        yield f"{again}已等待 {waited} 天" if waited else f"{again}今天申请"
        return
    if verb is Verb.DECIDE_EXTENSION and issue.id in facts.more_time:
        asked = facts.more_time[issue.id]
        yield issue.responsible_unit_name or facts.places[issue.id]
        yield f"申请延至{_day(asked.until)}（时限 {_day(asked.deadline)}）：{asked.reason}"
        return
    if verb is Verb.REVIEW and issue.next_step_on is not None:
        yield issue.responsible_unit_name or facts.places[issue.id]
        yield f"长期坚持，应于{_day(issue.next_step_on)}复核"
        return
    if verb is Verb.REASSIGN:
        yield from (facts.places[issue.id], f"{issue.responsible_unit_name}已撤销，须改派")
        return
    if verb is Verb.ANSWER:
        yield from (facts.places[issue.id], f"{issue.responsible_unit_name}的申辩待答复，时限照走")
    if verb is Verb.CORRECT:
        yield from (facts.places[issue.id], "有地点的责任单位已撤销，须指定新的")
        return
    if verb is Verb.SUBMIT:
        yield from (facts.places[issue.id], "草稿，只有您自己看得到")
        return
    if verb in (Verb.SIGN, Verb.REPORT, Verb.REQUEST, Verb.FIX, Verb.MEASURE):
        yield from _duty(issue, facts)
        return
    yield facts.places[issue.id]
    if issue.registered_on:
        yield f"{_day(issue.registered_on)}登记"


def _duty(issue: Issue, facts: _Facts) -> Iterator[str]:
    if issue.id in facts.returns:
        name, day, reason = facts.returns[issue.id]
        yield f"{name} {_day(day)}退回：{reason}"
    elif issue.to_recover_cents > issue.recovered_cents:
        yield f"应追缴 {yuan(issue.to_recover_cents - issue.recovered_cents)} 元"
    elif issue.to_pay_cents > issue.paid_cents:
        yield f"应补发 {yuan(issue.to_pay_cents - issue.paid_cents)} 元"
    if issue.id in facts.steps and (due := facts.steps[issue.id].due) is not None:
        yield f"下一步 {_day(due)}前：{facts.steps[issue.id].text}"
    if issue.deadline is None and issue.next_step_on is not None:
        yield f"{_day(issue.next_step_on)}复核"
    else:
        yield f"时限 {_day(issue.deadline)}" if issue.deadline else "无时限"
    if issue.person_in_charge:
        yield f"责任人 {issue.person_in_charge}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
