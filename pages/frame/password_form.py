"""The form for a new password: one's own page, and the only page before a one-time password was changed."""

import streamlit as st

from actions.people import change_password
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.viewer import Viewer


def first_password(viewer: Viewer) -> None:
    """Instead of any other page, until the one-time password is changed."""
    st.title("请先设置自己的密码", anchor=False)
    st.write(f"{viewer.person_name}（账号 {viewer.user_name}），您用的是一次性密码。设置自己的密码后就可以开始工作。")
    show_notices()
    password_form()


def password_form() -> None:
    """Three fields and a button; what was typed leaves the server's memory with the click."""
    with st.container(width=420):
        st.text_input("现在的密码", type="password", key="old_password", autocomplete="current-password")
        st.text_input(
            "新密码",
            type="password",
            key="new_password",
            autocomplete="new-password",
            help="至少 10 位，字母、数字或符号混用",
        )
        st.text_input("再输一次新密码", type="password", key="new_again", autocomplete="new-password")
        st.button("修改密码", type="primary", key="change_password", on_click=_change)


def _change() -> None:
    state = st.session_state
    old, new, again = state.old_password, state.new_password, state.new_again
    attempt(lambda: change_password(caller(), old, new, again), "密码已修改，其他设备上的登录已退出")
    state.old_password = state.new_password = state.new_again = ""
