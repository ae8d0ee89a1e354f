"""The dialog of one thing of a plan, a stage or a task: a new one, a change of one, taking one out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import streamlit as st

from pages.frame.notice import attempt, show_notices


class Planned(Protocol):
    """A row of the plan as its query shows it."""

    @property
    def number(self) -> int: ...
    @property
    def version(self) -> int: ...


Row = TypeVar("Row", bound=Planned)


@dataclass(frozen=True, slots=True)
class PlanForm(Generic[Row]):
    """What tells one kind of dialog from another. `key`: beginning of its widgets' keys.

    `seed` fills the fields from a row, or empty; `fields` draws them and answers whether all that is needed is there.
    `save` and `remove` take campaign, number and version on screen, None for a new one; `rows` the plan as it stands.
    """

    key: str
    icon: str
    new: str
    change: str
    take_out: str
    saved: str
    gone: str
    seed: Callable[[Row | None], None]
    fields: Callable[[], bool]
    save: Callable[[int, int | None, int | None], object]
    remove: Callable[[int, int, int | None], object]
    rows: Callable[[int], tuple[Row, ...]]

    @property
    def open(self) -> str:
        """Key in session_state: number and version on screen of what is being changed; (None, None) for a new one."""
        return f"_{self.key}_asked"

    def ask(self, row: Row | None = None) -> None:
        """Callback: open the dialog with what is on screen now."""
        st.session_state[self.open] = (row.number, row.version) if row else (None, None)
        self.seed(row)

    def dialog(self, campaign_id: int) -> None:
        """The open dialog, if it is."""
        if self.open in st.session_state:
            word = self.new if st.session_state[self.open][0] is None else self.change
            st.dialog(word, icon=self.icon, on_dismiss=self._close)(self._body)(campaign_id)

    def _body(self, campaign_id: int) -> None:
        if self.open not in st.session_state:
            st.rerun()
        show_notices()
        is_complete = self.fields()
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.session_state[self.open][0] is not None:
                st.button(self.take_out, key=f"{self.key}_remove", on_click=self._remove, args=(campaign_id,))
            st.button(
                "保存", key=f"{self.key}_save", type="primary", on_click=self._save, args=(campaign_id,),
                disabled=not is_complete,
            )  # fmt: skip

    def _save(self, campaign_id: int) -> None:
        if self.open not in st.session_state:
            return  # the second of two clicks
        number, version = st.session_state[self.open]
        self._after(campaign_id, attempt(lambda: self.save(campaign_id, number, version), self.saved) is not None)

    def _remove(self, campaign_id: int) -> None:
        if self.open not in st.session_state:
            return
        number, version = st.session_state[self.open]
        gone = attempt(lambda: self.remove(campaign_id, number, version) or True, self.gone)
        self._after(campaign_id, gone is not None)

    def _after(self, campaign_id: int, done: bool) -> None:
        """Close; or, somebody having been first, let a second click write over what was just shown."""
        if done:
            self._close()
            return
        number, _ = st.session_state[self.open]
        now = next((row.version for row in self.rows(campaign_id) if row.number == number), None)
        st.session_state[self.open] = (number, now)

    def _close(self) -> None:
        st.session_state.pop(self.open, None)
