"""The `where` of every query: which rows a person may see, from role × region × unit (law 3)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from models.discarded_draft import DiscardedDraft
from models.household_check import HouseholdCheck
from models.issue_record import Issue
from models.issue_word import IssueStatus
from models.problem_type import problem_types
from models.role import Permission, Role
from models.roster import Household
from queries.issue_place import of_regions, of_units
from queries.viewer import Grant, Place, Viewer

Condition = sa.ColumnElement[bool]
Column = InstrumentedAttribute[Any] | sa.ColumnElement[Any]

DISCARDED = sa.select(DiscardedDraft.issue_id)
OFFENCES = tuple(code for code, t in problem_types().items() if t.is_suspected_offence)


def within(viewer: Viewer, permission: Permission, unit: Column, town: Column, village: Column) -> Condition:
    """Rows in a place where the viewer holds the permission; the columns are the row's own place."""
    if viewer.user_id is None:
        return sa.true() if viewer.may(permission) else sa.false()
    return sa.or_(sa.false(), *(in_places(g, unit, town, village) for g in viewer.grants_with(permission)))


def in_places(grant: Grant, unit: Column, town: Column, village: Column) -> Condition:
    """Rows inside the grant's places."""
    return sa.or_(sa.false(), *(_in_place(place, unit, town, village) for place in grant.places))


def _in_place(place: Place, unit: Column, town: Column, village: Column) -> Condition:
    parts: list[Condition] = []
    if place.reporting_unit_id is not None:
        parts.append(unit == place.reporting_unit_id)
    if place.region_id is not None:
        parts.append(sa.or_(town == place.region_id, village == place.region_id))
    return sa.and_(sa.true(), *parts)


def issue_visible(viewer: Viewer) -> Condition:
    """Problems the viewer may see at all. A draft is its author's alone, one thrown away nobody's; group C is hidden
    from the accused unit.
    """
    visible = sa.or_(_own_draft(viewer), _registered(viewer))
    return sa.and_(_among_few(viewer), visible) if sees_few(viewer) else visible


def in_campaign(viewer: Viewer, campaign_id: int, drafts: bool = False) -> Condition:
    """Problems of one campaign that the viewer may see, drafts only if asked for.

    Worded so that an index answers, whatever the database knows of its own numbers: SQLite would look through the
    whole campaign for the few of a unit, if the campaign were named beside them.
    """
    visible = sa.or_(_own_draft(viewer), _registered(viewer)) if drafts else _registered(viewer)
    if sees_few(viewer):
        return sa.and_(_among_few(viewer, Issue.campaign_id == campaign_id), visible)
    return sa.and_(Issue.campaign_id == campaign_id, visible)


def sees_few(viewer: Viewer) -> bool:
    """Whether two indexes lead to all the viewer may see: what their unit is responsible for, and what they wrote."""
    return viewer.user_id is not None and all(g.role is Role.UNIT for g in viewer.grants_with(Permission.SEE_LEDGER))


def _registered(viewer: Viewer) -> Condition:
    registered = Issue.status != IssueStatus.DRAFT
    if viewer.user_id is None:
        return registered
    seen = (issue_visible_to(viewer, g) for g in viewer.grants_with(Permission.SEE_LEDGER))
    return sa.and_(registered, sa.or_(sa.false(), *seen))


def _own_draft(viewer: Viewer) -> Condition:
    if viewer.user_id is None:
        return sa.false()
    mine = sa.and_(Issue.status == IssueStatus.DRAFT, Issue.author_id == viewer.person_id)
    return sa.and_(mine, Issue.id.not_in(DISCARDED))


def _among_few(viewer: Viewer, here: Condition | None = None) -> Condition:
    units = {g.unit_id for g in viewer.grants_with(Permission.SEE_LEDGER)}
    own, written, placed = (
        sa.select(Issue.id).where(theirs, *(() if here is None else (here,))).correlate(None)
        for theirs in (Issue.responsible_unit_id.in_(units), Issue.author_id == viewer.person_id, of_units(units))
    )
    return Issue.id.in_(own.union_all(written, placed))


def issue_visible_to(viewer: Viewer, grant: Grant) -> Condition:
    """Registered problems visible under one grant."""
    if grant.role is Role.UNIT:
        told = sa.or_(Issue.type_code.not_in(OFFENCES), Issue.is_released)
        ours = sa.or_(Issue.responsible_unit_id == grant.unit_id, of_units((grant.unit_id,)))
        on_us = sa.and_(ours, told)
        found_by_us = sa.and_(Issue.author_unit_id == grant.unit_id, Issue.author_id == viewer.person_id)
        return sa.or_(on_us, found_by_us)
    here = in_places(grant, Issue.reporting_unit_id, Issue.town_id, Issue.village_id)
    if grant.role is not Role.INSPECTOR:
        return here
    not_own_unit = sa.or_(Issue.responsible_unit_id.is_(None), Issue.responsible_unit_id != viewer.unit_id)
    nor_a_place = sa.not_(sa.or_(of_units((viewer.unit_id,)), of_regions(viewer.home_villages)))
    return sa.and_(here, not_own_unit, _not_home(viewer, Issue.village_id), nor_a_place)


def check_visible(viewer: Viewer, permission: Permission) -> Condition:
    """Household forms the viewer may see or fill: inspectors never those of the own village (回避)."""
    here = within(
        viewer, permission, HouseholdCheck.reporting_unit_id, HouseholdCheck.town_id, HouseholdCheck.village_id
    )
    return sa.and_(here, _not_home(viewer, HouseholdCheck.village_id))


def household_visible(viewer: Viewer, permission: Permission) -> Condition:
    """Households in a place where the viewer holds the permission, the own village left out."""
    here = within(viewer, permission, Household.reporting_unit_id, Household.town_id, Household.village_id)
    return sa.and_(here, _not_home(viewer, Household.village_id))


def _not_home(viewer: Viewer, village: Column) -> Condition:
    if not viewer.home_villages:
        return sa.true()
    return sa.or_(village.is_(None), village.not_in(viewer.home_villages))
