"""The conditions on the list of villages: a word, a reporting unit, a town of it, only the unfinished ones.

And those on the households of one village: a number, only the unfinished ones.
"""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from pages.frame.look import is_phone
from queries.viewer import Place, Viewer
from queries.village_visits import towns_to_visit

VILLAGE_PAGE, UNIT, TOWN = "village_page", "village_unit", "village_town"
HOUSEHOLD_PAGE = "household_page"


@dataclass(frozen=True, slots=True)
class VillageFilter:
    """What was asked for."""

    search: str
    unfinished: bool
    place: Place

    @property
    def narrows(self) -> bool:
        """Whether any condition is set."""
        return bool(self.search) or self.unfinished or self.place != Place()


def village_filter(viewer: Viewer, campaign_id: int) -> VillageFilter:
    """The widgets in a row. A list with one choice is left out: an inspector of one town needs none."""
    towns = towns_to_visit(viewer, campaign_id)
    units = {town.reporting_unit_id: town.reporting_unit for town in towns}
    with st.container(horizontal=not is_phone(), vertical_alignment="center", gap="small"):
        search = st.text_input("查村或镇", type="search", placeholder="村名或镇名", live="400ms", key="village_search",
                               label_visibility="collapsed", width=_wide(240), on_change=_first_page)  # fmt: skip
        unit = _choice("填报单位", units, UNIT, _other_unit)
        here = {t.town_id: t.town for t in towns if unit in (None, t.reporting_unit_id)}
        town = _choice("镇（办）", here, TOWN, _first_page)
        unfinished = st.toggle("只看未完成", key="village_unfinished", on_change=_first_page)
    return VillageFilter(search, unfinished, Place(unit, town))


def household_filter() -> tuple[str, bool]:
    """A part of a household's number, and whether only the unfinished ones are asked for."""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        search = st.text_input(
            "查户编号", type="search", placeholder="户编号，如 0107", live="400ms", width=_wide(240),
            key="household_search", label_visibility="collapsed", on_change=_first_household_page,
        )  # fmt: skip
        unfinished = st.toggle("只看未完成", key="household_unfinished", on_change=_first_household_page)
    return search, unfinished


def nothing_found(search: str, unfinished: bool) -> tuple[str, str]:
    """What is not there, and why."""
    if search:
        return "没有这个户编号", "换个编号再查，或者放宽条件。"
    if unfinished:
        return "没有未完成的户", "这个村的抽中户都已入户完成。"
    return "这个村没有抽中户", "名册里没有这个村的农户。"


def _wide(pixels: int) -> int | Literal["stretch"]:
    """On a phone a field takes the whole line."""
    return "stretch" if is_phone() else pixels


def _first_household_page() -> None:
    st.session_state[HOUSEHOLD_PAGE] = 1


def _choice(label: str, names: dict[int, str], key: str, changed: object) -> int | None:
    if len(names) < 2:
        return None
    return st.selectbox(
        label, list(names), index=None, format_func=lambda i: names.get(i, "—"), placeholder=f"全部{label}", key=key,
        label_visibility="collapsed", width=_wide(180), on_change=changed,  # type: ignore[arg-type]
    )  # fmt: skip


def _first_page() -> None:
    st.session_state[VILLAGE_PAGE] = 1


def _other_unit() -> None:
    """Another unit has other towns."""
    st.session_state[TOWN] = None
    _first_page()
