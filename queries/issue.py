"""One problem as its page shows it: all of it in one read, texts masked, with what this very person may do now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.deadline import Light, LightReading
from models.evidence import EvidencePurpose
from models.holding import Holding
from models.household_check import CheckLine, HouseholdCheck
from models.issue import BY_VERB, TRANSITIONS, Relation, Verb
from models.issue_link import LinkKind
from models.issue_money import is_partial
from models.issue_record import Issue, IssueEvent
from models.issue_rule import Case, Doer, allowed_verbs, awaited_verb, next_holder, next_verb, refusal
from models.issue_word import Handling, IssueStatus
from models.local_time import local_day
from models.masking import mask_text
from models.measure import done_text, list_text
from models.outcome import Outcome
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours
from models.role import Permission, Role, may
from queries.calendar import calendar_in
from queries.carry_over import CarryPart, Link, carried_from, carry_part
from queries.common_problem import common_of
from queries.contest import ContestRow, contests_of
from queries.escalation import steps_to_take
from queries.evidence import EvidenceRow, evidence_of_issue, givers
from queries.extension import ExtensionRow, extension_rows
from queries.holding import holdings_of
from queries.issue_case import case_of, doers_for, sees_inside
from queries.issue_history import HistoryRow, PastRound, history
from queries.issue_link import LinkRow, link_rows
from queries.issue_money import MoneyLine, MovementRow, money_lines, movements
from queries.issue_names import names_in
from queries.issue_part import DutyPart, FoundPart, TimePart, duty_part, found_part, time_part
from queries.ledger_light import LightRule, light_rule
from queries.listing import ListingPart, listing_part
from queries.look_back import CheckRow, checks_of
from queries.measure import MeasureRow, measure_rows, measures_of
from queries.place_row import PlaceRow, place_rows, proves_whole
from queries.reading import reading
from queries.referral import ReferralRow, SanctionRow, referrals_of, sanctions_of
from queries.repeat import Repeats, repeats_of
from queries.review import ReviewPart, review_part
from queries.scope import check_visible, issue_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Blocked:
    """A verb of the person's role that this very person may not do now, and why."""

    verb: Verb
    sentence: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """All a problem's page shows. `version` goes back with every verb."""

    id: int
    version: int
    campaign_id: int
    number: str
    title: str
    status: IssueStatus
    light: LightReading
    type_code: str
    round: int
    requests: int
    remark: str
    partial_reason: str
    dismissal: str
    dismissal_pending: bool
    requested_on: date | None
    closed_on: date | None
    closed_on_time: bool | None
    found: FoundPart
    money: tuple[MoneyLine, ...]
    """The two directions that close it."""
    treasury: MoneyLine
    """What came back and goes to the treasury."""
    movements: tuple[MovementRow, ...]
    referrals: tuple[ReferralRow, ...]
    sanctions: tuple[SanctionRow, ...]
    """These two empty for whoever does not see inside: units and inspectors."""
    evidence: tuple[EvidenceRow, ...]
    evidence_this_time: int
    history: tuple[HistoryRow, ...]
    past_rounds: tuple[PastRound, ...]
    duty: DutyPart
    time: TimePart
    reviews: ReviewPart | None
    """Of 长期坚持; None where nothing is reviewed."""
    measures: tuple[MeasureRow, ...]
    measures_done: str
    """What was done of them, as a request for 销号 begins with it."""
    extensions: tuple[ExtensionRow, ...]
    """More time asked for in this round, the last first."""
    holdings: tuple[Holding, ...]
    """Who held it and how long, in all rounds, the earliest first."""
    case: Case
    verbs: tuple[Verb, ...]
    blocked: tuple[Blocked, ...]
    purposes: frozenset[EvidencePurpose]
    holder: str
    next_verb: Verb | None
    verified_after_return: bool
    reminders: int
    """How often it was 催办 or 督办 in this round; the last time on `reminded_on`."""
    reminded_on: date | None
    contests: tuple[ContestRow, ...]
    """申辩 of all rounds, the latest first."""
    places: tuple[PlaceRow, ...]
    """Empty: one place, its own."""
    proves_whole: bool
    """The viewer's evidence may be of the whole; the unit of a place proves its own place."""
    reporting_unit_id: int
    carry: CarryPart | None
    """What was decided of it at its campaign's end."""
    origin: Link | None
    """The problem of an earlier campaign that became this one."""
    listing: ListingPart | None
    """Who took charge of it by name; None where it is not 挂牌督办."""
    links: tuple[LinkRow, ...]
    steps_to_take: tuple[str, ...]
    """Escalation steps the problem has come to and nobody has taken in this round."""
    check_id: int | None
    """The household form it came from, for those who may see that too."""
    repeats: Repeats
    look_backs: tuple[tuple[str, CheckRow], ...]
    """What looking back found, with the campaign that looked, the latest first."""
    common: tuple[int, str] | None
    """Number and title of the common problem it stands under."""

    @property
    def type_label(self) -> str:
        """P102 发放迟缓少发漏发."""
        return f"{self.type_code} {problem_types()[self.type_code].label}"

    @property
    def merged_into(self) -> str:
        """The number of the problem in which this one goes on; empty while it is its own."""
        merged = [link.number for link in self.links if link.kind is LinkKind.MERGED and link.is_outgoing]
        return merged[-1] if merged else ""

    @property
    def awaited_from(self) -> str:
        """Whom a reminder reaches, in words."""
        match awaited_verb(self.case):
            case Verb.CONFIRM_DISMISSAL:
                return "决定是否查否的人"
            case Verb.RELEASE:
                return "领导，责任单位尚未告知"
            case Verb.REPORT:
                return self.duty.unit
            case _:
                return self.holder

    @property
    def is_on_spot(self) -> bool:
        """Put right on the spot: no unit was assigned, no deadline runs."""
        return self.case.handling is Handling.ON_SPOT

    @property
    def is_closed(self) -> bool:
        """Whether it is crossed off."""
        return self.status is IssueStatus.CLOSED

    @property
    def open_cents(self) -> int:
        """分 still to recover or to pay."""
        return self.case.money.open_cents

    @property
    def is_partial(self) -> bool:
        """部分整改: crossed off with money still open."""
        return is_partial(self.status, self.open_cents)

    @property
    def more_time(self) -> ExtensionRow | None:
        """The request for more time that waits for an answer."""
        return next((row for row in self.extensions if row.is_waiting), None)

    @property
    def contest_papers(self) -> tuple[EvidenceRow, ...]:
        """Papers given for a 申辩 that is not made yet."""
        brought = {paper for row in self.contests for paper in row.papers}
        papers = (e for e in self.evidence if e.purpose is EvidencePurpose.CONTEST and e.round == self.round)
        return tuple(paper for paper in papers if paper.id not in brought)

    @property
    def primary(self) -> Verb | None:
        """The one verb that moves it on, if it is the viewer's turn."""
        first = (
            Verb.CONFIRM_DISMISSAL, Verb.DECIDE_EXTENSION, self.next_verb, Verb.REQUEST, Verb.ANSWER, Verb.REINSTATE,
            *((Verb.REPORT,) if self.case.open_places else ()),
        )  # fmt: skip
        return next((verb for verb in first if verb in self.verbs), None)


def issue_page(viewer: Viewer, issue_id: int, today: date) -> IssuePage:
    """The problem, for whoever may see it. Raises NotFoundOrNotYours: an unknown id is told apart to nobody."""
    with reading() as session:
        issue = session.scalar(sa.select(Issue).where(Issue.id == issue_id, issue_visible(viewer)))
        if issue is None:
            raise NotFoundOrNotYours("问题")
        return _page(session, viewer, issue, today)


def issue_id_of(viewer: Viewer, number: str) -> int:
    """The id of a number as people write it. Raises NotFoundOrNotYours."""
    with reading() as session:
        found = session.scalar(sa.select(Issue.id).where(Issue.number == number.strip().upper(), issue_visible(viewer)))
    if found is None:
        raise NotFoundOrNotYours("问题")
    return found


def _page(session: Session, viewer: Viewer, issue: Issue, today: date) -> IssuePage:
    calendar, case = calendar_in(session), case_of(session, issue, today)
    doers = doers_for(session, viewer, issue, viewer.grants)
    names = names_in(session, issue.id)
    inside = sees_inside(doers)
    rows, past = history(session, issue, names, inside)
    evidence = evidence_of_issue(session, viewer, issue.id, names)
    last_return = _last_return(session, issue)
    moved = movements(session, viewer, issue.id, names)
    *lines, treasury = money_lines(case.money, moved)
    verbs, rule = allowed_verbs(case, doers), light_rule(session, issue.campaign_id, today)
    reminders, reminded = _reminders(session, issue)
    measures = measures_of(session, issue)
    duty = duty_part(session, issue, names)
    if measures and issue.measures == list_text(measures):
        duty = replace(duty, measures="")  # the list itself says it
    return IssuePage(
        id=issue.id, version=issue.version, campaign_id=issue.campaign_id, number=issue.number or "未编号",
        title=mask_text(issue.title, names), status=issue.status,
        light=_light(issue, rule),
        type_code=issue.type_code, round=issue.round, requests=issue.requests,
        remark=mask_text(issue.remark or "", names),
        partial_reason=mask_text(issue.partial_reason or "", names),
        dismissal=mask_text(issue.dismissal_ground or "", names), dismissal_pending=issue.dismissal_pending,
        requested_on=issue.requested_on, closed_on=issue.closed_on, closed_on_time=issue.closed_on_time,
        found=found_part(session, issue, names), money=tuple(lines), treasury=treasury, movements=moved,
        referrals=referrals_of(session, issue.id, names) if inside else (),
        sanctions=sanctions_of(session, Outcome.issue_id == issue.id) if inside else (),
        evidence=evidence, evidence_this_time=_this_time(evidence, issue.round, last_return), history=rows,
        past_rounds=past,
        duty=duty, time=time_part(session, issue, last_return, today, calendar),
        reviews=review_part(session, issue, names), measures=measure_rows(session, issue, names, today),
        measures_done=mask_text(done_text(measures), names),
        holdings=holdings_of(session, issue, calendar, today), extensions=extension_rows(session, issue, names),
        case=case, verbs=verbs,
        blocked=_blocked(case, doers, verbs), purposes=frozenset(givers(case, doers)), holder=next_holder(case),
        next_verb=next_verb(case), verified_after_return=last_return is not None,
        reminders=reminders, reminded_on=local_day(reminded) if reminded else None,
        contests=contests_of(session, issue.id, names), repeats=repeats_of(session, viewer, issue, today),
        common=common_of(session, issue), look_backs=checks_of(session, viewer, issue.id),
        places=place_rows(session, issue, case, doers, rule, evidence, names), proves_whole=proves_whole(case, doers),
        steps_to_take=steps_to_take(session, issue, today),
        listing=listing_part(session, issue, today),
        reporting_unit_id=issue.reporting_unit_id, links=link_rows(session, viewer, issue),
        check_id=_form(session, viewer, issue), carry=carry_part(session, viewer, issue.id),
        origin=carried_from(session, viewer, issue.id),
    )  # fmt: skip


def _form(session: Session, viewer: Viewer, issue: Issue) -> int | None:
    if issue.check_line_id is None:
        return None
    return session.scalar(
        sa.select(HouseholdCheck.id)
        .join(CheckLine, CheckLine.check_id == HouseholdCheck.id)
        .where(CheckLine.id == issue.check_line_id, check_visible(viewer, Permission.SEE_CHECKS))
    )


def _light(issue: Issue, rule: LightRule) -> LightReading:
    """The light; under review it says that the clock stands still, and with how much left."""
    found = rule.of(issue)
    if found.light is not Light.REVIEW or issue.deadline is None or issue.requested_on is None:
        return found
    left = rule.calendar.workdays_between(issue.requested_on, issue.deadline)
    rest = f"剩 {left} 工作日" if left >= 0 else "申请时已超期"
    return LightReading(found.light, f"{found.text}，时限暂停（{rest}）")


def _last_return(session: Session, issue: Issue) -> datetime | None:
    return session.scalar(
        sa.select(IssueEvent.recorded_at)
        .where(IssueEvent.issue_id == issue.id, IssueEvent.round == issue.round, IssueEvent.verb == Verb.RETURN)
        .order_by(IssueEvent.position.desc())
        .limit(1)
    )


def _reminders(session: Session, issue: Issue) -> tuple[int, datetime | None]:
    row = session.execute(
        sa.select(sa.func.count(), sa.func.max(IssueEvent.recorded_at))
        .where(IssueEvent.issue_id == issue.id, IssueEvent.round == issue.round)
        .where(IssueEvent.verb.in_((Verb.REMIND, Verb.SUPERVISE)))
    ).one()
    return row[0], row[1]


def _this_time(evidence: Sequence[EvidenceRow], number: int, last_return: datetime | None) -> int:
    """Evidence of rectification given for the request that runs: since the last return of this round."""
    return sum(
        e.purpose is EvidencePurpose.RECTIFICATION
        and e.round == number
        and (last_return is None or e.recorded_at > last_return)
        for e in evidence
    )


def _blocked(case: Case, doers: Sequence[Doer], verbs: Sequence[Verb]) -> tuple[Blocked, ...]:
    """Verbs that fit the status and the person's role, refused to this very person: why not you."""
    found = []
    for transition in TRANSITIONS:
        able = [d for d in doers if may(d.role, transition.verb.permission)]
        if transition.verb in verbs or not able or case.status not in BY_VERB[transition.verb].sources:
            continue
        if transition.dismissal is True and not case.dismissal_proposers:
            continue
        if transition.relation is Relation.RESPONSIBLE_UNIT and not any(d.role is Role.UNIT for d in able):
            continue  # the office holds these for 直查直办 only
        if transition.verb is Verb.WITHDRAW and not any(d.role is Role.UNIT for d in able):
            continue  # of the unit somebody else asked; to an inspector, who only judges it, it says nothing
        if transition.verb is Verb.EXTEND and not case.has_deadline:
            continue  # nobody misses it
        sentence = refusal(transition.verb, case, able[-1])
        if sentence is not None and transition.verb in _WORTH_SAYING:
            found.append(Blocked(transition.verb, sentence))
    return tuple(found)


_WORTH_SAYING = frozenset({Verb.ACCEPT, Verb.APPROVE, Verb.CONFIRM_DISMISSAL, Verb.WITHDRAW, Verb.ASSIGN, Verb.REQUEST,
                         Verb.EXTEND})  # fmt: skip
