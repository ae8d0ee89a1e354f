"""我的待办: what waits for me today, each with the verb that is mine."""

import streamlit as st

import clock
from models.role import Permission
from pages.field.household_list import village_words
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, is_phone, light_badge, status_badge, title
from pages.frame.notice import show_notices
from pages.frame.who import viewer
from pages.home.notices import notices_panel
from queries.household import OpenForm, open_forms
from queries.today import WaitingIssue, teams_for, waited_for, waiting_for
from queries.village_visits import VillageProgress, villages_to_visit

VILLAGES_SHOWN = 3

person = viewer()
campaign, today = current_campaign(), clock.today()
visits = person.may(Permission.FILL_CHECK)


def heading() -> None:
    """Whose page, on which day."""
    teams = teams_for(person, today) if visits else ()
    who = (
        " · ".join(f"{t.name} · {'、'.join(t.members)}" for t in teams) or f"{person.unit_name} · {person.person_name}"
    )
    week = "一二三四五六日"[today.weekday()]
    title("今天的任务" if visits else "我的待办", right=f"{escape(who)} · {today.month}月{today.day}日 星期{week}")


def village(row: VillageProgress, forms: list[OpenForm]) -> None:
    """A village to visit: how far, and where to go on."""
    with st.container(border=True, key=f"today_village_{row.village_id}"):
        place, words = f"{escape(row.town)} {escape(row.village)}", " · ".join(village_words(row))
        st.markdown(f":material/location_on: **{place}**  \n:gray[{words}]")
        if row.is_begun:
            text = f"户 {row.finished}/{row.required} · 人 {row.people_checked}/{row.people}"
            st.progress(row.finished / row.required if row.required else 0.0, text=text)
        for form in forms:
            go_on(form)
        begin = "户名单" if row.is_begun else "开始入户"
        if st.button(begin, key=f"thumb_list_{row.village_id}", icon=":material/list:", width="stretch"):
            st.switch_page("pages/field/households.py", query_params={"village": str(row.village_id)})


def go_on(form: OpenForm) -> None:
    """继续: 0107 张* (人 2/4)."""
    if form.return_reason:
        st.markdown(f":orange-badge[:material/reply: 被退回]　{escape(form.return_reason)}")
    words = "修改" if form.return_reason else "继续"
    people = f"人 {form.progress.people_done}/{form.progress.people}"
    label = f"{words}：{escape(form.number)} {escape(form.head)}（{people}）"
    if st.button(label, key=f"thumb_form_{form.check_id}", type="primary", icon=":material/arrow_forward:",
                 icon_position="right", width="stretch"):  # fmt: skip
        st.switch_page("pages/field/household.py", query_params={"id": str(form.check_id)})


def waiting(row: WaitingIssue, first: bool) -> None:
    """A problem and the one verb that moves it on."""
    with st.container(border=True, key=f"waiting_{row.id}"):
        facts, act = st.columns([5, 1.4], vertical_alignment="center")
        facts.markdown(f"{status_badge(row.status)} {light_badge(row.light)} **{escape(row.title)}**  \n"
                       f":gray[{escape(row.number)} · {escape(row.detail)}]")  # fmt: skip
        if act.button(
            row.words, key=f"thumb_issue_{row.id}", type="primary" if first else "secondary", width="stretch"
        ):
            st.switch_page("pages/ledger/issue.py", query_params={"id": str(row.id)})


heading()
show_notices()
notices_panel(person, campaign.id)
if visits:
    forms = open_forms(person, campaign.id)
    found = villages_to_visit(person, campaign.id, size=VILLAGES_SHOWN, unfinished_only=True)
    listed = {row.village_id for row in found.rows}
    with st.grid("auto", min_column_width=320):
        for row in found.rows:
            village(row, [f for f in forms if f.village_id == row.village_id][:2])
    for form in [f for f in forms if f.village_id not in listed]:
        go_on(form)
    if not found.rows and not forms:
        empty("没有要入户的村", "抽样名单采用以后，您所在专班负责的村列在这里；都已完成的不再列出。", key="villages")
    elif found.total > len(found.rows) and st.button(f"还有 {found.total - len(found.rows)} 个村", key="more_villages"):
        st.switch_page("pages/field/households.py")

mine = waiting_for(person, campaign.id, today)
st.markdown(f"##### 待我处理 :gray[{len(mine.rows) + mine.more} 件]")
for at, row in enumerate(mine.rows):
    waiting(row, at == 0 and not visits)
if mine.more and st.button(f"另有 {mine.more} 件，到台账里看", key="more_issues", icon=":material/table:"):
    st.switch_page("pages/ledger/ledger.py")
if not mine.rows:
    empty("没有等您处理的问题", "轮到您签收、整改、验收或审批的，会列在这里。", key="issues")

others = waited_for(person, campaign.id, today)
if others:
    st.markdown("##### 等别人办的")
    rows = {
        w.label: f"{w.count} 件，" + (f"最长 {w.longest_days} 天" if w.longest_days else "今天申请") for w in others
    }
    st.table(rows, border="horizontal", width="content")
if visits and is_phone():
    with st.bottom:
        left, right = st.columns(2, wrap=False)
        if left.button("登记问题", key="thumb_raise", icon=":material/flag:", width="stretch"):
            st.switch_page("pages/ledger/raise_issue.py")
        if right.button("查户", key="thumb_search", icon=":material/search:", width="stretch"):
            st.switch_page("pages/field/households.py")
