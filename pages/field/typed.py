"""Fields of a household form on screen: seeded from the draft on the server, saved there on each change.

Nothing typed is lost: what could not be saved stays in the field and is tried again; what was typed into an expired
session waits here until the same person has signed in again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

import streamlit as st

from actions.household_check import save_field
from models.money import NotMoney, parse_yuan
from models.refusal import SignedOut
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.viewer import Viewer

UNSAVED = "_unsaved_of_forms"
_FORM_USER = "_user_of_form"
_MOST_WAITING = 500
_waiting: dict[tuple[int, int], dict[str, Any]] = {}
_lock = Lock()
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What stands in a field and is not on the server: `fault` says why; `read` makes a value of it."""

    check_id: int
    field: str
    shown: Any
    fault: str
    read: Read
    is_wrong: bool
    """It cannot be saved before it is put right; else it may be tried again."""


def key_of(check_id: int, field: str) -> str:
    """The widget's key: one a form and field."""
    return f"said_{check_id}_{field}" if field.endswith(":said") else f"field_{check_id}_{field}"


def seeded(check_id: int, field: str, stands: Any) -> str:
    """The key of a widget showing what stands on the server, a colleague's change included; an unsaved one its own."""
    key = key_of(check_id, field)
    unsaved = _unsaved().get(key)
    shown = stands if unsaved is None else unsaved.shown
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    return key


def unsaved_fields(check_id: int) -> dict[str, Unsaved]:
    """By key, what of a form is not on the server yet."""
    return {key: unsaved for key, unsaved in _unsaved().items() if unsaved.check_id == check_id}


def save(check_id: int, field: str, read: Read = lambda value: value or None) -> None:
    """The callback of a field: read what stands in it and keep it on the server."""
    _save(check_id, field, st.session_state.get(key_of(check_id, field)), read)


def save_again(check_id: int) -> None:
    """The callback of 重试保存: once more everything that can be saved as it stands."""
    for unsaved in unsaved_fields(check_id).values():
        if not unsaved.is_wrong:
            _save(check_id, unsaved.field, unsaved.shown, unsaved.read)


def _save(check_id: int, field: str, shown: Any, read: Read) -> None:
    key = key_of(check_id, field)
    try:
        value = read(shown)
    except NotMoney as fault:
        _unsaved()[key] = Unsaved(check_id, field, shown, str(fault), read, is_wrong=True)
        return
    _unsaved()[key] = Unsaved(check_id, field, shown, "还没有保存。", read, is_wrong=False)
    if attempt(lambda: _save_or_wait(check_id, field, value)) is not None:
        _unsaved().pop(key, None)


def _save_or_wait(check_id: int, field: str, value: Any) -> datetime:
    try:
        return save_field(caller(), check_id, field, value)
    except SignedOut:
        _keep_for(st.session_state.get(_FORM_USER), check_id, field, value)
        raise


def _unsaved() -> dict[str, Unsaved]:
    return st.session_state.setdefault(UNSAVED, {})  # type: ignore[no-any-return]


def cents(text: str | None) -> int | None:
    """What was typed as yuan, in 分; None for an empty field, which is not 0. Raises NotMoney."""
    if not (text or "").strip():
        return None
    found = parse_yuan(text or "")
    if found < 0:
        raise NotMoney("群众自述金额不能是负数，请改正。")
    return found


def yuan_text(amount_cents: int | None) -> str:
    """An amount as it is typed: 1200.00; nothing for None."""
    return "" if amount_cents is None else f"{amount_cents // 100}.{amount_cents % 100:02d}"


def same_amount(check_id: int, field: str, stands: int | None) -> str:
    """What an amount field shows: the typing itself while it means what the server has, so that nothing jumps."""
    typed = st.session_state.get(key_of(check_id, field))
    try:
        same = isinstance(typed, str) and cents(typed) == stands
    except NotMoney:
        same = False
    return typed if same and isinstance(typed, str) else yuan_text(stands)


def begin(viewer: Viewer, check_id: int) -> int:
    """Whose form this tab fills. Saves what the person typed into an expired session; how many fields."""
    st.session_state[_FORM_USER] = viewer.user_id
    saved = 0
    for field, value in _taken(viewer.user_id, check_id):
        saved += attempt(lambda f=field, v=value: save_field(caller(), check_id, f, v)) is not None  # type: ignore[misc]
    return saved


def _keep_for(user_id: int | None, check_id: int, field: str, value: Any) -> None:
    if user_id is None:
        return
    with _lock:
        while len(_waiting) >= _MOST_WAITING:
            _waiting.pop(next(iter(_waiting)))
        _waiting.setdefault((user_id, check_id), {})[field] = value


def _taken(user_id: int | None, check_id: int) -> Iterator[tuple[str, Any]]:
    with _lock:
        found = _waiting.pop((user_id or 0, check_id), {})
    yield from found.items()
