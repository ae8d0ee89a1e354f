"""The pieces of the first page: figures one can open, rows of work with their verb, lines that lead somewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from models.deadline import Light
from pages.frame.look import escape, is_phone

LEDGER, ISSUE = "pages/ledger/ledger.py", "pages/ledger/issue.py"
RUNNING = (Light.OVERDUE, Light.SOON, Light.NORMAL)
"""Lights that say more than the status: the unit's clock runs."""
VERB_WIDTH = 160
"""px: six characters and their margins."""
LEFT_WIDTH = 76
"""px: 9月30日, four characters."""
ON_A_PHONE = 3
"""Figures beside each other on a phone."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure with what it is and one more word about it. Without a page it opens nothing and is not underlined."""

    key: str
    label: str
    text: str
    words: str
    page: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    is_red: bool = False
    help: str = ""


def panel_row(panels: Sequence[Panel], on_a_phone: int = ON_A_PHONE) -> None:
    """All beside each other; on a phone three, or fewer where amounts are long."""
    each = on_a_phone if is_phone() else len(panels)
    with st.container(key="home_state"):
        for start in range(0, len(panels), each):
            for column, panel in zip(st.columns(each, wrap=not is_phone(), gap="xsmall"), panels[start:], strict=False):
                with column, st.container(border=True, height="stretch", key=f"panel_{panel.key}"):
                    _panel(panel)


def _panel(panel: Panel) -> None:
    st.markdown(f":gray[:small[{escape(panel.label)}]]")
    text = f":red[{escape(panel.text)}]" if panel.is_red else escape(panel.text)
    with st.container(key=f"fig_{panel.key}", width="content"):
        if panel.page:
            st.page_link(
                panel.page, label=text, icon=":material/chevron_right:", icon_position="right",
                query_params=dict(panel.query), help=panel.help or None,
            )  # fmt: skip
        else:
            st.markdown(f"##### {text}")
    st.markdown(f":gray[:small[{escape(panel.words)}]]")


def work_row(
    key: str, first: str, second: str, verb: str = "", go: Callable[[], None] | None = None, is_first: bool = False
) -> None:
    """Two lines of markdown and the verb: at the right, on a phone below. Without a verb there is no button."""
    phone = is_phone()
    with st.container(horizontal=not phone, wrap=phone, vertical_alignment="center", key=f"work_{key}"):
        st.markdown(f"{first}  \n:gray[{second}]" if second else first, width="stretch")
        if go is None:
            return
        kind = "primary" if is_first else "secondary"
        pressed = st.button(verb, key=f"go_{key}", type=kind, width="stretch" if phone else VERB_WIDTH)
    if pressed:
        go()


def line(key: str, left: str, label: str, page: str, query: Mapping[str, str]) -> None:
    """One line that opens something: a gray word, and the rest as a link."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"line_{key}"):
        if left:
            st.markdown(f":gray[{left}]", width=LEFT_WIDTH)
        st.page_link(page, label=label, query_params=dict(query), width="stretch")


def heading(text: str, words: str = "") -> None:
    """The title of a box."""
    st.markdown(f"**{escape(text)}** :gray[:small[{escape(words)}]]" if words else f"**{escape(text)}**")
