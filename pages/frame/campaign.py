"""The campaign the person works in."""

import streamlit as st

from models.role import Permission
from pages.frame.who import viewer
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
        may_begin = any(viewer().may(p) for p in (Permission.CREATE_CAMPAIGN, Permission.MANAGE_PEOPLE))
        if may_begin and st.button("打开“第一次使用”，一步一步来", key="open_guide", type="primary"):
            st.switch_page("pages/admin/guide.py")
        st.stop()
    return found
