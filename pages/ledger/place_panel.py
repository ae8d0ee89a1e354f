"""地点 N 处，已完成 M 处: whose each is, until when, what was done."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.local_time import day_text
from pages.frame.look import escape, light_badge
from queries.issue import IssuePage
from queries.place_row import PlaceRow

SHOWN_AT_FIRST = 12


def place_panel(issue: IssuePage, phone: bool) -> None:
    """Nothing for a problem of one place."""
    if not issue.places:
        return
    done = sum(place.is_done for place in issue.places)
    with st.container(border=True, key="places"):
        st.markdown(f"##### 地点 {len(issue.places)} 处，已完成 {done} 处")
        if done < len(issue.places):
            how = "填报进展时逐处划掉；" if any(place.mine for place in issue.places) else ""
            st.caption(f"{how}全部完成后才能申请销号。")
        first = sorted(issue.places, key=lambda place: place.is_done)
        _rows(first[:SHOWN_AT_FIRST], phone, "first")
        if len(first) > SHOWN_AT_FIRST:
            with st.expander(f"其余 {len(first) - SHOWN_AT_FIRST} 处"):
                _rows(first[SHOWN_AT_FIRST:], phone, "rest")
        for place in issue.places:
            if place.gone:
                st.warning(f"{escape(place.name)}：{escape(place.gone)}。", icon=":material/swap_horiz:")


def _rows(places: Sequence[PlaceRow], phone: bool, key: str) -> None:
    if phone:
        st.markdown("  \n".join(f"**{escape(p.name)}** {_state(p)} {_whose(p)}" for p in places))
        return
    frame = pd.DataFrame(
        {
            "地点": [escape(p.name) for p in places],
            "责任单位": [_whose(p) for p in places],
            "时限": [day_text(p.due_on) if p.due_on else "—" for p in places],
            "情况": [_state(p) for p in places],
            "怎么改的": [_told(p) for p in places],
        }
    )
    with st.container(key=f"place_rows_{key}"):
        st.table(frame, border="horizontal", hide_index=True)


def _whose(place: PlaceRow) -> str:
    return "—" if place.unit in ("", place.name) else escape(place.unit)


def _state(place: PlaceRow) -> str:
    if place.light is None:
        return f":green-badge[:material/check_circle: 已完成 {day_text(place.done_on)}]"
    return light_badge(place.light)


def _told(place: PlaceRow) -> str:
    proof = f"佐证 {place.evidence} 份" if place.evidence else ""
    by = f"（{escape(place.done_by)}）" if place.done_by else ""
    parts = (f"{escape(place.note)}{by}" if place.note else "", proof)
    return "；".join(part for part in parts if part) or "—"
