"""Raise a problem, hand it in, correct it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.issue_step import log_event, required_text, step
from actions.transaction import Caller, Transaction, transaction
from models.campaign import Campaign
from models.household_check import CheckLine, HouseholdCheck
from models.issue import Doer, IssueSource, IssueStatus, Severity, Verb
from models.issue_record import CORRECTABLE, MEASURE_FIELDS, Issue, IssuePerson, IssueRound
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission, Role
from models.unit import Unit
from queries.region import ancestor_id, reporting_unit_of
from queries.scope import check_visible
from queries.viewer import Grant, Place

AMOUNTS = ("amount_cents", "to_recover_cents", "to_pay_cents", "households", "persons")


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
    team_id: int | None = None


def raise_issue(caller: Caller, finding: Finding) -> int:
    """Start a problem as a draft; only its author sees it. Returns its id.

    Who: inspector, unit (what it found itself), office, each in its own places. Raises Refused.
    """
    with transaction(caller) as tx:
        tx.require(Permission.RAISE)
        village, town, reporting_unit = _place(tx.session, finding.region_id, tx.today)
        grant = _raiser(tx, finding, village, town, reporting_unit)
        line = _check_line(tx, finding)
        issue = Issue(
            campaign_id=finding.campaign_id,
            status=IssueStatus.DRAFT,
            round=1,
            **_found(finding, tx.today),
            author_id=tx.person_id,
            author_unit_id=grant.unit_id,
            team_id=finding.team_id or next(iter(grant.team_ids), None),
            reporting_unit_id=reporting_unit.id,
            town_id=town.id,
            village_id=village.id if village else None,
            household_id=_household_id(tx, line),
        )
        tx.session.add(issue)
        tx.session.flush()
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
        campaign = session.get_one(Campaign, issue.campaign_id)
        unit = session.get_one(ReportingUnit, issue.reporting_unit_id)
        last = session.scalar(
            sa.select(sa.func.max(Issue.sequence)).where(
                Issue.campaign_id == issue.campaign_id, Issue.reporting_unit_id == issue.reporting_unit_id
            )
        )
        issue.sequence = (last or 0) + 1
        issue.number = f"{campaign.code}-{unit.abbreviation}-{issue.sequence:04d}"
        issue.registered_on = now.tx.today
        now.move_on()
        session.add(IssueRound(issue_id=issue.id, round=1, opened_on=now.tx.today))
    return issue.number


def correct(caller: Caller, issue_id: int, field: str, value: Any, reason: str, version: int | None = None) -> None:
    """Change one field, old value and reason kept. Who: the author before assignment, the office after.

    `value` is of the field's own type (分, int, date, text). Raises Refused for status, number, deadline and
    unknown fields.
    """
    with step(caller, Verb.CORRECT, issue_id, version) as now:
        if field not in CORRECTABLE:
            raise Refused("编号、状态、时限和地点不能更正。")
        _check_field(field, value)
        old = getattr(now.issue, field)
        if old == value:
            raise Refused("新值与原值相同，没有需要更正的。")
        now.note = required_text(reason, "更正理由", least=2, most=500)
        setattr(now.issue, field, value)
        now.detail = {"field": field, "old": _plain(old), "new": _plain(value), "writer": field in MEASURE_FIELDS}


def _found(finding: Finding, today: date) -> dict[str, Any]:
    """The checked facts of a finding, as columns."""
    if finding.type_code not in problem_types():
        raise Refused("请从十四类问题中选择类别。")
    kind = problem_types()[finding.type_code]
    facts = required_text(finding.facts, "问题事实", least=5)
    if kind.is_suspected_offence and "涉嫌" not in finding.title + facts:
        raise Refused("第三类问题在查实前请用“涉嫌”表述，请在标题或事实中写明“涉嫌”。")
    if finding.found_on > today:
        raise Refused("发现日期不能晚于今天。")
    for name in AMOUNTS:
        _check_field(name, getattr(finding, name))
    severity = finding.severity or next(s for s in Severity if s.label == kind.typical_severity)
    return {
        "type_code": finding.type_code,
        "title": required_text(finding.title, "一句话标题", least=4, most=120),
        "facts": facts,
        "source": finding.source,
        "found_on": finding.found_on,
        "severity": severity,
        "item_code": finding.item_code,
        "period": finding.period,
        "check_line_id": finding.check_line_id,
        **{name: getattr(finding, name) for name in AMOUNTS},
    }


def _check_field(field: str, value: Any) -> None:
    if field in AMOUNTS and (not isinstance(value, int) or value < 0):
        raise Refused("金额、户数、人数不能是负数。")
    if field == "type_code" and value not in problem_types():
        raise Refused("请从十四类问题中选择类别。")
    if field in ("title", "facts"):
        required_text(
            value, "问题事实" if field == "facts" else "标题", least=4, most=120 if field == "title" else 5000
        )


def _place(session: Session, region_id: int, today: date) -> tuple[Region | None, Region, ReportingUnit]:
    region = session.get(Region, region_id)
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
    if village is not None and village.id == tx.viewer.home_village_id and Role.INSPECTOR in tx.viewer.roles:
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


def _covers(place: Place, village: Region | None, town: Region, unit: ReportingUnit) -> bool:
    in_unit = place.reporting_unit_id in (None, unit.id)
    in_region = place.region_id in (None, town.id, village.id if village else None)
    return in_unit and in_region


def _check_line(tx: Transaction, finding: Finding) -> CheckLine | None:
    if finding.check_line_id is None:
        return None
    line = tx.session.scalar(
        sa.select(CheckLine)
        .join(HouseholdCheck, HouseholdCheck.id == CheckLine.check_id)
        .where(CheckLine.id == finding.check_line_id, check_visible(tx.viewer, Permission.SEE_CHECKS))
    )
    if line is None:
        raise NotFoundOrNotYours("一户一表")
    return line


def _household_id(tx: Transaction, line: CheckLine | None) -> int | None:
    if line is None:
        return None
    return tx.session.scalar(sa.select(HouseholdCheck.household_id).where(HouseholdCheck.id == line.check_id))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
