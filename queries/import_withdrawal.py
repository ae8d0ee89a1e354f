"""What stands on an import, so that it cannot be withdrawn: said in a sentence, the first that is found."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.payment_store import person_item_totals
from files.storage import Storage
from models.campaign import Campaign
from models.household_check import CheckLine, HouseholdCheck
from models.identity import Identity
from models.issue_record import Issue, IssuePerson
from models.payment import PaymentImport
from models.roster import Household, HouseholdMember, RosterImport
from models.sample import SampleFrame
from models.sample_frame import lines_of
from models.sampling_rule import Rule
from queries.household_form import written_as


def what_stands_on_roster(session: Session, found: RosterImport) -> str | None:
    """A later roster, a frozen frame, a household form or a problem that builds on this one; None: nothing."""
    later = _later_roster(session, found)
    if later is not None:
        return f"此后导入的《{later}》是在这一份的基础上比对的，请先撤回那一份。"
    framed = _framed(session, found)
    if framed:
        return f"其中 {framed:,} 户已在封存的抽样框里，不能撤回；有变动的，请导入更正后的名册。"
    forms = _count(session, HouseholdCheck.id, HouseholdCheck.household_id.in_(_homes(found.id)))
    if forms:
        return f"其中 {forms:,} 户已有一户一表，不能撤回；有变动的，请导入更正后的名册。"
    problems = _count(session, Issue.id, Issue.household_id.in_(_homes(found.id)))
    members = sa.select(HouseholdMember.id).where(HouseholdMember.import_id == found.id)
    problems += _count(session, IssuePerson.id, IssuePerson.member_id.in_(members))
    if problems:
        return f"其中的农户已有 {problems:,} 处登记在问题里，不能撤回；有变动的，请导入更正后的名册。"
    return None


def what_stands_on_payments(session: Session, found: PaymentImport) -> str | None:
    """A frozen frame that took its base from payments, or a handed-in form with amounts of these; None: nothing."""
    rules = session.scalars(sa.select(SampleFrame.rule).where(SampleFrame.campaign_id == found.campaign_id))
    if any(Rule.read(rule).needs_payments for rule in rules):
        return "已封存的抽样框按发放登记定了基数或必查户，不能撤回；有变动的，请另行导入补充或更正的登记。"
    forms = _forms_with_amounts_of(session, found)
    if forms:
        return f"已有 {forms:,} 张提交的一户一表引用了这份登记的金额，不能撤回；有变动的，请另行导入更正的登记。"
    return None


def _later_roster(session: Session, found: RosterImport) -> str | None:
    """Rows that were not written since they said nothing new are known by their number only."""
    newer, older = aliased(HouseholdMember), aliased(HouseholdMember)
    replaced = sa.exists().where(newer.import_id == RosterImport.id, older.superseded_by_id == newer.id,
                                 older.import_id == found.id)  # fmt: skip
    moved_in = sa.exists().where(newer.import_id == RosterImport.id, newer.household_id == Household.id,
                                 Household.import_id == found.id)  # fmt: skip
    return session.scalar(
        sa.select(RosterImport.file_name)
        .where(RosterImport.campaign_id == found.campaign_id, RosterImport.id > found.id)
        .where(RosterImport.withdrawn_at.is_(None), sa.or_(RosterImport.unchanged > 0, replaced, moved_in))
        .order_by(RosterImport.id.desc())
        .limit(1)
    )


def _homes(import_id: int) -> sa.Select[int]:
    """The households that have anybody of the import."""
    return sa.select(HouseholdMember.household_id).where(HouseholdMember.import_id == import_id)


def _framed(session: Session, found: RosterImport) -> int:
    """How many of its households are in a frozen frame."""
    lists = session.scalars(sa.select(SampleFrame.household_codes).where(SampleFrame.campaign_id == found.campaign_id))
    codes = set(session.scalars(sa.select(Household.code).where(Household.id.in_(_homes(found.id)))))
    return max((len(codes.intersection(lines_of(text))) for text in lists), default=0)


def _forms_with_amounts_of(session: Session, found: PaymentImport) -> int:
    """Forms with a line on somebody, an item and a year that the batch pays."""
    campaign = session.get_one(Campaign, found.campaign_id)
    lines = session.execute(
        sa.select(CheckLine.check_id, Identity.id_number, CheckLine.item_code, CheckLine.year)
        .join(HouseholdMember, HouseholdMember.id == CheckLine.member_id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.campaign_id == found.campaign_id, Identity.id_number.is_not(None))
        .distinct()
    ).all()
    numbers = sorted({number for line in lines for number in written_as(line[1] or "")})
    years = list(range(campaign.year_from, campaign.year_to + 1))
    paid = person_item_totals(Storage.payments(), [found.batch_file], numbers, years)
    keys = {(row.id_number, row.item_code, row.year) for row in paid}
    return len({c for c, number, item, year in lines if any((n, item, year) in keys for n in written_as(number or ""))})


def _count(session: Session, column: sa.orm.InstrumentedAttribute[int], condition: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count(column.distinct())).where(condition)) or 0
