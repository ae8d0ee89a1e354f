"""Fields of a household form on screen: seeded from the draft on the server, saved there on each change.

Nothing typed is lost. Each run first compares what stands in the fields with the server and saves what differs
(`keep_up`). Not a callback of each field: a callback interrupted by the next click is called again with what stood in
the fields before that click. What could not be saved stays in the field and is tried again; what was typed into an
expired session waits here until the same person has signed in again (`set_aside`).
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import streamlit as st

from actions.household_check import save_field
from models.money import NotMoney, parse_yuan
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.household_check import CheckView
from queries.viewer import Viewer

SEEN = "_seen_of_forms"
"""Key in session_state: by widget key, what stood on the server when this tab last drew the field or saved it."""
UNSAVED = "_unsaved_of_forms"
_FORM_USER = "_user_of_form"
_MOST_WAITING = 500
_waiting: dict[tuple[int, int], dict[str, Any]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What stands in a field and is not on the server, and why. `is_wrong`: it must be put right before it can be."""

    check_id: int
    field: str
    shown: Any
    fault: str
    is_wrong: bool


def key_of(check_id: int, field: str) -> str:
    """The widget's key: one a form and field."""
    return f"said_{check_id}_{field}" if field.endswith(":said") else f"field_{check_id}_{field}"


def seeded(check_id: int, field: str, stands: Any) -> str:
    """The key of a widget; drawn anew it shows what stands on the server, or what could not be saved."""
    key = key_of(check_id, field)
    if key not in st.session_state:
        unsaved = _unsaved().get(key)
        st.session_state[key] = _shown(field, stands) if unsaved is None else unsaved.shown
    _seen()[key] = (check_id, field, stands)
    return key


def save_again(check_id: int) -> None:
    """The callback of 重试保存: once more everything that can be saved as it stands."""
    for unsaved in unsaved_fields(check_id).values():
        if not unsaved.is_wrong:
            put(check_id, unsaved.field, unsaved.shown)


def put(check_id: int, field: str, shown: Any, *, erase: bool = False) -> bool:
    """Keep one field as it is shown; whether it is on the server now. `erase`: it is meant to be empty."""
    key, unsaved, seen = key_of(check_id, field), _unsaved(), _seen()
    try:
        value = _value(field, shown)
    except NotMoney as fault:
        unsaved[key] = Unsaved(check_id, field, shown, str(fault), is_wrong=True)
        return False
    if value is None and _is_never_emptied(field) and not erase:
        return False  # another may be chosen, none never; the widget empties itself when two clicks cross
    unsaved[key] = Unsaved(check_id, field, shown, "还没有保存。", is_wrong=False)
    if attempt(lambda: save_field(caller(), check_id, field, value)) is None:
        return False
    unsaved.pop(key, None)
    seen[key] = (check_id, field, value)
    return True


def keep_up(view: CheckView) -> bool:
    """Before anything is drawn: take over what a colleague changed, save what a dropped callback did not.

    Whether something was saved, so that the form must be read again.
    """
    stands, saved = standing(view), False
    for key, unsaved in unsaved_fields(view.id).items():
        if unsaved.field in stands and _means(unsaved.field, unsaved.shown, stands[unsaved.field]):
            _unsaved().pop(key)  # the click that came next stopped the run between the saving and the taking note of it
            _seen()[key] = (view.id, unsaved.field, stands[unsaved.field])
    for key, (check_id, field, before) in tuple(_seen().items()):
        if check_id != view.id or key not in st.session_state or field not in stands:
            _seen().pop(key)
            continue
        now, shown = stands[field], st.session_state[key]
        if not _means(field, shown, now):
            if _means(field, shown, before) or (_is_never_emptied(field) and shown is None):
                st.session_state[key] = _shown(field, now)
            elif not _is_known_wrong(key, shown):
                saved |= put(check_id, field, shown)
    return saved


def too_late(view: CheckView) -> None:
    """The form has been handed in by another meanwhile: what was typed since is refused, in the action's own words."""
    typed = [
        (key, field, st.session_state[key])
        for key, (check_id, field, before) in _seen().items()
        if check_id == view.id and key in st.session_state and not _means(field, st.session_state[key], before)
    ]
    for _, field, shown in typed[:1]:
        put(view.id, field, shown)
    for key, _, _ in typed:
        _seen().pop(key)
        _unsaved().pop(key, None)


def _is_never_emptied(field: str) -> bool:
    """Fields chosen from a list, and the day: once chosen they change, they do not go."""
    return field in ("visited_on", "outcome", "second") or field.endswith(":verdict")


def _is_known_wrong(key: str, shown: Any) -> bool:
    unsaved = _unsaved().get(key)
    return unsaved is not None and unsaved.is_wrong and bool(unsaved.shown == shown)


def unsaved_fields(check_id: int) -> dict[str, Unsaved]:
    """By key, what of a form is not on the server yet."""
    return {key: unsaved for key, unsaved in _unsaved().items() if unsaved.check_id == check_id}


def standing(view: CheckView) -> dict[str, Any]:
    """What stands on the server, by field, in the form in which it is drafted."""
    head = view.head
    found: dict[str, Any] = {
        "outcome": head.outcome.value if head.outcome else None,
        "visited_on": head.visited_on.isoformat() if head.visited_on else None,
        "interviewee": head.interviewee,
        "second": head.second_inspector_id,
    }
    for line in (line for person in view.people for line in person.lines):
        found[line.key.field("verdict")] = line.verdict.value if line.verdict else None
        found[line.key.field("said")] = line.said_cents
        found[line.key.field("note")] = line.note
    return found


def begin(viewer: Viewer, check_id: int) -> int:
    """Whose form this tab fills. Saves what the person typed into an expired session; how many fields."""
    st.session_state[_FORM_USER] = viewer.user_id
    owner, saved = (viewer.user_id or 0, check_id), 0
    for field, value in tuple(_waiting.get(owner, {}).items()):
        saved += attempt(lambda f=field, v=value: save_field(caller(), check_id, f, v)) is not None  # type: ignore[misc]
        with _lock:
            _waiting.get(owner, {}).pop(field, None)
    return saved


def set_aside() -> None:
    """When the session turns out to be over, before the tab is emptied: what stands in the fields and is not saved."""
    user_id = st.session_state.get(_FORM_USER)
    for key, (check_id, field, before) in _seen().items():
        shown = st.session_state.get(key)
        if user_id is not None and key in st.session_state and not _means(field, shown, before):
            with suppress(NotMoney):
                _keep_for(user_id, check_id, field, _value(field, shown))


def _value(field: str, shown: Any) -> Any:
    """What is drafted for what is shown. Raises NotMoney."""
    if field.endswith(":said"):
        return _cents(shown)
    if isinstance(shown, date):
        return shown.isoformat()
    return shown or None


def _shown(field: str, value: Any) -> Any:
    """What a widget shows for what is drafted."""
    if field.endswith(":said"):
        return "" if value is None else f"{value // 100}.{value % 100:02d}"
    if field == "visited_on":
        return None if value is None else date.fromisoformat(value)
    return "" if value is None and (field == "interviewee" or field.endswith(":note")) else value


def _means(field: str, shown: Any, value: Any) -> bool:
    """Whether what is shown says the same: 3960 and 3960.00 do."""
    try:
        return bool(_value(field, shown) == value)
    except NotMoney:
        return False


def _cents(text: str | None) -> int | None:
    """Yuan as typed → 分; None for an empty field, which is not 0."""
    if not (text or "").strip():
        return None
    found = parse_yuan(text or "")
    if found < 0:
        raise NotMoney("群众自述金额不能是负数，请改正。")
    return found


def _keep_for(user_id: int, check_id: int, field: str, value: Any) -> None:
    with _lock:
        while len(_waiting) >= _MOST_WAITING:
            _waiting.pop(next(iter(_waiting)))
        _waiting.setdefault((user_id, check_id), {})[field] = value


def _unsaved() -> dict[str, Unsaved]:
    return st.session_state.setdefault(UNSAVED, {})  # type: ignore[no-any-return]


def _seen() -> dict[str, tuple[int, str, Any]]:
    return st.session_state.setdefault(SEEN, {})  # type: ignore[no-any-return]
