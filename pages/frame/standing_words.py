"""What stands beside the menu on every page: the search; who is here and the way out; that the data are invented, that
the day is rehearsed.
"""

import streamlit as st

from models.campaign import CampaignState
from models.local_time import day_text
from pages.frame.campaign import CHOSEN
from pages.frame.look import is_phone
from pages.frame.own_name import own_name
from pages.frame.search_box import search_box
from queries.campaign import current_campaign
from queries.viewer import Viewer
from settings import Settings


def standing_words(viewer: Viewer, shown: str) -> None:
    """`shown`: the address of the page. No words where neither holds."""
    campaign, today = current_campaign(st.session_state.get(CHOSEN)), Settings.read().today
    words = []
    if campaign is not None and campaign.state is not CampaignState.OPEN:
        words.append(f":gray-badge[专项治理：{campaign.state.label}]")
    if campaign is not None and campaign.is_demonstration:
        words.append(":orange-badge[演示数据]")
    if today is not None:
        words.append(f":gray-badge[日期按 {day_text(today)} 演练]")
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="standing_words"):
        if not is_phone():
            search_box(viewer, shown)
        if words:
            st.markdown(" ".join(words), width="content")
        if not is_phone():
            own_name(viewer)
    if is_phone():
        search_box(viewer, shown)
        with st.sidebar.container(key="own_name"):
            own_name(viewer)
