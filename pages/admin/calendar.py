"""工作日历: which years are published, the local days, and what a new one would move."""

import streamlit as st

import clock
from actions.calendar import LocalDays, follow_published, set_days
from models.deadline import COUNTING_CONVENTION
from models.local_time import day_text, moment_text
from models.role import Permission
from pages.frame.look import empty, title
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require_any
from queries.calendar import calendar_years, overrides
from queries.deadline_move import DeadlineMove, moves_if, moves_waiting

SHOWN = 50
KINDS = {False: "放假，不上班", True: "上班"}
SEEN = "_calendar_seen"
"""Key in session_state: the last override on screen when the form was begun."""

person = require_any(Permission.SET_CALENDAR, Permission.CREATE_CAMPAIGN)
today = clock.today()
may_set = person.is_everywhere(Permission.SET_CALENDAR)
entered = overrides()


def moves_table(moves: tuple[DeadlineMove, ...]) -> None:
    """From which day to which, problem by problem."""
    rows = [
        {"编号": m.number, "问题": m.title, "责任单位": m.unit, "时限": m.rule, "现在的截止日期": day_text(m.old),
         "调整后": day_text(m.new.on) + ("（预估）" if m.new.is_estimate else "")}
        for m in moves[:SHOWN]
    ]  # fmt: skip
    st.dataframe(rows, hide_index=True, width="stretch", row_height=34, height="content")
    if len(moves) > SHOWN:
        st.caption(f"只列出前 {SHOWN} 件，共 {len(moves)} 件。")


def notice() -> LocalDays:
    """What stands in the form."""
    state = st.session_state
    return LocalDays(state.day_first, state.day_last, state.day_works, state.day_reason, state.day_document)


def save() -> None:
    """The button: enter the days, and move what is counted over them."""
    state = st.session_state
    moved = attempt(
        lambda: set_days(caller(), notice(), state[SEEN]), lambda n: f"已录入，{n} 件问题的截止日期随之调整"
    )
    if moved is not None:
        state.day_reason = state.day_document = ""
    latest = overrides()
    state[SEEN] = latest[0].id if latest else 0  # after a refusal: what was entered meanwhile stands below


def follow() -> None:
    """The button: the estimates become sure."""
    attempt(lambda: follow_published(caller()), lambda n: f"{n} 件截止日期已按公布的日历确定")


def form() -> None:
    """One notice: from which day to which, worked or not, why, by which document; and what it would move."""
    state = st.session_state
    state.setdefault(SEEN, entered[0].id if entered else 0)
    state.setdefault("day_first", today)
    state.setdefault("day_last", today)
    with st.container(border=True, key="calendar_form"):
        st.markdown("##### 录入本地调整　:gray[防汛、疫情、地方性放假等；在国务院安排之上]")
        first, last, works = st.columns(3)
        first.date_input("起", key="day_first", format="YYYY-MM-DD")
        last.date_input("止（含当天）", key="day_last", format="YYYY-MM-DD")
        works.selectbox("这些日子", list(KINDS), format_func=KINDS.get, key="day_works")
        reason, document = st.columns(2)
        reason.text_input(
            "原因", key="day_reason", max_chars=100, live="600ms", placeholder="例如 防汛应急响应期间停工"
        )
        document.text_input(
            "文号", key="day_document", max_chars=60, live="600ms", placeholder="例如 某政办发〔2022〕12号"
        )
        days = notice().days
        moves = moves_if(dict.fromkeys(days, bool(state.day_works)), today) if 0 < len(days) <= 31 else ()
        st.markdown(f"录入后将移动 **{len(moves)}** 件未销号问题的截止日期，每件留一条记录。")
        lacking = not (state.day_reason or "").strip() or not (state.day_document or "").strip()
        st.button("录入", key="day_save", type="primary", on_click=save, disabled=lacking)
        if moves:
            with st.expander(f"将移动的 {len(moves)} 件"):
                moves_table(moves)


title("工作日历", right="工作日＝本地调整 → 国务院放假安排 → 周末和固定假日（预估）")
show_notices()
st.table({str(y.year): f"{y.words}，{y.workdays} 个工作日" for y in calendar_years(today)}, border="horizontal")
st.caption(COUNTING_CONVENTION)

waiting = moves_waiting(today)
if waiting:
    with st.container(border=True, key="calendar_waiting"):
        st.markdown(f"##### 放假安排已公布，{len(waiting)} 件预估的截止日期可以确定")
        moves_table(waiting)
        if may_set:
            st.button("按公布的日历确定", key="calendar_follow", type="primary", on_click=follow)
if may_set:
    form()
st.markdown(f"##### 已录入的本地调整 :gray[{len(entered)} 天，后录入的为准]")
if entered:
    st.dataframe(
        [
            {"日期": day_text(o.day), "调整为": KINDS[o.is_workday], "原因": o.reason, "文号": o.document,
             "录入": f"{o.by}，{moment_text(o.recorded_at)}"}
            for o in entered
        ],
        hide_index=True, width="stretch", row_height=34, height="content", key="override_rows",
    )  # fmt: skip
else:
    empty("没有本地调整", "工作日按国务院放假安排计算。本地另有安排的，由领导小组办公室凭文号录入。", key="overrides")
