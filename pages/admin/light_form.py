"""When 临期 begins: three numbers, and what they mean in words."""

import streamlit as st

from actions.light_setting import set_thresholds
from models.campaign_work import ALLOWED, CampaignWork
from models.deadline import LightThresholds
from models.local_time import moment_text
from models.role import Permission
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.campaign import CampaignRow
from queries.light_setting import LightSettingRow, light_setting
from queries.viewer import Viewer

VERSION = "_light_version"
"""Key in session_state: campaign and version the fields were filled from."""


def light_form(viewer: Viewer, campaign: CampaignRow) -> None:
    """The thresholds in force; a new version for whoever may set it."""
    row = light_setting(campaign.id)
    locked = not viewer.is_everywhere(Permission.SET_LIGHTS) or CampaignWork.PLAN not in ALLOWED[campaign.state]
    _seed(campaign.id, row)
    with st.container(border=True, key="light_form"):
        said = f"{moment_text(row.recorded_at)} {escape(row.by)}设定" if row.recorded_at else "未设定，按通常标准"
        st.markdown(f"##### 临期提醒　:gray[{said}]")
        st.number_input("所有时限：剩几个工作日以内算临期", 0, 30, key="light_workdays", disabled=locked)
        left, right = st.columns(2, vertical_alignment="bottom")
        left.number_input("多于几天的时限算长时限", 1, 999, key="light_long", disabled=locked)
        right.number_input("长时限：剩几天以内也算临期", 0, 90, key="light_days", disabled=locked)
        st.caption("从设定当天起生效；查看以前日期的指标，仍按当时的标准亮灯。")
        if not locked:
            st.button("设定", key="light_save", on_click=_save, args=(campaign.id,))


def _seed(campaign_id: int, row: LightSettingRow) -> None:
    state = st.session_state
    if state.get(VERSION, (None,))[0] != campaign_id or "light_workdays" not in state:
        state[VERSION] = (campaign_id, row.version)
        state.light_workdays = row.thresholds.soon_workdays
        state.light_days, state.light_long = row.thresholds.soon_days_long, row.thresholds.long_limit_days


def _save(campaign_id: int) -> None:
    state = st.session_state
    wanted = LightThresholds(int(state.light_workdays), int(state.light_days), int(state.light_long))
    version = state[VERSION][1]
    attempt(lambda: set_thresholds(caller(), campaign_id, wanted, version), "临期提醒已设定")
    state[VERSION] = (campaign_id, light_setting(campaign_id).version)  # a second click writes knowingly
