"""导出: a roster or the payments, level by level; the internal one asks what for."""

import streamlit as st

from actions.register_export import payments_to_fetch, roster_to_fetch
from files.export_level import ExportLevel
from models.role import Permission
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from pages.ledger.export_menu import FETCH, LEAST_PURPOSE
from pages.money.register_kind import RegisterKind
from queries.viewer import Viewer

CHOSEN, ASKING, PURPOSE = "register_export", "_register_asking", "register_purpose"
_WORDS = {
    ExportLevel.UNIT: "责任单位版（身份信息打码）",
    ExportLevel.PUBLIC: "公开版（不含个人信息）",
    ExportLevel.INTERNAL: "内部版（完整信息，须写用途）",
}


def export_menu(viewer: Viewer, kind: RegisterKind, campaign_id: int) -> None:
    """The button, for whoever may export."""
    if not viewer.may(Permission.EXPORT):
        return
    levels = [level for level in _WORDS if level is not ExportLevel.INTERNAL or viewer.may(Permission.EXPORT_INTERNAL)]
    st.menu_button(
        f"导出{kind.label}", levels, format_func=_WORDS.__getitem__, icon=":material/download:", key=CHOSEN,
        on_click=_chosen, args=(kind, campaign_id),
    )  # fmt: skip


def purpose_dialog(kind: RegisterKind, campaign_id: int) -> None:
    """While somebody is asked what an internal copy is for."""
    if st.session_state.get(ASKING) == kind.value:
        _purpose(kind, campaign_id)


def _chosen(kind: RegisterKind, campaign_id: int) -> None:
    level = st.session_state.get(CHOSEN)
    if level == ExportLevel.INTERNAL:
        st.session_state[ASKING] = kind.value
    elif level is not None:
        _make(kind, campaign_id, ExportLevel(level), "")


@st.dialog("导出内部版", icon=":material/lock:", on_dismiss=lambda: st.session_state.pop(ASKING, None))
def _purpose(kind: RegisterKind, campaign_id: int) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    st.write("内部版含完整的姓名、身份证号和账号，只供内部核查。谁导出、为什么、多少行，都会记入操作记录。")
    show_notices()
    typed = st.text_input("用途", key=PURPOSE, live="400ms", max_chars=100, placeholder="如：移交审计核对")
    ready = len((typed or "").strip()) >= LEAST_PURPOSE
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=_cancel, key="register_export_cancel")
        st.button(
            "确认导出", icon=":material/download:", type="primary", disabled=not ready, key="register_export_confirm",
            on_click=_make_internal, args=(kind, campaign_id),
        )  # fmt: skip


def _cancel() -> None:
    st.session_state.pop(ASKING, None)


def _make_internal(kind: RegisterKind, campaign_id: int) -> None:
    if ASKING in st.session_state and _make(
        kind, campaign_id, ExportLevel.INTERNAL, str(st.session_state.get(PURPOSE, ""))
    ):
        st.session_state.pop(ASKING, None)


def _make(kind: RegisterKind, campaign_id: int, level: ExportLevel, purpose: str) -> bool:
    to_fetch = roster_to_fetch if kind is RegisterKind.ROSTER else payments_to_fetch
    token = attempt(
        lambda: to_fetch(caller(), campaign_id, level, purpose), f"已导出{kind.label}{level.label}，正在下载"
    )
    st.session_state[FETCH] = token
    return token is not None
