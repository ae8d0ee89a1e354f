"""导出 Excel: level by level; the internal one asks what for. The file comes through a signed-in route."""

import streamlit as st

from actions.ledger_export import export_to_fetch
from files.export_level import ExportLevel
from models.role import Permission
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.ledger import LedgerFilter
from queries.viewer import Viewer

RETURN, RETURN_PAGE = "return", "pages/ledger/ledger_return.py"
CHOSEN, FETCH, ASKING, PURPOSE = "export_level", "_file_to_fetch", "_export_asking", "export_purpose"
LEAST_PURPOSE = 2


def export_menu(viewer: Viewer, campaign_id: int, wanted: LedgerFilter, label: str = "导出 Excel") -> None:
    """The button, for whoever may export; the way back in stands at its end."""
    if not viewer.may(Permission.EXPORT):
        return
    levels: list[ExportLevel | str] = [ExportLevel.UNIT, ExportLevel.PUBLIC]
    if viewer.may(Permission.EXPORT_INTERNAL):
        levels.append(ExportLevel.INTERNAL)
    if viewer.may(Permission.RETURN_LEDGER):
        levels.append(RETURN)
    st.menu_button(
        label, levels, format_func=_words, icon=":material/download:", key=CHOSEN, on_click=_chosen,
        args=(campaign_id, wanted),
    )  # fmt: skip


def purpose_dialog(campaign_id: int) -> None:
    """While somebody is asked what an internal copy is for."""
    asked = st.session_state.get(ASKING)
    if isinstance(asked, LedgerFilter):
        _purpose(campaign_id, asked)


def fetch_ready_file() -> None:
    """Hand the file just made to the browser; a link beside it where the browser asks first."""
    token = st.session_state.pop(FETCH, None)
    if not token:
        return
    address = f"/download/{token}"
    st.caption(f"文件已生成。没有自动下载的，请[点这里下载]({address})，半小时内有效。")
    st.html(
        "<script>(() => {const a = document.createElement('a');"
        f"a.href = '{address}'; a.download = ''; document.body.append(a); a.click(); a.remove();}})()</script>",
        unsafe_allow_javascript=True,
    )


def _words(level: ExportLevel | str) -> str:
    return {
        RETURN: "台账回填（改好的表导回来）",
        ExportLevel.UNIT: "责任单位版（身份信息打码）",
        ExportLevel.PUBLIC: "公开版（不含个人信息）",
        ExportLevel.INTERNAL: "内部版（完整信息，须写用途）",
    }[level]


def _chosen(campaign_id: int, wanted: LedgerFilter) -> None:
    level = st.session_state.get(CHOSEN)
    if level is ExportLevel.INTERNAL or level == ExportLevel.INTERNAL:
        st.session_state[ASKING] = wanted
    elif level == RETURN:
        st.switch_page(RETURN_PAGE)
    elif level is not None:
        _make(campaign_id, wanted, ExportLevel(level), "")


@st.dialog("导出内部版", icon=":material/lock:", on_dismiss=lambda: st.session_state.pop(ASKING, None))
def _purpose(campaign_id: int, wanted: LedgerFilter) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    st.write("内部版含完整的姓名、身份证号和账号，只供内部核查。谁导出、为什么、多少件，都会记入操作记录。")
    show_notices()
    typed = st.text_input("用途", key=PURPOSE, live="400ms", max_chars=100, placeholder="如：报县领导小组审阅")
    ready = len((typed or "").strip()) >= LEAST_PURPOSE
    if not ready:
        st.caption(":material/error: 还差用途")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=_cancel, key="export_cancel")
        st.button(
            "确认导出", icon=":material/download:", type="primary", disabled=not ready, key="export_confirm",
            on_click=_make_internal, args=(campaign_id, wanted),
        )  # fmt: skip


def _cancel() -> None:
    st.session_state.pop(ASKING, None)


def _make_internal(campaign_id: int, wanted: LedgerFilter) -> None:
    if _make(campaign_id, wanted, ExportLevel.INTERNAL, str(st.session_state.get(PURPOSE, ""))):
        st.session_state.pop(ASKING, None)


def _make(campaign_id: int, wanted: LedgerFilter, level: ExportLevel, purpose: str) -> bool:
    token = attempt(
        lambda: export_to_fetch(caller(), campaign_id, wanted, level, purpose), f"已导出{level.label}，正在下载"
    )
    st.session_state[FETCH] = token
    return token is not None
