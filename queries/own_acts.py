"""最近办的: what the person did lately, for whoever comes back to it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.household_check import HouseholdCheck, HouseholdCheckEvent
from models.issue import Verb
from models.issue_record import Issue, IssueEvent
from models.issue_word import short_number
from models.masking import mask_text
from models.region import Region
from models.role import Permission
from models.roster import Household
from queries.issue_history import CREATED, TAKEN_IN
from queries.reading import reading
from queries.scope import check_visible, issue_visible
from queries.viewer import Viewer

SHOWN = 8
LOOKED_AT = 40
"""How many of the person's last acts are looked at; what they may no longer see is passed over."""
_CHECK_WORDS = {"open": "打开入户表", "submit": "提交入户表", "return": "退回入户表"}


@dataclass(frozen=True, slots=True)
class OwnAct:
    """One thing done. `at` is UTC; exactly one of the ids is set, of what it was done to."""

    at: datetime
    words: str
    what: str
    issue_id: int | None = None
    check_id: int | None = None


def own_acts(viewer: Viewer, campaign_id: int, most: int = SHOWN) -> tuple[OwnAct, ...]:
    """The newest first; what was done to the same thing again comes once."""
    if viewer.person_id is None:
        return ()
    found = [*_on_problems(viewer, campaign_id), *_on_forms(viewer, campaign_id)]
    found.sort(key=lambda act: act.at, reverse=True)
    once: dict[tuple[str, int | None, int | None], OwnAct] = {}
    for act in found:
        once.setdefault((act.words, act.issue_id, act.check_id), act)
    return tuple(once.values())[:most]


def _on_problems(viewer: Viewer, campaign_id: int) -> list[OwnAct]:
    last = (
        sa.select(IssueEvent.id)
        .where(IssueEvent.person_id == viewer.person_id)
        .order_by(IssueEvent.id.desc())
        .limit(LOOKED_AT)
    )
    query = (
        sa.select(IssueEvent.recorded_at, IssueEvent.verb, Issue.id, Issue.number, Issue.title)
        .join(Issue, Issue.id == IssueEvent.issue_id)
        .where(IssueEvent.id.in_(last), Issue.campaign_id == campaign_id, issue_visible(viewer))
    )
    with reading() as session:
        rows = session.execute(query).all()
    return [
        OwnAct(at, _words(verb), f"{short_number(number or '草稿')} {mask_text(title)}", id_)
        for at, verb, id_, number, title in rows
    ]


def _on_forms(viewer: Viewer, campaign_id: int) -> list[OwnAct]:
    permission = Permission.FILL_CHECK if viewer.may(Permission.FILL_CHECK) else Permission.RETURN_CHECK
    if not viewer.may(permission):
        return []
    last = (
        sa.select(HouseholdCheckEvent.id)
        .where(HouseholdCheckEvent.person_id == viewer.person_id)
        .order_by(HouseholdCheckEvent.id.desc())
        .limit(LOOKED_AT)
    )
    query = (
        sa.select(
            HouseholdCheckEvent.recorded_at, HouseholdCheckEvent.verb, HouseholdCheck.id, Region.short_name,
            Household.number,
        )
        .join(HouseholdCheck, HouseholdCheck.id == HouseholdCheckEvent.check_id)
        .join(Household, Household.id == HouseholdCheck.household_id)
        .join(Region, Region.id == HouseholdCheck.village_id)
        .where(HouseholdCheckEvent.id.in_(last), HouseholdCheck.campaign_id == campaign_id)
        .where(check_visible(viewer, permission))
    )  # fmt: skip
    with reading() as session:
        rows = session.execute(query).all()
    return [
        OwnAct(at, _CHECK_WORDS.get(verb, "办理入户表"), f"{village} {number} 户", None, id_)
        for at, verb, id_, village, number in rows
    ]


def _words(verb: str) -> str:
    return {CREATED: "登记", TAKEN_IN: "并入别的问题"}.get(verb) or Verb(verb).label
