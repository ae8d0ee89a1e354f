"""Signing in and out, below the screen: what is kept, what is throttled, what the record says."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions import signin
from actions.signin import ADDRESS_ATTEMPTS_ALLOWED, DOOR, SigninRefused
from actions.transaction import Caller
from models.audit import AuditEntry
from models.database import Database
from models.password import hashed
from models.refusal import SignedOut
from models.user import ATTEMPT_WINDOW, ATTEMPTS_ALLOWED, SESSION_ABSOLUTE, SESSION_IDLE, SigninAttempt, User
from models.user import Session as SignIn
from queries.reading import reading
from queries.signin import is_alive, is_known_token, token_hash, viewer_of_token
from tests.factories import World

PASSWORD = "invented-2022-for-tests"
HASH = hashed(PASSWORD)
HERE = "192.0.2.7"


@pytest.fixture
def door(world: World) -> Caller:
    """The caller of the sign-in page; everybody has a password."""
    with Database.writers() as session:
        session.execute(sa.update(User).values(password_hash=HASH))
        session.commit()
    return Caller(world.now, world.now.date(), world.now, terminal=DOOR)


def later(caller: Caller, delta: timedelta) -> Caller:
    return replace(caller, now=caller.now + delta, wall=caller.wall + delta)


def with_token(door: Caller, token: str) -> Caller:
    return replace(door, terminal=None, token_hash=token_hash(token))


def fail(door: Caller, name: str = "office", address: str = HERE) -> SigninRefused:
    with pytest.raises(SigninRefused) as refused:
        signin.sign_in(door, name, "not this one", address)
    return refused.value


def entries(action: str) -> list[AuditEntry]:
    with reading() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_only_the_hash_of_the_token_is_kept(door: Caller) -> None:
    token = signin.sign_in(door, "office", PASSWORD, HERE)
    with reading() as session:
        kept = session.scalars(sa.select(SignIn.token_hash)).one()
    assert len(token) >= 43
    assert kept == token_hash(token) != token


def test_a_name_is_read_as_people_type_it(door: Caller) -> None:
    assert signin.sign_in(door, " ＯＦＦＩＣＥ ", PASSWORD, HERE)


def test_the_signed_in_person_is_found_by_the_token(world: World, door: Caller) -> None:
    token = signin.sign_in(door, "office", PASSWORD, HERE)
    found = viewer_of_token(token_hash(token), door.wall, door.today)
    assert found is not None
    assert found.user_id == world.users["office"]


def test_a_session_ends_when_idle_and_after_a_working_day(door: Caller) -> None:
    hashed_token = token_hash(signin.sign_in(door, "office", PASSWORD, HERE))
    assert is_alive(hashed_token, door.wall + SESSION_IDLE)
    assert not is_alive(hashed_token, door.wall + SESSION_IDLE + timedelta(seconds=1))
    at = door
    while at.wall - door.wall < SESSION_ABSOLUTE:
        signin.touch(replace(at, terminal=None, token_hash=hashed_token))
        at = later(at, timedelta(minutes=25))
    assert not is_alive(hashed_token, at.wall)
    assert is_known_token(hashed_token)


def test_use_is_noted_once_a_minute_at_most(door: Caller) -> None:
    caller = with_token(door, signin.sign_in(door, "office", PASSWORD, HERE))
    for seconds, noted in ((59, 0), (61, 61), (90, 61)):
        signin.touch(later(caller, timedelta(seconds=seconds)))
        with reading() as session:
            seen = session.scalars(sa.select(SignIn.seen_at)).one()
        assert seen - door.wall == timedelta(seconds=noted)


def test_whoever_signed_out_can_do_nothing_more(door: Caller) -> None:
    caller = with_token(door, signin.sign_in(door, "office", PASSWORD, HERE))
    signin.sign_out(caller)
    with pytest.raises(SignedOut):
        signin.sign_out(caller)


def test_signing_out_everywhere_ends_every_browser_of_the_account_alone(door: Caller) -> None:
    tokens = [signin.sign_in(door, "office", PASSWORD, HERE) for _ in range(3)]
    other = signin.sign_in(door, "office2", PASSWORD, HERE)
    assert signin.sign_out_everywhere(with_token(door, tokens[0])) == 3
    assert [is_alive(token_hash(t), door.wall) for t in (*tokens, other)] == [False, False, False, True]


def test_guessing_is_counted_down_and_then_not_looked_at(door: Caller) -> None:
    sentences = [str(fail(door)) for _ in range(ATTEMPTS_ALLOWED - 1)]
    assert sentences[-1] == "账号或密码不对，还可以再试 1 次。"
    assert fail(door).must_wait
    with pytest.raises(SigninRefused, match="15 分钟后再试"):
        signin.sign_in(door, "office", PASSWORD, HERE)
    assert signin.sign_in(later(door, ATTEMPT_WINDOW + timedelta(seconds=1)), "office", PASSWORD, HERE)


def test_an_unknown_and_a_disabled_name_are_answered_like_a_known_one(door: Caller) -> None:
    with Database.writers() as session:
        session.execute(sa.update(User).where(User.name == "office2").values(disabled_at=door.now))
        session.commit()
    known = [str(fail(door, "office")) for _ in range(ATTEMPTS_ALLOWED)]
    assert [str(fail(door, "nobody")) for _ in range(ATTEMPTS_ALLOWED)] == known
    with pytest.raises(SigninRefused):
        signin.sign_in(door, "office2", PASSWORD, HERE)


def test_an_unknown_name_costs_as_much_work(door: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str | None] = []
    monkeypatch.setattr(signin, "is_password", lambda password, kept: bool(looked_at.append(kept)))
    fail(door, "nobody")
    assert looked_at == [None]


def test_one_address_cannot_try_name_after_name(door: Caller) -> None:
    for number in range(ADDRESS_ATTEMPTS_ALLOWED):
        with Database.writers() as session:
            session.add(SigninAttempt(subject=signin.attempt_subject("address", HERE), at=door.wall))
            session.commit()
        del number
    assert fail(door, "never-tried").must_wait
    assert signin.sign_in(door, "office", PASSWORD, "192.0.2.8")


def test_success_forgets_the_failures_of_that_name(door: Caller) -> None:
    for _ in range(ATTEMPTS_ALLOWED - 1):
        fail(door)
    signin.sign_in(door, "office", PASSWORD, HERE)
    assert str(fail(door)) == f"账号或密码不对，还可以再试 {ATTEMPTS_ALLOWED - 1} 次。"


def test_neither_name_nor_address_of_an_attempt_is_kept_in_clear(door: Caller) -> None:
    fail(door)
    with reading() as session:
        kept = "".join(session.scalars(sa.select(SigninAttempt.subject)))
    assert "office" not in kept
    assert HERE not in kept


def test_in_out_and_throttling_stand_in_the_record_without_an_address(world: World, door: Caller) -> None:
    caller = with_token(door, signin.sign_in(door, "leader", PASSWORD, HERE))
    signin.sign_out(caller)
    for _ in range(ATTEMPTS_ALLOWED + 1):
        fail(door)
    written = [entry for action in ("signin.in", "signin.out", "signin.throttled") for entry in entries(action)]
    leader, office = f"user:{world.users['leader']}", f"user:{world.users['office']}"
    assert [(e.action, e.actor, e.subject) for e in written] == [
        ("signin.in", leader, leader), ("signin.out", leader, leader), ("signin.throttled", "terminal:signin", office),
    ]  # fmt: skip
    assert all(HERE not in str(e.detail) for e in written)
