"""A person of the roster as everybody who works with households may see them: masked (law 8)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.identity import Identity
from models.masking import mask_account, mask_id, mask_name, mask_phone
from models.refusal import NotFoundOrNotYours
from models.region import Region
from models.role import Permission
from models.roster import Household, HouseholdMember
from queries.reading import reading
from queries.scope import Condition, household_visible
from queries.viewer import Viewer

SEEN_WITH = (Permission.REVEAL, Permission.SEE_CHECKS, Permission.FILL_CHECK, Permission.IMPORT_ROSTER)


@dataclass(frozen=True, slots=True)
class MaskedIdentity:
    """One person, masked. `pseudonym` tells two 张* of one campaign apart; all fields are empty where erased."""

    member_id: int
    name: str
    pseudonym: str
    relation: str
    village: str
    household_number: str
    id_number: str
    account_no: str
    phone: str
    is_erased: bool
    may_reveal: bool
    """Whether this viewer may see it whole, giving a reason."""


def masked_identity(viewer: Viewer, member_id: int) -> MaskedIdentity:
    """Who: those who see households in that place. Raises NotFoundOrNotYours."""
    village = aliased(Region)
    statement = (
        sa.select(
            HouseholdMember, Identity, Household.number, village.name, household_visible(viewer, Permission.REVEAL)
        )
        .join(Identity, Identity.id == HouseholdMember.identity_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(village, village.id == Household.village_id)
        .where(HouseholdMember.id == member_id, _seen(viewer))
    )
    with reading() as session:
        found = session.execute(statement).first()
    if found is None:
        raise NotFoundOrNotYours("人员")
    member, identity, number, village_name, may_reveal = found
    return MaskedIdentity(
        member.id, mask_name(identity.name or ""), member.pseudonym, member.relation, village_name, number,
        mask_id(identity.id_number or ""), mask_account(identity.account_no or ""), mask_phone(identity.phone or ""),
        identity.erased_at is not None, bool(may_reveal) and identity.erased_at is None,
    )  # fmt: skip


def _seen(viewer: Viewer) -> Condition:
    return sa.or_(sa.false(), *(household_visible(viewer, permission) for permission in SEEN_WITH))
