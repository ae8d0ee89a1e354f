"""一户一表: the villages to visit, then the households of one, and how far each is."""

import streamlit as st

from models.local_time import day_text
from models.role import Permission
from pages.field.household_list import household_card, village_card
from pages.field.village_filter import HOUSEHOLD_PAGE, VILLAGE_PAGE, household_filter, nothing_found, village_filter
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.household import households_to_visit
from queries.village_visits import PAGE, VillageProgress, village_progress, villages_to_visit

OPENED = "_form_to_open"
"""Key in session_state: the form a click has begun; the page goes there on its next run."""

person = require_any(Permission.FILL_CHECK, Permission.SEE_CHECKS)
campaign = current_campaign()
if st.session_state.get(OPENED):
    st.switch_page("pages/field/household.py", query_params={"id": str(st.session_state.pop(OPENED))})


def pages_below(key: str, pages: int) -> None:
    """The page numbers, where there is more than one page."""
    if pages > 1:
        st.pagination(pages, key=key, width="content")


def page_asked(key: str) -> int:
    """The page chosen in the row of numbers below."""
    chosen = st.session_state.get(key, 1)
    return chosen if isinstance(chosen, int) else 1


def list_of_villages() -> None:
    """Which villages, unfinished ones first."""
    title("一户一表", right=f"{escape(campaign.name)}，{day_text(campaign.rectify_by)}前整改到位")
    show_notices()
    asked = village_filter(person, campaign.id)
    found = villages_to_visit(
        person, campaign.id, page_asked(VILLAGE_PAGE), PAGE, asked.search, asked.unfinished, asked.place
    )
    if not found.rows:
        why = "换个村名，或者放宽条件再看。" if asked.narrows else "抽样结果采用以后，要入户的村列在这里。"
        empty("没有符合条件的村" if asked.narrows else "还没有要入户的村", why)
        return
    st.caption(f"共 {found.total} 个村" + ("" if asked.unfinished else f"，已完成 {found.done} 个"))
    with st.grid("auto", min_column_width=320):
        for village in found.rows:
            village_card(village)
    pages_below(VILLAGE_PAGE, found.pages)


def list_of_households(village: VillageProgress) -> None:
    """The drawn households of one village, those still to be done first."""
    if st.button("全部的村", icon=":material/arrow_back:", type="tertiary", key="back_to_villages"):
        st.query_params.clear()
        st.rerun()
    title(f"{village.town} {village.village}", right=f"{village.reporting_unit}　抽中户名单")
    show_notices()
    done = village.finished / village.required if village.required else 0.0
    st.progress(done, text=f"户 {village.finished}/{village.required} · 人 {village.people_checked}/{village.people}")
    search, unfinished = household_filter()
    at = page_asked(HOUSEHOLD_PAGE)
    found = households_to_visit(person, campaign.id, village.village_id, at, PAGE, search, unfinished)
    if not found.rows:
        empty(*nothing_found(search, unfinished))
        return
    if any("*" in row.head for row in found.rows):
        st.caption("代号：对外说到这一户时用，不写姓名。")
    with st.grid("auto", min_column_width=320):
        for row in found.rows:
            household_card(row, OPENED)
    pages_below(HOUSEHOLD_PAGE, found.pages)


asked = st.query_params.get("village", "")
chosen = village_progress(person, campaign.id, int(asked)) if asked.isascii() and asked.isdigit() else None
if chosen is not None:
    list_of_households(chosen)
else:
    list_of_villages()
