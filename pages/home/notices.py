"""通知: what one was told and has not seen yet, at the top of 我的待办. Nothing where there is nothing."""

from functools import partial

import streamlit as st

import clock
from actions.notice import mark_all_read, mark_read
from models.local_time import moment_text
from models.notice import NoticeKind
from pages.frame.look import escape, light_badge, status_badge
from pages.frame.notice import attempt
from pages.frame.who import caller
from pages.ledger.kept_list import open_issue
from queries.notice import NoticeRow, unread_notices
from queries.viewer import Viewer

_TINTS = {NoticeKind.SUPERVISE: "red", NoticeKind.CONTEST: "orange", NoticeKind.REMIND: "orange"}
"""The others tell of something done: blue."""


def notices_panel(viewer: Viewer, campaign_id: int) -> None:
    """The unread ones, the latest first, each with the way to its problem."""
    found = unread_notices(viewer, campaign_id, clock.today())
    if not found.total:
        return
    with st.container(border=True, key="notices"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"##### :material/notifications: 通知 :orange-badge[{found.total} 条未读]", width="content")
            if found.total > 1:
                st.button(
                    "全部知道了", key="thumb_notices_all", type="tertiary", on_click=_read_all, args=(campaign_id,)
                )
        for row in found.rows:
            _notice(row)
        if found.total > len(found.rows):
            st.caption(f"另有 {found.total - len(found.rows)} 条，看过上面的再列出。")


def _notice(row: NoticeRow) -> None:
    words, tint = f"：{escape(row.text)}" if row.text else "", _TINTS.get(row.kind, "blue")
    with st.container(key=f"notice_{row.id}"):
        facts, act = st.columns([5, 2], vertical_alignment="center")
        facts.markdown(
            f":{tint}-badge[{row.kind.label}] {status_badge(row.status)} {light_badge(row.light)} "
            f"**{escape(row.title)}**  \n"
            f":gray[{escape(row.number)} · {escape(row.sender)} {moment_text(row.sent_at)}]{words}"
        )
        with act, st.container(horizontal=True, horizontal_alignment="right"):
            if st.button("去看", key=f"thumb_notice_open_{row.id}"):
                _read(row.id)
                open_issue(row.issue_id)
            st.button("知道了", key=f"thumb_notice_{row.id}", on_click=_read, args=(row.id,), type="tertiary")


def _read(notice_id: int) -> None:
    attempt(partial(mark_read, caller(), notice_id))


def _read_all(campaign_id: int) -> None:
    attempt(partial(mark_all_read, caller(), campaign_id), lambda count: f"{count} 条通知已读" if count else "")
