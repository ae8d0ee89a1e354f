"""长期坚持 in dialogs: its reviews are set on assignment, and held by the office."""

from datetime import date, timedelta

import streamlit as st

import clock
from actions import review
from actions.transaction import Caller
from models.deadline import day_note
from models.local_time import day_text
from models.refusal import Refused
from models.review import LONGEST_INTERVAL, MOST_REVIEWS, ReviewOrder
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.calendar import working_calendar
from queries.issue import IssuePage
from queries.viewer import Viewer

HELD, NOT_HELD = "保持住了", "没有保持"
FIRST_AFTER, EVERY, TIMES = timedelta(days=30), 30, 3
ONE_DAY = timedelta(days=1)


def reviews_fields(typed: Typed) -> Missing:
    """First day, interval, how many must hold."""
    st.caption("长期坚持的问题没有整改时限，由办公室按期复核；保持够次数后，责任单位才能申请销号。")
    left, middle, right = st.columns(3)
    with left:
        first = typed.day("first", "首次复核（必填）", _usual_first(), min_value=clock.today() + ONE_DAY)
    with middle:
        every = typed.count("every", "以后每隔几天（必填）", EVERY, least=1, max_value=LONGEST_INTERVAL)
    with right:
        times = typed.count("times", "须保持几次（必填）", TIMES, least=1, max_value=MOST_REVIEWS)
    _say_rest_day(first)
    given = (("首次复核日期", first), ("复核间隔", every), ("复核次数", times))
    return [word for word, value in given if not value]


def reviews_now(typed: Typed) -> ReviewOrder:
    """What stands in the fields at this moment."""
    first = _day(typed.now("first", _usual_first()))
    if first is None:
        raise Refused("请填写首次复核日期。")
    return ReviewOrder(first, int(typed.now("every", EVERY)), int(typed.now("times", TIMES)))


def review_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Held or not, what was found, when again."""
    choice = typed.one_of("held", "整改成效", (HELD, NOT_HELD))
    text = typed.text("reason", "复核发现（必填）", height=100, placeholder="看了什么、问了谁、结果怎样，不少于 5 个字")
    missing = ([] if choice else ["整改成效"]) + ([] if len(text) >= 5 else ["复核发现，不少于 5 个字"])
    if choice == HELD and issue.reviews is not None and issue.reviews.held + 1 >= issue.reviews.times:
        st.caption(f"这是第 {issue.reviews.times} 次保持：复核期满，责任单位可以申请销号。")
        return missing
    day = typed.day("next", "下次复核（必填）", _usual_next(issue), min_value=clock.today() + ONE_DAY)
    _say_rest_day(day)
    return missing + ([] if day else ["下次复核日期"])


def write_review(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    held = typed.now("held") == HELD
    day = _day(typed.now("next", _usual_next(issue)))
    then = review.review(caller, issue.id, review.ReviewDone(held, typed.now_text("reason"), day), version)
    return f"已记入，下次复核 {day_text(then)}" if then else "已记入，复核期满，责任单位可以申请销号"


def _usual_first() -> date:
    return working_calendar().workday_from(clock.today() + FIRST_AFTER)[0]


def _usual_next(issue: IssuePage) -> date:
    days = issue.reviews.every_days if issue.reviews else EVERY
    return working_calendar().workday_from(clock.today() + timedelta(days=days))[0]


def _say_rest_day(day: date | None) -> None:
    note = day_note(day, working_calendar()) if day else ""
    if note:
        st.caption(f":orange[{note.replace('时限', '复核')}。]")


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
