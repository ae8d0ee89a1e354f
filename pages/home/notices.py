"""通知: what one was told and has not seen yet. 催办 and 督办 at the top of 我的待办, what became of a problem beside.

Nothing where there is nothing.
"""

from functools import partial

import streamlit as st

import clock
from actions.notice import mark_all_read, mark_read
from models.issue_word import short_number
from models.local_time import day_text, local_day, moment_text, short_day
from models.notice import NoticeKind
from pages.frame.look import escape, light_badge, status_badge
from pages.frame.notice import attempt
from pages.frame.who import caller
from pages.home.panels import LEFT_WIDTH, heading
from pages.ledger.kept_list import open_issue
from queries.notice import NoticeRow, unread_news, unread_notices
from queries.viewer import Viewer

_TINTS = {kind: "orange" for kind in NoticeKind.pressing()} | {
    NoticeKind.SUPERVISE: "red", NoticeKind.LIST: "red",
}  # fmt: skip
_NEWS = tuple(kind for kind in NoticeKind if kind not in NoticeKind.pressing())


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
                    "全部知道了", key="thumb_notices_all", type="tertiary", on_click=_read_all,
                    args=(campaign_id, NoticeKind.pressing()),
                )  # fmt: skip
        for row in found.rows:
            _notice(row)
        if found.total > len(found.rows):
            st.caption(f"另有 {found.total - len(found.rows)} 条，看过上面的再列出。")


def news_panel(viewer: Viewer, campaign_id: int) -> None:
    """What became of one's problems, the latest first; each opens its problem and is read then."""
    found = unread_news(viewer, campaign_id, clock.today())
    if not found.total:
        return
    with st.container(border=True, key="box_news"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="content"):
                heading("通知", f"{found.total} 条未读")
            st.button(
                "全部知道了", key="thumb_news_all", type="tertiary", on_click=_read_all, args=(campaign_id, _NEWS)
            )
        for row in found.rows:
            with st.container(
                horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"line_news_{row.id}"
            ):
                st.markdown(f":gray[{short_day(local_day(row.sent_at))}]", width=LEFT_WIDTH)
                if st.button(f"{escape(_news(row))} ›", key=f"news_{row.id}", type="tertiary", width="stretch"):
                    _read(row.id)
                    open_issue(row.issue_id)


def _news(row: NoticeRow) -> str:
    number = short_number(row.number)
    match row.kind:
        case NoticeKind.ASSIGNED:
            return f"交办 {number}，" + (f"时限 {short_day(row.deadline)}" if row.deadline else "无时限")
        case NoticeKind.TIME_DECIDED if row.deadline is not None:
            return f"{number} {row.kind.label}，时限 {short_day(row.deadline)}：{row.text}"
        case NoticeKind.CLOSED | NoticeKind.REOPENED:
            return f"{number} {row.kind.label}"
        case _:
            return f"{number} {row.kind.label}：{row.text}"


def _notice(row: NoticeRow) -> None:
    words = f"：{escape(row.text)}" if row.text else ""
    if row.reply_by is not None:
        late = "已过回复日期" if row.reply_by < clock.today() else "请在此日前回复"
        words += f" **{day_text(row.reply_by)}**（{late}）"
    with st.container(key=f"notice_{row.id}"):
        facts, act = st.columns([5, 2], vertical_alignment="center")
        facts.markdown(
            f":{_TINTS[row.kind]}-badge[{row.kind.label}] {status_badge(row.status)} {light_badge(row.light)} "
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


def _read_all(campaign_id: int, kinds: tuple[NoticeKind, ...]) -> None:
    attempt(partial(mark_all_read, caller(), campaign_id, kinds), lambda count: f"{count} 条通知已读" if count else "")
