"""Inspection teams of the campaign: who is in them, where they inspect."""

import streamlit as st

import clock
from actions.team import add_team_member, create_team, remove_team_member
from models.region import RegionLevel
from pages.frame.look import escape, kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.campaign import CampaignRow
from queries.people import TeamRow, account_choices, teams
from queries.place_choice import place_choices
from queries.region import reporting_units
from queries.viewer import Viewer


def team_forms(viewer: Viewer, campaign: CampaignRow) -> None:
    """The teams there are, and two small forms."""
    found = teams(viewer, campaign.id, clock.today())
    with st.expander(f"检查组（{len(found)} 个）", icon=":material/groups:", **kept_open("teams")):
        for team in found:
            members = "、".join(team.members) or "还没有组员"
            st.markdown(f"**{escape(team.name)}**　{escape('、'.join(team.places))}　:gray[{escape(members)}]")
        if found:
            _member_form(viewer, found)
        _team_form(viewer, campaign)


def _member_form(viewer: Viewer, found: tuple[TeamRow, ...]) -> None:
    names = account_choices(viewer)
    teams_by_id = {team.id: team.name for team in found}
    st.selectbox("检查组", list(teams_by_id), format_func=teams_by_id.get, key="team_id")
    st.selectbox("人员", list(names), index=None, format_func=names.get, placeholder="选择人员", key="team_member")
    st.checkbox("任组长", key="team_leader")
    nobody = st.session_state.get("team_member") is None
    with st.container(horizontal=True):
        st.button("加入", key="team_add", on_click=_add, disabled=nobody)
        st.button("今天之后退出", key="team_remove", on_click=_remove, disabled=nobody)


def _team_form(viewer: Viewer, campaign: CampaignRow) -> None:
    known = {u.code: u.name for u in reporting_units()}
    st.text_input("新检查组名称", key="team_name", placeholder="例如 检查二组")
    st.multiselect("检查地区", list(known), format_func=known.get, placeholder="选择填报单位", key="team_places")
    towns = place_choices(viewer, (RegionLevel.TOWN,))
    st.multiselect("或只查这些镇", list(towns), format_func=towns.get, placeholder="输入镇名查找", key="team_towns",
                   filter_mode="contains")  # fmt: skip
    st.button("新建检查组", key="team_save", on_click=_create, args=(campaign.id,))


def _create(campaign_id: int) -> None:
    state = st.session_state
    places = [*state.team_places, *state.team_towns]
    made = attempt(lambda: create_team(caller(), campaign_id, state.team_name, places), "检查组已建")
    if made is not None:
        state.team_name, state.team_towns, state.team_places = "", [], []


def _add() -> None:
    state = st.session_state
    attempt(lambda: add_team_member(caller(), state.team_id, state.team_member, state.team_leader), "已加入检查组")


def _remove() -> None:
    state = st.session_state
    attempt(lambda: remove_team_member(caller(), state.team_id, state.team_member), "今天之后不再是组员")
