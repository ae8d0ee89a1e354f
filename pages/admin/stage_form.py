"""The dialog of a stage of the 时间表."""

import streamlit as st

import clock
from actions.schedule import StagePlan, remove_stage, set_stage
from pages.admin.plan_form import PlanForm
from pages.frame.who import caller
from queries.schedule import StageRow, stages


def _seed(row: StageRow | None) -> None:
    state, today = st.session_state, clock.today()
    state.stage_name = row.name if row else ""
    state.stage_starts, state.stage_ends = (row.starts_on, row.ends_on) if row else (today, today)


def _fields() -> bool:
    st.text_input("阶段名称", key="stage_name", max_chars=40, placeholder="例如 自查自纠")
    left, right = st.columns(2)
    left.date_input("开始", key="stage_starts", format="YYYY-MM-DD")
    right.date_input("结束（含当天）", key="stage_ends", format="YYYY-MM-DD")
    st.caption("先后按日期排；各阶段首尾相接，不重叠。改动和删去都留有记录。")
    return True


def _save(campaign_id: int, number: int | None, version: int | None) -> object:
    state = st.session_state
    plan = StagePlan(state.stage_name, state.stage_starts, state.stage_ends)
    return set_stage(caller(), campaign_id, plan, number, version)


STAGE: PlanForm[StageRow] = PlanForm(
    key="stage", icon=":material/date_range:", new="加一个阶段", change="修改阶段", take_out="删去这个阶段",
    saved="时间表已保存", gone="已从时间表删去", seed=_seed, fields=_fields, save=_save,
    remove=lambda campaign_id, number, version: remove_stage(caller(), campaign_id, number, version), rows=stages,
)  # fmt: skip
