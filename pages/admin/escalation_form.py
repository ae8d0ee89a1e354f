"""升级措施: named steps before and after a deadline, and who is told; a table of at most six rows."""

import pandas as pd
import streamlit as st

from actions.escalation import set_steps
from models.campaign_work import ALLOWED, CampaignWork
from models.escalation import EARLIEST, LATEST, LONGEST_NAME, MOST, Audience, EscalationStep
from models.local_time import moment_text
from models.refusal import Refused
from models.role import Permission
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.campaign import CampaignRow
from queries.escalation import EscalationRow, escalation_setting
from queries.viewer import Viewer

BEFORE, AFTER = "时限前", "时限后（含当天）"
KEPT = "_escalation_row"
"""Key in session_state: campaign and version the table was filled from."""


def escalation_form(viewer: Viewer, campaign: CampaignRow) -> None:
    """The steps in force; a new version for whoever may set it."""
    row = escalation_setting(campaign.id)
    locked = not viewer.is_everywhere(Permission.SET_LIGHTS) or CampaignWork.PLAN not in ALLOWED[campaign.state]
    with st.container(border=True, key="escalation_form"):
        said = f"{moment_text(row.recorded_at)} {escape(row.by)}设定" if row.recorded_at else "未设定"
        st.markdown(f"##### 升级措施　:gray[{said}]")
        st.caption(
            "到了日子，写进当天的到期提醒；发不发由人决定：用“督办”办理，名称记入问题的经过，每轮各办一次。天数按日历日算。"
        )
        if locked:
            st.markdown("\n".join(f"- {escape(step.words)}" for step in row.steps) or "没有设定。")
            return
        table = _table(campaign.id, row)
        st.button("设定", key="escalation_save", on_click=_save, args=(campaign.id, table, row.version))


def _table(campaign_id: int, row: EscalationRow) -> pd.DataFrame:
    """One line a step; the last line is for a new one."""
    frame = pd.DataFrame(
        {
            "名称": [step.name for step in row.steps],
            "何时": [BEFORE if step.days < 0 else AFTER for step in row.steps],
            "天数": pd.array([abs(step.days) for step in row.steps], dtype="Int64"),
            **{one.label: [one in step.told for step in row.steps] for one in Audience},
        }
    ).astype({"名称": "string", "何时": "string"} | {one.label: bool for one in Audience})
    return st.data_editor(
        frame, num_rows="dynamic", hide_index=True, key=f"escalation_{campaign_id}_{row.version}",
        placeholder="—", row_height=34,
        column_config={
            "名称": st.column_config.TextColumn(max_chars=LONGEST_NAME, width=120),
            "何时": st.column_config.SelectboxColumn(options=[BEFORE, AFTER], width=130),
            "天数": st.column_config.NumberColumn(min_value=0, max_value=LATEST, step=1, width=70),
            **{one.label: st.column_config.CheckboxColumn(f"告诉{one.label}", default=False, width=100)
               for one in Audience},
        },
    )  # fmt: skip


def _save(campaign_id: int, table: pd.DataFrame, version: int) -> None:
    attempt(lambda: set_steps(caller(), campaign_id, _steps(table), version), "升级措施已设定")


def _steps(table: pd.DataFrame) -> list[EscalationStep]:
    """What the table says. Raises Refused for a line that is not complete."""
    steps = []
    for line in table.to_dict("records"):
        name, when, days = line["名称"], line["何时"], line["天数"]
        if pd.isna(name) and pd.isna(when) and pd.isna(days):
            continue
        if pd.isna(name) or pd.isna(when) or pd.isna(days):
            raise Refused(f"每一项都要填名称、何时和天数（最多 {MOST} 项，时限前最多 {-EARLIEST} 天）。")
        told = tuple(one for one in Audience if line[one.label] is True)
        steps.append(EscalationStep(str(name).strip(), int(days) * (-1 if when == BEFORE else 1), told))
    return steps
