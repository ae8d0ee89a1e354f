"""The ledger's rows for a workbook: unmasked, in the order of the screen; the level is applied on writing."""

from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.ledger_workbook import LedgerRow
from models.campaign import SubsidyItem
from models.identity import Identity
from models.issue_record import Issue, IssuePerson
from models.problem_type import problem_types
from models.region import Region, ReportingUnit
from models.roster import HouseholdMember
from models.unit import Person, Team
from queries.issue_part import document_words
from queries.issue_place import PlaceCount, place_counts
from queries.ledger import LedgerFilter, ledger_ids
from queries.ledger_light import LightRule, light_rule
from queries.merged import short_name_on
from queries.referral import referred_words, sanction_words
from queries.scope import issue_visible
from queries.viewer import Viewer

People = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Names, numbers and accounts of the people a problem concerns."""
Found = sa.Row[Issue, str, str, str, str, str, str]
"""A problem with the names of its reporting unit, town, village, subsidy, team and acceptor."""


def ledger_sheet_rows(
    session: Session, viewer: Viewer, campaign_id: int, wanted: LedgerFilter, today: date
) -> Iterator[LedgerRow]:
    """Every row of the filter within the viewer's rights, a few hundred in memory at a time."""
    rule, number = light_rule(session, campaign_id, today), 0
    for ids in ledger_ids(session, viewer, campaign_id, wanted, today):
        people, rows, places = _people(session, ids), _chunk(session, ids), place_counts(session, ids)
        inside = _inside(session, ids)
        for issue_id in ids:
            number += 1
            who = people.get(issue_id, ((), (), ()))
            yield _row(number, rows[issue_id], who, rule, places.get(issue_id), inside[issue_id])


def ledger_rows_of(
    session: Session, viewer: Viewer, campaign_id: int, issue_ids: Sequence[int], today: date
) -> dict[int, tuple[Issue, LedgerRow]]:
    """Those of the problems that are of the campaign and within the viewer's rights, as they stand now."""
    rule = light_rule(session, campaign_id, today)
    ids = session.scalars(
        sa.select(Issue.id).where(
            Issue.id.in_(issue_ids), Issue.campaign_id == campaign_id, issue_visible(viewer), Issue.number.is_not(None)
        )
    ).all()
    people, rows, places = _people(session, ids), _chunk(session, ids), place_counts(session, ids)
    inside = _inside(session, ids)
    return {i: (rows[i][0], _row(0, rows[i], people.get(i, ((), (), ())), rule, places.get(i), inside[i])) for i in ids}


def _inside(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """By problem: to whom it was referred, who was held to account. 内部版 alone shows them."""
    referred, sanctions = referred_words(session, ids), sanction_words(session, ids)
    return {i: (referred.get(i, ""), sanctions.get(i, "")) for i in ids}


def _chunk(session: Session, ids: Sequence[int]) -> dict[int, Found]:
    town, village, acceptor = aliased(Region), aliased(Region), aliased(Person)
    day = Issue.registered_on
    found = session.execute(
        sa.select(
            Issue,
            ReportingUnit.name,
            short_name_on(town, day),
            short_name_on(village, day),
            SubsidyItem.name,
            Team.name,
            acceptor.name,
        )
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
        .outerjoin(SubsidyItem, SubsidyItem.code == Issue.item_code)
        .outerjoin(Team, Team.id == Issue.team_id)
        .outerjoin(acceptor, acceptor.id == Issue.accepted_by_id)
        .where(Issue.id.in_(ids))
        .execution_options(populate_existing=True)
    ).all()
    return {row[0].id: row for row in found}


def _people(session: Session, ids: Sequence[int]) -> dict[int, People]:
    rows = session.execute(
        sa.select(IssuePerson.issue_id, Identity.name, Identity.id_number, Identity.account_no)
        .join(HouseholdMember, HouseholdMember.id == IssuePerson.member_id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(IssuePerson.issue_id.in_(ids))
        .order_by(IssuePerson.id)
    )
    found: dict[int, tuple[list[str], list[str], list[str]]] = {}
    for issue_id, *values in rows:
        for column, value in zip(found.setdefault(issue_id, ([], [], [])), values, strict=True):
            if value:
                column.append(value)
    return {issue_id: (tuple(a), tuple(b), tuple(c)) for issue_id, (a, b, c) in found.items()}


def _source(issue: Issue) -> str:
    """专项审计（示例市审计局 示审〔2022〕3号，2022年8月1日）: where an auditor looks for the letter it came by."""
    document = document_words(issue)
    return f"{issue.source.label}（{document}）" if document else issue.source.label


def _row(
    number: int,
    row: Found,
    people: People,
    rule: LightRule,
    places: PlaceCount | None,
    inside: tuple[str, str],
) -> LedgerRow:
    issue, reporting_unit, town, village, item, team, acceptor = row
    names, id_numbers, accounts = people
    return LedgerRow(
        row_number=number, number=issue.number or "", source=_source(issue), team=team or "",
        found_on=issue.found_on, type=f"{issue.type_code} {problem_types()[issue.type_code].label}",
        reporting_unit=reporting_unit, town=town or "",
        village=places.of(village or "") if places else village or "",
        subsidy_item=item or "", period=issue.period or "", facts=issue.facts, people=names,
        id_numbers=id_numbers, accounts=accounts, households=issue.households, persons=issue.persons,
        amount_cents=issue.amount_cents, to_recover_cents=issue.to_recover_cents, recovered_cents=issue.recovered_cents,
        to_pay_cents=issue.to_pay_cents, paid_cents=issue.paid_cents, severity=issue.severity.label,
        nature=issue.nature.label if issue.nature else "", handling=issue.handling.label if issue.handling else "",
        responsible_unit=issue.responsible_unit_name or "", responsible_leader=issue.responsible_leader or "",
        person_in_charge=issue.person_in_charge or "", measures=issue.measures or "", assigned_on=issue.assigned_on,
        deadline=issue.deadline, first_deadline=issue.first_deadline, extensions=issue.extensions,
        progress=issue.progress or "", status=issue.status.label, light=rule.of(issue).text,
        evidence_count=issue.evidence_count, returns=issue.returns,
        accepted_by=acceptor or "", closed_on=issue.closed_on, referred_to=inside[0],
        sanctions=inside[1],
        rule_mended=issue.rule_mended or "", published_at="", remark=issue.remark or "", key=issue.id,
        version=issue.version,
    )  # fmt: skip
