"""到期提醒: the day's reminder, at the top of 我的待办 until it is read. Nothing where there is nothing."""

from functools import partial

import streamlit as st

import clock
from actions.digest import mark_digests_read
from models.issue import Verb
from models.issue_word import short_number
from pages.frame.look import escape, is_phone, light_badge
from pages.frame.notice import attempt
from pages.frame.who import caller
from pages.home.panels import heading
from pages.ledger.kept_list import Origin, open_from
from pages.ledger.verb_dialog import ask
from queries.digest import DigestPage, DigestRow, own_digest
from queries.viewer import Viewer

HOME = "pages/home/today.py"
SHOWN, SHOWN_ON_A_PHONE = 5, 3


def digest_panel(viewer: Viewer, campaign_id: int) -> None:
    """How many are overdue and how many come due; whoever may takes the step a problem has come to."""
    found = own_digest(viewer, campaign_id, clock.today())
    if not found.rows:
        return
    with st.container(border=True, key="box_digest"):
        with st.container(horizontal=True, wrap=False, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch"):
                heading("今天的到期提醒", _words(found))
            st.button("知道了", key="thumb_digest_read", type="tertiary", on_click=_read, args=(campaign_id,))
        shown = SHOWN_ON_A_PHONE if is_phone() else SHOWN
        for row in found.rows[:shown]:
            _line(viewer, row)
        rest = found.rows[shown:]
        if rest:
            with st.expander(f"其余 {len(rest)} 件"):
                for row in rest:
                    _line(viewer, row)


def _words(found: DigestPage) -> str:
    soon, steps = len(found.rows) - found.overdue, sum(bool(row.step) for row in found.rows)
    parts = (
        f"超期 {found.overdue} 件" if found.overdue else "",
        f"快到期 {soon} 件" if soon else "",
        f"到了升级措施的 {steps} 件" if steps else "",
    )
    return "，".join(filter(None, parts))


def _line(viewer: Viewer, row: DigestRow) -> None:
    """On a desk the facts and the way on; on a phone one line that is the way on."""
    step = f" :violet-badge[{escape(row.step)}]" if row.step else ""
    proxy = f" :gray[代{escape(row.stands_in_for)}]" if row.stands_in_for else ""
    unit = "" if row.responsible_unit == viewer.unit_name else f" :gray[{escape(row.responsible_unit)}]"
    facts = f"{light_badge(row.light)}{step} {escape(short_number(row.number))} **{escape(row.title)}**"
    takes = bool(row.step) and viewer.may(Verb.SUPERVISE.permission)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line_due_{row.issue_id}"):
        if is_phone():
            pressed = st.button(f"{facts}{proxy} ›", key=f"due_{row.issue_id}", type="tertiary", width="stretch")
        else:
            st.markdown(f"{facts}{unit}{proxy}", width="stretch")
            label = f"办理{row.step}" if takes else "去看"
            pressed = st.button(label, key=f"due_{row.issue_id}", type="tertiary")
    if pressed:
        if takes:
            ask(Verb.SUPERVISE, row.issue_id)
        open_from(Origin("我的待办", HOME), row.issue_id)


def _read(campaign_id: int) -> None:
    attempt(partial(mark_digests_read, caller(), campaign_id))
