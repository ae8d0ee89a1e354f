"""Passwords: argon2id, no difference between a wrong one and nobody's, and what is too easy."""

import re

import pytest

from models import password
from models.password import hashed, is_password, one_time_password, weakness


def test_a_password_is_kept_as_argon2id_and_never_twice_the_same() -> None:
    first, second = hashed("ricefield-2022"), hashed("ricefield-2022")
    assert first.startswith("$argon2id$")
    assert first != second
    assert is_password("ricefield-2022", first)
    assert not is_password("ricefield-2023", first)


def test_what_is_no_hash_lets_nobody_in() -> None:
    assert not is_password("", "")
    assert not is_password("not a hash", "not a hash")


def test_an_account_that_does_not_exist_is_checked_with_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Recorder:
        checked: tuple[str, ...] = ()

        def hash(self, secret: str) -> str:
            return hashed(secret)

        def verify(self, kept: str, given: str) -> bool:
            self.checked += (kept,)
            return True

    recorder, parameters = Recorder(), hashed("x").rsplit("$", 2)[0]
    nobodys = password._nobodys()
    monkeypatch.setattr(password, "_hasher", recorder)
    assert not is_password("anything", None)
    assert recorder.checked == (nobodys,)
    assert nobodys.startswith(parameters)


def test_a_one_time_password_can_be_read_out_over_the_telephone() -> None:
    found = {one_time_password() for _ in range(200)}
    assert len(found) == 200
    assert all(re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", one) and not set(one) & set("l1o0i") for one in found)
    assert weakness(one_time_password(), "office") is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("short-1", "太短"), ("x" * 201, "太长"), ("aaaa-aaaa-aaaa", "重复"), ("13579246801", "全是数字"),
        ("onlyletters", "全是字母"), ("Office-2022-09", "账号"),
    ],
)  # fmt: skip
def test_an_easy_password_is_refused_with_its_reason(given: str, reason: str) -> None:
    assert reason in str(weakness(given, "office"))


@pytest.mark.parametrize("given", ["ricefield-2022", "稻谷补贴到户了吗二〇二二", "correct horse battery 9"])
def test_a_good_password_passes(given: str) -> None:
    assert weakness(given, "office") is None
