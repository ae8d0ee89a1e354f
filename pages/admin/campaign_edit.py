"""Correct a campaign's name, place, years and last day; two editors at once are told of each other."""

import streamlit as st

from actions.campaign import CampaignFacts, edit_campaign
from models.campaign_work import ALLOWED, CampaignWork
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.campaign import CampaignRow, current_campaign

VERSION = "_campaign_version"
"""Key in session_state: campaign and version the form was filled from."""


def edit_form(row: CampaignRow, may_edit: bool) -> None:
    """The facts of the current campaign, as fields."""
    locked = not may_edit or CampaignWork.PLAN not in ALLOWED[row.state]
    _seed(row)
    with st.container(border=True, key="campaign_edit"):
        st.markdown(f"##### 基本情况　:gray[编号 {row.code}，定后不改]")
        st.text_input("名称", key="edit_name", disabled=locked, max_chars=100)
        st.text_input("开展地", key="edit_place", disabled=locked, max_chars=40)
        left, right = st.columns(2)
        left.number_input("检查年度，起", 2000, 2100, key="edit_from", disabled=locked)
        right.number_input("检查年度，止", 2000, 2100, key="edit_to", disabled=locked)
        st.date_input("整改到位期限", key="edit_rectify_by", format="YYYY-MM-DD", disabled=locked)
        if not locked:
            st.button("保存", key="edit_save", on_click=_save, args=(row.id,))


def _seed(row: CampaignRow) -> None:
    """Fill the fields once for a campaign; what is being typed is never overwritten by a rerun."""
    state = st.session_state
    if state.get(VERSION, (None,))[0] != row.id or "edit_name" not in state:
        _fill(row)


def _fill(row: CampaignRow) -> None:
    state = st.session_state
    state[VERSION] = (row.id, row.version)
    state.edit_name, state.edit_place = row.name, row.place
    state.edit_from, state.edit_to, state.edit_rectify_by = row.year_from, row.year_to, row.rectify_by


def follow(campaign_id: int, before: int) -> None:
    """After one's own change of the state: the form is still the one on screen, under the new version."""
    now = current_campaign(campaign_id)
    if now is not None and st.session_state.get(VERSION) == (campaign_id, before):
        st.session_state[VERSION] = (campaign_id, now.version)


def _save(campaign_id: int) -> None:
    state = st.session_state
    facts = CampaignFacts(
        state.edit_name, state.edit_place, int(state.edit_from), int(state.edit_to), state.edit_rectify_by
    )
    version = state[VERSION][1]
    attempt(lambda: edit_campaign(caller(), campaign_id, facts, version) or True, "已保存")
    now = current_campaign(campaign_id)
    if now is not None:
        state[VERSION] = (campaign_id, now.version)  # a second click writes knowingly over what was just shown
