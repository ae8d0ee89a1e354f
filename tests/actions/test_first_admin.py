"""The very first account: with the owner's code, once, while there is nobody."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from actions.first_admin import FirstAdmin, create_first_admin, setup_code
from actions.people import create_user
from actions.signin import SigninRefused
from actions.transaction import Caller
from files.storage import Storage
from models.audit import AuditEntry
from models.local_time import local_day
from models.refusal import Refused
from models.role import Role
from models.user import ATTEMPTS_ALLOWED
from queries.audit import verify
from queries.reading import reading
from queries.signin import has_users, token_hash, viewer_of_token
from tests.factories import START

DOOR = Caller(START, local_day(START), START, terminal="setup")
PASSWORD = "invented-2022-for-tests"


def asked(code: str | None, name: str = "sun", password: str = PASSWORD, again: str | None = None) -> FirstAdmin:
    return FirstAdmin(code or "", name, "孙某某", password, again if again is not None else password)


def test_whoever_has_the_code_becomes_the_first_administrator(database: str) -> None:
    token = create_first_admin(DOOR, asked(setup_code()))
    viewer = viewer_of_token(token_hash(token), START, DOOR.today)
    assert viewer is not None
    assert (viewer.roles, viewer.person_name, viewer.must_change_password) == ((Role.ADMIN,), "孙某某", False)
    assert verify().ok


def test_the_code_is_the_owners_alone_and_stays_the_same_until_it_is_used(sqlite: str) -> None:
    assert setup_code() == setup_code()
    assert stat.S_IMODE(Storage.setup_code().stat().st_mode) == 0o600


def test_the_code_works_once(sqlite: str) -> None:
    code = setup_code()
    create_first_admin(DOOR, asked(code))
    assert not Storage.setup_code().exists()
    with pytest.raises(Refused, match="设置码已失效"):
        create_first_admin(DOOR, asked(code, "li"))


def test_an_account_made_on_the_terminal_ends_it(sqlite: str) -> None:
    code = setup_code()
    create_user(DOOR, "zhao", Role.SECURITY)
    with pytest.raises(Refused, match="设置码已失效"):
        create_first_admin(DOOR, asked(code))
    assert setup_code() is None
    assert not Storage.setup_code().exists()


def test_wrong_codes_are_counted_slowed_down_and_logged(sqlite: str) -> None:
    code = setup_code()
    for left in range(ATTEMPTS_ALLOWED - 1, 0, -1):
        with pytest.raises(SigninRefused, match=f"还可以再试 {left} 次"):
            create_first_admin(DOOR, asked("aaaa-bbbb-cccc"))
    with pytest.raises(SigninRefused, match="次数太多"):
        create_first_admin(DOOR, asked("aaaa-bbbb-cccc"))
    with pytest.raises(SigninRefused, match="次数太多"):
        create_first_admin(DOOR, asked(code))
    assert not has_users()
    with reading() as session:
        assert session.scalars(sa.select(AuditEntry.action)).all() == ["setup.throttled"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short"}, "密码太短"),
        ({"again": "another-2022"}, "两次输入的密码不一样"),
        ({"name": "孙"}, "账号用小写字母开头"),
    ],
)
def test_what_is_refused_for_another_reason_is_no_wrong_code(sqlite: str, wrong: dict[str, str], sentence: str) -> None:
    code = setup_code()
    for _ in range(ATTEMPTS_ALLOWED + 1):
        with pytest.raises(Refused, match=sentence):
            create_first_admin(DOOR, asked(code, **wrong))
    create_first_admin(DOOR, asked(code))


def test_without_a_code_on_file_nothing_typed_is_right(sqlite: str) -> None:
    with pytest.raises(SigninRefused):
        create_first_admin(DOOR, asked(""))


def test_of_many_who_hand_the_code_in_at_once_one_becomes_administrator(database: str) -> None:
    code = setup_code()

    def try_it(name: str) -> bool:
        try:
            create_first_admin(DOOR, asked(code, name))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(try_it, ("sun", "li", "zhou", "wu"))) == [False, False, False, True]
    assert verify().ok
