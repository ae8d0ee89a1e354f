"""撤回导入: what it means first, then the reason; what stands on the import is said when it is refused."""

from collections.abc import Sequence

import streamlit as st

from actions.import_withdrawal import LEAST_REASON, LONGEST_REASON, withdraw_payments, withdraw_roster
from models.local_time import moment_text
from pages.frame.look import escape
from pages.frame.notice import attempt, say, show_notices
from pages.frame.who import caller
from pages.money.register_kind import RegisterKind
from pages.money.register_run import flow_here, forget
from queries.register_import import ImportRow

ASKED, REASON = "_withdraw_import", "withdraw_reason"


def ask_to_withdraw(import_id: int) -> None:
    """Callback: open the dialog."""
    st.session_state[ASKED] = import_id


def withdrawal_dialog(kind: RegisterKind, rows: Sequence[ImportRow]) -> None:
    """While somebody is asked why."""
    row = next((row for row in rows if row.id == st.session_state.get(ASKED) and row.withdrawn_at is None), None)
    if row is not None:
        _dialog(kind, row)


def _close() -> None:
    st.session_state.pop(ASKED, None)


@st.dialog("撤回这次导入", icon=":material/undo:", on_dismiss=_close)
def _dialog(kind: RegisterKind, row: ImportRow) -> None:
    if st.session_state.get(ASKED) != row.id:
        st.rerun()
    st.markdown(f"**{escape(row.file_name)}** · {moment_text(row.recorded_at)} · {row.taken:,} {kind.unit}")
    st.write(_consequence(kind))
    show_notices()
    typed = st.text_input("理由", key=REASON, live="400ms", max_chars=LONGEST_REASON, placeholder="如：选错了文件")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=_close, key="withdraw_cancel")
        st.button(
            "确认撤回", type="primary", icon=":material/undo:", key="withdraw_confirm", on_click=_withdraw,
            args=(kind, row), disabled=len((typed or "").strip()) < LEAST_REASON,
        )  # fmt: skip


def _consequence(kind: RegisterKind) -> str:
    if kind is RegisterKind.ROSTER:
        back = "这一份新增或更新的人不再算数，被它更新过的人恢复到前一版"
    else:
        back = "这一份的发放不再算数"
    kept = "记录不删除，谁、何时、为什么撤回都记入操作记录"
    return f"{back}；{kept}。已抽样、入户或登记问题的不能撤回。同一份文件可以再导入。"


def _withdraw(kind: RegisterKind, row: ImportRow) -> None:
    """Once: the second of two clicks finds the dialog gone."""
    if st.session_state.get(ASKED) != row.id:
        return
    withdraw = withdraw_roster if kind is RegisterKind.ROSTER else withdraw_payments
    reason = str(st.session_state.get(REASON) or "")
    if attempt(lambda: withdraw(caller(), row.id, reason) or True):
        _close()
        forget(flow_here(kind))
        say(f"已撤回《{row.file_name}》")
