"""Households by village and number; by name or identity number only where the viewer sees them whole anyway."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models.household_check import CheckLayer, HouseholdCheck
from models.identity import Identity
from models.masking import mask_name
from models.region import Region
from models.role import Permission
from models.roster import Household, HouseholdMember
from models.sample import Sample, SampledHousehold, SampledVillage
from queries.household_check import unmasked
from queries.identity import SEEN_WITH
from queries.place_search import matching_villages
from queries.reading import reading
from queries.scope import Condition, check_visible, household_visible
from queries.search_hit import Hits, HouseholdHit
from queries.viewer import Viewer
from queries.village_visits import drawn_villages

_NUMBERED = re.compile(r"(.*?[^0-9a-z\-])?([0-9a-z\-]*[0-9][0-9a-z\-]*)[号户]?")
_LETTERS_OF_A_NAME = re.compile(r"[^\W\d_]{2,}(?:[·•][^\W\d_]+)*")


def may_find_households(viewer: Viewer) -> bool:
    """Whether the viewer works with households at all."""
    return any(viewer.may(permission) for permission in SEEN_WITH)


def find_by_number(
    viewer: Viewer, campaign_id: int, words: Sequence[str], today: date, most: int
) -> Hits[HouseholdHit]:
    """甲一村 0107, 甲一 107, 0107户: the number whole, zeros before it or not; every other word names the village.

    Nothing where no number was typed: a village's households are a list of its own.
    """
    number, places = _number_and_places(words)
    if not number or not may_find_households(viewer):
        return Hits()
    here = [Household.campaign_id == campaign_id, _seen(viewer), _is_numbered(number)]
    if places:
        villages = matching_villages(viewer, places, today, merged_too=True)
        here.append(Household.village_id.in_([village.id for village in villages]))
    with reading() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Household).where(*here)) or 0
        order = (Household.code, Household.id)
        ids = session.scalars(sa.select(Household.id).where(*here).order_by(*order).limit(most)).all()
        return Hits(_rows(session, viewer, campaign_id, ids), total)


def find_by_identity(viewer: Viewer, campaign_id: int, text: str, most: int) -> Hits[HouseholdHit]:
    """A full name or a full identity number among the open forms of the viewer's own team, and nowhere else."""
    who = _full_identity(text)
    if who is None or not viewer.may(Permission.SEE_UNMASKED):
        return Hits()
    query = (
        sa.select(Household.id)
        .join(HouseholdCheck, HouseholdCheck.household_id == Household.id)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .where(HouseholdCheck.campaign_id == campaign_id, unmasked(viewer), who)
        .where(HouseholdMember.superseded_by_id.is_(None))
        .group_by(Household.id, Household.code)
        .order_by(Household.code)
    )
    with reading() as session:
        ids = session.scalars(query).all()
        return Hits(_rows(session, viewer, campaign_id, ids[:most]), len(ids))


def _number_and_places(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The number is the last word that has one; what stands before it in the same word is a village."""
    for at in range(len(words) - 1, -1, -1):
        found = _NUMBERED.fullmatch(words[at])
        if found is not None:
            before = (found[1],) if found[1] else ()
            return found[2], (*words[:at], *before, *words[at + 1 :])
    return "", tuple(words)


def _is_numbered(number: str) -> Condition:
    written = sa.func.lower(Household.number)
    return sa.or_(written == number, sa.func.ltrim(written, "0") == (number.lstrip("0") or "0"))


def _full_identity(text: str) -> Condition | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    number = re.sub(r"[\s\-]", "", plain).upper()
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", number):
        return sa.func.upper(Identity.id_number) == number
    return Identity.name.in_({plain, text.strip()}) if _LETTERS_OF_A_NAME.fullmatch(plain) else None


def _seen(viewer: Viewer) -> Condition:
    return sa.or_(sa.false(), *(household_visible(viewer, permission) for permission in SEEN_WITH))


def _rows(session: Session, viewer: Viewer, campaign_id: int, ids: Sequence[int]) -> list[HouseholdHit]:
    town, village = aliased(Region), aliased(Region)
    inspection = sa.and_(
        HouseholdCheck.household_id == Household.id, HouseholdCheck.layer == CheckLayer.INSPECTION,
        check_visible(viewer, Permission.SEE_CHECKS),
    )  # fmt: skip
    living = sa.and_(HouseholdMember.household_id == Household.id, HouseholdMember.superseded_by_id.is_(None))
    people = sa.select(sa.func.count()).select_from(HouseholdMember).where(living).correlate(Household)
    found = session.execute(
        sa.select(
            Household, town.short_name, village.short_name, HouseholdMember.pseudonym, Identity.name,
            HouseholdCheck.id, sa.func.coalesce(unmasked(viewer), sa.false()), people.scalar_subquery(),
        )
        .join(town, town.id == Household.town_id)
        .join(village, village.id == Household.village_id)
        .outerjoin(HouseholdMember, sa.and_(living, HouseholdMember.is_head))
        .outerjoin(Identity, Identity.id == HouseholdMember.identity_id)
        .outerjoin(HouseholdCheck, inspection)
        .where(Household.id.in_(ids))
        .order_by(Household.code)
    ).all()  # fmt: skip
    drawn = _drawn(session, viewer, campaign_id, ids)
    hits = {
        home.id: HouseholdHit(
            home.id, home.number, f"{town_name} {village_name}", (name or "") if is_whole else mask_name(name or ""),
            pseudonym or "", count, check_id, home.village_id if home.id in drawn else None,
        )
        for home, town_name, village_name, pseudonym, name, check_id, is_whole, count in reversed(found)
    }  # fmt: skip
    return [hits[i] for i in ids if i in hits]


def _drawn(session: Session, viewer: Viewer, campaign_id: int, ids: Sequence[int]) -> set[int]:
    return set(
        session.scalars(
            sa.select(SampledHousehold.household_id)
            .join(SampledVillage, SampledVillage.id == SampledHousehold.sampled_village_id)
            .join(Sample, Sample.id == SampledHousehold.sample_id)
            .where(SampledHousehold.household_id.in_(ids), drawn_villages(viewer, campaign_id))
        )
    )
