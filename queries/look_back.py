"""回头看: what may be taken over, what was, what was found of each; within the viewer's rights on the problem."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.campaign import Campaign, CampaignState
from models.issue_record import Issue
from models.issue_word import IssueStatus, VerifiedHow
from models.look_back import LookBack, LookBackCheck, LookBackVerdict, check_refusal
from models.look_back_draw import LookBackDraw, LookBackDrawn
from models.masking import mask_text
from models.problem_type import problem_types
from models.refusal import NotFoundOrNotYours
from models.region import Region, ReportingUnit
from models.role import Permission, Role
from models.unit import Person
from queries.issue_case import case_of, doers_for
from queries.merged import short_name_on
from queries.reading import first_row, reading
from queries.scope import Condition, issue_visible
from queries.viewer import Viewer

ENDED = (CampaignState.CONCLUDED, CampaignState.ARCHIVED)


class LookBackState(StrEnum):
    """Which of them one wants to see."""

    WAITING = "WAITING"
    FAILED = "FAILED"
    HELD = "HELD"
    ALL = "ALL"

    @property
    def label(self) -> str:
        """The words on the button."""
        return {"WAITING": "待核查", "FAILED": "反弹或虚假", "HELD": "已巩固", "ALL": "全部"}[self.value]


@dataclass(frozen=True, slots=True)
class Source:
    """An earlier campaign, and how many closed problems of it the viewer may still take over."""

    id: int
    name: str
    left: int


@dataclass(frozen=True, slots=True)
class Takeable:
    """A closed problem of an earlier campaign that was not taken over yet."""

    issue_id: int
    number: str
    title: str
    type_code: str
    place: str
    responsible_unit: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class TakeFilter:
    """What of them one wants; empty parts do not narrow."""

    types: tuple[str, ...] = ()
    unit_ids: tuple[int, ...] = ()
    reporting_unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One problem looked back at. `verdict` None: nobody has looked yet."""

    id: int
    issue_id: int
    number: str
    title: str
    place: str
    responsible_unit: str
    campaign: str
    status: IssueStatus
    verdict: LookBackVerdict | None
    looked_on: date | None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What somebody found."""

    verdict: LookBackVerdict
    how: VerifiedHow
    looked_on: date
    finding: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One of them whole: what it was, what was done, what was found. `blocked`: why the viewer may not judge it."""

    row: ItemRow
    facts: str
    measures: str
    checks: tuple[CheckRow, ...]
    may_check: bool
    blocked: str
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class ItemList:
    """A page of them, with how many there are of each state."""

    rows: tuple[ItemRow, ...]
    total: int
    counts: dict[LookBackState, int]


def look_back_visible(viewer: Viewer) -> Condition:
    """Items whose problem the viewer may see, for a statement that joins `Issue`; what was drawn and not yet released
    is hidden from the unit it will be asked of."""
    return sa.and_(issue_visible(viewer), not_hidden_from(viewer))


def not_hidden_from(viewer: Viewer) -> Condition:
    """A condition on `LookBack` and `Issue`: nothing a unit must not hear of before the day."""
    units = {g.unit_id for g in viewer.grants_with(Permission.SEE_LEDGER) if g.role is Role.UNIT}
    if not units:
        return sa.true()
    hidden = (
        sa.select(LookBackDrawn.look_back_id)
        .join(LookBackDraw, LookBackDraw.id == LookBackDrawn.draw_id)
        .where(LookBackDraw.released_at.is_(None), LookBackDrawn.is_new)
    )
    return sa.or_(LookBack.id.not_in(hidden), Issue.responsible_unit_id.not_in(units))


def sources(viewer: Viewer, campaign_id: int) -> tuple[Source, ...]:
    """Campaigns that are over, the latest first, for whoever may take over from them."""
    if not viewer.may(Permission.TAKE_BACK):
        return ()
    with reading() as session:
        rows = session.execute(
            sa.select(Campaign.id, Campaign.name)
            .where(Campaign.id != campaign_id, Campaign.state.in_(ENDED))
            .order_by(Campaign.id.desc())
        ).all()
        return tuple(
            Source(i, name, _count(session, _takeable(viewer, campaign_id, i, TakeFilter()))) for i, name in rows
        )


def takeable(
    viewer: Viewer, campaign_id: int, source_id: int, wanted: TakeFilter, page: int = 1, size: int = 50
) -> tuple[tuple[Takeable, ...], int]:
    """A page of what may be taken over, and how many there are."""
    if not viewer.may(Permission.TAKE_BACK):
        return (), 0
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    with reading() as session:
        where = _takeable(viewer, campaign_id, source_id, wanted)
        total = _count(session, where)
        found = session.execute(
            sa.select(Issue, ReportingUnit.name, short_name_on(town, day), short_name_on(village, day))
            .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
            .outerjoin(town, town.id == Issue.town_id)
            .outerjoin(village, village.id == Issue.village_id)
            .where(where)
            .order_by(Issue.number)
            .offset(first_row(page, total, size))
            .limit(size)
        )
        rows = tuple(
            Takeable(i.id, i.number or "", mask_text(i.title), i.type_code, _place(unit, t, v),
                     i.responsible_unit_name or "—", i.closed_on)
            for i, unit, t, v in found
        )  # fmt: skip
    return rows, total


def takeable_ids(viewer: Viewer, campaign_id: int, source_id: int, wanted: TakeFilter) -> tuple[int, ...]:
    """All of them by id: what 全部接收 takes."""
    if not viewer.may(Permission.TAKE_BACK):
        return ()
    with reading() as session:
        where = _takeable(viewer, campaign_id, source_id, wanted)
        return tuple(session.scalars(sa.select(Issue.id).where(where).order_by(Issue.number)))


def look_back_items(
    viewer: Viewer, campaign_id: int, state: LookBackState, page: int = 1, size: int = 20
) -> ItemList:  # fmt: skip
    """What this campaign looks back at, within the viewer's rights; those that wait first."""
    with reading() as session:
        here = sa.and_(LookBack.campaign_id == campaign_id, look_back_visible(viewer))
        counts = {s: int(session.scalar(_items(here, s, sa.func.count())) or 0) for s in LookBackState}
        total = counts[state]
        asked = _listed(_items(here, state, *_columns())).order_by(Issue.number)
        rows = session.execute(asked.offset(first_row(page, total, size)).limit(size))
        return ItemList(tuple(_item(row) for row in rows), total, counts)


def look_back_item(viewer: Viewer, look_back_id: int) -> ItemPage:
    """One of them. Raises NotFoundOrNotYours: an unknown id is told apart to nobody."""
    with reading() as session:
        here = sa.and_(LookBack.id == look_back_id, look_back_visible(viewer))
        row = session.execute(_listed(_items(here, LookBackState.ALL, *_columns()))).first()
        if row is None:
            raise NotFoundOrNotYours("回头看问题")
        item, issue = _item(row), session.get_one(Issue, row[1])
        refusals = _refusals(session, viewer, issue)
        may_check = bool(refusals) and None in refusals
        blocked = "" if may_check else next((r for r in refusals if r), "")
        return ItemPage(
            item, mask_text(issue.facts), mask_text(issue.measures or ""), _checks(session, look_back_id), may_check,
            blocked, issue.status is IssueStatus.CLOSED and viewer.may(Permission.REOPEN),
        )  # fmt: skip


def checks_of(session: Session, viewer: Viewer, issue_id: int) -> tuple[tuple[str, CheckRow], ...]:
    """What was found of a problem the viewer was allowed to open, in whichever campaign, the latest first."""
    rows = session.execute(
        sa.select(Campaign.name, LookBackCheck, Person.name)
        .join(LookBack, LookBack.id == LookBackCheck.look_back_id)
        .join(Campaign, Campaign.id == LookBack.campaign_id)
        .join(Person, Person.id == LookBackCheck.person_id)
        .join(Issue, Issue.id == LookBack.issue_id)
        .where(LookBack.issue_id == issue_id, not_hidden_from(viewer))
        .order_by(LookBackCheck.id.desc())
    )
    return tuple((campaign, _check(check, who)) for campaign, check, who in rows)


def last_checks(day_end: datetime | None = None) -> sa.Subquery:
    """The last word on each item, by a moment where one is given: look_back_id, verdict, looked_on, finding."""
    asked = sa.select(LookBackCheck.look_back_id, sa.func.max(LookBackCheck.position).label("position"))
    if day_end is not None:
        asked = asked.where(LookBackCheck.recorded_at < day_end)
    last = asked.group_by(LookBackCheck.look_back_id).subquery()
    same = sa.and_(
        last.c.look_back_id == LookBackCheck.look_back_id, last.c.position == LookBackCheck.position
    )  # fmt: skip
    columns = (LookBackCheck.look_back_id, LookBackCheck.verdict, LookBackCheck.looked_on, LookBackCheck.finding)
    return sa.select(*columns).join(last, same).subquery("last_check")


_LAST = last_checks()


def _columns() -> tuple[Any, ...]:
    return (
        LookBack.id, LookBack.issue_id, Issue.number, Issue.title, Issue.responsible_unit_name, Issue.status,
        _LAST.c.verdict, _LAST.c.looked_on,
    )  # fmt: skip


def _items(where: Condition, state: LookBackState, *columns: Any) -> sa.Select[Any]:
    asked = (
        sa.select(*columns)
        .select_from(LookBack)
        .join(Issue, Issue.id == LookBack.issue_id)
        .outerjoin(_LAST, _LAST.c.look_back_id == LookBack.id)
    )
    return asked.where(where, *_in_state(state))


def _in_state(state: LookBackState) -> Iterator[Condition]:
    match state:
        case LookBackState.WAITING:
            yield _LAST.c.verdict.is_(None)
        case LookBackState.HELD:
            yield _LAST.c.verdict == LookBackVerdict.HELD
        case LookBackState.FAILED:
            yield _LAST.c.verdict.in_([v for v in LookBackVerdict if v.leads_to_reopening])


def _listed(asked: sa.Select[Any]) -> sa.Select[Any]:
    """With the place and the campaign it comes from."""
    town, village, day = aliased(Region), aliased(Region), Issue.registered_on
    return (
        asked.add_columns(Campaign.name, ReportingUnit.name, short_name_on(town, day), short_name_on(village, day))
        .join(Campaign, Campaign.id == Issue.campaign_id)
        .join(ReportingUnit, ReportingUnit.id == Issue.reporting_unit_id)
        .outerjoin(town, town.id == Issue.town_id)
        .outerjoin(village, village.id == Issue.village_id)
    )


def _item(row: Sequence[Any]) -> ItemRow:
    item_id, issue_id, number, title, unit, status, verdict, day, campaign, *place = row
    return ItemRow(
        item_id, issue_id, number, mask_text(title), _place(*place), unit or "—", campaign, status, verdict, day
    )


def _refusals(session: Session, viewer: Viewer, issue: Issue) -> list[str | None]:
    case = case_of(session, issue)
    doers = doers_for(session, viewer, issue, viewer.grants_with(Permission.CHECK_BACK))
    return [check_refusal(case, doer) for doer in doers]


def _checks(session: Session, look_back_id: int) -> tuple[CheckRow, ...]:
    rows = session.execute(
        sa.select(LookBackCheck, Person.name)
        .join(Person, Person.id == LookBackCheck.person_id)
        .where(LookBackCheck.look_back_id == look_back_id)
        .order_by(LookBackCheck.position.desc())
    )
    return tuple(_check(check, who) for check, who in rows)


def _check(check: LookBackCheck, who: str) -> CheckRow:
    return CheckRow(check.verdict, check.how, check.looked_on, mask_text(check.finding), who, check.recorded_at)


def _takeable(viewer: Viewer, campaign_id: int, source_id: int, wanted: TakeFilter) -> Condition:
    taken = sa.select(LookBack.issue_id).where(LookBack.campaign_id == campaign_id)
    over = sa.exists().where(Campaign.id == source_id, Campaign.state.in_(ENDED))
    parts: list[Condition] = [
        Issue.campaign_id == source_id, Issue.status == IssueStatus.CLOSED, issue_visible(viewer),
        Issue.id.not_in(taken), over,
    ]  # fmt: skip
    if wanted.types:
        parts.append(Issue.type_code.in_([code for code in wanted.types if code in problem_types()]))
    if wanted.unit_ids:
        parts.append(Issue.responsible_unit_id.in_(wanted.unit_ids))
    if wanted.reporting_unit_ids:
        parts.append(Issue.reporting_unit_id.in_(wanted.reporting_unit_ids))
    return sa.and_(*parts)


def _count(session: Session, where: Condition) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(Issue).where(where)) or 0)


def _place(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)
