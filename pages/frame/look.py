"""The look all pages share: style, title line, words with symbols, empty states."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import streamlit as st

from models.deadline import Light, LightReading
from models.issue_word import IssueStatus

HERE = Path(__file__).parent
ASSETS = Path(__file__).parent.parent.parent / "assets"
_LIGHT_BADGES = {
    Light.OVERDUE: ("red", "warning"),
    Light.REVIEW_MISSED: ("red", "event_busy"),
    Light.SOON: ("orange", "hourglass_bottom"),
    Light.REVIEW: ("blue", "pause_circle"),
    Light.NORMAL: ("gray", "schedule"),
    Light.NOT_STARTED: ("gray", "more_horiz"),
    Light.CLOSED: ("green", "task_alt"),
    Light.DISMISSED: ("gray", "do_not_disturb_on"),
}
PHONE = "_as_phone"
"""Key in session_state: True or False where the person chose; else the browser's own word decides."""


def dress() -> None:
    """First of all on each run: icon, layout, style, and Chinese for Streamlit's own words."""
    # The icon is a file and comes before the navigation: a Material icon would be fetched from a font host.
    st.set_page_config(page_title="销号台", page_icon=str(ASSETS / "icon.png"), layout="wide")
    logo = "logo_dark.svg" if st.context.theme.type == "dark" else "logo_light.svg"
    st.logo(str(ASSETS / logo), size="large")
    with st.container(key="unseen"):
        st.html(HERE / "look.css")
        st.html(f"<script>{_words()}</script>", unsafe_allow_javascript=True)


def to_the_top(where: str) -> None:
    """A page begins at its top, however far down the one before was read. `where`: the page and what it shows."""
    with st.container(key="unseen_top"):
        scroll = 'document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0)'
        st.html(f"<script>{scroll} // {quote(where, safe='')}\n</script>", unsafe_allow_javascript=True)


def is_phone() -> bool:
    """Whether to show cards instead of tables. The server does not know the width of the screen."""
    chosen = st.session_state.get(PHONE)
    if isinstance(chosen, bool):
        return chosen
    agent = st.context.headers.get("User-Agent")
    return isinstance(agent, str) and "Mobi" in agent


def title(text: str, right: str = "") -> None:
    """The first line of a page; `right` is markdown, small and gray: 截至 …, whose page this is."""
    if not right:
        st.title(text, anchor=False)
        return
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title_line"
    ):
        st.title(text, anchor=False, width="content")
        st.caption(right, width="content")


def status_badge(status: IssueStatus) -> str:
    """Markdown: word, icon and tint."""
    return f":{status.badge}-badge[:material/{status.icon}: {status.label}]"


def light_badge(reading: LightReading) -> str:
    """Markdown: 超期 3 天, 剩 9 工作日 …, with icon and tint."""
    colour, icon = _LIGHT_BADGES[reading.light]
    return f":{colour}-badge[:material/{icon}: {reading.text}]"


def table_words(thing: IssueStatus | LightReading | Light) -> str:
    """Symbol and word for tables, whose cells know no icons: ◇ 整改中, ▲ 超期 3 天."""
    if isinstance(thing, LightReading):
        return f"{thing.light.symbol} {thing.text}"
    return f"{thing.symbol} {thing.label}"


def escape(text: str) -> str:
    """Plain text for markdown: masked names have `*`, amounts may have `$`, facts may have anything."""
    safe = re.sub(r"([\\`*_{}\[\]#|~$:<>&])", r"\\\1", text)
    safe = re.sub(r"(?m)^(\s*)([-+])(?=\s)", r"\1\\\2", safe)
    return re.sub(r"(?m)^(\s*\d+)([.)])(?=\s)", r"\1\\\2", safe)


@cache
def _words() -> str:
    return (HERE / "words.js").read_text(encoding="utf-8")


def empty(
    title: str, why: str, button: str = "", on_click: Callable[[], None] | None = None, key: str = "empty"
) -> None:
    """Instead of an empty table: what is not there, why, and the way on."""
    with st.container(border=True, horizontal_alignment="center", key=f"empty_{key}"):
        st.markdown(f"**{escape(title)}**", width="content")
        st.caption(escape(why), width="content")
        if button:
            st.button(button, on_click=on_click, key=f"{key}_way_on")


def to_first_page(key: str) -> None:
    """Callback of whatever narrows a list: its pages begin anew. `key` is the pagination's."""
    st.session_state[key] = 1


def kept_open(name: str) -> dict[str, Any]:
    """For `st.expander` round a form: it stays as the person left it when something above it comes or goes."""
    return {"key": f"unfolded_{name}", "on_change": "rerun"}
