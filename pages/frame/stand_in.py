"""The form by which a person on leave names who stands in."""

from datetime import timedelta

import streamlit as st

import clock
from actions.delegation import add_delegation
from models.role import Role
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import colleagues
from queries.viewer import Viewer


def stand_in_form(viewer: Viewer) -> None:
    """Only roles one holds oneself can be handed on; the two-person rule looks at both people."""
    own = tuple(dict.fromkeys(g.role for g in viewer.grants if g.stands_in_for is None))
    others = {row.code: row.name for row in colleagues(viewer)}
    if not own or not others:
        st.caption("没有可以委托的权限或人员。")
        return
    if any(g.stands_in_for is not None for g in viewer.grants):
        st.caption("您代别人办理的不会随着转出去：受托人只代您本人的权限。")
    today = clock.today()
    st.selectbox("请谁代办", list(others), index=None, format_func=others.get, placeholder="选择同事", key="stand_in")
    st.selectbox("代办什么", own, format_func=lambda role: role.label, key="stand_in_role")
    st.date_input(
        "起止日期", (today, today + timedelta(days=7)), min_value=today, format="YYYY-MM-DD", key="stand_in_days"
    )
    st.button("确定委托", key="stand_in_save", on_click=_save, disabled=st.session_state.get("stand_in") is None)


def _save() -> None:
    state = st.session_state
    days = state.stand_in_days
    role: Role = state.stand_in_role
    if len(days) == 2:
        attempt(lambda: add_delegation(caller(), state.stand_in, role, days[0], days[1]), "已委托，对方办理时显示“代”")
