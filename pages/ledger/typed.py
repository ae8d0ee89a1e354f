"""Fields whose typing is kept on the server as it goes: a session that ends, a refusal or a stale page loses no word.

Each field is seeded from the draft once, saved on each change. What was typed into an expired session waits in the
process until the same person is back.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st

from actions.draft import clear_draft, save_field
from models.money import NotMoney, parse_yuan
from models.refusal import Refused, SignedOut
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.draft import draft_fields, draft_subject
from queries.viewer import Viewer

_MOST_WAITING = 500
_waiting: dict[str, dict[str, Any]] = {}
_lock = Lock()

_SCRIPT = Path(__file__).with_name("keep_typing.js")


@dataclass(frozen=True, slots=True)
class Typed:
    """One form of one person, `issue:12:request:u3`. Its methods draw widgets and return what stands in them."""

    subject: str
    kept: dict[str, Any]

    @classmethod
    def form(cls, viewer: Viewer, *parts: object) -> "Typed":
        """The person's own form, with what was kept of it."""
        subject = draft_subject(viewer, *parts)
        for field, value in _taken(subject).items():
            _save_now(subject, field, value)
        return cls(subject, dict(draft_fields(viewer, subject)))

    def key(self, field: str) -> str:
        """The widget's key, seeded from the draft the first time it is drawn."""
        return f"typed_{self.subject.replace(':', '_')}_{field}"

    def seed(self, field: str, otherwise: Any = None, read: Callable[[Any], Any] = lambda value: value) -> str:
        """The key, holding what was kept, else `otherwise`."""
        key = self.key(field)
        if key not in st.session_state:
            st.session_state[key] = read(self.kept[field]) if field in self.kept else otherwise
        return key

    def line(self, field: str, label: str, otherwise: str = "", **how: Any) -> str:
        """A line of text, saved while it is typed."""
        key = self.seed(field, otherwise)
        return (
            st.text_input(label, key=key, live="600ms", on_change=self._changed, args=(field,), **how) or ""
        ).strip()

    def text(self, field: str, label: str, otherwise: str = "", **how: Any) -> str:
        """Several lines of text."""
        key = self.seed(field, otherwise)
        return (st.text_area(label, key=key, on_change=self._changed, args=(field,), **how) or "").strip()

    def one_of(self, field: str, label: str, options: Sequence[Any], otherwise: Any = None, **how: Any) -> Any:
        """One of a few, as pills. Options are plain values of JSON."""
        key = self.seed(field, otherwise, lambda value: value if value in options else otherwise)
        return st.pills(label, options, key=key, on_change=self._changed, args=(field,), **how)

    def some_of(self, field: str, label: str, options: Sequence[Any], **how: Any) -> list[Any]:
        """Several of a few, as pills."""
        key = self.seed(field, [], lambda value: [v for v in value if v in options])
        return list(
            st.pills(label, options, key=key, selection_mode="multi", on_change=self._changed, args=(field,), **how)
            or []
        )

    def several(
        self, field: str, label: str, options: Sequence[Any], otherwise: Sequence[Any] = (), **how: Any
    ) -> list[Any]:
        """Several of many, from a list one can search; what is no longer offered is no longer chosen."""
        key = self.seed(field, list(otherwise))
        st.session_state[key] = [value for value in st.session_state[key] or [] if value in options]
        return list(
            st.multiselect(
                label, options, key=key, on_change=self._changed, args=(field,), filter_mode="contains",
                placeholder=how.pop("placeholder", "可多选"), **how,
            )
        )  # fmt: skip

    def choice(self, field: str, label: str, options: Sequence[Any], otherwise: Any = None, **how: Any) -> Any:
        """One of many, from a list one can search."""
        key = self.seed(field, otherwise, lambda value: value if value in options else otherwise)
        return st.selectbox(
            label, options, index=None, key=key, on_change=self._changed, args=(field,),
            placeholder=how.pop("placeholder", "请选择"), filter_mode="contains", **how,
        )  # fmt: skip

    def day(self, field: str, label: str, otherwise: date | None = None, **how: Any) -> date | None:
        """A date."""
        key = self.seed(field, otherwise, date.fromisoformat)
        return st.date_input(
            label, value=None, key=key, format="YYYY-MM-DD", on_change=self._changed, args=(field,), **how
        )

    def count(self, field: str, label: str, otherwise: int | None = None, **how: Any) -> int | None:
        """A whole number; None while nothing stands there."""
        key = self.seed(field, otherwise)
        return st.number_input(
            label,
            value=None,
            min_value=how.pop("least", 0),
            step=1,
            key=key,
            on_change=self._changed,
            args=(field,),
            **how,
        )

    def cents(self, field: str, label: str, otherwise: str = "", **how: Any) -> int | None:
        """An amount typed in 元, as 分; None while nothing stands there or it is no amount, which is said below."""
        typed = self.line(field, label, otherwise, **how)
        if not typed:
            return None
        try:
            return parse_yuan(typed)
        except NotMoney as fault:
            st.caption(f":red[:material/error: {fault}]")
            return None

    def now(self, field: str, otherwise: Any = None) -> Any:
        """What stands in a field at this moment: callbacks read here, for what was drawn may be a word behind."""
        value = st.session_state.get(self.key(field), self.kept.get(field))
        if isinstance(value, str):
            value = value.strip()
        return otherwise if value in (None, "", []) else value

    def now_text(self, field: str) -> str:
        """The text of a field at this moment."""
        return str(self.now(field, ""))

    def now_cents(self, field: str) -> int:
        """An amount at this moment, 分; nothing typed is 0. Raises Refused for what is no amount."""
        try:
            return parse_yuan(self.now_text(field) or "0")
        except NotMoney as fault:
            raise Refused(str(fault)) from fault

    def clear(self) -> None:
        """The form became a record: forget it, here and on the server."""
        with suppress(Refused):
            clear_draft(caller(), self.subject)
        for key in [k for k in st.session_state if str(k).startswith(self.key(""))]:
            del st.session_state[key]

    def _changed(self, field: str) -> None:
        value = st.session_state.get(self.key(field))
        _save_now(self.subject, field, value.isoformat() if isinstance(value, date) else value)


def keep_typing() -> None:
    """Once a page with such forms: the script that keeps long texts while they are being typed."""
    st.html(f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)


def _save_now(subject: str, field: str, value: Any) -> None:
    """Keep one field. Signed out meanwhile: it waits for the same person."""

    def saving() -> object:
        try:
            return save_field(caller(), subject, field, value)
        except SignedOut:
            _keep_waiting(subject, field, value)
            raise

    attempt(saving)


def _keep_waiting(subject: str, field: str, value: Any) -> None:
    with _lock:
        while len(_waiting) >= _MOST_WAITING:
            _waiting.pop(next(iter(_waiting)))
        _waiting.setdefault(subject, {})[field] = value


def _taken(subject: str) -> dict[str, Any]:
    with _lock:
        return _waiting.pop(subject, {})
