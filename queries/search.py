"""One search over problems, households, villages and units, each within one's rights, the first of each kind.

Problems are found as the ledger finds them. Households are found by village and number; by a full name or a full
identity number only whom the viewer sees whole anyway: the open households of their own team (law 8). What is typed
goes into no log and no entry.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.role import Permission
from queries.household_search import find_by_identity, find_by_number, may_find_households
from queries.ledger import LedgerFilter, LedgerRow, ledger_top
from queries.ledger_search import LONGEST_SEARCH, has_number_of_a_person, number_condition, words_of
from queries.place_search import OF_PLACES, find_units, find_villages
from queries.reading import reading
from queries.scope import issue_visible
from queries.search_hit import Hits, HouseholdHit, UnitHit, VillageHit
from queries.viewer import Viewer

SHOWN = 20
SEARCHERS = (*OF_PLACES, Permission.MANAGE_PEOPLE)
"""Who finds something at all: any of them opens the page."""


class Remark(StrEnum):
    """What else is to be said of a search."""

    NOTHING_TYPED = "NOTHING_TYPED"
    CUT = "CUT"
    NUMBER_OF_A_PERSON = "NUMBER_OF_A_PERSON"
    NOT_IN_OPEN_FORMS = "NOT_IN_OPEN_FORMS"

    @property
    def sentence(self) -> str:
        """For the screen."""
        return {
            "NOTHING_TYPED": "请输入要找的字、字母或数字：问题编号、村名、户编号、单位名，或问题里的字。",
            "CUT": f"只按前 {LONGEST_SEARCH} 个字查找。",
            "NUMBER_OF_A_PERSON": "不能用身份证号、银行账号或电话查找。查农户请用村名加户编号，如“甲一村 0107”。",
            "NOT_IN_OPEN_FORMS": "您所在专班填写中的户里没有这个号码。其他户请用村名加户编号，如“甲一村 0107”。",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. A kind that is not the viewer's to search is None; one of which there is nothing is empty."""

    remarks: tuple[Remark, ...] = ()
    issues: Hits[LedgerRow] | None = None
    households: Hits[HouseholdHit] | None = None
    villages: Hits[VillageHit] | None = None
    units: Hits[UnitHit] | None = None

    @property
    def total(self) -> int:
        """Of all kinds."""
        kinds = (self.issues, self.households, self.villages, self.units)
        return sum(hits.total for hits in kinds if hits is not None)


def search(viewer: Viewer, campaign_id: int | None, text: str, today: date, most: int = SHOWN) -> Found:
    """Who: everybody, each kind within their rights. Answers whatever is typed: signs, 5,000 characters, nothing."""
    remarks = (Remark.CUT,) if len(text) > LONGEST_SEARCH else ()
    text = text[:LONGEST_SEARCH]
    if has_number_of_a_person(text):
        return _by_number_of_a_person(viewer, campaign_id, text, most)
    words = words_of(text)
    if not words:
        return Found((Remark.NOTHING_TYPED,))
    places = any(viewer.may(permission) for permission in OF_PLACES)
    return Found(
        remarks,
        _issues(viewer, campaign_id, text, today, most),
        _households(viewer, campaign_id, text, today, most),
        find_villages(viewer, campaign_id, words, today, most) if places else None,
        find_units(viewer, campaign_id, words, today, most),
    )


def _issues(viewer: Viewer, campaign_id: int | None, text: str, today: date, most: int) -> Hits[LedgerRow] | None:
    """In the ledger's order, but the one of exactly that number first."""
    if campaign_id is None or not viewer.may(Permission.SEE_LEDGER):
        return None
    found = ledger_top(viewer, campaign_id, LedgerFilter(search=text), today, most)
    named = number_condition(words_of(text)[0])
    if named is None or len(words_of(text)) > 1:
        return Hits(found.rows, found.total)
    with reading() as session:
        here = (Issue.campaign_id == campaign_id, issue_visible(viewer), Issue.status != IssueStatus.DRAFT)
        ids = tuple(session.scalars(sa.select(Issue.id).where(*here, named).order_by(Issue.id).limit(most)))
    first = ledger_top(viewer, campaign_id, LedgerFilter(ids=ids), today, most).rows if ids else ()
    others = [row for row in found.rows if row.id not in ids]
    return Hits((*first, *others)[:most], found.total)


def _households(
    viewer: Viewer, campaign_id: int | None, text: str, today: date, most: int
) -> Hits[HouseholdHit] | None:
    if campaign_id is None or not may_find_households(viewer):
        return None
    by_number = find_by_number(viewer, campaign_id, words_of(text), today, most)
    return by_number if by_number.total else find_by_identity(viewer, campaign_id, text, most)


def _by_number_of_a_person(viewer: Viewer, campaign_id: int | None, text: str, most: int) -> Found:
    if campaign_id is None or not viewer.may(Permission.SEE_UNMASKED):
        return Found((Remark.NUMBER_OF_A_PERSON,))
    found = find_by_identity(viewer, campaign_id, text, most)
    return Found(() if found.total else (Remark.NOT_IN_OPEN_FORMS,), households=found)
