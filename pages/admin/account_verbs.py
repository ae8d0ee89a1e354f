"""What can be done to one account, and to a grant that waits."""

import streamlit as st

from actions.grant import confirm_grant, decline_grant, end_grant
from actions.people import disable_user, enable_user, end_sessions, reset_password
from models.local_time import moment_text
from models.role import Permission
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import AccountRow, GrantRow
from queries.viewer import Viewer

WAITING_SHOWN = 10
ONCE = "_password_once"
"""Key in session_state: one-time passwords by account, each shown until noted."""


def kept_password() -> dict[str, str]:
    """Where a new one-time password is put for one look, by account.

    Taken before the action and filled within it: a second click cuts a callback off wherever it touches session_state.
    """
    box: dict[str, str] = st.session_state.setdefault(ONCE, {})
    return box


def password_once() -> None:
    """The one time a one-time password is on a screen."""
    for account, password in st.session_state.get(ONCE, {}).items():
        _password(account, password)


def _password(account: str, password: str) -> None:
    with st.container(border=True, key=f"password_once_{account}"):
        st.markdown(f"账号 **{escape(account)}** 的一次性密码，请当面或电话告诉本人。点“已记下”后不再显示。")
        st.code(password, language=None)
        st.button("已记下", key=f"password_noted_{account}", on_click=_noted, args=(account,))


def _noted(account: str) -> None:
    st.session_state.get(ONCE, {}).pop(account, None)


def confirmations(viewer: Viewer, waiting: tuple[GrantRow, ...]) -> None:
    """Grants that wait, with the two answers for whoever may give them."""
    may_confirm = viewer.may(Permission.CONFIRM_GRANT)
    with st.container(border=True, key="waiting_grants"):
        first = "请先办：等您确认的授权" if may_confirm else "等安全管理员确认的授权"
        st.markdown(f"##### {first}　:gray[:small[先提出的在前，共 {len(waiting)} 项]]")
        for grant in waiting[:WAITING_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"**{escape(grant.person_name)}**（{escape(grant.user_name)}，{escape(grant.unit_name)}）"
                    f"　{escape(grant.text)}　:gray[{escape(grant.proposed_by)} {moment_text(grant.proposed_at)} 提出]"
                )
                if may_confirm:
                    _answers(grant)

        if len(waiting) > WAITING_SHOWN:
            st.caption(f"还有 {len(waiting) - WAITING_SHOWN} 项，办完上面的接着显示。")


def _answers(grant: GrantRow) -> None:
    number, name = grant.membership_id, grant.person_name
    st.button("确认", key=f"confirm_{number}", type="primary", on_click=_confirm, args=(number, name))
    st.button("不同意", key=f"decline_{number}", on_click=_decline, args=(number,))


def _confirm(membership_id: int, person_name: str) -> None:
    attempt(lambda: confirm_grant(caller(), membership_id), f"已确认 {person_name} 的授权")


def _decline(membership_id: int) -> None:
    attempt(lambda: decline_grant(caller(), membership_id), "已退回，授权没有生效")


def account_verbs(viewer: Viewer, row: AccountRow) -> None:
    """The verbs for the account picked in the table."""
    manages = viewer.may(Permission.MANAGE_PEOPLE)
    with st.container(border=True, key="account_verbs"):
        st.markdown(f"##### {escape(row.person_name)}　{escape(row.name)}")
        with st.container(horizontal=True):
            if manages:
                st.button("重置密码", key=f"reset_{row.user_id}", on_click=_reset, args=(row.name,))
                _standing_button(row)
            if viewer.may(Permission.END_SESSIONS):
                st.button("退出全部登录", key=f"end_{row.user_id}", on_click=_end_sessions, args=(row.name,),
                          disabled=row.sessions == 0)  # fmt: skip
        for grant in row.grants if manages else ():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(escape(grant.text), width="content")
                st.button("收回", key=f"end_grant_{grant.membership_id}", type="tertiary", on_click=_end_grant,
                          args=(grant.membership_id, grant.role.label))  # fmt: skip


def _standing_button(row: AccountRow) -> None:
    if row.is_disabled:
        st.button("恢复账号", key=f"enable_{row.user_id}", on_click=_enable, args=(row.name,))
    else:
        st.button("停用账号", key=f"disable_{row.user_id}", on_click=_disable, args=(row.name,))


def _enable(name: str) -> None:
    attempt(lambda: enable_user(caller(), name), f"账号 {name} 已恢复")


def _disable(name: str) -> None:
    attempt(lambda: disable_user(caller(), name), f"账号 {name} 已停用")


def _end_sessions(name: str) -> None:
    attempt(lambda: end_sessions(caller(), name), lambda count: f"已退出 {count} 处登录")


def _end_grant(membership_id: int, role: str) -> None:
    attempt(lambda: end_grant(caller(), membership_id), f"已收回“{role}”")


def _reset(name: str) -> None:
    box = kept_password()

    def reset() -> None:
        box[name] = reset_password(caller(), name)

    attempt(reset, f"账号 {name} 的密码已重置，原登录已退出")
