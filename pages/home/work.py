"""今天先办这些, 等别人办的, 最近办的: the middle of the first page for whoever works on problems."""

from datetime import date

import streamlit as st

from models.issue import Verb
from models.issue_word import short_number
from models.local_time import local_day
from pages.frame.look import empty, escape, is_phone, light_badge, status_badge
from pages.home.panels import ISSUE, LEDGER, RUNNING, heading, line, work_row
from pages.ledger.kept_list import Origin, open_from
from pages.ledger.verb_dialog import ask
from queries.handed_on import HandedOn, handed_on
from queries.own_acts import OwnAct, own_acts
from queries.today import SHOWN, WaitingIssue, waiting_for
from queries.viewer import Viewer

LISTED = "_home_listed"
"""Key in session_state: how many rows are shown."""
FORM, HOME = "pages/field/household.py", "pages/home/today.py"
NOTHING = "轮到您签收、整改、验收或审批的，会列在这里。"
MARK_ICONS = {"待签收": "draw", "被退回": "reply"}


def work(viewer: Viewer, campaign_id: int, today: date, title: str, has_first: bool = False) -> None:
    """Rows with the verb that is the viewer's. `has_first`: something above is already the first thing to do."""
    found = waiting_for(viewer, campaign_id, today, st.session_state.get(LISTED, SHOWN))
    if not found.total:
        empty("没有等您处理的问题", NOTHING, key="issues")
        return
    with st.container(border=True, key="box_work"):
        heading(title, f"最急的在前，共 {found.total:,} 件")
        for at, row in enumerate(found.rows):
            _issue(row, at == 0 and not has_first)
        if found.more:
            label = f"再看 {min(SHOWN, found.more)} 件（还有 {found.more:,} 件）"
            st.button(label, key="thumb_more_work", on_click=_more, width="stretch")


def _issue(row: WaitingIssue, is_first: bool) -> None:
    badges = [light_badge(row.light) if row.light.light in RUNNING else status_badge(row.status)]
    if row.mark:
        badges.append(f":orange-badge[:material/{MARK_ICONS[row.mark]}: {row.mark}]")
    first = f"{' '.join(badges)} **{escape(row.title)}**"
    number = short_number(row.number) if is_phone() else row.number
    second = f"{escape(number)} · {escape(row.detail)}"
    work_row(f"issue_{row.id}", first, second, row.words, lambda: _open(row), is_first)


def _open(row: WaitingIssue) -> None:
    """To the problem with the verb's dialog open; a draft is read whole before it is handed in."""
    if row.verb is not Verb.SUBMIT:
        ask(row.verb, row.id)
    open_from(Origin("我的待办", HOME), row.id)


def _more() -> None:
    st.session_state[LISTED] = st.session_state.get(LISTED, SHOWN) + SHOWN


def others(viewer: Viewer, campaign_id: int, today: date) -> None:
    """Who has it, how many, how long; each opens those rows of the ledger."""
    found = handed_on(viewer, campaign_id, today)
    with st.container(border=True, key="box_others"):
        heading("等别人办的")
        for row in found:
            line(f"other_{row.status}", row.label, _other_words(row), LEDGER, {"status": row.label})
        if not found:
            st.markdown(":gray[:small[没有在别人手里的问题。]]")


def _other_words(row: HandedOn) -> str:
    longest = f"，最长 {row.longest_days} 天" if row.longest_days else "，今天的"
    late = f":red[超期 {row.overdue} 件] · " if row.overdue else ""
    return f"{late}{escape(row.holder)} {row.count:,} 件{longest} ›"


def lately(viewer: Viewer, campaign_id: int) -> None:
    """What the person did, to come back to it."""
    acts = own_acts(viewer, campaign_id)
    if not acts:
        return
    with st.container(border=True, key="box_lately"):
        heading("最近办的")
        for at, act in enumerate(acts):
            _act(at, act)


def _act(at: int, act: OwnAct) -> None:
    day = local_day(act.at)
    label = f"{act.words} {escape(act.what)}"
    page, id_ = (ISSUE, act.issue_id) if act.issue_id is not None else (FORM, act.check_id)
    line(f"act_{at}", f"{day.month}月{day.day}日", label, page, {"id": str(id_)})
