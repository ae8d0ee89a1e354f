"""整改台账: every problem within one's rights, what burns first on top."""

import streamlit as st

import clock
from models.local_time import moment_text
from models.money import wan
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, is_phone, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger import filters
from pages.ledger.bulk_bar import GENERATION, Picks, bulk_bar, picked, untick
from pages.ledger.bulk_dialog import bulk_dialog
from pages.ledger.bulk_result import bulk_result
from pages.ledger.export_menu import export_menu, fetch_ready_file, purpose_dialog
from pages.ledger.kept_list import RAISE, keep_list, kept_list, restore_after_back
from pages.ledger.ledger_rows import cards, table
from pages.ledger.saved_views import saved_view_buttons
from queries.ledger import PAGE_SIZES, LedgerFilter, LedgerPage, ledger_page
from queries.ledger_views import LedgerView
from queries.ledger_words import filter_words
from queries.viewer import Viewer

MY_ORDER = "排序：我最近办的在前 · 金额为涉及金额 · ▲超期 △临期 ◎审核中（不计责任单位时限） ○正常 ■已销号"
ORDER = "排序：超期 → 临期 → 审核中 → 正常 · 金额为涉及金额 · ▲超期 △临期 ◎审核中（不计责任单位时限） ○正常 ■已销号"

viewer = require(Permission.SEE_LEDGER)
restore_after_back()
campaign = current_campaign()
phone = is_phone()


def summary(found: LedgerPage) -> str:
    """共 86 件（含不成立 3 件） · 未销号 61 件 · 超期 7 件 · 涉及金额 51.95 万元.

    The dismissed stand in the list and in no figure: said, or the list and 问题总数 would seem to disagree.
    """
    total = f"共 **{found.total}** 件" + (f"（含不成立 {found.dismissed} 件）" if found.dismissed else "")
    late = f" · :red[**超期 {found.overdue} 件**]" if found.overdue else " · 超期 0 件"
    if phone:
        return f"{total}{late} · {wan(found.amount_cents)}"
    return f"{total} · 未销号 **{found.open}** 件{late} · 涉及金额 **{wan(found.amount_cents)}**"


def action_line(viewer: Viewer, found: LedgerPage, wanted: LedgerFilter, picks: Picks) -> None:
    """What the list comes to and what can be done with it; with rows ticked, what can be done with those."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="action_line"
    ):
        if picks:
            bulk_bar(viewer, campaign.id, wanted, found, picks)
            return
        st.markdown(summary(found), width="content")
        if phone:
            raise_button("登记")
            return
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            export_menu(viewer, campaign.id, wanted)
            raise_button("登记问题")


def raise_button(label: str) -> None:
    """For whoever may raise a problem."""
    if viewer.may(Permission.RAISE):
        st.button(label, icon=":material/add:", type="primary", on_click=raise_one, key="raise")


def nothing_found(wanted: LedgerFilter) -> None:
    """Says what was asked, and the way on."""
    words = filter_words(wanted)
    with st.container(
        border=True, horizontal_alignment="center", vertical_alignment="center", height=230, key="empty_ledger"
    ):
        st.markdown("**:material/search_off: 没有符合条件的问题**" if words else "**还没有登记问题**", width="content")
        why = (
            f"当前条件：{words}。可以放宽条件；不在您权限范围内的问题不会列出。"
            if words
            else "登记后的问题会列在这里。"
        )
        st.caption(escape(why), width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            if words:
                st.button("清除全部条件", type="primary", on_click=filters.clear, key="clear_all")
            if viewer.may(Permission.RAISE):
                kind = "secondary" if words else "primary"
                st.button("登记问题", icon=":material/add:", type=kind, on_click=raise_one, key="raise_first")


def foot(found: LedgerPage, wanted: LedgerFilter) -> None:
    """The order in words, rows a page, pages."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="noprint_foot"
    ):
        st.caption(MY_ORDER if wanted.view is LedgerView.MINE else ORDER, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.selectbox(
                "每页", PAGE_SIZES, format_func=filters.size_label, key=filters.SIZE, bind="query-params",
                label_visibility="collapsed", width=104, on_change=filters.first_page,
            )  # fmt: skip
            st.pagination(found.pages, key=filters.PAGE, bind="query-params")


def raise_one() -> None:
    st.switch_page(RAISE)


def more_cards() -> None:
    st.session_state[filters.SHOWN] = st.session_state.get(filters.SHOWN, PAGE_SIZES[0]) + PAGE_SIZES[0]


title("整改台账", "" if phone else f"截至 {moment_text(clock.now())} · {escape(campaign.name)}")
show_notices()
views = st.container()
wanted = filters.filter_row(viewer, campaign.id)
size = st.session_state.get(filters.SHOWN, PAGE_SIZES[0]) if phone else filters.page_size()
asked_page = 1 if phone else filters.asked_page()
found = ledger_page(viewer, campaign.id, wanted, clock.today(), asked_page, size)
if found.page != asked_page and not phone:
    st.session_state[filters.PAGE] = found.page
with views, st.container(horizontal=True, vertical_alignment="center", key="views"):
    filters.view_buttons(viewer, found.counts)
    saved_view_buttons(viewer, campaign.id)
keep_list(wanted, filters.address_of(wanted))
fetch_ready_file()
bulk_result(viewer, campaign.id)
if not found.total:
    nothing_found(wanted)
elif phone:
    action_line(viewer, found, wanted, ())
    cards(found.rows)
    if found.total > len(found.rows):
        left = min(PAGE_SIZES[0], found.total - len(found.rows))
        st.button(f"再看 {left} 件", on_click=more_cards, width="stretch", key="thumb_more")
    export_menu(viewer, campaign.id, wanted)
else:
    line = st.container()
    ticked = table(found.rows, st.session_state.get(GENERATION, 0))
    with line:
        action_line(viewer, found, wanted, picked(wanted, ticked))
    foot(found, wanted)
purpose_dialog(campaign.id)
bulk_dialog(viewer, campaign.id, untick)
if phone and kept_list().opened_id:
    st.html(
        f"<script>document.querySelector('.st-key-card_{kept_list().opened_id}')?.scrollIntoView({{block:'center'}})</script>",
        unsafe_allow_javascript=True,
    )
