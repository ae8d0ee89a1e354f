"""The drawn households of a village, and the forms one may go on with."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.check_form import Progress
from models.draft import Draft
from models.household_check import CheckStatus, HouseholdCheck, VisitOutcome
from models.masking import mask_name
from models.region import Region
from models.role import Permission
from models.roster import Household
from models.sample import DrawnKind, Sample, SampledHousehold, SampledVillage
from queries.household_check import fillable, last_event, unmasked
from queries.household_form import Form, forms_of
from queries.reading import reading
from queries.scope import household_visible
from queries.viewer import Viewer
from queries.village_visits import PAGE, drawn_villages, inspection_of
from queries.visit import FINISHED


class VisitState(StrEnum):
    """How a drawn household stands."""

    TO_VISIT = "TO_VISIT"
    OPEN = "OPEN"
    RETURNED = "RETURNED"
    FINISHED = "FINISHED"
    NOT_MET = "NOT_MET"
    REPLACED = "REPLACED"

    @property
    def label(self) -> str:
        """The word on screen."""
        return _STATE_WORDS[self][0]

    @property
    def badge(self) -> str:
        """Colour of the badge on screen."""
        return _STATE_WORDS[self][1]

    @property
    def icon(self) -> str:
        """Name of the Material icon."""
        return _STATE_WORDS[self][2]

    @property
    def symbol(self) -> str:
        """A plain symbol for tables."""
        return _STATE_WORDS[self][3]


_STATE_WORDS = {
    VisitState.TO_VISIT: ("待入户", "gray", "schedule", "□"),
    VisitState.OPEN: ("填写中", "blue", "edit_note", "◇"),
    VisitState.RETURNED: ("被退回", "orange", "reply", "△"),
    VisitState.FINISHED: ("已完成", "green", "task_alt", "■"),
    VisitState.NOT_MET: ("未见到", "yellow", "person_off", "○"),
    VisitState.REPLACED: ("已替换", "gray", "swap_horiz", "×"),
}


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household of the list. `head` is masked unless the form is an open one of the viewer's team."""

    household_id: int
    number: str
    group: str
    head: str
    pseudonym: str
    people: int
    kind: DrawnKind
    state: VisitState
    outcome: VisitOutcome | None
    progress: Progress
    check_id: int | None
    may_open: bool
    replaced_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """One page of a village's households."""

    rows: tuple[HouseholdRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class NextHousehold:
    """The household to go to next. `check_id`: its form, where somebody has begun it."""

    household_id: int
    number: str
    check_id: int | None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form the viewer may go on with."""

    check_id: int
    village_id: int
    place: str
    number: str
    head: str
    progress: Progress
    return_reason: str | None


_TO_DO, _NOT_MET, _FINISHED, _REPLACED = range(4)


def households_to_visit(
    viewer: Viewer, campaign_id: int, village_id: int, page: int = 1, size: int = PAGE, search: str = "",
    unfinished: bool = False,
) -> HouseholdPage:  # fmt: skip
    """The drawn households of a village: those still to be done first, then the others, each by number.

    `search`: part of the number; `unfinished`: neither finished nor replaced. Empty where the village is not the
    viewer's.
    """
    with reading() as session:
        here = sa.and_(
            drawn_villages(viewer, campaign_id),
            SampledVillage.region_id == village_id,
            Household.number.contains(search.strip(), autoescape=True),
            _rank() < _FINISHED if unfinished else sa.true(),
        )
        total = session.scalar(_listing(sa.func.count()).where(here)) or 0
        pages = max(1, -(-total // size))
        page = min(max(1, page), pages)
        columns = (
            Household, SampledHousehold, HouseholdCheck, sa.func.coalesce(fillable(viewer), sa.false()),
            sa.func.coalesce(unmasked(viewer), sa.false()),
        )  # fmt: skip
        found = session.execute(
            _listing(*columns).where(here).order_by(_rank(), Household.number).offset((page - 1) * size).limit(size)
        ).all()
        forms = forms_of(session, campaign_id, {row[0].id: row[2] for row in found})
        successors = _numbers_of(session, [row[1].replaced_by_id for row in found])
        may_begin = bool(viewer.grants_with(Permission.FILL_CHECK)) and bool(_own_places(session, viewer, village_id))
        rows = tuple(
            _row(home, drawn, _Fill(check, bool(mine), bool(whole)), forms[home.id], successors, may_begin)
            for home, drawn, check, mine, whole in found
        )
        return HouseholdPage(rows, total, page, pages)


def next_household(viewer: Viewer, campaign_id: int, village_id: int, number: str) -> NextHousehold | None:
    """The household of the village to go to after this one: the next by number still to be done, else the first.

    Who: those who fill forms there. None where nothing is left to do, or the village is not the viewer's.
    """
    with reading() as session:
        if not _own_places(session, viewer, village_id):
            return None
        mine = sa.or_(HouseholdCheck.id.is_(None), fillable(viewer))
        found = session.execute(
            _listing(Household.id, Household.number, HouseholdCheck.id)
            .where(drawn_villages(viewer, campaign_id), SampledVillage.region_id == village_id)
            .where(_rank() == _TO_DO, Household.number != number, mine)
            .order_by(Household.number < number, Household.number)
            .limit(1)
        ).first()
    return None if found is None else NextHousehold(*found)


def _rank() -> sa.ColumnElement[int]:
    """How a household of the listing stands, for its order."""
    return sa.case(
        (SampledHousehold.replaced_by_id.is_not(None), _REPLACED),
        (sa.or_(HouseholdCheck.id.is_(None), HouseholdCheck.status != CheckStatus.SUBMITTED), _TO_DO),
        (HouseholdCheck.outcome.in_(FINISHED), _FINISHED),
        else_=_NOT_MET,
    )


def _listing(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(SampledHousehold)
        .join(SampledVillage, SampledVillage.id == SampledHousehold.sampled_village_id)
        .join(Sample, Sample.id == SampledHousehold.sample_id)
        .join(Household, Household.id == SampledHousehold.household_id)
        .outerjoin(HouseholdCheck, inspection_of(Household.id))
    )


def _own_places(session: Session, viewer: Viewer, village_id: int) -> int:
    """How many households of the village the viewer may fill forms of."""
    counted = sa.select(sa.func.count()).select_from(Household).where(Household.village_id == village_id)
    return session.scalar(counted.where(household_visible(viewer, Permission.FILL_CHECK))) or 0


def _numbers_of(session: Session, sampled_ids: Sequence[int | None]) -> dict[int, str]:
    rows = session.execute(
        sa.select(SampledHousehold.id, Household.number)
        .join(Household, Household.id == SampledHousehold.household_id)
        .where(SampledHousehold.id.in_([i for i in sampled_ids if i is not None]))
    )
    return {id_: number for id_, number in rows}


@dataclass(frozen=True, slots=True)
class _Fill:
    """The form of a household, if there is one, and what the viewer may do with it."""

    check: HouseholdCheck | None
    is_mine: bool
    is_unmasked: bool


def _row(
    household: Household,
    drawn: SampledHousehold,
    fill: _Fill,
    form: Form,
    successors: dict[int, str],
    may_begin: bool,
) -> HouseholdRow:
    check = fill.check
    head = next((p for p in form.people if p.is_head), form.people[0] if form.people else None)
    name = "" if head is None else head.name if fill.is_unmasked else mask_name(head.name)
    state = _state(drawn, check)
    begins = check is None and may_begin and state is not VisitState.REPLACED
    return HouseholdRow(
        household_id=household.id, number=household.number, group=household.group_name or "", head=name,
        pseudonym=head.pseudonym if head is not None else "", people=len(form.people), kind=drawn.kind, state=state,
        outcome=check.outcome if check is not None else None, progress=form.progress,
        check_id=check.id if check is not None else None, may_open=fill.is_mine or begins,
        replaced_by=successors.get(drawn.replaced_by_id or 0, ""), reason=drawn.reason or "",
    )  # fmt: skip


def _state(drawn: SampledHousehold, check: HouseholdCheck | None) -> VisitState:
    if drawn.replaced_by_id is not None:
        return VisitState.REPLACED
    if check is None:
        return VisitState.TO_VISIT
    if check.status is CheckStatus.SUBMITTED:
        return VisitState.FINISHED if check.outcome in FINISHED else VisitState.NOT_MET
    return VisitState.OPEN if check.status is CheckStatus.OPEN else VisitState.RETURNED


# --- forms to go on with --------------------------------------------------------------------------------------------


def open_forms(viewer: Viewer, campaign_id: int, most: int = 10) -> tuple[OpenForm, ...]:
    """Forms the viewer's team has begun or got back: returned ones first, then the one typed in last."""
    with reading() as session:
        village, town = aliased(Region), aliased(Region)
        typed = (
            sa.select(sa.func.max(Draft.saved_at))
            .where(Draft.subject == sa.literal("check:") + sa.cast(HouseholdCheck.id, sa.String))
            .scalar_subquery()
        )
        found = session.execute(
            sa.select(HouseholdCheck, Household.number, village.short_name, town.short_name)
            .join(Household, Household.id == HouseholdCheck.household_id)
            .join(village, village.id == HouseholdCheck.village_id)
            .join(town, town.id == HouseholdCheck.town_id)
            .where(HouseholdCheck.campaign_id == campaign_id, unmasked(viewer), fillable(viewer))
            .order_by(HouseholdCheck.status.desc(), typed.desc(), HouseholdCheck.id.desc())
            .limit(most)
        ).all()
        forms = forms_of(session, campaign_id, {row[0].household_id: row[0] for row in found})
        return tuple(_open_form(session, *row, forms[row[0].household_id]) for row in found)


def _open_form(
    session: Session, check: HouseholdCheck, number: str, village: str, town: str, form: Form
) -> OpenForm:  # fmt: skip
    head = next((p for p in form.people if p.is_head), form.people[0] if form.people else None)
    returned = last_event(session, check.id, "return") if check.status is CheckStatus.RETURNED else None
    return OpenForm(
        check.id, check.village_id, f"{town} {village}", number, head.name if head else "", form.progress,
        returned.note if returned else None,
    )  # fmt: skip
