"""Rosters: who is known, and the rows of an export."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from files.roster_workbook import RosterRow
from models.id_number import upgraded
from models.identity import Identity
from models.region import Region
from models.role import Permission
from models.roster import Household, HouseholdMember
from queries.reading import reading
from queries.region import village_labels
from queries.scope import household_visible
from queries.viewer import Viewer


class KnownMember(NamedTuple):
    """A person in force. `fingerprint` of the facts is equal exactly when a row says nothing new."""

    id: int
    village_code: str
    fingerprint: bytes


def person_key(id_number: str) -> str:
    """By what a person is the same: a 15-digit number and its 18-digit form are one."""
    return upgraded(id_number)


def fingerprint(facts: Sequence[str]) -> bytes:
    """Of household code, relation, name, ID number, sex, bank, account, its kind, phone and address, in this order."""
    return hashlib.blake2b("\x1f".join(facts).encode(), digest_size=16).digest()


def known_members(session: Session, campaign_id: int) -> dict[str, KnownMember]:
    """All persons in force of a campaign by `person_key`; erased identities are nobody's."""
    columns = (
        HouseholdMember.id, Household.code, HouseholdMember.relation, Identity.name, Identity.id_number,
        HouseholdMember.sex, HouseholdMember.bank_name, Identity.account_no, HouseholdMember.account_kind,
        Identity.phone, Identity.address,
    )  # fmt: skip
    rows = session.execute(
        sa.select(*columns)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(HouseholdMember.campaign_id == campaign_id, HouseholdMember.superseded_by_id.is_(None))
        .execution_options(yield_per=5_000)
    )
    return {
        person_key(row[4]): KnownMember(row[0], row[1][:12], fingerprint([value or "" for value in row[1:]]))
        for row in rows
        if row[4]
    }


def household_ids(session: Session, campaign_id: int) -> dict[str, int]:
    """Ids of all households of a campaign by code."""
    rows = session.execute(sa.select(Household.code, Household.id).where(Household.campaign_id == campaign_id))
    return {code: id_ for code, id_ in rows}


def vacant_households(session: Session, campaign_id: int) -> dict[str, int]:
    """Households in which nobody is in force, since their roster was withdrawn: code → id."""
    rows = session.execute(
        sa.select(Household.code, Household.id).where(Household.campaign_id == campaign_id, ~_anybody())
    )
    return {code: id_ for code, id_ in rows}


def _anybody() -> sa.Exists:
    return sa.exists().where(HouseholdMember.household_id == Household.id, HouseholdMember.superseded_by_id.is_(None))


def group_by_household(session: Session, campaign_id: int) -> dict[str, str]:
    """The 组 of all households of a campaign with anybody in force, by code."""
    rows = session.execute(
        sa.select(Household.code, Household.group_name).where(Household.campaign_id == campaign_id, _anybody())
    )
    return {code: group or "" for code, group in rows}


def roster_rows(viewer: Viewer, campaign_id: int) -> Iterator[RosterRow]:
    """Every person in force, unmasked: the workbook masks by its level. Who: those who may import, in their places."""
    village, town = aliased(Region), aliased(Region)
    statement = (
        sa.select(
            town.name, village.code, Household.group_name, Household.number, HouseholdMember.relation, Identity.name,
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
        labels = village_labels(session)
        for town_name, code, *rest in session.execute(statement):
            yield RosterRow(town_name, labels[code], *(value or "" for value in rest))
