"""What happened to a place, latest first."""

import streamlit as st

from models.local_time import day_text, moment_text
from pages.frame.look import escape
from queries.region_history import changes
from queries.viewer import Viewer


def region_history(person: Viewer, region_id: int) -> None:
    """Nothing where nothing changed."""
    rows = changes(person, region_id)
    if not rows:
        return
    with st.expander(f"经过（{len(rows)}）", icon=":material/history:"):
        for row in rows:
            st.markdown(
                f"**{day_text(row.day)}**　{row.label}　{escape(row.text)}  \n"
                f":gray[依据：{escape(row.reason)}　{moment_text(row.recorded_at)} 登记]"
            )
