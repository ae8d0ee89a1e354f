"""人员与账号: who has an account, what they may do, who waits for a confirmation; teams and units."""

import streamlit as st

import clock
from models.role import Permission
from pages.admin.account_forms import account_form
from pages.admin.account_table import account_table
from pages.admin.account_verbs import confirmations, password_once
from pages.admin.delegation_part import delegation_part
from pages.admin.team_forms import team_forms
from pages.frame.campaign import CHOSEN
from pages.frame.look import empty, title, to_first_page
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.campaign import current_campaign
from queries.people import PEOPLE_PERMISSIONS, accounts, waiting_grants

PAGE = "people_page"

person = require_any(*PEOPLE_PERMISSIONS)
title("人员与账号", right="系统管理员登记和提出，安全管理员确认")
show_notices()
password_once()

waiting = waiting_grants(person)
if waiting:
    confirmations(person, waiting)

words = st.text_input(
    "查找",
    placeholder="账号、姓名、单位、工号或权限",
    key="people_words",
    on_change=to_first_page,
    args=(PAGE,),
    type="search",
    label_visibility="collapsed",
    width=320,
)
found = accounts(person, clock.wall(), words, int(st.session_state.get(PAGE) or 1))
rows = found.rows

st.markdown(f"共 **{found.total}** 个账号，**{len(waiting)}** 项授权待确认")
if rows:
    account_table(person, rows)
    if found.pages > 1:
        st.pagination(found.pages, key=PAGE, width="content")
else:
    empty("没有符合条件的账号", f"没有账号、姓名、单位、工号或权限含“{words}”。清空查找框看全部。")

if person.may(Permission.MANAGE_PEOPLE):
    left, right = st.columns(2, gap="large")
    with left:
        account_form(person)
        delegation_part(person)
    with right:
        campaign = current_campaign(st.session_state.get(CHOSEN))
        if campaign is not None:
            team_forms(person, campaign)
