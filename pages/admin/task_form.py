"""The dialog of a task of the 任务书."""

import streamlit as st

import clock
from actions.schedule import TaskPlan, remove_task, set_task
from pages.admin.plan_form import PlanForm
from pages.frame.who import caller, viewer
from queries.schedule import TaskRow, tasks
from queries.unit import units_in_force


def _seed(row: TaskRow | None) -> None:
    state = st.session_state
    state.task_what, state.task_person = (row.what, row.person_in_charge) if row else ("", "")
    in_force = {u.id for u in units_in_force(clock.today())}
    state.task_unit = row.unit_id if row and row.unit_id in in_force else None
    state.task_due = row.due if row else clock.today()


def _fields() -> bool:
    known = {u.id: u.name for u in units_in_force(clock.today())}
    st.text_input("做什么", key="task_what", max_chars=200, placeholder="例如 报送自查自纠报告")
    st.selectbox("责任单位", list(known), format_func=known.get, index=None, placeholder="选择单位", key="task_unit")
    left, right = st.columns(2)
    left.text_input("责任人（可不填）", key="task_person", max_chars=40)
    right.date_input("完成期限（含当天）", key="task_due", format="YYYY-MM-DD")
    return st.session_state.get("task_unit") is not None


def _save(campaign_id: int, number: int | None, version: int | None) -> object:
    state = st.session_state
    plan = TaskPlan(state.task_what, state.task_unit, state.task_due, state.task_person)
    return set_task(caller(), campaign_id, plan, number, version)


TASK: PlanForm[TaskRow] = PlanForm(
    key="task", icon=":material/task:", new="加一项任务", change="修改任务", take_out="删去这项任务",
    saved="任务已保存", gone="已从任务书删去", seed=_seed, fields=_fields, save=_save,
    remove=lambda campaign_id, number, version: remove_task(caller(), campaign_id, number, version),
    rows=lambda campaign_id: tasks(viewer(), campaign_id),
)  # fmt: skip
