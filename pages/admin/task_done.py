"""The dialog that says a task is done, on which day; and the one that takes it back."""

import streamlit as st

import clock
from actions.schedule import finish_task, unfinish_task
from models.role import Permission, Role
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, viewer
from queries.schedule import TaskRow, tasks
from queries.viewer import Viewer

DONE = "_task_done_asked"
"""Key in session_state: number, version on screen, whether "done" is to be taken back."""


def may_finish(person: Viewer, row: TaskRow) -> bool:
    """Whether to offer it: the unit that owes the task, once; the office of all regions, and back again."""
    office = person.is_everywhere(Permission.SET_SCHEDULE)
    ours = any(g.role is Role.UNIT and g.unit_id == row.unit_id for g in person.grants_with(Permission.FINISH_TASK))
    return office or (ours and row.done_on is None)


def offer_finish(row: TaskRow) -> None:
    """Callback: ask on which day, or why it is to be taken back."""
    state = st.session_state
    state[DONE] = (row.number, row.version, row.done_on is not None)
    state.task_done_on, state.task_done_note = clock.today(), ""


def finish_dialog(campaign_id: int) -> None:
    """The open question, if it is."""
    if DONE in st.session_state:
        word = "取消办结" if st.session_state[DONE][2] else "办结任务"
        st.dialog(word, icon=":material/task_alt:", on_dismiss=_close)(_finish_body)(campaign_id)


def _finish_body(campaign_id: int) -> None:
    if DONE not in st.session_state:
        st.rerun()
    show_notices()
    takes_back = st.session_state[DONE][2]
    if not takes_back:
        st.date_input("办结日期", key="task_done_on", max_value=clock.today(), format="YYYY-MM-DD")
    st.text_area("取消的理由" if takes_back else "完成情况（可不填）", key="task_done_note", max_chars=300, height=90)
    with st.container(horizontal=True, horizontal_alignment="right"):
        word = "确认取消办结" if takes_back else "确认办结"
        st.button(word, key="task_done", type="primary", on_click=_finish, args=(campaign_id,))


def _finish(campaign_id: int) -> None:
    state = st.session_state
    if DONE not in state:
        return
    number, version, takes_back = state[DONE]
    note = state.task_done_note
    if takes_back:
        done = attempt(lambda: unfinish_task(caller(), campaign_id, number, note, version) or True, "已取消办结")
    else:
        day = state.task_done_on
        done = attempt(lambda: finish_task(caller(), campaign_id, number, day, note, version) or True, "任务已办结")
    _after(campaign_id, done is not None)


def _after(campaign_id: int, done: bool) -> None:
    """Close; or, somebody having been first, let a second click write over what was just shown."""
    if done:
        _close()
        return
    number, _, takes_back = st.session_state[DONE]
    now = next((t.version for t in tasks(viewer(), campaign_id) if t.number == number), None)
    st.session_state[DONE] = (number, now, takes_back)


def _close() -> None:
    st.session_state.pop(DONE, None)
