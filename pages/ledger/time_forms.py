"""Time in dialogs: the unit asks for more of it, the office decides."""

from datetime import date, timedelta

import streamlit as st

import clock
from actions import extension
from actions.transaction import Caller
from models.deadline import day_note
from models.local_time import day_text
from models.refusal import Refused
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from queries.calendar import working_calendar
from queries.issue import IssuePage
from queries.viewer import Viewer

GRANT, REFUSE = "同意延期", "不同意"
ONE_DAY = timedelta(days=1)


def extend_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """The new date, why, and what is done so far."""
    until = _day_field(typed, "until", "延至哪天（必填）", issue)
    reason = typed.text("reason", "延期理由（必填）", height=90, placeholder="为什么到期办不完，不少于 5 个字")
    progress = typed.text(
        "progress", "目前进展（必填）", issue.duty.progress, height=90, placeholder="已办成什么，还差什么"
    )
    given = (("延至哪天", until), ("延期理由，不少于 5 个字", len(reason) >= 5), ("目前进展", len(progress) >= 2))
    return [word for word, is_given in given if not is_given]


def extend_time(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    more = extension.MoreTime(_day_now(typed, "until"), typed.now_text("reason"), typed.now_text("progress"))
    extension.extend(caller, issue.id, more, version)
    return "延期申请已报送，等办公室决定"


def decide_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """Granted, until when, or refused; why."""
    choice = typed.one_of("decision", "决定", (GRANT, REFUSE))
    missing = [] if choice else ["同意还是不同意"]
    if choice == GRANT:
        asked = issue.more_time.until if issue.more_time else None
        missing += [] if _day_field(typed, "granted", "延至哪天（必填）", issue, asked) else ["延至哪天"]
    reason = typed.text("reason", "理由（必填）", height=90, placeholder="责任单位能看到")
    return missing + ([] if len(reason) >= 2 else ["理由"])


def decide_on_time(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    until = _day_now(typed, "granted") if typed.now("decision") == GRANT else None
    granted = extension.decide_extension(
        caller, issue.id, extension.TimeDecision(until, typed.now_text("reason")), version
    )
    return f"已同意延期，时限改为 {day_text(granted)}" if granted else "已不同意延期，时限不变"


def _day_field(typed: Typed, field: str, label: str, issue: IssuePage, otherwise: date | None = None) -> date | None:
    """A date after the deadline in force; what kind of day it is stands below."""
    first = max(clock.today(), (issue.duty.deadline or clock.today()) + ONE_DAY)
    day = typed.day(field, label, otherwise if otherwise and otherwise >= first else None, min_value=first)
    if day is not None:
        calendar = working_calendar()
        more = calendar.workdays_between(issue.duty.deadline, day) if issue.duty.deadline else 0
        note = day_note(day, calendar)
        st.caption(f"比现在的时限多 {more} 个工作日。" + (f":orange[{note}。]" if note else ""))
    return day


def _day_now(typed: Typed, field: str) -> date:
    value = typed.now(field)
    if value is None:
        raise Refused("请填写延至哪天。")
    return date.fromisoformat(value) if isinstance(value, str) else value
