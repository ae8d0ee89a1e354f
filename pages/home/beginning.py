"""On the first page: how far a new campaign has come, and which tasks of the 任务书 are owed."""

from datetime import date

import streamlit as st

from models.campaign import CampaignState
from models.local_time import day_text
from models.role import Permission, Role
from pages.frame.campaign import CHOSEN
from pages.frame.look import escape
from pages.home.panels import heading, line, work_row
from queries.campaign import current_campaign
from queries.first_steps import first_steps
from queries.schedule import TaskRow, tasks
from queries.viewer import Viewer

GUIDE, SCHEDULE = "pages/admin/guide.py", "pages/admin/schedule.py"
SHOWN, SOON = 5, 14
"""Tasks listed; days before its day from which a unit's own task is listed."""


def beginning(viewer: Viewer) -> None:
    """Until a campaign is under way: the next step, for whoever sets it up."""
    campaign = current_campaign(st.session_state.get(CHOSEN))
    is_new = campaign is None or campaign.state is CampaignState.PREPARING
    if not is_new or not any(viewer.may(p) for p in (Permission.CREATE_CAMPAIGN, Permission.MANAGE_PEOPLE)):
        return
    steps = first_steps(viewer, campaign.id if campaign else None)
    upcoming = next((s for s in steps if s.is_next), None)
    words = f"{len(steps)} 步已办 {sum(s.is_done for s in steps)} 步"
    if upcoming is not None:
        words += f"，下一步：{escape(upcoming.title)}（由{escape(upcoming.who)}办）"
    with st.container(border=True, key="box_beginning"):
        work_row("guide", "**第一次使用**", words, "看步骤", lambda: st.switch_page(GUIDE), is_first=True)


def tasks_owed(viewer: Viewer, campaign_id: int, today: date) -> None:
    """A unit's own tasks that are late or soon due; for office and leader those that are late."""
    open_ones = [t for t in tasks(viewer, campaign_id) if t.done_on is None]
    is_unit = Role.UNIT in viewer.roles
    owed = [t for t in open_ones if t.is_overdue(today) or (is_unit and (t.due - today).days <= SOON)]
    if not owed or not {Role.UNIT, Role.OFFICE, Role.LEADER} & set(viewer.roles):
        return
    with st.container(border=True, key="box_tasks"):
        heading("任务书", f"{len(owed)} 项" + ("" if is_unit else "超期"))
        for task in owed[:SHOWN]:
            line(f"task_{task.number}", day_text(task.due)[5:], _words(task, today, is_unit), SCHEDULE, {})


def _words(task: TaskRow, today: date, is_unit: bool) -> str:
    """Which, whose, how late."""
    late = f":red[▲ 超期 {(today - task.due).days} 天] " if task.is_overdue(today) else ""
    whose = "" if is_unit else f"（{escape(task.unit_name)}）"
    return f"{late}{escape(task.what)}{whose} ›"
