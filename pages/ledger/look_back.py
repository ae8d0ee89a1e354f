"""回头看: closed problems of earlier campaigns that this one looks at again; what waits first. Cards, for a thumb."""

import streamlit as st

import clock
from models.local_time import day_text
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, status_badge, title, to_first_page
from pages.frame.notice import show_notices
from pages.frame.who import require
from queries.figures import figures
from queries.look_back import ItemRow, LookBackState, look_back_items

PAGE, STATE, SIZE = "page", "look_back_state", 20
DRAW = "pages/ledger/look_back_draw.py"
ONE, TAKE, FIGURE = "pages/ledger/look_back_one.py", "pages/ledger/look_back_take.py", "pages/office/figure.py"
NAMES = ("look_back_taken", "look_back_checked", "look_back_held", "look_back_rebounded", "look_back_never_done")

viewer = require(Permission.SEE_LEDGER)
campaign, today = current_campaign(), clock.today()


def figure_line() -> None:
    """The five figures, each opening its rows, for whoever sees the dashboard."""
    found = figures(viewer, campaign.id, today, names=NAMES)
    with st.container(horizontal=True, gap="large", key="look_back_figures"):
        for name in NAMES:
            with st.container(width="content", gap="xxsmall", key=f"fig_{name}"):
                st.page_link(FIGURE, label=f"{found[name].text} ›", query_params={"name": name})
                st.caption(found[name].label)


def state_buttons() -> LookBackState:
    """Which of them, with how many there are."""
    counts = look_back_items(viewer, campaign.id, LookBackState.ALL, size=1).counts
    chosen = st.segmented_control(
        "看哪些", list(LookBackState), format_func=lambda s: f"{s.label} {counts[s]}", default=LookBackState.WAITING,
        required=True, label_visibility="collapsed", key=STATE, on_change=to_first_page, args=(PAGE,), wrap=True,
    )  # fmt: skip
    return LookBackState(chosen or LookBackState.WAITING)


def card(row: ItemRow) -> None:
    """One problem: how it was judged, what it is, where, and the way in."""
    with st.container(border=True, gap="xsmall", key=f"item_{row.id}"):
        mark = ":gray-badge[○ 待核查]"
        if row.verdict is not None:
            mark = f":{row.verdict.badge}-badge[{row.verdict.symbol} {row.verdict.label} {day_text(row.looked_on)}]"
        st.markdown(f"{mark} {status_badge(row.status)}  \n**{escape(row.title)}**")
        st.caption(escape(f"{row.number} · {row.place} · {row.responsible_unit} · {row.campaign}"))
        word = "核查" if row.verdict is None and viewer.may(Permission.CHECK_BACK) else "查看"
        st.button(word, key=f"thumb_item_{row.id}", width="stretch", on_click=open_item, args=(row.id,))


def open_item(item_id: int) -> None:
    """Callback: to one of them."""
    st.switch_page(ONE, query_params={"id": str(item_id)})


title("回头看", escape(campaign.name))
st.caption("以往销号的问题再看一遍：巩固了没有，反弹没有，当时是不是真改了。")
show_notices()
if viewer.may(Permission.SEE_DASHBOARD):
    figure_line()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    state = state_buttons()
    if viewer.may(Permission.SEE_SAMPLE):
        st.page_link(DRAW, label="抽查", icon=":material/casino:")
    if viewer.may(Permission.TAKE_BACK):
        st.page_link(TAKE, label="从以往专项治理接收", icon=":material/move_to_inbox:")
asked = st.session_state.get(PAGE) or 1
found = look_back_items(viewer, campaign.id, state, asked, SIZE)
if found.rows:
    with st.grid("auto", min_column_width=320):
        for row in found.rows:
            card(row)
else:
    why = "由领导小组办公室从以往的专项治理接收，或抽查已销号的问题。" if not found.counts[LookBackState.ALL] else ""
    empty(f"没有“{state.label}”的问题", why or "换一个条件看看。", key="look_back")
if found.total > SIZE:
    st.pagination(-(-found.total // SIZE), key=PAGE)
