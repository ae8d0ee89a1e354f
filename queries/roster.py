"""Rosters: who is known, what was imported, and the rows of an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.roster_workbook import RosterRow
from models.identity import Identity
from models.region import Region
from models.role import Permission
from models.roster import Household, HouseholdMember, RosterImport
from queries.reading import reading
from queries.scope import household_visible
from queries.viewer import Viewer


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A person in force: the member's id and the facts that must be equal for a row to be unchanged."""

    id: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as the screen lists it."""

    id: int
    file_name: str
    taken: int
    unchanged: int
    faulty: int
    recorded_at: datetime
    total_cents: int | None = None
    """分; payments only."""


def known_members(session: Session, campaign_id: int) -> dict[str, KnownMember]:
    """All persons in force of a campaign, by ID number as written."""
    columns = (
        Identity.id_number, HouseholdMember.id, Household.code, HouseholdMember.relation, Identity.name,
        HouseholdMember.sex, HouseholdMember.bank_name, Identity.account_no, HouseholdMember.account_kind,
        Identity.phone,
        Identity.address,
    )  # fmt: skip
    rows = session.execute(
        sa.select(*columns)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(HouseholdMember.campaign_id == campaign_id, HouseholdMember.superseded_by_id.is_(None))
    )
    return {row[0]: KnownMember(row[1], tuple(value or "" for value in row[2:])) for row in rows if row[0]}


def roster_imports(viewer: Viewer, campaign_id: int) -> tuple[ImportRow, ...]:
    """What was taken in, newest first. Who: those who may import."""
    if not viewer.may(Permission.IMPORT_ROSTER):
        return ()
    with reading() as session:
        rows = session.scalars(
            sa.select(RosterImport)
            .where(RosterImport.campaign_id == campaign_id)
            .order_by(RosterImport.id.desc())
            .limit(200)
        )
        return tuple(ImportRow(r.id, r.file_name, r.taken, r.unchanged, r.faulty, r.recorded_at) for r in rows)


def roster_rows(viewer: Viewer, campaign_id: int) -> Iterator[RosterRow]:
    """Every person in force, unmasked: the workbook masks by its level. Who: those who may import, in their places."""
    village, town = aliased(Region), aliased(Region)
    statement = (
        sa.select(
            town.name, village.name, Household.group_name, Household.number, HouseholdMember.relation, Identity.name,
            Identity.id_number, HouseholdMember.sex, HouseholdMember.bank_name, Identity.account_no,
            HouseholdMember.account_kind, Identity.phone, Identity.address,
        )
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .join(village, village.id == Household.village_id)
        .join(town, town.id == Household.town_id)
        .where(HouseholdMember.campaign_id == campaign_id, HouseholdMember.superseded_by_id.is_(None))
        .where(household_visible(viewer, Permission.IMPORT_ROSTER))
        .order_by(Household.code, HouseholdMember.position)
        .execution_options(yield_per=2_000)
    )  # fmt: skip
    with reading() as session:
        for row in session.execute(statement):
            yield RosterRow(*(value or "" for value in row))
