"""搜索: problems, households, villages and units, each within one's rights; grouped, counted, the first of each."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st

import clock
from pages.frame.campaign import CHOSEN
from pages.frame.look import empty, escape, is_phone, title
from pages.frame.notice import show_notices
from pages.frame.search_box import TYPED
from pages.frame.who import require_any
from pages.home.found_rows import go, household, issue, unit, village
from pages.home.panels import LEDGER, heading
from queries.campaign import current_campaign
from queries.ledger_search import LONGEST_SEARCH
from queries.search import SEARCHERS, SHOWN, Found, search
from queries.search_hit import Hits

Row = TypeVar("Row")
WIDGET = "search_typed"

viewer = require_any(*SEARCHERS)
st.query_params.clear()  # the browser's Back brings along the address of what was looked at
campaign = current_campaign(st.session_state.get(CHOSEN))


def typed() -> str:
    """What is searched: kept in the tab, so that the way back from a result finds the same list."""
    if WIDGET not in st.session_state:
        st.session_state[WIDGET] = st.session_state.get(TYPED, "")
    text = st.text_input(
        "搜索", key=WIDGET, type="search", placeholder="问题编号、村名、村名加户编号、单位名，或问题里的字",
        label_visibility="collapsed", width="stretch" if is_phone() else 480,
    )  # fmt: skip
    st.session_state[TYPED] = text or ""
    return text or ""


def group(name: str, unit: str, hits: Hits[Row] | None, row: Callable[[Row], None]) -> None:
    """One kind: how many, the first of them."""
    if hits is None or not hits.total:
        return
    rows: Sequence[Row] = hits.rows
    with st.container(border=True, key=f"box_{name}"):
        more = f"，先列 {len(rows)} {unit}" if hits.total > len(rows) else ""
        heading(name, f"{hits.total:,} {unit}{more}")
        for one in rows:
            row(one)


def nothing(found: Found) -> None:
    """Says what was looked through, and how else to ask."""
    kinds = (("问题", found.issues), ("户", found.households), ("村", found.villages), ("单位", found.units))
    searched = "、".join(name for name, hits in kinds if hits is not None)
    homes = "查农户用村名加户编号，如“甲一村 0107”；" if found.households is not None else ""
    empty("没有找到", f"在您权限内的{searched}里没有。{homes}字少打一些，或换个说法再试。", key="search")


st.html(Path(__file__).parent / "home.css")
title("搜索", "只查您权限内的；输入的内容不留痕")
show_notices()
text = typed()
found = search(viewer, campaign.id if campaign else None, text, clock.today())
for remark in found.remarks:
    st.markdown(f":gray[{escape(remark.sentence)}]")
group("问题", "件", found.issues, issue)
if (
    found.issues
    and found.issues.total > SHOWN
    and st.button("全部在台账中看", icon=":material/table:", key="thumb_all")
):
    go(LEDGER, q=text.strip()[:LONGEST_SEARCH])
group("户", "户", found.households, household)
group("村（居）", "个", found.villages, village)
group("单位", "个", found.units, unit)
if not found.total and not found.remarks:
    nothing(found)
