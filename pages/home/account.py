"""我的账号: who I am here and what I may do, where I am signed in, my password, who stands in for me."""

import streamlit as st

import clock
from actions.people import end_session
from actions.signin import sign_out, sign_out_everywhere
from models.local_time import moment_text
from pages.admin.delegation_part import delegation_line
from pages.frame.look import escape, title
from pages.frame.notice import attempt, show_notices
from pages.frame.password_form import password_form
from pages.frame.stand_in import stand_in_form
from pages.frame.who import caller, viewer
from queries.people import delegations, own_grants
from queries.session_list import SessionRow, own_sessions

person = viewer()
title("我的账号", right=f"{escape(person.unit_name)} · {escape(person.person_name)}")
show_notices()


def session_line(row: SessionRow) -> None:
    """One browser of mine; a strange one is signed out here."""
    where = " · ".join(escape(part) for part in (row.device, row.address) if part) or "来源不明"
    with st.container(horizontal=True, vertical_alignment="center"):
        mark = "　:green-badge[本机]" if row.is_own else ""
        st.markdown(f"{where}　:gray[{moment_text(row.started_at)} 登录]{mark}", width="content")
        if not row.is_own:
            st.button("结束", key=f"thumb_end_{row.id}", type="tertiary", on_click=end_one, args=(row.id,))


def end_one(session_id: int) -> None:
    """Sign another browser of mine out."""

    def act() -> bool:
        end_session(caller(), session_id)
        return True

    attempt(act, "已结束那一处登录")


left, right = st.columns(2, gap="large")
with left, st.container(border=True):
    st.markdown("##### 账号和权限")
    grants = "、".join(grant.text for grant in own_grants(person)) or "还没有授权，请联系本单位的系统管理员"
    st.table({"账号": escape(person.user_name), "姓名": escape(person.person_name), "单位": escape(person.unit_name),
              "权限": escape(grants)}, border="horizontal")  # fmt: skip
    sessions = own_sessions(person, clock.wall())
    for row in sessions:
        session_line(row)
    with st.container(horizontal=True):
        st.button("退出登录", icon=":material/logout:", key="sign_out", type="primary",
                  on_click=lambda: attempt(lambda: sign_out(caller())))  # fmt: skip
        st.button(f"退出所有设备（{len(sessions)} 处）", key="sign_out_everywhere",
                  on_click=lambda: attempt(lambda: sign_out_everywhere(caller())))  # fmt: skip
    st.caption("30 分钟不操作自动退出，最长 12 小时。已填内容存在服务器上，不会丢失。")
with left, st.container(border=True):
    st.markdown("##### 请人代办")
    for given in delegations(person, clock.today()):
        if person.person_id in (given.from_person_id, given.to_person_id):
            delegation_line(given, may_end=given.is_mine)
    stand_in_form(person)
with right, st.container(border=True):
    st.markdown("##### 修改密码")
    password_form()
