"""Raise a problem, hand it in, correct it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.campaign import working_campaign
from actions.issue_fields import (
    AMOUNTS,
    COUNTS,
    DOCUMENT,
    check_document,
    check_together,
    check_wording,
    checked,
)
from actions.issue_place import list_places
from actions.issue_step import log_event, required_text, step
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.campaign_work import CampaignWork
from models.household_check import CheckLine, HouseholdCheck
from models.issue import Verb
from models.issue_record import CORRECTABLE, MEASURE_FIELDS, Issue, IssuePerson, IssueRound
from models.issue_rule import Doer, writing_refusal
from models.issue_word import IssueSource, IssueStatus, Severity
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission, Role
from models.unit import Unit
from queries.merged import survivor_id
from queries.region import ancestor_id, reporting_unit_of
from queries.scope import check_visible
from queries.viewer import Grant, Place


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found. `region_id` is the village, or the town where no village is meant; amounts in 分."""

    campaign_id: int
    type_code: str
    title: str
    facts: str
    region_id: int
    source: IssueSource
    found_on: date
    severity: Severity | None = None
    item_code: str | None = None
    period: str | None = None
    households: int = 0
    persons: int = 0
    amount_cents: int = 0
    to_recover_cents: int = 0
    to_pay_cents: int = 0
    check_line_id: int | None = None
    document_from: str | None = None
    document_number: str | None = None
    document_on: date | None = None
    """Who sent it, number and day of the letter: given where the source is outside, and only there."""
    also_in: tuple[int, ...] = ()
    """Further villages of the same problem; each of them is a place to be crossed off."""


def raise_issue(caller: Caller, finding: Finding) -> int:
    """Start a problem as a draft; only its author sees it. Returns its id.

    Who: inspector, unit (what it found itself), office, each in its own places. Raises Refused.
    """
    with transaction(caller) as tx:
        tx.require(Permission.RAISE)
        working_campaign(tx, finding.campaign_id, CampaignWork.RAISE)
        village, town, reporting_unit = _place(tx.session, finding.region_id, tx.today)
        grant = _raiser(tx, finding, village, town, reporting_unit)
        line, check = _check_line(tx, finding, village)
        issue = Issue(
            campaign_id=finding.campaign_id,
            status=IssueStatus.DRAFT,
            round=1,
            **_found(tx.session, finding, tx.today),
            author_id=tx.person_id,
            author_unit_id=grant.unit_id,
            team_id=check.team_id if check else next(iter(grant.team_ids), None),
            reporting_unit_id=reporting_unit.id,
            town_id=town.id,
            village_id=village.id if village else None,
            household_id=check.household_id if check else None,
        )
        tx.session.add(issue)
        tx.session.flush()
        if finding.also_in:
            for place in list_places(tx, issue, finding.also_in):
                _raiser(tx, finding, *_place(tx.session, place.region_id or 0, tx.today))
        if line is not None:
            tx.session.add(IssuePerson(issue_id=issue.id, member_id=line.member_id))
        doer = Doer(frozenset({tx.person_id}), grant.role, grant.unit_id)
        log_event(tx, issue, "create", None, doer, None, {})
        tx.record(Permission.RAISE.value, f"issue:{issue.id}")
    return issue.id


def submit(caller: Caller, issue_id: int, version: int | None = None) -> str:
    """Hand a draft in: it gets its number, gapless within campaign and reporting unit, never changed. Returns
    the number."""
    with step(caller, Verb.SUBMIT, issue_id, version) as now:
        issue, session = now.issue, now.tx.session
        number = give_number(session, issue)
        issue.registered_on = now.tx.today
        now.move_on()
        session.add(IssueRound(issue_id=issue.id, round=1, opened_on=now.tx.today))
    return number


def give_number(session: Session, issue: Issue) -> str:
    """The next number within campaign and reporting unit."""
    campaign = session.get_one(Campaign, issue.campaign_id)
    unit = session.get_one(ReportingUnit, issue.reporting_unit_id)
    last = session.scalar(
        sa.select(sa.func.max(Issue.sequence)).where(
            Issue.campaign_id == issue.campaign_id, Issue.reporting_unit_id == issue.reporting_unit_id
        )
    )
    issue.sequence = (last or 0) + 1
    issue.number = f"{campaign.code}-{unit.abbreviation}-{issue.sequence:04d}"
    return issue.number


def correct(
    caller: Caller, issue_id: int, field: str, value: Any, reason: str, version: int | None = None, *,
    as_writer: bool = False,
) -> None:  # fmt: skip
    """Change one field, old value and reason kept. Who: the author before assignment, the office after.

    `value` is of the field's own type (分, int, date, text). `as_writer`: the person counts as a writer of the round
    whatever the field, as for a returned ledger. Raises Refused for status, number, deadline and unknown fields.
    """
    with step(caller, Verb.CORRECT, issue_id, version) as now:
        if field not in CORRECTABLE:
            raise Refused("编号、状态、时限和登记的地点不能更正。")
        writes = as_writer or field in MEASURE_FIELDS
        if writes and (sentence := writing_refusal(now.case, now.doer)):
            raise Refused(sentence)
        old, new = getattr(now.issue, field), checked(now.tx.session, field, value, now.tx.today)
        if old == new:
            raise Refused("新值与原值相同，没有需要更正的。")
        check_together(now.issue, {field: new})
        now.note = required_text(reason, "更正理由", least=2, most=500)
        setattr(now.issue, field, new)
        now.detail = {"field": field, "old": _plain(old), "new": _plain(new), "writer": writes}


def _found(session: Session, finding: Finding, today: date) -> dict[str, Any]:
    """The checked facts of a finding, as columns."""
    names = ("type_code", "title", "facts", "found_on", "item_code", "period", *DOCUMENT, *AMOUNTS, *COUNTS)
    found = {name: checked(session, name, getattr(finding, name), today) for name in names}
    check_wording(finding.type_code, found["title"], found["facts"])
    check_document(finding.source, found)
    typical = problem_types()[finding.type_code].typical_severity
    severity = finding.severity or next(s for s in Severity if s.label == typical)
    return {**found, "severity": severity, "source": finding.source, "check_line_id": finding.check_line_id}


def _place(session: Session, region_id: int, today: date) -> tuple[Region | None, Region, ReportingUnit]:
    region = session.get(Region, survivor_id(session, region_id))
    if region is None or region.level not in (RegionLevel.TOWN, RegionLevel.VILLAGE):
        raise Refused("请选择问题所在的村，或所在的镇。")
    unit = reporting_unit_of(session, region, today)
    if unit is None:
        raise Refused(f"{region.name}还没有归入任何填报单位，请系统管理员先设好。")
    if region.level is RegionLevel.TOWN:
        return None, region, unit
    return region, session.get_one(Region, ancestor_id(session, region, RegionLevel.TOWN)), unit


def _raiser(
    tx: Transaction, finding: Finding, village: Region | None, town: Region, unit: ReportingUnit
) -> Grant:  # fmt: skip
    """The grant under which the person may raise something here; refused when it is not their place or their
    own village."""
    if tx.session.get(Campaign, finding.campaign_id) is None:
        raise NotFoundOrNotYours("专项治理")
    if village is not None and village.id in tx.viewer.home_villages and Role.INSPECTOR in tx.viewer.roles:
        raise Refused("这是您自己的村，按回避要求须由其他检查人员登记。")
    for grant in tx.viewer.grants_with(Permission.RAISE):
        places = (_unit_place(tx.session, grant),) if grant.role is Role.UNIT else grant.places
        if any(_covers(place, village, town, unit) for place in places):
            _check_source(grant, finding.source)
            return grant
    raise Refused("问题所在地不在您的权限范围内。")


def _unit_place(session: Session, grant: Grant) -> Place:
    """Where a unit may find something itself: its town or village, or all of its reporting unit for a department."""
    unit = session.get_one(Unit, grant.unit_id)
    region = session.get(Region, unit.region_id) if unit.region_id else None
    local = region is not None and region.level in (RegionLevel.TOWN, RegionLevel.VILLAGE)
    return Place(unit.reporting_unit_id, unit.region_id if local else None)


def _check_source(grant: Grant, source: IssueSource) -> None:
    if grant.role is Role.UNIT and source is not IssueSource.SELF_CHECK:
        raise Refused("责任单位只能登记自查自纠发现的问题。")
    if grant.role is not Role.OFFICE and source.comes_by_document:
        raise Refused(f"{source.label}的问题由领导小组办公室登记。")


def _covers(place: Place, village: Region | None, town: Region, unit: ReportingUnit) -> bool:
    in_unit = place.reporting_unit_id in (None, unit.id)
    in_region = place.region_id in (None, town.id, village.id if village else None)
    return in_unit and in_region


def _check_line(
    tx: Transaction, finding: Finding, village: Region | None
) -> tuple[CheckLine, HouseholdCheck] | tuple[None, None]:
    """The line of a form it came from, with the form: of the same campaign and village as what is said of it."""
    if finding.check_line_id is None:
        return None, None
    found = tx.session.execute(
        sa.select(CheckLine, HouseholdCheck)
        .join(HouseholdCheck, HouseholdCheck.id == CheckLine.check_id)
        .where(CheckLine.id == finding.check_line_id, HouseholdCheck.campaign_id == finding.campaign_id)
        .where(check_visible(tx.viewer, Permission.SEE_CHECKS))
    ).first()
    if found is None:
        raise NotFoundOrNotYours("一户一表")
    line, check = found
    if village is None or survivor_id(tx.session, check.village_id) != village.id:
        raise Refused("由一户一表登记的问题，发生地应是这一户所在的村。")
    return line, check


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
