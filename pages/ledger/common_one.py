"""One 共性问题 with its problems, as of a day: cause, remedy, who leads until when, what came and went."""

from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

import clock
from models.local_time import day_text, moment_text
from models.money import yuan
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, light_badge, status_badge, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger.common_form import ask_about, common_dialog
from pages.ledger.kept_list import Origin, open_from
from pages.ledger.typed import keep_typing
from queries.common_problem import CommonPage, MemberRow, common_page

LIST = "pages/ledger/common.py"
STYLE = Path(__file__).with_name("issue.css")
ONE = "pages/ledger/common_one.py"
SHOWN, MORE = "_common_shown", 20

viewer = require(Permission.SEE_LEDGER)
campaign, today = current_campaign(), clock.today()
number, as_of = st.query_params.get("number", ""), st.query_params.get("as_of", "")


def asked_page() -> tuple[CommonPage, date]:
    """The one the address names. Says the same of an unknown one and of somebody else's, and stops."""
    try:
        day = min(date.fromisoformat(as_of), today) if as_of else today
        return common_page(
            viewer, campaign.id, int(number) if number.isdecimal() and len(number) < 9 else 0, today, day
        ), day
    except (NotFoundOrNotYours, ValueError):
        title("打不开这个共性问题")
        st.write(str(NotFoundOrNotYours("共性问题")))
        st.page_link(LIST, label="返回共性问题", icon=":material/arrow_back:")
        st.stop()


def member(row: MemberRow, may_leave: bool) -> None:
    """One problem, and for the office the way out."""
    with st.container(border=True, gap="xsmall", key=f"member_{row.issue_id}"):
        st.markdown(f"{status_badge(row.status)} {escape(row.title)}")
        amount = f" · {yuan(row.amount_cents)} 元" if row.amount_cents else ""
        st.caption(f"{escape(row.responsible_unit)}{amount}")
        with st.container(horizontal=True):
            origin = Origin("共性问题", ONE, {"number": number})
            st.button(f"{row.number} ›", key=f"thumb_member_{row.issue_id}", type="tertiary", on_click=open_from,
                      args=(origin, row.issue_id))  # fmt: skip
            if may_leave:
                st.button("移出", key=f"thumb_leave_{row.issue_id}", type="tertiary", on_click=ask_about,
                          args=("leave", page, row.issue_id))  # fmt: skip


def verbs() -> None:
    """What the office may do now."""
    with st.container(horizontal=True, key="common_verbs"):
        if page.row.done_on is None:
            st.button("登记措施完成", type="primary", icon=":material/task_alt:", key="thumb_common_done",
                      on_click=ask_about, args=("done", page))  # fmt: skip
            st.button("修改", icon=":material/edit:", key="thumb_common_edit", on_click=ask_about, args=("edit", page))
        else:
            st.button("取消完成", icon=":material/undo:", key="thumb_common_undo", on_click=ask_about,
                      args=("undo", page))  # fmt: skip
        st.button("列入问题", icon=":material/add:", key="thumb_common_add", on_click=ask_about, args=("add", page))


def facts() -> None:
    """Cause, remedy, who, until when."""
    done = f"{day_text(row.done_on)}，{row.document_number}" if row.done_on else "还没有完成"
    table = {"共同原因": row.cause, "整治措施": row.remedy, "牵头单位": row.owner, "完成时限": day_text(row.deadline),
             "完成情况": done}  # fmt: skip
    with st.container(border=True, key="duty"):
        st.table({key: escape(value) for key, value in table.items()}, border="horizontal")


page, day = asked_page()
row = page.row
may_manage = viewer.may(Permission.MANAGE_COMMON) and not row.elsewhere and day == today
st.page_link(LIST, label="返回共性问题", icon=":material/arrow_back:")
title(f"{row.number}　{escape(row.title)}", f"截至 {day_text(day)}")
amount = f" · 涉及 {yuan(row.amount_cents)} 元" if row.amount_cents else ""
st.markdown(f"{light_badge(row.light)} {row.seen} 件，已销号 {row.closed} 件{amount}")
if row.elsewhere:
    st.caption(f":material/lock: 另有 {row.elsewhere} 件不在您的权限范围内，只告诉件数。")
show_notices()
st.html(STYLE)
if may_manage:
    verbs()
facts()
st.markdown("##### 归在一起的问题")
shown = st.session_state.get(SHOWN, MORE)
with st.grid("auto", min_column_width=340):
    for one in page.members[:shown]:
        member(one, may_manage)
if len(page.members) > shown:
    st.button(f"再看 {min(MORE, len(page.members) - shown)} 件", key="thumb_more",
              on_click=st.session_state.update, args=({SHOWN: shown + MORE},))  # fmt: skip
with st.container(border=True, key="history"):
    st.markdown("##### 经过")
    told = [f"**{escape(step.who)}** {escape(step.what)}" for step in page.steps]
    index = [moment_text(step.at) for step in page.steps]
    st.table(pd.DataFrame({"经过": told}, index=index), border="horizontal", hide_header=True)
common_dialog(viewer, campaign.id, page)
keep_typing()
