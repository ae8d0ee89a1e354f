"""登录情况: who is signed in, since when, from where; one browser or a whole account is signed out from here."""

import pandas as pd
import streamlit as st

import clock
from actions.people import end_session, end_sessions
from models.local_time import moment_text
from models.role import Permission
from pages.frame.look import empty, escape, is_phone, title, to_first_page
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from queries.session_list import SessionRow, session_page

WORDS, PAGE = "session_words", "session_page"

person = require(Permission.END_SESSIONS)
title("登录情况", right="30 分钟不操作自动退出，最长 12 小时")
show_notices()


def end_one(row: SessionRow) -> None:
    """Sign one browser out."""

    def act() -> bool:
        end_session(caller(), row.id)
        return True

    attempt(act, f"已结束 {row.user_name} 的这一处登录")


def end_all(row: SessionRow) -> None:
    """Sign the account out everywhere."""
    attempt(lambda: end_sessions(caller(), row.user_name), lambda count: f"已退出 {row.user_name} 的 {count} 处登录")


def verbs(row: SessionRow) -> None:
    """For the session picked. One's own is ended on 我的账号."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"session_verbs_{row.id}"):
        st.markdown(
            f"**{escape(row.person_name)}**（{escape(row.user_name)}）　{escape(where(row))}"
            f"　:gray[{moment_text(row.started_at)} 登录]", width="content",
        )  # fmt: skip
        if row.is_own:
            st.caption("这是您现在用的这一处，请在“我的账号”里退出。")
            return
        st.button("结束这一处", key=f"thumb_end_{row.id}", type="primary", on_click=end_one, args=(row,))
        st.button("退出这个账号的全部登录", key=f"thumb_end_all_{row.id}", on_click=end_all, args=(row,))


def where(row: SessionRow) -> str:
    """192.0.2.7 · Windows 电脑，Edge."""
    return " · ".join(part for part in (row.address, row.device) if part) or "来源不明"


def line(row: SessionRow) -> dict[str, str]:
    """One session in the table."""
    return {
        "账号": row.user_name + ("（本机）" if row.is_own else ""), "姓名": row.person_name, "单位": row.unit_name,
        "登录时间": moment_text(row.started_at), "最近操作": moment_text(row.seen_at), "来自": row.address or "—",
        "设备": row.device or "—",
    }  # fmt: skip


words = st.text_input(
    "查找",
    placeholder="账号、姓名、单位",
    key=WORDS,
    on_change=to_first_page,
    args=(PAGE,),
    bind="query-params",
    type="search",
    label_visibility="collapsed",
    width=320,
).strip()
found = session_page(person, clock.wall(), words, int(st.session_state.get(PAGE) or 1))
rows = found.rows
st.markdown(f"**{found.people}** 人 **{found.total}** 处登录")
if not rows:
    empty("没有符合条件的登录", f"没有账号、姓名或单位含“{words}”的人正在登录。清空查找框看全部。")
elif is_phone():
    for row in rows:
        verbs(row)
else:
    event = st.dataframe(
        pd.DataFrame([line(r) for r in rows]), hide_index=True, width="stretch", row_height=34, height="content",
        key=f"session_rows_{rows[0].id}_{rows[-1].id}_{len(rows)}", on_select="rerun",
        selection_mode="single-row", alt="正在登录的人",
    )  # fmt: skip
    picked = event.selection.rows
    if picked and picked[0] < len(rows):
        verbs(rows[picked[0]])
    else:
        st.caption("点一行左侧的方框，结束这一处，或退出这个账号的全部登录。")
if found.pages > 1:
    st.pagination(found.pages, key=PAGE, width="content")
