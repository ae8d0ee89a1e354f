"""时间表与任务书: the stages of the campaign, and who owes which task until when."""

import streamlit as st

import clock
from models.campaign_work import ALLOWED, CampaignWork
from models.local_time import day_text
from models.role import Permission
from pages.admin.stage_form import STAGE
from pages.admin.task_done import finish_dialog, may_finish, offer_finish
from pages.admin.task_form import TASK
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, title
from pages.frame.notice import show_notices
from pages.frame.who import require
from queries.schedule import StageRow, TaskRow, stages, tasks

person = require(Permission.SEE_SCHEDULE)
campaign, today = current_campaign(), clock.today()
is_live = CampaignWork.PLAN in ALLOWED[campaign.state]
may_set = is_live and person.is_everywhere(Permission.SET_SCHEDULE)
WHICH = {"open": "未办结", "late": "超期", "done": "已办结", "all": "全部"}
TINTS = {"□": "gray", "◇": "blue", "■": "green", "○": "gray", "△": "orange", "▲": "red"}


def badge(words: str) -> str:
    """Markdown: symbol and word, tinted."""
    return f":{TINTS[words[0]]}-badge[{words}]"


def stage_card(row: StageRow) -> None:
    """One stage: which, from when to when, where today lies."""
    with st.container(border=True, key=f"stage_{row.number}"):
        st.markdown(
            f"第 {row.order} 阶段　{badge(row.words(today))}  \n**{escape(row.name)}**  \n"
            f":gray[{day_text(row.starts_on)}至{day_text(row.ends_on)}]"
        )
        if may_set:
            st.button("修改", key=f"thumb_stage_{row.number}", on_click=STAGE.ask, args=(row,))


def task_line(row: TaskRow) -> None:
    """One task: what, who, until when, and how it stands."""
    with st.container(border=True, key=f"task_{row.number}"):
        facts, act = st.columns([5, 1.6], vertical_alignment="center")
        who = "　".join(escape(w) for w in (row.unit_name, row.person_in_charge) if w)
        done = f" · {escape(row.done_by)}登记" if row.done_by else ""
        note = f"  \n{escape(row.done_note)}" if row.done_note else ""
        facts.markdown(
            f"{badge(row.words(today))} **{escape(row.what)}**  \n:gray[{who} · {day_text(row.due)}前{done}]{note}"
        )
        with act.container(horizontal=True, horizontal_alignment="right"):
            if is_live and may_finish(person, row):
                word = "取消办结" if row.done_on else "办结"
                st.button(word, key=f"thumb_finish_{row.number}", on_click=offer_finish, args=(row,))
            if may_set and row.done_on is None:
                st.button("修改", key=f"thumb_task_{row.number}", on_click=TASK.ask, args=(row,))


title("时间表与任务书", right=f"{escape(campaign.name)} · {campaign.state.label}")
show_notices()
table, owed = stages(campaign.id), tasks(person, campaign.id)

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.markdown(f"##### 时间表 :gray[{len(table)} 个阶段，{day_text(campaign.rectify_by)}前整改到位]", width="content")
    if may_set:
        st.button("加一个阶段", key="stage_new", icon=":material/add:", on_click=STAGE.ask)
if table:
    with st.grid("auto", min_column_width=240):
        for stage in table:
            stage_card(stage)
else:
    empty("还没有时间表", "领导小组办公室按实施方案逐段登记：名称、开始、结束。各段首尾相接，不重叠。", key="stages")

kinds = {
    "open": [t for t in owed if t.done_on is None], "late": [t for t in owed if t.is_overdue(today)],
    "done": [t for t in owed if t.done_on is not None], "all": list(owed),
}  # fmt: skip
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.markdown("##### 任务书", width="content")
    which = st.segmented_control(
        "看哪些", list(WHICH), format_func=lambda k: f"{WHICH[k]} {len(kinds[k])}", default="open", required=True,
        label_visibility="collapsed", key="task_which", bind="query-params",
    )  # fmt: skip
    if may_set:
        st.button("加一项任务", key="task_new", icon=":material/add:", on_click=TASK.ask)
for task in kinds[which or "open"]:
    task_line(task)
if not kinds[which or "open"]:
    why = (
        "任务写明做什么、归谁、何时前完成。"
        if not owed
        else f"您能看到的 {len(owed)} 项任务里没有“{WHICH[which or 'open']}”的。"
    )
    empty("没有要列出的任务", why, key="tasks")

STAGE.dialog(campaign.id)
TASK.dialog(campaign.id)
finish_dialog(campaign.id)
