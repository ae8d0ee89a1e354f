"""我的账号: who I am here and what I may do, signing out, my password, who stands in for me."""

import streamlit as st

import clock
from actions.signin import sign_out, sign_out_everywhere
from models.local_time import day_text
from pages.frame.look import escape, title
from pages.frame.notice import attempt, show_notices
from pages.frame.password_form import password_form
from pages.frame.stand_in import stand_in_form
from pages.frame.who import caller, viewer
from queries.people import delegations, own_grants, own_sessions

person = viewer()
title("我的账号", right=f"{escape(person.unit_name)} · {escape(person.person_name)}")
show_notices()

left, right = st.columns(2, gap="large")
with left, st.container(border=True):
    st.markdown("##### 账号和权限")
    grants = "、".join(grant.text for grant in own_grants(person)) or "还没有授权，请联系本单位的系统管理员"
    st.table({"账号": escape(person.user_name), "姓名": escape(person.person_name), "单位": escape(person.unit_name),
              "权限": escape(grants)}, border="horizontal")  # fmt: skip
    sessions = own_sessions(person, clock.wall())
    with st.container(horizontal=True):
        st.button("退出登录", icon=":material/logout:", key="sign_out", type="primary",
                  on_click=lambda: attempt(lambda: sign_out(caller())))  # fmt: skip
        st.button(f"退出所有设备（{sessions} 处）", key="sign_out_everywhere",
                  on_click=lambda: attempt(lambda: sign_out_everywhere(caller())))  # fmt: skip
    st.caption("30 分钟不操作自动退出，最长 12 小时。已填内容存在服务器上，不会丢失。")
with left, st.container(border=True):
    st.markdown("##### 请人代办")
    for row in delegations(person, clock.today()):
        st.write(f"{escape(row.to_name)} 代 {escape(row.from_name)} 行使“{row.role.label}”，"
                 f"{day_text(row.since)}至{day_text(row.until)}")  # fmt: skip
    stand_in_form(person)
with right, st.container(border=True):
    st.markdown("##### 修改密码")
    password_form()
