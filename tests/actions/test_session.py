"""Who is signed in, from where; one browser or a whole account is signed out; the clock moved back."""

from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from actions.people import end_session, end_sessions
from actions.signin import DOOR, SigninRefused, sign_in, sign_out_everywhere
from actions.transaction import Caller
from models.database import Database
from models.password import hashed
from models.refusal import NotFoundOrNotYours, Refused, SignedOut
from models.user import ATTEMPTS_ALLOWED, User
from models.user import Session as SignIn
from queries.account_state import account_state
from queries.reading import reading
from queries.session_list import own_sessions, session_page
from queries.viewer import Viewer, viewer_of_session
from routes.device import device_words
from tests.actions.test_region_change import seen
from tests.factories import World

PASSWORD, HERE = "invented-2022-for-tests", "192.0.2.7"
HASH = hashed(PASSWORD)
NUMBER = count()


def door(world: World) -> Caller:
    return Caller(world.now, world.now.date(), world.now, terminal=DOOR)


def browser(world: World, name: str, address: str = HERE, device: str = "Windows 电脑，Edge") -> Caller:
    """A new session of that person; the caller who holds its cookie."""
    token = f"token {next(NUMBER)}"
    with Database.writers() as session:
        user_id = world.users[name]
        session.add(SignIn(token_hash=token, user_id=user_id, started_at=world.now, seen_at=world.now, address=address,
                           device=device))  # fmt: skip
        session.commit()
    return Caller(world.now, world.now.date(), world.now, token_hash=token)


def with_passwords() -> None:
    """Everybody has one."""
    with Database.writers() as session:
        session.execute(sa.update(User).values(password_hash=HASH))
        session.commit()


def viewer_of(caller: Caller) -> Viewer:
    with reading() as session:
        found = viewer_of_session(session, caller.token_hash or "", caller.wall, caller.today)
    assert found is not None
    return found


def test_signing_in_notes_from_where_as_far_as_it_is_known(world: World) -> None:
    with_passwords()
    for address, device in (("", ""), (HERE, "iPhone，Safari")):
        sign_in(door(world), "office", PASSWORD, address, device)
    rows = session_page(seen(world, "security"), world.now).rows
    assert [(r.address, r.device) for r in rows] == [(HERE, "iPhone，Safari"), ("", "")]


def test_security_sees_who_is_signed_in_since_when_and_from_where(both_worlds: World) -> None:
    world = both_worlds
    browser(world, "office")
    browser(world.later(minutes=5), "unit", "192.0.2.8", "")
    found = session_page(seen(world, "security"), world.now)
    assert [(r.user_name, r.address, r.device) for r in found.rows] == [
        ("unit", "192.0.2.8", ""),
        ("office", HERE, "Windows 电脑，Edge"),
    ]
    assert (found.total, found.people) == (2, 2)
    assert session_page(seen(world, "security"), world.now, "office").total == 1
    for name in ("admin", "office"):
        assert session_page(seen(world, name), world.now).rows == ()


def test_one_browser_is_signed_out_and_the_others_stay(both_worlds: World) -> None:
    world = both_worlds
    first, second = browser(world, "office"), browser(world, "office")
    end_session(world.caller("security"), viewer_of(first).session_id or 0)
    with reading() as session, pytest.raises(SignedOut):
        first.look_up(session)
    assert viewer_of(second).user_name == "office"


def test_all_browsers_of_an_account_are_signed_out(world: World) -> None:
    browser(world, "office")
    browser(world, "office")
    browser(world, "unit")
    assert end_sessions(world.caller("security"), "office") == 2
    assert [r.user_name for r in session_page(seen(world, "security"), world.now).rows] == ["unit"]


def test_everybody_ends_their_own_and_nobody_anothers(world: World) -> None:
    mine, other = browser(world, "office"), browser(world, "office")
    strange = browser(world, "unit")
    with pytest.raises(Refused, match="结束会话"):
        end_session(mine, viewer_of(strange).session_id or 0)
    end_session(mine, viewer_of(other).session_id or 0)
    assert [r.is_own for r in own_sessions(viewer_of(mine), world.now)] == [True]
    assert sign_out_everywhere(mine) == 1


def test_what_is_over_or_unknown_cannot_be_ended(world: World) -> None:
    gone = viewer_of(browser(world, "office")).session_id or 0
    end_session(world.caller("security"), gone)
    for number in (gone, 999):
        with pytest.raises(NotFoundOrNotYours):
            end_session(world.caller("security"), number)


@pytest.mark.parametrize("moved", [timedelta(), timedelta(minutes=31), timedelta(hours=13), -timedelta(hours=1)])
def test_the_lists_show_the_sessions_that_are_alive(both_worlds: World, moved: timedelta) -> None:
    world = both_worlds
    browser(world, "office")
    with reading() as session:
        alive = session.scalars(sa.select(SignIn)).one().is_alive(world.now + moved)
    assert session_page(seen(world, "security"), world.now + moved).total == alive
    assert account_state(seen(world, "security"), world.now + moved).sessions == alive


def test_after_the_clock_was_moved_back_one_signs_in_again(world: World) -> None:
    caller = browser(world, "office")
    earlier = Caller(caller.now, caller.today, caller.wall - timedelta(days=1), token_hash=caller.token_hash)
    with reading() as session, pytest.raises(SignedOut):
        earlier.look_up(session)
    world.later(days=-1)
    assert viewer_of(browser(world, "office")).user_name == "office"


def test_failures_of_a_day_to_come_keep_nobody_out(world: World) -> None:
    with_passwords()
    for _ in range(ATTEMPTS_ALLOWED):
        with pytest.raises(SigninRefused):
            sign_in(door(world), "office", "not this one", HERE)
    with pytest.raises(SigninRefused, match="分钟"):
        sign_in(door(world), "office", PASSWORD, HERE)
    world.later(days=-1)
    assert sign_in(door(world), "office", PASSWORD, HERE)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/99 Safari/537 Edg/99", "Windows 电脑，Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0) AppleWebKit/605 Version/15 Mobile Safari/604", "iPhone，Safari"),
        ("Mozilla/5.0 (Linux; Android 11) AppleWebKit/537 Chrome/86 Mobile MicroMessenger/8.0", "安卓设备，微信"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_two_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
