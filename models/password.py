"""Passwords: argon2id, one-time passwords a person can read out over the telephone, and what is too easy to guess."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without l, 1, o, 0, i: they are mistaken for each other on paper."""
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """What the record keeps."""
    return _hasher.hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether `password` is the one behind `kept`. Takes as long for `None`, an account that does not exist."""
    against = kept if kept is not None else _nobodys()
    try:
        _hasher.verify(against, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def one_time_password() -> str:
    """Twelve letters in three groups, about 59 bits: abcd-efgh-jkmn."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def weakness(password: str, user_name: str) -> str | None:
    """Why a new password will not do, as a sentence; None if it will."""
    if len(password) < SHORTEST:
        return f"新密码太短：至少 {SHORTEST} 位。"
    if len(password) > LONGEST:
        return f"新密码太长：最多 {LONGEST} 位。"
    if len(set(password)) < 5:
        return "新密码里重复的字太多，容易被猜到。"
    if password.isdecimal() or (password.isalpha() and password.isascii()):
        return "新密码不能全是数字，也不能全是字母。"
    if user_name and user_name.lower() in password.lower():
        return "新密码里不能含有账号。"
    return None


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))
