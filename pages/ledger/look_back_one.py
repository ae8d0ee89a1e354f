"""One problem looked back at: what it was, what was done, and whether it held. Inspectors stand in the village here."""

from datetime import date

import streamlit as st

import clock
from actions.look_back import Looked, record_check
from models.evidence import EvidencePurpose
from models.issue import Verb
from models.issue_word import VerifiedHow
from models.local_time import day_text
from models.look_back import LEAST_FINDING, LookBackVerdict
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.look import escape, status_badge, title
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from pages.ledger.evidence_fields import give_evidence
from pages.ledger.kept_list import Origin, open_from
from pages.ledger.look_back_panel import verdict_badge
from pages.ledger.typed import Typed, keep_typing
from pages.ledger.verb_dialog import ask, still_missing
from queries.issue import issue_page
from queries.look_back import ItemPage, look_back_item

LIST, ONE = "pages/ledger/look_back.py", "pages/ledger/look_back_one.py"

viewer = require(Permission.SEE_LEDGER)
today = clock.today()


def asked_item() -> ItemPage:
    """The one the address names. Says the same of an unknown one and of somebody else's, and stops."""
    asked = st.query_params.get("id", "")
    try:
        return look_back_item(viewer, int(asked) if asked.isdecimal() and len(asked) < 18 else 0)
    except NotFoundOrNotYours as refused:
        title("打不开这条回头看问题")
        st.write(str(refused))
        st.page_link(LIST, label="返回回头看", icon=":material/arrow_back:")
        st.stop()


def form() -> None:
    """The verdict: one of three, how, when, what was seen, photos."""
    typed = Typed.form(viewer, "look_back", item.row.id)
    st.markdown("##### 这次看到什么")
    verdicts = [v.value for v in LookBackVerdict]
    chosen = typed.one_of("verdict", "结论（必填）", verdicts, format_func=lambda v: LookBackVerdict(v).label)
    if chosen:
        st.caption(LookBackVerdict(chosen).meaning)
    ways = [how.value for how in VerifiedHow]
    how = typed.one_of("how", "怎么核查的（必填）", ways, VerifiedHow.ON_SITE.value,
                       format_func=lambda v: VerifiedHow(v).label)  # fmt: skip
    day = typed.day("looked_on", "核查日期（必填）", today, max_value=today)
    finding = typed.text("finding", "核查情况（必填）", height=120, max_chars=2000,
                         placeholder="到了哪几户、看了什么、和销号时说的一样不一样")  # fmt: skip
    given = (("结论", chosen), ("怎么核查的", how), ("核查日期", day),
             (f"核查情况（不少于 {LEAST_FINDING} 个字）", len(finding) >= LEAST_FINDING))  # fmt: skip
    missing = [word for word, there in given if not there]
    with st.expander("上传照片或材料", icon=":material/add_a_photo:"):
        give_evidence(issue_page(viewer, item.row.issue_id, today), EvidencePurpose.LOOK_BACK, place="look_back")
    still_missing(missing)
    st.button("登记结论", type="primary", width="stretch", icon=":material/history:", key="thumb_record",
              disabled=bool(missing), on_click=record, args=(typed,))  # fmt: skip


def record(typed: Typed) -> None:
    """Callback: once; what another tab recorded meanwhile is told."""
    day = typed.now("looked_on", today)

    def act() -> str:
        looked = Looked(
            LookBackVerdict(typed.now("verdict", "")), VerifiedHow(typed.now("how", VerifiedHow.ON_SITE.value)),
            day if isinstance(day, date) else date.fromisoformat(day), typed.now_text("finding"),
        )  # fmt: skip
        record_check(caller(), item.row.id, looked, len(item.checks))
        return f"已登记：{looked.verdict.label}"

    if attempt(act, lambda sentence: sentence) is not None:
        typed.clear()


def reopen() -> None:
    """Callback: to the problem, its dialog open with what was found."""
    ask(Verb.REOPEN, item.row.issue_id)
    open_from(Origin("回头看", ONE, {"id": str(item.row.id)}), item.row.issue_id)


def way_in() -> None:
    """Callback: to the problem."""
    open_from(Origin("回头看", ONE, {"id": str(item.row.id)}), item.row.issue_id)


item = asked_item()
row = item.row
st.page_link(LIST, label="返回回头看", icon=":material/arrow_back:")
title(escape(row.title))
st.markdown(f"`{row.number}` {status_badge(row.status)}")
show_notices()
with st.container(border=True, key="was"):
    st.markdown("##### 当时的问题和整改")
    st.markdown(escape(item.facts).replace("\n", "  \n"))
    st.caption(escape(f"{row.place} · {row.responsible_unit} · {row.campaign}"))
    if item.measures:
        st.markdown(f"整改措施：{escape(item.measures)}")
    st.button(f"看全部经过 {row.number} ›", key="thumb_issue", type="tertiary", on_click=way_in)
for check in item.checks:
    with st.container(border=True, key=f"check_{check.at.timestamp():.0f}"):
        st.markdown(f"{verdict_badge(check)} {escape(check.finding)}")
        st.caption(escape(f"{day_text(check.looked_on)} · {check.how.label} · {check.who}"))
if item.checks and item.checks[0].verdict.leads_to_reopening and item.may_reopen:
    st.button("回头看重开", type="primary", icon=":material/history:", key="thumb_reopen", on_click=reopen)
if item.may_check:
    with st.container(border=True, key="look_form"):
        form()
elif item.blocked:
    st.caption(f":material/lock: {item.blocked}")
keep_typing()
