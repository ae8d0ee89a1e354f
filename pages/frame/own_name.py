"""Who one is here and the way out, beside the menu on every page; on a phone at the foot of the menu."""

import streamlit as st

from actions.signin import sign_out
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.viewer import Viewer

ACCOUNT = "pages/home/account.py"


def own_name(viewer: Viewer) -> None:
    """Name and role, leading to 我的账号; 退出 beside it."""
    who = f"{escape(viewer.person_name)} · {role_words(viewer)}"
    st.page_link(ACCOUNT, label=who, icon=":material/account_circle:", help=escape(viewer.unit_name))
    st.button("退出", key="frame_leave", type="tertiary", icon=":material/logout:", on_click=_leave)


def role_words(viewer: Viewer) -> str:
    """The first role; with more than one, how many: 领导小组办公室等 2 项."""
    labels = [role.label for role in viewer.roles]
    if not labels:
        return "还没有授权"
    return labels[0] if len(labels) == 1 else f"{labels[0]}等 {len(labels)} 项"


def _leave() -> None:
    attempt(lambda: sign_out(caller()))
