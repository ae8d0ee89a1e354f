"""The very first account, made in the browser of the server itself with a code only the owner of its files can read.

Works while there is no user at all, once (see docs/decisions).
"""

import hmac
import os
from dataclasses import dataclass

import sqlalchemy as sa

from actions.people import new_name, person_of
from actions.signin import SigninRefused, attempt_subject, begin_session, count_attempt, uncount, wait_sentence
from actions.transaction import Caller, Transaction, transaction
from files.storage import Storage
from models.password import hashed, one_time_password, weakness
from models.refusal import Refused
from models.role import Permission, Role
from models.user import ATTEMPTS_ALLOWED, Membership, User
from queries.signin import has_users

SETUP = "setup"
"""The actor of the entry: whoever held the code."""


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """What is asked of the first administrator. The password is their own, chosen here."""

    code: str
    name: str
    person_name: str
    password: str
    again: str


def setup_code() -> str | None:
    """The code, made and kept in the owner's file where there is none yet; None, and no file, once there is a user.

    Called where the server starts and by manage.py, never for a browser.
    """
    path = Storage.setup_code()
    if has_users():
        path.unlink(missing_ok=True)
        return None
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(one_time_password() + "\n")
    return _kept()


def create_first_admin(door: Caller, asked: FirstAdmin, where: tuple[str | None, str | None] = (None, None)) -> str:
    """Write the first system administrator down and sign them in; returns the token for the session cookie.

    Who: whoever has the code, while there is no user. `where`: address and browser, kept with the session. Wrong codes
    are slowed down as wrong passwords are. Raises Refused, SigninRefused for a wrong code.
    """
    attempt = count_attempt(door, ((attempt_subject("setup", "code"), ATTEMPTS_ALLOWED),))
    if attempt.must_wait:
        raise SigninRefused(wait_sentence("设置码不对", ""), must_wait=True)
    if has_users():
        raise Refused("已经有账号了，设置码已失效。请登录，或请系统管理员建立账号。")
    _check_code(door, asked.code, ATTEMPTS_ALLOWED - attempt.failed_before - 1)
    uncount(door, attempt)
    with transaction(door) as tx:
        tx.require(Permission.MANAGE_PEOPLE)
        if tx.session.scalar(sa.select(sa.func.count()).select_from(User)):
            raise Refused("已经有账号了，设置码已失效。请登录，或请系统管理员建立账号。")
        name = new_name(tx, asked.name)
        user = _administrator(tx, name, asked)
        tx.record("setup.first_admin", f"user:{user.id}", role=Role.ADMIN.value)
    Storage.setup_code().unlink(missing_ok=True)
    return begin_session(door, user.id, name, attempt, where)


def _administrator(tx: Transaction, name: str, asked: FirstAdmin) -> User:
    if asked.password != asked.again:
        raise Refused("两次输入的密码不一样。")
    if (sentence := weakness(asked.password, name)) is not None:
        raise Refused(sentence.replace("新密码", "密码"))
    person = person_of(tx, name, None, asked.person_name, None)
    user = User(
        name=name, person_id=person.id, password_hash=hashed(asked.password), one_time_password=False, created_at=tx.now
    )
    tx.session.add(user)
    tx.session.flush()
    actor = tx.viewer.actor
    granted = {"proposed_by": actor, "proposed_at": tx.now, "confirmed_by": actor, "confirmed_at": tx.now}
    tx.session.add(Membership(user_id=user.id, role=Role.ADMIN, **granted))
    return user


def _check_code(door: Caller, typed: str, left: int) -> None:
    kept = _kept()
    plain = "".join(typed.split()).lower().replace("－", "-")
    if kept is not None and hmac.compare_digest(kept.encode(), plain.encode()):
        return
    if left > 0:
        raise SigninRefused(f"设置码不对，还可以再试 {left} 次。")
    with transaction(door) as tx:
        tx.record("setup.throttled", "user:unknown")
    raise SigninRefused(wait_sentence("设置码不对", ""), must_wait=True)


def _kept() -> str | None:
    try:
        return Storage.setup_code().read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
