"""措施清单: what is to be done by when, what was done; in stages the next step first said."""

import pandas as pd
import streamlit as st

from models.issue_word import IssueStatus
from models.local_time import day_text
from pages.frame.look import escape
from queries.issue import IssuePage
from queries.measure import MeasureRow


def measure_panel(issue: IssuePage, phone: bool) -> None:
    """The list of the running round; nothing where there is none."""
    rows = issue.measures
    if not rows:
        return
    done = sum(row.done_on is not None for row in rows)
    with st.container(border=True, key="measures"):
        st.markdown(f"##### 措施清单　:small[共 {len(rows)} 项，已完成 {done} 项]")
        step = next((row for row in rows if row.is_next), None)
        if step is not None and step.due is not None and issue.status is IssueStatus.RECTIFYING:
            st.markdown(f"下一步：**{escape(step.text)}**，应于 **{day_text(step.due)}** 前完成。")
        if phone:
            st.markdown("\n".join(_line(row) for row in rows))
            return
        frame = pd.DataFrame(
            {
                "序": [str(row.number) for row in rows],
                "措施": [escape(row.text) + ("" if row.is_required else " :gray-badge[责任单位增加]") for row in rows],
                "应完成": [day_text(row.due) if row.due else "—" for row in rows],
                "完成情况": [_state(row) for row in rows],
            }
        )
        with st.container(key="measure_rows"):
            st.table(frame, border="horizontal", hide_index=True)


def _line(row: MeasureRow) -> str:
    due = f"，应于 {day_text(row.due)} 前完成" if row.due else ""
    return f"{row.number}. {escape(row.text)}{due}  \n   {_state(row)}"


def _state(row: MeasureRow) -> str:
    if row.done_on is not None:
        return f":green-badge[:material/check_circle: {day_text(row.done_on)}完成] {escape(row.done)}"
    if row.is_late:
        return ":red-badge[:material/warning: 逾期未完成]"
    return ":blue-badge[:material/pending: 在办]"
