"""区划与填报单位: the tree of places, what they were called, what they were merged into, for whom they report."""

import streamlit as st

import clock
from models.region import RegionLevel
from pages.admin.region_forms import add_form, region_verbs
from pages.admin.region_history import region_history
from pages.admin.region_table import AT, PAGE, WORDS, region_table, region_way
from pages.admin.reporting_forms import reporting_units_part
from pages.frame.look import empty, escape, title, to_first_page
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.region_history import REGION_PERMISSIONS
from queries.region_tree import PlaceDetail, place_detail, region_page

PLACES, UNITS = "区划", "填报单位"

person = require_any(*REGION_PERMISSIONS)
title("区划与填报单位", right="更名、合并、改归都按日期记，以前的查得到")
show_notices()


def place_card(place: PlaceDetail) -> None:
    """The place one is at: what it is today, what may be done, what happened to it."""
    row = place.row
    with st.container(border=True, key="region_card"):
        state = f":orange-badge[{escape(row.state)}]" if row.state else ":green-badge[√ 在用]"
        kind = f"，{escape(row.kind)}" if row.kind else ""
        counts = row.level in (RegionLevel.TOWN, RegionLevel.VILLAGE)
        unit = f"　归 **{escape(place.reporting_unit)}** 统计" if counts else ""
        st.markdown(f"##### {escape(row.name)}　{state}")
        st.markdown(f"{row.level.label}{kind}　代码 {row.code}{unit}")
        region_verbs(person, place, clock.today())
        region_history(person, row.id)


def places() -> None:
    """Search, the way down, the place one is at, the places inside."""
    words = st.text_input(
        "查找",
        key=WORDS,
        on_change=to_first_page,
        args=(PAGE,),
        placeholder="名称、曾用名或代码",
        type="search",
        label_visibility="collapsed",
        width=320,
    ).strip()
    code = "" if words else st.query_params.get(AT, "")
    found = region_page(person, code, words, int(st.session_state.get(PAGE) or 1))
    place = place_detail(person, code, clock.today()) if code else None
    if not words:
        region_way(found.way)
    if place is not None:
        place_card(place)
    if found.rows:
        st.markdown(f"名称或代码含“{escape(words)}”的 **{found.total}** 个" if words else f"共 **{found.total}** 个")
        region_table(found.rows)
        if found.pages > 1:
            st.pagination(found.pages, key=PAGE, width="content")
    elif words:
        empty("没有符合条件的区划", f"没有名称、曾用名或代码含“{words}”的地方。清空查找框看全部。")
    elif code and place is None:
        empty("没有找到这个区划", "代码不对，或者已不在这里。点“全部”从头找。")
    elif place is None:
        empty("还没有区划", "在“名册与发放登记”里选“区划”导入，或者在下面先增设市一级。")
        add_form(person, None, clock.today())


view = st.segmented_control(
    "看什么", [PLACES, UNITS], default=PLACES, required=True, key="region_view", label_visibility="collapsed"
)
if view == UNITS:
    reporting_units_part(person, clock.today())
else:
    places()
