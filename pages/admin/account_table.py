"""The list of accounts: a table on a desk, cards on a phone; what can be done to the one picked."""

import streamlit as st

from models.role import Permission
from pages.admin.account_verbs import account_verbs
from pages.frame.look import escape, is_phone
from queries.people import AccountRow
from queries.viewer import Viewer

PICKED = "_account_picked"
"""Key in session_state: the account whose card was opened on a phone."""


def account_table(viewer: Viewer, rows: tuple[AccountRow, ...]) -> None:
    """One page of them; below the table, or below the card, what can be done to the one picked."""
    if is_phone():
        for row in rows:
            _card(viewer, row)
        return
    event = st.dataframe(
        [_line(r) for r in rows], hide_index=True, width="stretch", row_height=34, height="content",
        key=f"people_rows_{rows[0].user_id}_{len(rows)}", on_select="rerun", selection_mode="single-row", alt="账号",
    )  # fmt: skip
    picked = event.selection.rows
    if picked and picked[0] < len(rows):
        account_verbs(viewer, rows[picked[0]])
        return
    verbs = "收回授权、重置密码、停用账号" if viewer.may(Permission.MANAGE_PEOPLE) else "退出这个账号的全部登录"
    st.caption(f"点一行左侧的方框，办理{verbs}。")


def _line(row: AccountRow) -> dict[str, str]:
    """One account; roles in words."""
    return {
        "账号": row.name,
        "姓名": row.person_name,
        "单位": row.unit_name,
        "工号": row.staff_number,
        "权限": _roles(row),
        "状态": _state(row),
        "登录中": f"{row.sessions} 处" if row.sessions else "—",
    }


def _card(viewer: Viewer, row: AccountRow) -> None:
    if row.user_id == st.session_state.get(PICKED):
        account_verbs(viewer, row)
        return
    with st.container(border=True, key=f"card_{row.user_id}", gap="xsmall"):
        st.markdown(f"**{escape(row.person_name)}**（{escape(row.name)}）")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"{escape(row.unit_name)}  \n{escape(_roles(row))} · {_state(row)}", width="content")
            st.button("办理", key=f"thumb_pick_{row.user_id}", on_click=_pick, args=(row.user_id,))


def _pick(user_id: int) -> None:
    st.session_state[PICKED] = user_id


def _roles(row: AccountRow) -> str:
    return "；".join(g.text for g in row.grants) or "—"


def _state(row: AccountRow) -> str:
    if row.is_disabled:
        return "× 已停用"
    return "△ 一次性密码未改" if row.has_one_time_password else "√ 在用"
