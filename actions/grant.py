"""Granting roles. Office, leader and discipline are proposed by admin and confirmed by security: two people, always."""

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from models.refusal import NotFoundOrNotYours, Refused
from models.region import Region, RegionLevel, ReportingUnit
from models.role import Permission, Role
from models.unit import Unit
from models.user import Membership, User

EVERYWHERE = (Role.ADMIN, Role.SECURITY)
"""These roles have no region: people and accounts are one list."""


def propose_grant(
    caller: Caller, user_name: str, role: Role, region_code: str | None = None, unit_code: str | None = None
) -> bool:
    """Grant a further role to an account; whether it waits for security. Who: admin, terminal.

    `region_code`: a reporting unit (county of 6 or 12 digits, ZGX …), town or village; None: everywhere. Refused: to
    oneself, twice the same, an unknown code, the role UNIT without a unit.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        user = user_named(tx, user_name)
        membership = propose(tx, user, role, region_code, unit_code)
        tx.record("grant.propose", f"user:{user.id}", role=role.value, waits=membership.confirmed_at is None)
    return membership.confirmed_at is None


def confirm_grant(caller: Caller, membership_id: int) -> None:
    """Put a proposed role in force. Who: security, neither the one who proposed it nor the one who gets it."""
    with transaction(caller) as tx:
        tx.require(Permission.CONFIRM_GRANT)
        membership, user = _waiting(tx, membership_id)
        confirming = _confirming(tx)
        if user.person_id in confirming:
            raise Refused("不能确认给自己或给所代的人的授权，须由另一位安全管理员确认。")
        if _proposer(tx, membership) in confirming:
            raise Refused("这项授权是您或您所代的人提出的，须由另一位安全管理员确认。")
        membership.confirmed_by, membership.confirmed_at = tx.viewer.actor, tx.now
        tx.record("grant.confirm", f"user:{user.id}", role=membership.role.value)


def decline_grant(caller: Caller, membership_id: int) -> None:
    """Turn a proposed role down; it stays on record as ended. Who: security."""
    with transaction(caller) as tx:
        tx.require(Permission.CONFIRM_GRANT)
        membership, user = _waiting(tx, membership_id)
        membership.ended_at = tx.now
        tx.record("grant.decline", f"user:{user.id}", role=membership.role.value)


def end_grant(caller: Caller, membership_id: int) -> None:
    """Take a role away, at once and in every open tab. Who: admin. The last admin and the last security stay."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        membership = tx.session.get(Membership, membership_id)
        if membership is None or membership.ended_at is not None:
            raise NotFoundOrNotYours("授权")
        if membership.role in EVERYWHERE and membership.confirmed_at is not None:
            keep_one(tx, membership.role, membership.user_id)
        membership.ended_at = tx.now
        tx.record("grant.end", f"user:{membership.user_id}", role=membership.role.value)


def propose(tx: Transaction, user: User, role: Role, region_code: str | None, unit_code: str | None) -> Membership:
    """Write the membership, in force at once unless security has to confirm it. For actions that hold a transaction."""
    if tx.viewer.person_id is not None and user.person_id == tx.viewer.person_id:
        raise Refused("不能给自己授权，须由另一位系统管理员提出。")
    reporting_unit_id, region_id = _place(tx, role, region_code)
    membership = Membership(
        user_id=user.id, role=role, reporting_unit_id=reporting_unit_id, region_id=region_id,
        unit_id=_unit_id(tx, role, unit_code), proposed_by=tx.viewer.actor, proposed_at=tx.now,
    )  # fmt: skip
    _refuse_twice(tx, membership)
    if not must_wait(tx, role):
        membership.confirmed_by, membership.confirmed_at = tx.viewer.actor, tx.now
    tx.session.add(membership)
    tx.session.flush()
    return membership


def must_wait(tx: Transaction, role: Role) -> bool:
    """Whether security has to confirm. Nothing waits while there is nobody to confirm it.

    A signed-in admin's proposal of a further security administrator waits too, or one admin could be both pairs of
    eyes.
    """
    guarded = role.needs_confirmation or (role is Role.SECURITY and tx.viewer.user_id is not None)
    return guarded and _holders(tx, Role.SECURITY) > 0


def user_named(tx: Transaction, name: str) -> User:
    """The account of a sign-in name. Raises NotFoundOrNotYours."""
    user = tx.session.scalar(sa.select(User).where(User.name == name.strip().lower()))
    if user is None:
        raise NotFoundOrNotYours("账号")
    return user


def keep_one(tx: Transaction, role: Role, without_user_id: int) -> None:
    """Refuse what would leave the house without an admin or without security."""
    if _holders(tx, role, without_user_id) == 0:
        raise Refused(
            f"这是最后一个“{role.label}”，停用或重置后就没有人能办这件事。请先授权另一个人，或在服务器终端办理。"
        )


def _holders(tx: Transaction, role: Role, without_user_id: int = 0) -> int:
    counted = (
        sa.select(sa.func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == role, Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None))
        .where(User.disabled_at.is_(None), User.id != without_user_id)
    )
    return tx.session.scalar(counted) or 0


def _confirming(tx: Transaction) -> set[int]:
    """The person, and whoever they stand in for where security is not their own role: two people, always."""
    grants = tx.viewer.grants_with(Permission.CONFIRM_GRANT)
    if any(g.stands_in_for is None for g in grants):
        return {tx.person_id}
    return {tx.person_id, *(g.stands_in_for for g in grants if g.stands_in_for is not None)}


def _waiting(tx: Transaction, membership_id: int) -> tuple[Membership, User]:
    membership = tx.session.get(Membership, membership_id)
    if membership is None or membership.confirmed_at is not None or membership.ended_at is not None:
        raise NotFoundOrNotYours("待确认的授权")
    return membership, tx.session.get_one(User, membership.user_id)


def _proposer(tx: Transaction, membership: Membership) -> int | None:
    kind, _, number = membership.proposed_by.partition(":")
    if kind != "user":
        return None
    return tx.session.scalar(sa.select(User.person_id).where(User.id == int(number)))


def _refuse_twice(tx: Transaction, new: Membership) -> None:
    same = tx.session.scalars(
        sa.select(Membership).where(
            Membership.user_id == new.user_id, Membership.role == new.role, Membership.ended_at.is_(None)
        )
    )
    for old in same:
        if (old.reporting_unit_id, old.region_id, old.unit_id) == (new.reporting_unit_id, new.region_id, new.unit_id):
            raise Refused(
                f"这个账号已有“{new.role.label}”的同一项授权" + ("，正等待确认。" if old.confirmed_at is None else "。")
            )


def _unit_id(tx: Transaction, role: Role, unit_code: str | None) -> int | None:
    if role is not Role.UNIT:
        return None
    if not unit_code:
        raise Refused("责任单位经办须指明单位（--unit 单位编号）。")
    return unit_coded(tx, unit_code).id


def unit_coded(tx: Transaction, code: str) -> Unit:
    """The unit of that code, in force today. Raises Refused."""
    unit = tx.session.scalar(sa.select(Unit).where(Unit.code == code.strip()))
    if unit is None or (unit.valid_to is not None and unit.valid_to < tx.today):
        raise Refused(f"没有编号为“{code.strip()}”的单位。请先登记这个单位，或改正编号。")
    return unit


def _place(tx: Transaction, role: Role, code: str | None) -> tuple[int | None, int | None]:
    """Reporting unit id and region id of a code; a code may be a reporting unit, a town or a village."""
    if not code:
        return None, None
    if role in EVERYWHERE:
        raise Refused(f"“{role.label}”不分地区，不用指定地区编号。")
    found = reporting_unit_coded(tx, code)
    if found is not None:
        return found.id, None
    region = region_coded(tx, code)
    if region.level not in (RegionLevel.TOWN, RegionLevel.VILLAGE):
        raise Refused(f"“{region.name}”不是填报单位，也不是镇（办）或村（居），不能按它授权。")
    if region.valid_to is not None:
        raise Refused(f"{region.short_name}已于 {region.valid_to.isoformat()} 止撤并，请按合并后的村授权。")
    return None, region.id


def reporting_unit_coded(tx: Transaction, code: str) -> ReportingUnit | None:
    """A reporting unit by its own letters (ZGX) or its county code of 6 or 12 digits."""
    plain = code.strip().upper()
    return tx.session.scalar(sa.select(ReportingUnit).where(ReportingUnit.code.in_((plain, plain.ljust(12, "0")))))


def region_coded(tx: Transaction, code: str) -> Region:
    """A region by its code, filled up with zeros to 12 digits. Raises Refused."""
    region = tx.session.scalar(sa.select(Region).where(Region.code == code.strip().ljust(12, "0")))
    if region is None:
        raise Refused(f"没有编号为“{code.strip()}”的地区。填报单位用县级代码或自编代码，镇、村用 12 位统计代码。")
    return region
