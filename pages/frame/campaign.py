"""The campaign the person works in."""

import streamlit as st

from queries.campaign import CampaignRow
from queries.campaign import current_campaign as find_campaign

CHOSEN = "_campaign_id"
"""Key in session_state: set on the page 专项治理 where there are several."""


def current_campaign() -> CampaignRow:
    """The campaign in progress, or the one chosen. Before any exists, says so and stops."""
    found = find_campaign(st.session_state.get(CHOSEN))
    if found is None:
        st.title("还没有专项治理", anchor=False)
        st.write("先由领导小组办公室或系统管理员在“系统 · 专项治理”里新建一项，再导入区划和名册。")
        st.stop()
    return found
