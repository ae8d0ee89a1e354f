"""The parts of a problem's page: what was found, who rectifies, the time used. Texts masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.campaign import SubsidyItem
from models.deadline import DeadlineRule
from models.holding import review_workdays, unit_workdays
from models.issue import Verb
from models.issue_record import Issue, IssueEvent, IssueRound
from models.issue_word import IssueStatus
from models.local_time import day_text, local_day
from models.masking import mask_text
from models.region import Region, ReportingUnit
from models.unit import Person, Team, Unit
from models.workday import Calendar
from queries.holding import holdings_of_the_clock
from queries.merged import short_name_on


@dataclass(frozen=True, slots=True)
class FoundPart:
    """What was found, by whom, where. Facts masked."""

    facts: str
    source: str
    team: str
    author: str
    found_on: date
    place: str
    item: str
    period: str
    severity: str
    households: int
    persons: int
    amount_cents: int
    document: str = ""
    """Who sent it, number and day of the letter it came by; empty where it was found here."""


@dataclass(frozen=True, slots=True)
class DutyPart:
    """Who rectifies what until when, in the round that runs. `note` says that a deadline is an estimate."""

    unit: str
    unit_id: int | None
    leader: str
    person: str
    requirements: str
    finding: str
    """What looking back found: why this round was opened; empty in the first."""
    measures: str
    result: str
    """As reported with the last request of this round."""
    progress: str
    rule_mended: str
    handling: str
    nature: str
    assigned_on: date | None
    signed_on: date | None
    deadline: date | None
    first_deadline: date | None
    """Of the first round: it never changes."""
    round_deadline: date | None
    """The first deadline of the round that runs."""
    held: int
    """Working days by which the deadline moved because the office held earlier requests."""
    rule: str
    note: str
    extensions: int
    unit_head: str
    dissolved: str
    """That the responsible unit is no more and somebody must reassign; empty while it is in force."""


@dataclass(frozen=True, slots=True)
class TimePart:
    """How long it took, in working days. `limit` is None where the limit was not set in working days."""

    used: int | None
    limit: int | None
    review: int
    returns: int
    returned_on: date | None
    left_at_request: int | None
    """Working days the unit still had when it asked: what it has again after a return."""
    resumed_deadline: date | None
    """The deadline if it were returned today."""
    overdue: tuple[int, int] | None = None
    """Calendar days past the deadline, and how many of them were working days; None where it is not overdue."""


def found_part(session: Session, issue: Issue, names: Sequence[str]) -> FoundPart:
    """Where, by whom and what; one read."""
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    unit, town_name, village_name, team, author, item = session.execute(
        sa.select(
            ReportingUnit.name, short_name_on(town, day), short_name_on(village, day), Team.name, Person.name,
            SubsidyItem.name,
        )
        .select_from(Issue)
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .join(Person, Person.id == Issue.author_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
        .outerjoin(Team, Team.id == Issue.team_id)
        .outerjoin(SubsidyItem, SubsidyItem.code == Issue.item_code)
        .where(Issue.id == issue.id)
    ).one()  # fmt: skip
    return FoundPart(
        mask_text(issue.facts, names), issue.source.label, team or "", author, issue.found_on,
        " ".join(p for p in (unit, town_name, village_name) if p), f"{issue.item_code} {item}" if item else "",
        issue.period or "", issue.severity.label, issue.households, issue.persons, issue.amount_cents,
        mask_text(document_words(issue), names),
    )  # fmt: skip


def document_words(issue: Issue) -> str:
    """示例市审计局 随审〔2022〕3号，2022年8月1日; empty where it came by no letter."""
    if not issue.source.comes_by_document or issue.document_on is None:
        return ""
    number = issue.document_number if issue.document_number != "无" else "无文号"
    return f"{issue.document_from} {number}，{day_text(issue.document_on)}"


def duty_part(session: Session, issue: Issue, names: Sequence[str]) -> DutyPart:
    """From the record as it stands, and what its rounds and its last request say."""
    rounds = {
        r.round: r for r in session.scalars(sa.select(IssueRound).where(IssueRound.issue_id == issue.id))
    }  # fmt: skip
    running, first = rounds.get(issue.round), rounds.get(1)
    rule = DeadlineRule.parse(issue.deadline_rule).text() if issue.deadline_rule else ""
    estimate = (
        f"{issue.deadline.year} 年放假安排尚未发布，截止日期为预估"
        if issue.deadline_is_estimate and issue.deadline
        else ""
    )
    return DutyPart(
        issue.responsible_unit_name or "", issue.responsible_unit_id, issue.responsible_leader or "",
        issue.person_in_charge or "", mask_text(issue.requirements or "", names),
        mask_text((running.reason if running else None) or "", names), mask_text(issue.measures or "", names),
        mask_text(_last_result(session, issue), names), mask_text(issue.progress or "", names),
        mask_text(issue.rule_mended or "", names),
        issue.handling.label if issue.handling else "", issue.nature.label if issue.nature else "", issue.assigned_on,
        issue.signed_on, issue.deadline, first.first_deadline if first else None, issue.first_deadline,
        issue.held_workdays, rule, estimate, issue.extensions, issue.unit_head or "",
        _dissolved(session, issue),
    )  # fmt: skip


def _dissolved(session: Session, issue: Issue) -> str:
    unit = session.get(Unit, issue.responsible_unit_id or 0)
    if unit is None or unit.valid_to is None or issue.status not in IssueStatus.open():
        return ""
    successor = session.get(Unit, unit.successor_id or 0)
    taken = f"由{successor.name}承接" if successor else "没有承接单位"
    then = "须由办公室改派" if issue.status is IssueStatus.RECTIFYING else "本次办完即可，退回时须改派"
    return (
        f"{unit.name}自 {(unit.valid_to + timedelta(days=1)).isoformat()} 起撤销，{taken}。本件没有自动转走，{then}。"
    )


def _last_result(session: Session, issue: Issue) -> str:
    return (
        session.scalar(
            sa.select(IssueEvent.note)
            .where(IssueEvent.issue_id == issue.id, IssueEvent.round == issue.round, IssueEvent.verb == Verb.REQUEST)
            .order_by(IssueEvent.position.desc())
            .limit(1)
        )
        or ""
    )


def time_part(
    session: Session, issue: Issue, last_return: datetime | None, today: date, calendar: Calendar
) -> TimePart:
    """On the unit's own clock and on the office's."""
    stretches = holdings_of_the_clock(session, issue, calendar, today)
    waiting = 0
    if issue.requested_on is not None:
        waiting = max(0, calendar.workdays_between(issue.requested_on, issue.closed_on or today))
    rule = DeadlineRule.parse(issue.deadline_rule) if issue.deadline_rule else None
    in_workdays = rule is not None and rule.stored.startswith("W")
    left = resumed = None
    if issue.status in IssueStatus.held() and issue.deadline is not None and issue.requested_on is not None:
        left = calendar.workdays_between(issue.requested_on, issue.deadline)
        resumed = calendar.add_workdays(issue.deadline, waiting)[0]
    return TimePart(
        unit_workdays(stretches) if _has_clock(issue) else None, rule.days if rule and in_workdays else None,
        review_workdays(stretches),
        issue.returns, local_day(last_return) if last_return else None, left, resumed, _overdue(issue, today, calendar),
    )  # fmt: skip


def _overdue(issue: Issue, today: date, calendar: Calendar) -> tuple[int, int] | None:
    if issue.status is not IssueStatus.RECTIFYING or issue.deadline is None or issue.deadline >= today:
        return None
    return (today - issue.deadline).days, calendar.workdays_between(issue.deadline, today)


def _has_clock(issue: Issue) -> bool:
    """Whether a responsible unit's clock has run in this round."""
    return issue.assigned_on is not None and issue.status not in (IssueStatus.REGISTERED, IssueStatus.DISMISSED)
