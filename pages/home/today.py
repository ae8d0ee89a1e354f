"""我的待办: how things stand, what waits for me with the verb that is mine, what others have, what I did. By role."""

from pathlib import Path

import streamlit as st

import clock
from models.role import Permission, Role
from pages.frame.campaign import current_campaign
from pages.frame.look import escape, is_phone, title
from pages.frame.notice import show_notices
from pages.frame.who import viewer
from pages.home import keepers, leader, state
from pages.home.beginning import beginning, tasks_owed
from pages.home.digest import digest_panel
from pages.home.notices import news_panel, notices_panel
from pages.home.visits import at_the_thumb, visits
from pages.home.work import lately, others, work
from queries.today import teams_for

person = viewer()
today = clock.today()
roles = person.roles
visiting = person.may(Permission.FILL_CHECK)
working = bool({Role.INSPECTOR, Role.UNIT, Role.OFFICE, Role.LEADER} & set(roles))
keeping = bool({Role.ADMIN, Role.SECURITY, Role.DISCIPLINE} & set(roles))


def head() -> None:
    """Whose page, on which day."""
    teams = teams_for(person, today) if visiting else ()
    own = f"{person.unit_name} · {person.person_name}"
    who = " · ".join(f"{team.name} · {'、'.join(team.members)}" for team in teams) or own
    week = "一二三四五六日"[today.weekday()]
    with st.container(key="home_head"):
        title("今天的任务" if visiting else "我的待办", f"{escape(who)} · {today.month}月{today.day}日 星期{week}")


def how_it_stands(campaign_id: int) -> None:
    """The first line, by role."""
    if Role.LEADER in roles:
        leader.where_we_are(leader.kept_overview(person, campaign_id), today)
    elif Role.OFFICE in roles:
        state.of_the_office(person, campaign_id, today)
    if Role.UNIT in roles:
        state.of_a_unit(person, campaign_id, today)


def what_to_do(campaign_id: int) -> None:
    """The work, and for a leader what is overdue."""
    going_on = visits(person, campaign_id) if visiting else False
    titles = {Role.LEADER: "等我决定的", Role.INSPECTOR: "待我处理"}
    words = next((titles[role] for role in roles if role in titles), "今天先办这些")
    work(person, campaign_id, today, words, has_first=going_on)
    if Role.LEADER in roles:
        leader.most_overdue(person, campaign_id, today)


def beside(campaign_id: int) -> None:
    """What others have, what I did; for a leader who is behind."""
    if Role.LEADER in roles:
        leader.who_is_behind(leader.kept_overview(person, campaign_id), today)
    tasks_owed(person, campaign_id, today)
    others(person, campaign_id, today)
    news_panel(person, campaign_id)
    lately(person, campaign_id)


st.html(Path(__file__).parent / "home.css")
head()
show_notices()
beginning(person)
if Role.ADMIN in roles:
    keepers.admin(person)
if Role.SECURITY in roles:
    keepers.security(person)
if Role.DISCIPLINE in roles:
    keepers.discipline(person, current_campaign().id)
if working or Role.AUDITOR in roles or not keeping:
    campaign = current_campaign()
    notices_panel(person, campaign.id)
    digest_panel(person, campaign.id)
    if Role.AUDITOR in roles:
        keepers.auditor(person, campaign.id, today)
    if working or not roles:
        how_it_stands(campaign.id)
        if is_phone():
            what_to_do(campaign.id)
            beside(campaign.id)
        else:
            middle, right = st.columns([1.25, 1] if Role.LEADER in roles else [2, 1])
            with middle:
                what_to_do(campaign.id)
            with right:
                beside(campaign.id)
if visiting:
    at_the_thumb()
