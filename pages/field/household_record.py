"""A household form that is not being filled: what was handed in, the problems raised from it, and giving it back."""

import streamlit as st

from actions.household_check import LEAST_REASON, LONGEST_REASON, return_check
from models.check_form import FormLine
from models.household_check import Verdict
from models.local_time import day_text, moment_text
from models.role import Permission
from pages.field.household_cards import amount, person_line
from pages.field.photos import photo_strip
from pages.field.raised import OPEN_ISSUE, raise_and_open
from pages.frame.look import escape, status_badge
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.household_check import CheckView
from queries.viewer import Viewer

GIVEN_BACK = "_given_back"
"""Key in session_state: id and version of the form that was given back last."""


def record(view: CheckView, viewer: Viewer) -> None:
    """The visit, then each person with the lines as they were handed in."""
    if st.session_state.get(OPEN_ISSUE):
        st.switch_page("pages/ledger/issue.py", query_params={"id": str(st.session_state.pop(OPEN_ISSUE))})
    _visit(view)
    may_raise = viewer.may(Permission.RAISE) and viewer.may(Permission.FILL_CHECK)
    for person in view.people:
        person_line(person)
        if not person.lines:
            st.caption("无发放记录，没有登记项目。")
        for line in person.lines:
            _line(view, line, may_raise)
    _photos(view)
    if view.may_return and st.button("退回这张表", icon=":material/reply:", key="return_form"):
        give_back(view)


def _visit(view: CheckView) -> None:
    head = view.head
    rows = {
        "入户结果": head.outcome.label if head.outcome else "—",
        "入户日期": day_text(head.visited_on),
        "受访人": head.interviewee or "—",
        "同行检查人员": view.second_name or "—",
        "提交": f"{view.handed_in_by}，{moment_text(view.handed_in_at)}" if view.handed_in_at else "还没有提交",
    }
    if head.outcome is not None and not head.outcome.is_finished:
        st.info("没有见到群众，没有核对补贴，这一户不计入已检查。", icon=":material/info:")
    st.table({key: escape(text) for key, text in rows.items()}, border="horizontal")


def _line(view: CheckView, line: FormLine, may_raise: bool) -> None:
    with st.container(border=True, key=f"record_{view.id}_{line.key.field('card')}"):
        st.markdown(f"**{escape(line.item_name)}** :gray[{line.key.year}年]　{_verdict(line)}")
        with st.container(horizontal=True, wrap=False):
            amount("清册应发", line.listed_cents)
            amount("到账实发", line.received_cents)
            amount("群众自述", line.said_cents)
        if line.note:
            st.caption(escape(line.note))
        _issue(view, line, may_raise)


def _verdict(line: FormLine) -> str:
    if line.verdict is None:
        return ":orange-badge[○ 待核]"
    colour = {Verdict.MATCHES: "green", Verdict.UNREACHED: "gray"}.get(line.verdict, "red")
    icon = {Verdict.MATCHES: "check", Verdict.UNREACHED: "help"}.get(line.verdict, "flag")
    return f":{colour}-badge[:material/{icon}: {line.verdict.label}]"


def _issue(view: CheckView, line: FormLine, may_raise: bool) -> None:
    raised = view.issues.get(line.line_id or 0)
    if raised is not None:
        words = f"已登记为问题 {raised.number}" if raised.number else "已起草为问题，还没有提交"
        what = f"{words}　{status_badge(raised.status)}"
        if raised.id is None:
            st.markdown(f"{what}　:gray[由同事登记]")
        else:
            st.markdown(what)
            if st.button(
                "打开这个问题", key=f"open_issue_{line.line_id}", type="tertiary", icon=":material/arrow_forward:"
            ):
                st.switch_page("pages/ledger/issue.py", query_params={"id": str(raised.id)})
    elif line.line_id is not None and line.is_flagged and may_raise:
        st.button(
            "登记问题",
            key=f"raise_{line.line_id}",
            icon=":material/flag:",
            on_click=raise_and_open,
            args=(line.line_id,),
        )


def _photos(view: CheckView) -> None:
    if view.photos:
        st.markdown(f"**照片 {len(view.photos)} 张**")
        photo_strip(view.photos)


@st.dialog("退回这张表")
def give_back(view: CheckView) -> None:
    """The consequence first, then the reason."""
    if st.session_state.get(GIVEN_BACK) == (view.id, view.version):
        st.rerun()
    show_notices()
    st.write(f"{view.number}户退回检查组修改，已填内容保留；退回期间这一户不计入已检查。")
    reason = st.text_input(
        f"退回原因（不少于 {LEAST_REASON} 个字）", key=f"return_reason_{view.id}", max_chars=LONGEST_REASON,
        live="400ms", placeholder="哪一人、哪一项要重核",
    )  # fmt: skip
    st.button(
        "确认退回", type="primary", key="confirm_return", disabled=len(reason.strip()) < LEAST_REASON,
        on_click=_give_back, args=(view, reason.strip()),
    )  # fmt: skip


def _give_back(view: CheckView, reason: str) -> None:
    """Once: a second click finds it done."""
    this = (view.id, view.version)
    if st.session_state.get(GIVEN_BACK) == this:
        return
    if attempt(lambda: return_check(caller(), view.id, reason, view.version) or True, "已退回检查组"):
        st.session_state[GIVEN_BACK] = this
