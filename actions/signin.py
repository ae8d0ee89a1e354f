"""Signing in and out. Guesses are slowed down for each name and address; an unknown name answers like a known one."""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from actions.transaction import Caller, Transaction, transaction
from files.storage import Storage
from models.password import is_password
from models.refusal import Refused
from models.user import ATTEMPT_WINDOW, ATTEMPTS_ALLOWED, SigninAttempt, User
from models.user import Session as SignIn
from queries.reading import reading
from queries.signin import token_hash

TOUCHED_EVERY = timedelta(minutes=1)
ADDRESS_ATTEMPTS_ALLOWED = 10 * ATTEMPTS_ALLOWED
"""A whole county office shares one address: there, more failures are nobody's attack."""
DOOR = "signin"
"""The actor of entries made before anybody is signed in."""


class SigninRefused(Refused):
    """Not signed in. `must_wait`: further tries are not looked at for a while."""

    def __init__(self, sentence: str, must_wait: bool = False) -> None:
        super().__init__(sentence)
        self.must_wait = must_wait


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, counted before the password is looked at, so that many at once do not slip through."""

    ids: tuple[int, ...]
    failed_before: int
    must_wait: bool


def folded(name: str) -> str:
    """A sign-in name as the record has it: half-width, lower case, no spaces round it."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def sign_in(door: Caller, name: str, password: str, address: str, device: str = "") -> str:
    """The token for the session cookie; only its hash is kept. Raises SigninRefused, the same for unknown names.

    `door` is a terminal caller named DOOR; `address` the browser's network address: kept with the session for whoever
    ends sessions, as a hash with a failed attempt, and never in the audit; `device` the browser in words.
    """
    name = folded(name)[:100]
    attempt = count_attempt(door, _subjects(name, address))
    if attempt.must_wait:
        raise SigninRefused(wait_sentence(), must_wait=True)
    user_id, kept = _account(name)
    if not is_password(password, kept):
        raise _refusal(door, attempt, user_id, "账号或密码不对")
    assert user_id is not None
    return begin_session(door, user_id, name, attempt, (address[:60] or None, device[:40] or None))


def prove_own_password(caller: Caller, user: User, password: str) -> None:
    """Before one changes it: guesses at a screen left open count with those at the door. Raises SigninRefused."""
    attempt = count_attempt(caller, ((attempt_subject("name", folded(user.name)), ATTEMPTS_ALLOWED),))
    if attempt.must_wait:
        raise SigninRefused(wait_sentence(), must_wait=True)
    if not is_password(password, user.password_hash):
        raise _refusal(caller, attempt, user.id, "现在的密码不对")
    with transaction(caller) as tx:
        forget_attempts(tx, user.name)


def sign_out(caller: Caller) -> None:
    """End this browser's session. Raises SignedOut when it is over already."""
    with transaction(caller) as tx:
        _end(tx, SignIn.id == tx.viewer.session_id)
        tx.record("signin.out", f"user:{tx.viewer.user_id}")


def sign_out_everywhere(caller: Caller) -> int:
    """End all sessions of the person's account, this one too; how many there were."""
    with transaction(caller) as tx:
        ended = _end(tx, SignIn.user_id == tx.viewer.user_id)
        tx.record("signin.out_everywhere", f"user:{tx.viewer.user_id}", sessions=ended)
    return ended


def touch(caller: Caller) -> None:
    """Note that the session is in use, at most once a minute. Outside the record: no audit entry."""
    with reading() as session:
        seen = session.scalar(sa.select(SignIn.seen_at).where(SignIn.token_hash == caller.token_hash))
    if seen is None or caller.wall - seen < TOUCHED_EVERY:
        return
    with transaction(caller) as tx:
        tx.session.execute(sa.update(SignIn).where(SignIn.token_hash == caller.token_hash).values(seen_at=caller.wall))


def forget_attempts(tx: Transaction, name: str) -> None:
    """After a new password: earlier failures of this name no longer count."""
    tx.session.execute(sa.delete(SigninAttempt).where(SigninAttempt.subject == attempt_subject("name", folded(name))))


def _subjects(name: str, address: str) -> tuple[tuple[str, int], ...]:
    return (
        (attempt_subject("name", name), ATTEMPTS_ALLOWED),
        (attempt_subject("address", address), ADDRESS_ATTEMPTS_ALLOWED),
    )


def attempt_subject(kind: str, value: str) -> str:
    """What failures are counted under: a hash of the name, the address, the set-up code."""
    return hmac.new(Storage.secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def count_attempt(door: Caller, subjects: tuple[tuple[str, int], ...]) -> Attempt:
    """Count a try before it is looked at. `subjects`: under what, and how many failures each allows."""
    with transaction(door) as tx:
        since = door.wall - ATTEMPT_WINDOW
        ahead = door.wall + ATTEMPT_WINDOW  # the clock was moved back: nobody waits for a day to come
        tx.session.execute(sa.delete(SigninAttempt).where(sa.or_(SigninAttempt.at < since, SigninAttempt.at > ahead)))
        found = [_failures(tx, subject) for subject, _ in subjects]
        if any(n >= allowed for n, (_, allowed) in zip(found, subjects, strict=True)):
            return Attempt((), found[0], must_wait=True)
        rows = [SigninAttempt(subject=subject, at=door.wall) for subject, _ in subjects]
        tx.session.add_all(rows)
        tx.session.flush()
        return Attempt(tuple(r.id for r in rows), found[0], must_wait=False)


def _failures(tx: Transaction, subject: str) -> int:
    counted = sa.select(sa.func.count()).select_from(SigninAttempt).where(SigninAttempt.subject == subject)
    return tx.session.scalar(counted) or 0


def _account(name: str) -> tuple[int | None, str | None]:
    with reading() as session:
        row = session.execute(
            sa.select(User.id, User.password_hash).where(User.name == name, User.disabled_at.is_(None))
        ).first()
    return (None, None) if row is None else (row[0], row[1])


def _refusal(door: Caller, attempt: Attempt, user_id: int | None, wrong: str) -> SigninRefused:
    left = ATTEMPTS_ALLOWED - attempt.failed_before - 1
    if left > 0:
        return SigninRefused(f"{wrong}，还可以再试 {left} 次。")
    with transaction(door) as tx:
        tx.record("signin.throttled", f"user:{user_id}" if user_id is not None else "user:unknown")
    return SigninRefused(wait_sentence(), must_wait=True)


def wait_sentence(wrong: str = "账号或密码不对", way_out: str = "，或请本单位管理员重置密码") -> str:
    """After too many failures: how long to wait, and what else helps."""
    minutes = int(ATTEMPT_WINDOW.total_seconds() // 60)
    return f"{wrong}的次数太多。请 {minutes} 分钟后再试{way_out}。"


def uncount(door: Caller, attempt: Attempt) -> None:
    """What was guessed right is no failure, whatever else is refused afterwards."""
    with transaction(door) as tx:
        tx.session.execute(sa.delete(SigninAttempt).where(SigninAttempt.id.in_(attempt.ids)))


def begin_session(
    door: Caller, user_id: int, name: str, attempt: Attempt, where: tuple[str | None, str | None]
) -> str:  # fmt: skip
    """The token of a new session of somebody who has just proved who they are; `where`: address and browser."""
    token = secrets.token_urlsafe(32)
    with transaction(Caller(door.now, door.today, door.wall, user_id=user_id)) as tx:
        forget_attempts(tx, name)
        tx.session.execute(sa.delete(SigninAttempt).where(SigninAttempt.id.in_(attempt.ids)))
        tx.session.add(
            SignIn(
                token_hash=token_hash(token), user_id=user_id, started_at=door.wall, seen_at=door.wall,
                address=where[0], device=where[1],
            )
        )  # fmt: skip
        tx.record("signin.in", f"user:{user_id}")
    return token


def _end(tx: Transaction, which: sa.ColumnElement[bool]) -> int:
    found = tx.session.scalars(sa.select(SignIn).where(which, SignIn.ended_at.is_(None))).all()
    for session in found:
        session.ended_at = tx.caller.wall
    return len(found)
