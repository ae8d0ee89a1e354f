"""People, accounts and their passwords. Two accounts of one person are still one pair of eyes."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from actions.grant import keep_one, must_wait, propose, region_coded, unit_coded, user_named
from actions.signin import folded, forget_attempts, prove_own_password
from actions.transaction import Caller, Transaction, transaction
from actions.unit import add_unit
from models.password import hashed, one_time_password, weakness
from models.refusal import NotFoundOrNotYours, Refused
from models.region import RegionLevel
from models.role import Permission, Role
from models.unit import Person, Unit, UnitKind
from models.user import Membership, User
from models.user import Session as SignIn
from queries.reading import reading

UNASSIGNED = "UNASSIGNED"
"""Code of the unit 未分配单位, made when the first person without a unit is written down."""
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What create_user made. The password is shown once and kept nowhere."""

    user_id: int
    person_id: int
    one_time_password: str
    waits_for_confirmation: bool


def create_user(
    caller: Caller,
    name: str,
    role: Role,
    region_code: str | None = None,
    unit_code: str | None = None,
    person_name: str | None = None,
    staff_number: str | None = None,
    home_village_code: str | None = None,
) -> NewAccount:
    """Write a person and an account with one role down. Who: admin, terminal.

    `unit_code` is the person's unit, and the one a role UNIT acts for; without it the person stands in 未分配单位. The
    person is found by unit and `staff_number` (default: the sign-in name), so that a second account belongs to the same
    person. Office, leader and discipline wait for security, unless there is no security user yet.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        name = new_name(tx, name)
        person = person_of(tx, name, unit_code, person_name, staff_number)
        if home_village_code:
            person.home_village_id = _village_id(tx, home_village_code)
        password = one_time_password()
        user = User(name=name, person_id=person.id, password_hash=hashed(password), one_time_password=True,
                    created_at=tx.now)  # fmt: skip
        tx.session.add(user)
        tx.session.flush()
        membership = propose(tx, user, role, region_code, unit_code)
        waits = membership.confirmed_at is None
        tx.record("user.create", f"user:{user.id}", role=role.value, waits=waits)
    return NewAccount(user.id, person.id, password, waits)


def reset_password(caller: Caller, user_name: str) -> str:
    """A new one-time password, shown once; all sessions of the account end. Who: admin, terminal.

    Roles that needed a confirmation need it again: whoever resets a password could use it, so security first makes sure
    that it reached the person.
    """
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        user = user_named(tx, user_name)
        if user.id == tx.viewer.user_id:
            raise Refused("自己的密码请在“我的账号”里修改。")
        password = one_time_password()
        user.password_hash, user.one_time_password = hashed(password), True
        renewed = _confirm_again(tx, user)
        sessions = _end_sessions(tx, user.id)
        forget_attempts(tx, user.name)
        tx.record("user.reset_password", f"user:{user.id}", sessions=sessions, to_confirm=renewed)
    return password


def change_password(caller: Caller, old: str, new: str, again: str) -> None:
    """One's own password. Refused: a wrong old one, a new one that is weak, the same, or not typed alike twice.

    Guesses at the old one are slowed down as at the door. Ends the account's other sessions.
    """
    with reading() as session:
        own = session.get(User, caller.look_up(session).user_id or 0)
    if own is None:
        raise Refused("终端没有密码可改。")
    if not old:
        raise Refused("请填写现在的密码。")
    prove_own_password(caller, own, old)
    with transaction(caller) as tx:
        user = tx.session.get_one(User, own.id)
        if user.password_hash != own.password_hash:
            raise Refused("密码刚才已在别处改过，请用新密码重新登录。")
        if new != again:
            raise Refused("两次输入的新密码不一样。")
        if new == old:
            raise Refused("新密码不能和现在的密码一样。")
        if (sentence := weakness(new, user.name)) is not None:
            raise Refused(sentence)
        user.password_hash, user.one_time_password = hashed(new), False
        ended = _end_sessions(tx, user.id, but=tx.viewer.session_id)
        tx.record("user.change_password", f"user:{user.id}", sessions=ended)


def end_sessions(caller: Caller, user_name: str) -> int:
    """Sign an account out everywhere; how many sessions there were. Who: security."""
    with transaction(caller) as tx:
        tx.require(Permission.END_SESSIONS)
        user = user_named(tx, user_name)
        ended = _end_sessions(tx, user.id)
        tx.record("session.end", f"user:{user.id}", sessions=ended)
    return ended


def end_session(caller: Caller, session_id: int) -> None:
    """Sign one browser out. Who: security; everybody their own. Refused: a session that is over or not to be found."""
    with transaction(caller) as tx:
        found = tx.session.get(SignIn, session_id)
        if found is None or found.user_id != tx.viewer.user_id:
            tx.require(Permission.END_SESSIONS)
        if found is None or not found.is_alive(caller.wall):
            raise NotFoundOrNotYours("登录")
        found.ended_at = caller.wall
        tx.record("session.end", f"user:{found.user_id}", sessions=1)


def disable_user(caller: Caller, user_name: str) -> None:
    """Nobody can sign in with the account any more; what it did stays. Who: admin. Not oneself, not the last admin."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        user = user_named(tx, user_name)
        if user.id == tx.viewer.user_id:
            raise Refused("不能停用自己的账号。")
        for role in _roles(tx, user) & {Role.ADMIN, Role.SECURITY}:
            keep_one(tx, role, user.id)
        user.disabled_at = tx.now
        _end_sessions(tx, user.id)
        tx.record("user.disable", f"user:{user.id}")


def enable_user(caller: Caller, user_name: str) -> None:
    """Take a disabling back. Guarded roles wait for security once more. Who: admin."""
    with transaction(caller) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        user = user_named(tx, user_name)
        user.disabled_at = None
        tx.record("user.enable", f"user:{user.id}", to_confirm=_confirm_again(tx, user))


def _needed(text: str | None, what: str, most: int) -> str:
    plain = (text or "").strip()
    if not plain:
        raise Refused(f"请填写{what}。")
    if len(plain) > most:
        raise Refused(f"{what}太长：{len(plain)} 个字，最多 {most} 个字。")
    return plain


def new_name(tx: Transaction, name: str) -> str:
    """A sign-in name nobody has, folded. For actions that hold a transaction. Raises Refused."""
    plain = folded(name)
    if not _NAME.fullmatch(plain):
        raise Refused("账号用小写字母开头，可含字母、数字、点、横线、下划线，2 到 30 位。")
    if tx.session.scalar(sa.select(User.id).where(User.name == plain)) is not None:
        raise Refused(f"账号“{plain}”已有人用，请换一个。")
    return plain


def person_of(
    tx: Transaction, user_name: str, unit_code: str | None, person_name: str | None, staff_number: str | None
) -> Person:
    """The person of that unit and staff number, written down where there is none. Raises Refused."""
    unit = unit_coded(tx, unit_code) if unit_code else _unassigned(tx)
    number = _needed(staff_number or user_name, "工号", 30)
    found = tx.session.scalar(sa.select(Person).where(Person.unit_id == unit.id, Person.staff_number == number))
    if found is not None:
        if person_name and person_name.strip() != found.name:
            raise Refused(f"{unit.name}的工号“{number}”已登记为另一个人，请核对姓名和工号。")
        return found
    person = Person(unit_id=unit.id, staff_number=number, name=_needed(person_name or user_name, "姓名", 40))
    tx.session.add(person)
    tx.session.flush()
    return person


def _unassigned(tx: Transaction) -> Unit:
    found = tx.session.scalar(sa.select(Unit).where(Unit.code == UNASSIGNED))
    return found or add_unit(tx, UNASSIGNED, "未分配单位", UnitKind.OTHER)


def _village_id(tx: Transaction, code: str) -> int:
    region = region_coded(tx, code)
    if region.level is not RegionLevel.VILLAGE:
        raise Refused(f"“{region.name}”不是村（居），不能作为本人所在村。")
    return region.id


def _roles(tx: Transaction, user: User) -> set[Role]:
    return set(
        tx.session.scalars(
            sa.select(Membership.role).where(
                Membership.user_id == user.id, Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None)
            )
        )
    )


def _confirm_again(tx: Transaction, user: User) -> int:
    """End guarded grants and propose the same anew; how many now wait."""
    grants = tx.session.scalars(
        sa.select(Membership).where(
            Membership.user_id == user.id, Membership.confirmed_at.is_not(None), Membership.ended_at.is_(None)
        )
    ).all()
    if any(m.role is Role.SECURITY for m in grants) and tx.viewer.user_id is not None and user.disabled_at is None:
        keep_one(tx, Role.SECURITY, user.id)
    waiting = [m for m in grants if tx.viewer.user_id is not None and must_wait(tx, m.role)]
    for old in waiting:
        old.ended_at = tx.now
        tx.session.add(
            Membership(
                user_id=user.id, role=old.role, reporting_unit_id=old.reporting_unit_id, region_id=old.region_id,
                unit_id=old.unit_id, proposed_by=tx.viewer.actor, proposed_at=tx.now,
            )
        )  # fmt: skip
    return len(waiting)


def _end_sessions(tx: Transaction, user_id: int, but: int | None = None) -> int:
    found = tx.session.scalars(
        sa.select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
    ).all()
    for session in found:
        session.ended_at = tx.caller.wall
    return len(found)
