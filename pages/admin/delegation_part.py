"""Who stands in for whom 代办: what holds and will hold, ending one, and one for somebody who cannot ask themselves."""

from datetime import timedelta

import streamlit as st

import clock
from actions.delegation import add_delegation, end_delegation
from models.local_time import day_text
from models.role import Role
from pages.frame.look import escape, kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import DelegationRow, account_choices, delegations
from queries.viewer import Viewer

ROLES = tuple(role for role in Role if not role.needs_confirmation and role is not Role.SECURITY)
"""What security confirms is handed on by nobody but the person themselves."""


def delegation_part(viewer: Viewer) -> None:
    """For admin: all of them, and the form."""
    rows = delegations(viewer, clock.today())
    with st.expander(f"代办（{len(rows)} 项）", icon=":material/swap_horiz:", **kept_open("delegations")):
        for row in rows:
            delegation_line(row, may_end=True)
        if not rows:
            st.caption("没有正在代办或将要代办的。本人在“我的账号”里委托。")
        _form(viewer)


def delegation_line(row: DelegationRow, may_end: bool) -> None:
    """One in words, with its end."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"delegation_{row.id}"):
        st.markdown(
            f"**{escape(row.to_name)}** 代 {escape(row.from_name)} 行使“{row.role.label}”　"
            f":gray[{day_text(row.since)}至{day_text(row.until)}]",
            width="content",
        )
        if may_end:
            st.button("结束代办", key=f"thumb_end_delegation_{row.id}", type="tertiary", on_click=_end, args=(row.id,))


def _form(viewer: Viewer) -> None:
    names, today = account_choices(viewer), clock.today()
    st.caption("本人不能自己委托时（生病、失联）由您登记。办公室、领导、纪检监察、安全管理员只能由本人委托。")
    st.selectbox("谁不在岗", list(names), None, format_func=names.get, placeholder="选择人员", key="instead_of")
    st.selectbox("由谁代办", list(names), None, format_func=names.get, placeholder="选择人员", key="instead_by")
    st.selectbox("代办什么", ROLES, None, format_func=lambda r: r.label, placeholder="选择权限", key="instead_role")
    st.date_input("起止日期", (today, today + timedelta(days=7)), min_value=today, format="YYYY-MM-DD",
                  key="instead_days")  # fmt: skip
    lacks = any(st.session_state.get(key) is None for key in ("instead_of", "instead_by", "instead_role"))
    st.button("登记代办", key="instead_save", on_click=_save, disabled=lacks)


def _save() -> None:
    s = st.session_state
    if len(s.instead_days) != 2:
        return
    since, until = s.instead_days
    made = attempt(
        lambda: add_delegation(caller(), s.instead_by, s.instead_role, since, until, s.instead_of),
        "已登记，对方办理时显示“代”",
    )
    if made is not None:
        s.instead_of = s.instead_by = s.instead_role = None


def _end(delegation_id: int) -> None:
    def act() -> bool:
        end_delegation(caller(), delegation_id)
        return True

    attempt(act, "代办已结束，从今天起不再代办")
