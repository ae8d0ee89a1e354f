"""Measures in dialogs: asked for on assignment, one a row; added and done by the unit."""

from datetime import date
from itertools import count, takewhile

import streamlit as st

import clock
from actions import measure
from actions.transaction import Caller
from models.deadline import day_note
from models.issue_word import Nature
from models.local_time import day_text
from models.measure import LEAST_STEPS, MOST, MOST_TEXT, MeasurePlan
from models.refusal import Refused
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.calendar import working_calendar
from queries.issue import IssuePage
from queries.measure import MeasureRow
from queries.viewer import Viewer

INTENDED, DONE_TOO = "新增一项（准备办）", "新增一项（已经办成）"


def plan_fields(typed: Typed, nature: Nature) -> Missing:
    """A row a measure, and always one empty row more; 分阶段整改 asks for days."""
    staged = nature is Nature.STAGED
    st.markdown("**各阶段**（每步一行，至少两步，各有日期）" if staged else "**措施清单**（一项一行，可以不列）")
    for number in range(1, min(len(plans_now(typed)) + 1, MOST) + 1):
        left, right = st.columns([2.4, 1])
        with left:
            hint = "这一步办成什么" if staged else "要办成什么"
            typed.line(f"plan{number}", f"第 {number} 项", max_chars=MOST_TEXT, placeholder=hint)
        with right:
            day = typed.day(f"plan{number}_due", f"第 {number} 项应完成", min_value=clock.today())
        _say_rest_day(day)
    days = {plan.due for plan in plans_now(typed) if plan.due}
    return ["至少两步，各有不同的日期"] if staged and len(days) < LEAST_STEPS else []


def plans_now(typed: Typed) -> tuple[MeasurePlan, ...]:
    """The rows at this moment, down to the first empty one."""
    texts = takewhile(lambda row: row[1], ((n, typed.now_text(f"plan{n}")) for n in count(1)))
    return tuple(MeasurePlan(text, _day(typed.now(f"plan{n}_due"))) for n, text in texts)


def measure_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Which measure; when it was done, and what."""
    ways = {f"{m.line}": _named(m) for m in issue.measures if m.done_on is None}
    ways |= {INTENDED: INTENDED, DONE_TOO: DONE_TOO}
    way = typed.choice("which", "哪一项（必填）", list(ways), format_func=lambda w: ways[w])
    if way is None:
        return ["哪一项"]
    missing = []
    if way in (INTENDED, DONE_TOO):
        text = typed.line("text", "措施（必填）", max_chars=MOST_TEXT, placeholder="要办成什么，不少于 2 个字")
        missing += [] if len(text) >= 2 else ["措施"]
    if way == INTENDED:
        _say_rest_day(typed.day("due", "应完成日期（可不填）", min_value=clock.today()))
        return missing
    on = typed.day("on", "完成日期（必填）", clock.today(), max_value=clock.today())
    done = typed.text("done", "怎么办的（必填）", height=90, placeholder="办成了什么，涉及几户、多少钱，有什么凭据")
    return missing + ([] if on else ["完成日期"]) + ([] if len(done) >= 2 else ["怎么办的"])


def write_measure(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    way = typed.now_text("which")
    if not way:
        raise Refused("请选择哪一项措施。")
    if way == INTENDED:
        plan = MeasurePlan(typed.now_text("text"), _day(typed.now("due")))
        measure.add_measure(caller, issue.id, plan, version=version)
        return "措施已加入清单"
    done = measure.MeasureDone(_day(typed.now("on")) or clock.today(), typed.now_text("done"))
    if way == DONE_TOO:
        measure.add_measure(caller, issue.id, MeasurePlan(typed.now_text("text")), done, version)
        return "已办成的措施已记入清单"
    measure.finish_measure(caller, issue.id, int(way), done, version)
    return "已填报完成"


def _named(row: MeasureRow) -> str:
    due = f"（应于 {day_text(row.due)} 前完成）" if row.due else ""
    return f"完成第 {row.number} 项：{row.text}{due}"


def _say_rest_day(day: date | None) -> None:
    note = day_note(day, working_calendar()) if day else ""
    if note:
        st.caption(f":orange[{note}。]")


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
