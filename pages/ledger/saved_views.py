"""我的视图: the conditions one named, as further buttons behind the ready-made views; kept on the server."""

from functools import partial

import streamlit as st

from actions.saved_view import delete_view, rename_view, save_view, share_view
from models.saved_view import LONGEST_NAME
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from pages.ledger import filters
from queries.saved_view import ViewRow, saved_views
from queries.viewer import Viewer

NAME = "saved_view_name"


def saved_view_buttons(viewer: Viewer, campaign_id: int) -> None:
    """One button a view, the one on screen marked; behind them the place to name, share and delete them."""
    rows, now = saved_views(viewer, campaign_id), filters.conditions()
    with st.container(horizontal=True, vertical_alignment="center", key="saved_views"):
        for row in rows:
            mark = "bookmark" if row.conditions != now else "bookmark_check"
            st.button(
                escape(row.name if row.is_own else f"{row.name}（{row.owner}）"), icon=f":material/{mark}:",
                key=f"thumb_saved_{row.id}", type="tertiary", on_click=filters.apply,
                args=(viewer, campaign_id, row.conditions),
            )  # fmt: skip
        with st.popover("我的视图", icon=":material/bookmarks:", type="tertiary"):
            _name_it(campaign_id, bool(now))
            for row in (row for row in rows if row.is_own):
                _change(row)


def _name_it(campaign_id: int, has_conditions: bool) -> None:
    st.caption("把当前的筛选条件存为一个视图，换电脑登录也在。")
    typed = st.text_input(
        "视图名称", key=NAME, max_chars=LONGEST_NAME, live="300ms", placeholder="如：示例一镇超期",
        label_visibility="collapsed",
    )  # fmt: skip
    ready = has_conditions and bool((typed or "").strip())
    st.button(
        "存为视图", icon=":material/bookmark_add:", key="save_view", disabled=not ready, on_click=_save,
        args=(campaign_id,),
    )  # fmt: skip
    if not has_conditions:
        st.caption(":material/info: 先选视图、区域、状态等条件，再保存。")


def _change(row: ViewRow) -> None:
    key = f"view_name_{row.id}"
    if key not in st.session_state:
        st.session_state[key] = row.name
    st.text_input("名称", key=key, max_chars=LONGEST_NAME, on_change=_rename, args=(row,))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shared = f"view_shared_{row.id}"
        if shared not in st.session_state:
            st.session_state[shared] = row.shared
        st.toggle("本单位同事可用", key=shared, on_change=_share, args=(row.id,))
        st.button("删除", icon=":material/delete:", key=f"drop_view_{row.id}", type="tertiary", on_click=_drop,
                  args=(row.id,))  # fmt: skip


def _save(campaign_id: int) -> None:
    name = str(st.session_state.get(NAME, ""))
    save = partial(save_view, caller(), campaign_id, name, filters.conditions())
    if attempt(save, f"已存为视图“{name.strip()}”") is not None:
        st.session_state[NAME] = ""


def _rename(row: ViewRow) -> None:
    key = f"view_name_{row.id}"
    asked = str(st.session_state[key])
    if attempt(lambda: rename_view(caller(), row.id, asked) or True, "视图已改名") is None:
        st.session_state[key] = row.name


def _share(view_id: int) -> None:
    shared = bool(st.session_state[f"view_shared_{view_id}"])
    words = "本单位同事可以用这个视图了，各人只看到自己权限内的问题" if shared else "已不再共享"
    attempt(partial(share_view, caller(), view_id, shared), words)


def _drop(view_id: int) -> None:
    attempt(partial(delete_view, caller(), view_id), "视图已删除")
