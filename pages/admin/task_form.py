"""The dialog of a task: a new one, a change of one, taking one out."""

import streamlit as st

import clock
from actions.schedule import TaskPlan, remove_task, set_task
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, viewer
from queries.schedule import TaskRow, tasks
from queries.unit import units_in_force

OPEN = "_task_asked"
"""Key in session_state: number and version on screen of the task being changed; (None, None) for a new one."""


def ask_task(row: TaskRow | None = None) -> None:
    """Callback: open the form with what is on screen now."""
    state = st.session_state
    state[OPEN] = (row.number, row.version) if row else (None, None)
    state.task_what, state.task_person = (row.what, row.person_in_charge) if row else ("", "")
    in_force = {u.id for u in units_in_force(clock.today())}
    state.task_unit = row.unit_id if row and row.unit_id in in_force else None
    state.task_due = row.due if row else clock.today()


def task_dialog(campaign_id: int) -> None:
    """The open form, if it is."""
    if OPEN in st.session_state:
        word = "加一项任务" if st.session_state[OPEN][0] is None else "修改任务"
        st.dialog(word, icon=":material/task:", on_dismiss=_close)(_body)(campaign_id)


def _body(campaign_id: int) -> None:
    if OPEN not in st.session_state:
        st.rerun()
    show_notices()
    known = {u.id: u.name for u in units_in_force(clock.today())}
    st.text_input("做什么", key="task_what", max_chars=200, placeholder="例如 报送自查自纠报告")
    st.selectbox("责任单位", list(known), format_func=known.get, index=None, placeholder="选择单位", key="task_unit")
    left, right = st.columns(2)
    left.text_input("责任人（可不填）", key="task_person", max_chars=40)
    right.date_input("完成期限（含当天）", key="task_due", format="YYYY-MM-DD")
    lacking = st.session_state.get("task_unit") is None
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.session_state[OPEN][0] is not None:
            st.button("删去这项任务", key="task_remove", on_click=_remove, args=(campaign_id,))
        st.button("保存", key="task_save", type="primary", on_click=_save, args=(campaign_id,), disabled=lacking)


def _save(campaign_id: int) -> None:
    state = st.session_state
    if OPEN not in state:
        return  # the second of two clicks
    number, version = state[OPEN]
    plan = TaskPlan(state.task_what, state.task_unit, state.task_due, state.task_person)
    saved = attempt(lambda: set_task(caller(), campaign_id, plan, number, version), "任务已保存")
    _after(campaign_id, saved is not None)


def _remove(campaign_id: int) -> None:
    if OPEN not in st.session_state:
        return
    number, version = st.session_state[OPEN]
    gone = attempt(lambda: remove_task(caller(), campaign_id, number, version) or True, "已从任务书删去")
    _after(campaign_id, gone is not None)


def _after(campaign_id: int, done: bool) -> None:
    """Close; or, somebody having been first, let a second click write over what was just shown."""
    if done:
        _close()
        return
    number, _ = st.session_state[OPEN]
    now = next((t.version for t in tasks(viewer(), campaign_id) if t.number == number), None)
    st.session_state[OPEN] = (number, now)


def _close() -> None:
    st.session_state.pop(OPEN, None)
