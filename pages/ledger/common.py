"""共性问题: problems under one cause and one remedy; what is owed first; as of a day. Office groups further ones."""

from datetime import date

import streamlit as st

import clock
from models.common_problem import CANDIDATE_VILLAGES
from models.local_time import day_text
from models.money import yuan
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, light_badge, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger.common_form import ask_common, common_dialog
from pages.ledger.typed import keep_typing
from queries.common_problem import Candidate, CommonRow, candidates, common_problems

ONE = "pages/ledger/common_one.py"
AS_OF, OFFERED = "as_of", 6

viewer = require(Permission.SEE_LEDGER)
campaign, today = current_campaign(), clock.today()
may_manage = viewer.may(Permission.MANAGE_COMMON)


def asked_day() -> date:
    """As of which day; the address keeps it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="common_bar"):
        day = st.date_input(
            "截至", today, max_value=today, key=AS_OF, bind="query-params", format="YYYY-MM-DD", width=180
        )
        if may_manage:
            st.button("归为共性问题", icon=":material/add:", type="primary", key="thumb_common_new",
                      on_click=ask_common)  # fmt: skip
    return day if isinstance(day, date) else today


def card(row: CommonRow, day: date) -> None:
    """One: how it stands, what it is, how many problems, who owes the remedy until when."""
    with st.container(border=True, key=f"common_{row.number}"):
        done = f"，{row.document_number}" if row.document_number else ""
        st.markdown(f"{light_badge(row.light)} **{row.number}　{escape(row.title)}**")
        elsewhere = f"，另有 {row.elsewhere} 件不在您的权限范围内" if row.elsewhere else ""
        amount = f"，涉及 {yuan(row.amount_cents)} 元" if row.amount_cents else ""
        st.markdown(f"{row.seen} 件，已销号 {row.closed} 件{amount}{elsewhere}")
        until = f"{day_text(row.done_on)}完成{escape(done)}" if row.done_on else f"{day_text(row.deadline)}前完成"
        st.caption(f"原因：{escape(row.cause)}  \n措施：{escape(row.remedy)}  \n{escape(row.owner)} · {until}")
        query = {"number": str(row.number)} | ({AS_OF: day.isoformat()} if day != today else {})
        with st.container(key=f"open_common_{row.number}"):
            st.page_link(ONE, label="看这些问题 ›", query_params=query)


def offer(found: tuple[Candidate, ...]) -> None:
    """What might be one: the same type in several villages."""
    st.markdown(f"##### 可能是共性问题　:small[同一类别在 {CANDIDATE_VILLAGES} 个及以上的村都有，还没有归并]")
    with st.grid("auto", min_column_width=340):
        for one in found[:OFFERED]:
            with st.container(border=True, horizontal=True, vertical_alignment="center", wrap=False,
                              horizontal_alignment="distribute", key=f"candidate_{one.type_code}"):  # fmt: skip
                st.markdown(f"{one.type_code} {one.label}  \n:gray[{one.villages} 个村，{len(one.issue_ids)} 件]")
                st.button("归并", key=f"thumb_common_{one.type_code}", on_click=ask_common, args=(one,))
    if len(found) > OFFERED:
        st.caption(f"另有 {len(found) - OFFERED} 个类别。")


title("共性问题", escape(campaign.name))
st.caption("几个地方犯同一种毛病，根子在一处：归在一个原因、一项措施之下，一家牵头，到期有文号。")
show_notices()
day = asked_day()
rows = common_problems(viewer, campaign.id, today, day)
offered = candidates(viewer, campaign.id, today) if day == today else ()
if rows:
    with st.grid("auto", min_column_width=340):
        for row in rows:
            card(row, day)
else:
    empty("没有共性问题", f"截至{day_text(day)}，没有归并过您能看到的问题。", key="common")
if offered:
    offer(offered)
common_dialog(viewer, campaign.id)
keep_typing()
