"""A line of a household form put as a problem: facts, type and amounts, for a person to read before raising it."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.campaign import SubsidyItem
from models.household_check import CheckLayer, CheckLine, HouseholdCheck, Verdict
from models.identity import Identity
from models.issue_word import IssueSource
from models.masking import mask_name
from models.money import yuan
from models.refusal import NotFoundOrNotYours
from models.region import Region
from models.role import Permission
from models.roster import Household, HouseholdMember
from queries.household_check import THING
from queries.reading import reading
from queries.scope import check_visible
from queries.viewer import Viewer

SOURCES = {
    CheckLayer.SELF_CHECK: IssueSource.SELF_CHECK,
    CheckLayer.INSPECTION: IssueSource.INSPECTION,
    CheckLayer.SUPERVISION: IssueSource.SUPERVISION,
    CheckLayer.COVERT: IssueSource.COVERT,
}
ONLY_SAID = "群众自述与到账不一致"


@dataclass(frozen=True, slots=True)
class LineFinding:
    """A drafted finding; the field names are those of `actions.issue.Finding`. Amounts in 分, names masked."""

    campaign_id: int
    type_code: str
    title: str
    facts: str
    region_id: int
    source: IssueSource
    found_on: date
    item_code: str
    period: str
    households: int
    persons: int
    amount_cents: int
    to_recover_cents: int
    to_pay_cents: int
    check_line_id: int


def finding_of_line(viewer: Viewer, line_id: int, today: date) -> LineFinding:
    """The finding of a line handed in. Who: those who see the form. Raises NotFoundOrNotYours.

    Also for a line whose verdict names no problem: the type is then the commonest, P102.
    """
    with reading() as session:
        found = session.execute(
            sa.select(CheckLine, HouseholdCheck)
            .join(HouseholdCheck, HouseholdCheck.id == CheckLine.check_id)
            .where(CheckLine.id == line_id, check_visible(viewer, Permission.SEE_CHECKS))
        ).first()
        if found is None:
            raise NotFoundOrNotYours(THING)
        return _finding(session, *found, today)


def _finding(session: Session, line: CheckLine, check: HouseholdCheck, today: date) -> LineFinding:
    village = session.get_one(Region, check.village_id).short_name
    number = session.get_one(Household, check.household_id).number
    item = session.scalars(sa.select(SubsidyItem.name).where(SubsidyItem.code == line.item_code)).one()
    recover, pay = _amounts(line)
    short = yuan(max(recover, pay))
    differs = f"{'多发' if recover else '少发'}{short}元"
    what = {
        Verdict.NOT_RECEIVED: "自述未收到", Verdict.NOT_ENTITLED: "不符合享受条件", Verdict.UNAWARE: "不知晓",
        Verdict.ENTITLED_BUT_MISSING: "应享未享",
    }.get(line.verdict, differs if recover or pay else ONLY_SAID if _only_said(line) else "金额不符")  # fmt: skip
    return LineFinding(
        campaign_id=check.campaign_id, type_code=line.verdict.suggested_type or "P102",
        title=f"{village}{number}户{line.year}年{item}{what}", facts=_facts(session, line, village, number, item),
        region_id=check.village_id, source=SOURCES[check.layer], found_on=check.visited_on or today,
        item_code=line.item_code, period=str(line.year), households=1, persons=1, amount_cents=max(recover, pay),
        to_recover_cents=recover, to_pay_cents=pay, check_line_id=line.id,
    )  # fmt: skip


def _facts(session: Session, line: CheckLine, village: str, number: str, item: str) -> str:
    relation, name, pseudonym = session.execute(
        sa.select(HouseholdMember.relation, Identity.name, HouseholdMember.pseudonym)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdMember.id == line.member_id)
    ).one()
    said = "未说明金额" if line.said_cents is None else f"{yuan(line.said_cents)}元"
    note = f"{line.note.rstrip('。')}。" if line.note else ""
    doubt = f"{ONLY_SAID}，待核。" if _only_said(line) else ""
    return (
        f"{village}{number}户{mask_name(name or '')}（{relation}，代号{pseudonym}）{line.year}年{item}："
        f"清册应发{yuan(line.listed_cents)}元，到账{yuan(line.received_cents)}元，群众自述{said}。"
        f"核查结论：{line.verdict.label}。{doubt}{note}"
    )


def _only_said(line: CheckLine) -> bool:
    """Whether the villager's word is against the bank's record: a thing to be cleared up, not an amount owed."""
    if line.verdict is Verdict.NOT_RECEIVED:
        return line.received_cents > (line.said_cents or 0)
    return line.verdict is Verdict.WRONG_AMOUNT and line.said_cents not in (None, line.received_cents)


def _amounts(line: CheckLine) -> tuple[int, int]:
    """(to recover, to pay), 分: register against bank alone. What was only said makes nobody owe anything."""
    match line.verdict:
        case Verdict.NOT_ENTITLED:
            return line.received_cents, 0
        case Verdict.NOT_RECEIVED:
            return 0, max(line.listed_cents - line.received_cents, 0)
        case Verdict.WRONG_AMOUNT:
            difference = line.received_cents - line.listed_cents
            return max(difference, 0), max(-difference, 0)
        case _:
            return 0, 0
