"""问题详情: what was found, what was done, whose turn it is, and what one may do now."""

from pathlib import Path

import streamlit as st

import clock
from models.issue import Verb
from models.issue_word import Handling, IssueStatus
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.look import escape, is_phone, light_badge, status_badge
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.ledger.discard import discard_part, leave_discarded
from pages.ledger.inside_panel import inside_panel
from pages.ledger.issue_facts import carried_lines, contest_panel, evidence_panel, found_panel, history_panel
from pages.ledger.issue_panel import duty_panel, time_panel, turn_bar, turn_panel, turn_words
from pages.ledger.issue_print import make_paper, open_paper
from pages.ledger.kept_list import back, back_to_list, kept_list, open_issue
from pages.ledger.link_panel import link_panel
from pages.ledger.look_back_panel import look_back_panel
from pages.ledger.measure_panel import measure_panel
from pages.ledger.place_panel import place_panel
from pages.ledger.repeat_panel import repeat_badge, repeat_panel
from pages.ledger.typed import keep_typing
from pages.ledger.verb_dialog import is_asking, verb_dialog
from queries.issue import IssuePage, issue_page
from queries.ledger import LedgerSpot, ledger_spot

STYLE = Path(__file__).with_name("issue.css")

viewer = require(Permission.SEE_LEDGER)


def asked_issue() -> IssuePage:
    """The problem the address names. Says the same of an unknown one and of somebody else's, and stops."""
    asked = st.query_params.get("id", "")
    try:
        return issue_page(viewer, int(asked) if asked.isdecimal() and len(asked) < 18 else 0, clock.today())
    except NotFoundOrNotYours as refused:
        st.title("打不开这条问题", anchor=False)
        st.write(str(refused))
        st.button("返回台账", icon=":material/arrow_back:", on_click=back_to_list)
        st.stop()


def top_line(spot: LedgerSpot, issue_id: int) -> None:
    """The way back, named; the neighbours in the list; the printer."""
    kept = kept_list()
    view = kept.wanted.view.label
    place = f"{view} {spot.total} 件中的第 {spot.position} 件" if spot.position else f"{view} {spot.total} 件"
    words = f"返回{kept.origin.name}" if kept.origin else f"返回台账（{place}）"
    with st.container(horizontal=True, horizontal_alignment="distribute", key="noprint_top_line"):
        st.button(words, icon=":material/arrow_back:", type="tertiary", on_click=back, key="back")
        if is_phone():
            return
        with st.container(horizontal=True, width="content"):
            if kept.origin is None:
                _neighbour("上一件", "chevron_left", spot.previous_id, "left")
                _neighbour("下一件", "chevron_right", spot.next_id, "right")
            st.button(
                "打印", icon=":material/print:", type="tertiary", on_click=make_paper, args=(issue_id,), key="print"
            )


def _neighbour(label: str, icon: str, issue_id: int | None, side: str) -> None:
    st.button(
        label, icon=f":material/{icon}:", icon_position=side, type="tertiary", disabled=issue_id is None,  # type: ignore[arg-type]
        on_click=open_issue, args=(issue_id,), key=f"to_{side}",
    )  # fmt: skip


def head(issue: IssuePage) -> None:
    """The sentence, then number, status, light and what else marks it."""
    with st.container(key="issue_title"):
        st.title(escape(issue.title), anchor=False)
    badges = [f"`{issue.number}`", status_badge(issue.status)]
    if issue.status not in (IssueStatus.CLOSED, IssueStatus.DISMISSED) and not issue.case.carried_to:
        badges.append(light_badge(issue.light))
    if issue.dismissal_pending:
        what = "拟并案" if issue.case.proposed is Verb.MERGE else "拟查否"
        badges.append(f":orange-badge[{what}，待另一人决定]")
    if issue.listing is not None:
        badges.append(":red-badge[:material/flag: 挂牌督办]")
        if issue.listing.missed:
            badges.append(f":red-badge[:material/report: {issue.listing.missed}]")
    if issue.case.handling is Handling.DIRECT:
        badges.append(":blue-badge[:material/engineering: 直查直办]")
    if issue.case.is_contested:
        badges.append(":orange-badge[:material/gavel: 申辩待答复]")
    if issue.round > 1:
        badges.append(f":violet-badge[:material/history: 回头看第 {issue.round} 轮]")
    if issue.is_partial:
        badges.append(":orange-badge[:material/pending: 部分整改]")
    if issue.requested_on is not None:
        badges.append(f":gray-badge[第 {issue.requests} 次申请]")
    if issue.repeats.total:
        badges.append(repeat_badge(issue.repeats))
    if issue.carry is not None:
        badges.append(f":gray-badge[:material/move_item: {'已结转' if issue.carry.to else '列入遗留清单'}]")
    st.markdown(" ".join([*badges, f":gray-badge[{escape(issue.type_label)}]"]))
    carried_lines(issue)


leave_discarded()
issue = asked_issue()
st.html(STYLE)
top_line(ledger_spot(viewer, issue.campaign_id, kept_list().wanted, clock.today(), issue.id), issue.id)
open_paper()
head(issue)
if not is_asking(issue.id):
    show_notices()
if is_phone():
    turn_words(issue)
    found_panel(issue, True)
    repeat_panel(issue.repeats, issue.common)
    look_back_panel(issue.look_backs)
    duty_panel(issue)
    measure_panel(issue, True)
    contest_panel(issue)
    place_panel(issue, True)
    link_panel(issue)
    evidence_panel(issue)
    time_panel(issue)
    inside_panel(issue)
    history_panel(issue)
    discard_part(issue)
    turn_bar(issue)
else:
    left, right = st.columns([2.08, 1], gap="medium")
    with left:
        found_panel(issue, False)
        measure_panel(issue, False)
        contest_panel(issue)
        repeat_panel(issue.repeats, issue.common)
        look_back_panel(issue.look_backs)
        place_panel(issue, False)
        link_panel(issue)
        evidence_panel(issue)
        inside_panel(issue)
        history_panel(issue)
    with right:
        turn_panel(issue)
        discard_part(issue)
        duty_panel(issue)
        time_panel(issue)
verb_dialog(viewer, issue)
keep_typing()
