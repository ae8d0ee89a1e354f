"""Show a person's identity data whole, once, to somebody who says why (law 8)."""

from dataclasses import dataclass

import sqlalchemy as sa

from actions.transaction import Caller, transaction
from models.identity import Identity
from models.masking import deidentify_text
from models.refusal import NotFoundOrNotYours, Refused
from models.role import Permission
from models.roster import Household, HouseholdMember
from queries.scope import household_visible

LEAST_REASON, LONGEST_REASON = 4, 200
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class RevealedIdentity:
    """A person, unmasked. Never kept, never logged; empty texts where the roster says nothing."""

    name: str
    id_number: str
    account_no: str
    phone: str
    address: str


def reveal(caller: Caller, member_id: int, reason: str) -> RevealedIdentity:
    """One person's identity data. Who: office and auditors, in their places, never of the own village.

    The audit entry holds who, whom (the member's id) and why, no identity data: numbers and the name are left out of
    the reason. Raises Refused without a reason of four characters, and for what was erased.
    """
    why = reason.strip()
    with transaction(caller) as tx:
        tx.require(Permission.REVEAL)
        if not LEAST_REASON <= len(why) <= LONGEST_REASON:
            raise Refused(f"请写明查看完整信息的理由，{LEAST_REASON} 至 {LONGEST_REASON} 个字。")
        identity = tx.session.scalar(
            sa.select(Identity)
            .join(HouseholdMember, HouseholdMember.identity_id == Identity.id)
            .join(Household, Household.id == HouseholdMember.household_id)
            .where(HouseholdMember.id == member_id, household_visible(tx.viewer, Permission.REVEAL))
        )
        if identity is None:
            raise NotFoundOrNotYours("人员")
        if identity.erased_at is not None:
            raise Refused("这个人的身份信息已按规定清除，没有可以显示的内容。")
        shown = RevealedIdentity(
            identity.name or "", identity.id_number or "", identity.account_no or "", identity.phone or "",
            identity.address or "",
        )  # fmt: skip
        tx.record(Permission.REVEAL.value, f"household_member:{member_id}", reason=deidentify_text(why, [shown.name]))
    return shown
