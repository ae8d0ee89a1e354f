"""The dialog of a stage: a new one, a change of one, taking one out."""

import streamlit as st

import clock
from actions.schedule import StagePlan, remove_stage, set_stage
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.schedule import StageRow, stages

OPEN = "_stage_asked"
"""Key in session_state: number and version on screen of the stage being changed; (None, None) for a new one."""


def ask_stage(row: StageRow | None = None) -> None:
    """Callback: open the dialog with what is on screen now."""
    state, today = st.session_state, clock.today()
    state[OPEN] = (row.number, row.version) if row else (None, None)
    state.stage_name = row.name if row else ""
    state.stage_starts, state.stage_ends = (row.starts_on, row.ends_on) if row else (today, today)


def stage_dialog(campaign_id: int) -> None:
    """The open dialog, if it is."""
    if OPEN in st.session_state:
        word = "加一个阶段" if st.session_state[OPEN][0] is None else "修改阶段"
        st.dialog(word, icon=":material/date_range:", on_dismiss=_close)(_body)(campaign_id)


def _body(campaign_id: int) -> None:
    if OPEN not in st.session_state:
        st.rerun()
    show_notices()
    st.text_input("阶段名称", key="stage_name", max_chars=40, placeholder="例如 自查自纠")
    left, right = st.columns(2)
    left.date_input("开始", key="stage_starts", format="YYYY-MM-DD")
    right.date_input("结束（含当天）", key="stage_ends", format="YYYY-MM-DD")
    st.caption("先后按日期排；各阶段首尾相接，不重叠。改动和删去都留有记录。")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.session_state[OPEN][0] is not None:
            st.button("删去这个阶段", key="stage_remove", on_click=_remove, args=(campaign_id,))
        st.button("保存", key="stage_save", type="primary", on_click=_save, args=(campaign_id,))


def _save(campaign_id: int) -> None:
    if OPEN not in st.session_state:
        return  # the second of two clicks
    state = st.session_state
    number, version = state[OPEN]
    plan = StagePlan(state.stage_name, state.stage_starts, state.stage_ends)
    saved = attempt(lambda: set_stage(caller(), campaign_id, plan, number, version), "时间表已保存")
    _after(campaign_id, saved is not None)


def _remove(campaign_id: int) -> None:
    if OPEN not in st.session_state:
        return
    number, version = st.session_state[OPEN]
    gone = attempt(lambda: remove_stage(caller(), campaign_id, number, version) or True, "已从时间表删去")
    _after(campaign_id, gone is not None)


def _after(campaign_id: int, done: bool) -> None:
    """Close; or, somebody having been first, let a second click write over what was just shown."""
    if done:
        _close()
        return
    number, _ = st.session_state[OPEN]
    now = next((s.version for s in stages(campaign_id) if s.number == number), None)
    st.session_state[OPEN] = (number, now)


def _close() -> None:
    st.session_state.pop(OPEN, None)
