"""What is said on every page: that the data are invented, that the day is rehearsed."""

import streamlit as st

from models.local_time import day_text
from pages.frame.campaign import CHOSEN
from queries.campaign import current_campaign
from settings import Settings


def standing_words() -> None:
    """Nothing where neither holds."""
    campaign, today = current_campaign(st.session_state.get(CHOSEN)), Settings.read().today
    words = []
    if campaign is not None and campaign.is_demonstration:
        words.append(":orange-badge[演示数据]")
    if today is not None:
        words.append(f":gray-badge[日期按 {day_text(today)} 演练]")
    if words:
        with st.container(key="standing_words"):
            st.markdown(" ".join(words), width="content")
