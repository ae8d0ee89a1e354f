"""人员与账号: who has an account, what they may do, who waits for a confirmation; teams and units."""

import streamlit as st

import clock
from models.role import Permission
from pages.admin.account_forms import account_form
from pages.admin.account_verbs import account_verbs, confirmations, password_once
from pages.admin.delegation_part import delegation_part
from pages.admin.team_forms import team_forms
from pages.frame.campaign import CHOSEN
from pages.frame.look import empty, title
from pages.frame.notice import show_notices
from pages.frame.who import require_any
from queries.campaign import current_campaign
from queries.people import PEOPLE_PERMISSIONS, AccountRow, accounts, waiting_grants

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
    type="search",
    label_visibility="collapsed",
    width=320,
)
found = accounts(person, clock.wall(), words, int(st.session_state.get(PAGE) or 1))
rows = found.rows


def line(row: AccountRow) -> dict[str, str]:
    """One account in the table; roles in words."""
    waits_for_owner = "△ 一次性密码未改" if row.has_one_time_password else "√ 在用"
    return {
        "账号": row.name,
        "姓名": row.person_name,
        "单位": row.unit_name,
        "工号": row.staff_number,
        "权限": "；".join(g.text for g in row.grants) or "—",
        "状态": "× 已停用" if row.is_disabled else waits_for_owner,
        "登录中": f"{row.sessions} 处" if row.sessions else "—",
    }


st.markdown(f"共 **{found.total}** 个账号，**{len(waiting)}** 项授权待确认")
if rows:
    event = st.dataframe(
        [line(r) for r in rows], hide_index=True, width="stretch", row_height=34, height="content",
        key=f"people_rows_{rows[0].user_id}_{len(rows)}", alt="账号",
        on_select="rerun", selection_mode="single-row",
    )  # fmt: skip
    if found.pages > 1:
        st.pagination(found.pages, key=PAGE, width="content")
    picked = event.selection.rows
    if picked and picked[0] < len(rows):
        account_verbs(person, rows[picked[0]])
    else:
        verbs = "收回授权、重置密码、停用账号" if person.may(Permission.MANAGE_PEOPLE) else "退出这个账号的全部登录"
        st.caption(f"点一行左侧的方框，办理{verbs}。")
else:
    empty("没有符合条件的账号", f"没有账号、姓名、单位、工号或权限含“{words}”。清空查找框看全部。")

if person.may(Permission.MANAGE_PEOPLE):
    left, right = st.columns(2, gap="large")
    with left:
        account_form()
        delegation_part(person)
    with right:
        campaign = current_campaign(st.session_state.get(CHOSEN))
        if campaign is not None:
            team_forms(person, campaign)
