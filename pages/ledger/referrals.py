"""移送与问责. Who: discipline, its region. Asked: the number of a problem, to record a sanction.

Shown: problems referred to 纪委监委, who was held to account, and how many by place. Of other problems only number,
place, kind and status are told.
"""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from actions.sanction import correct_sanction
from models.local_time import day_text
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from pages.home.panels import heading, work_row
from pages.ledger.inside_panel import sanction_table
from pages.ledger.referral_forms import give_sanction, sanction_texts
from pages.ledger.typed import Typed, keep_typing
from pages.ledger.verb_dialog import still_missing
from queries.referral import BriefIssue, ReferredCase, SanctionRow, problem_numbered, referred_cases, sanctions_before

CASE = "pages/ledger/referral.py"

viewer = require(Permission.SANCTION)
campaign = current_campaign()


def open_case(referral_id: int) -> None:
    """Callback."""
    st.switch_page(CASE, query_params={"id": str(referral_id)})


def cases(found: tuple[ReferredCase, ...]) -> None:
    """Those that wait for a reply first."""
    with st.container(border=True, key="box_referrals"):
        heading("移送纪委监委的问题", f"共 {len(found)} 件")
        for case in found:
            row = case.referral
            state = ":orange-badge[等回复]" if row.is_waiting else f":gray-badge[{row.answers[-1].kind.label}]"
            words = f"{case.issue.number} · {case.issue.place} · {day_text(row.referred_on)}移送，{row.document_number}"
            work_row(f"referral_{row.id}", f"{state} **{escape(case.title)}**", escape(words), "查看",
                     partial(open_case, row.id), row.is_waiting)  # fmt: skip
        if not found:
            st.markdown(":gray[还没有移送纪委监委的问题。]")


def record(typed: Typed, issue: BriefIssue) -> None:
    """Callback."""
    if attempt(lambda: give_sanction(caller(), typed, issue.id, issue.version), str):
        typed.clear()


def sanction_form() -> None:
    """A problem by its number, then what was decided."""
    with st.container(border=True, key="box_sanction"):
        heading("登记问责", "只登记人数和文号，不写姓名")
        typed = Typed.form(viewer, "sanction", campaign.id)
        number = typed.line("number", "问题编号（必填）", max_chars=40, placeholder=f"{campaign.code}-XX-0001")
        if not number:
            return
        try:
            issue = problem_numbered(viewer, campaign.id, number)
        except NotFoundOrNotYours as refused:
            st.caption(f":red[:material/error: {refused}]")
            return
        st.markdown(f"`{issue.number}` {escape(issue.place)} · {escape(issue.type_label)} · {issue.status.label}")
        missing = sanction_texts(typed)
        still_missing(missing)
        st.button("确认登记问责", type="primary", key="thumb_sanction", disabled=bool(missing), on_click=record,
                  args=(typed, issue))  # fmt: skip


def put_right(typed: Typed, row: SanctionRow) -> None:
    """Callback."""
    right, reason = int(typed.now("right", -1)), typed.now_text("reason")

    def correcting() -> str:
        correct_sanction(caller(), row.issue_id or 0, row.id, right, reason)
        return "已更正，原来那一笔留着"

    if attempt(correcting, str):
        typed.clear()


def correction(rows: tuple[SanctionRow, ...]) -> None:
    """A number of people put right; both rows stay."""
    first = {row.id: row for row in rows if row.corrects_id is None and row.issue_id is not None}
    if not first:
        return
    with st.expander("更正人数", icon=":material/edit:"):
        typed = Typed.form(viewer, "sanction", campaign.id, "correct")
        chosen = typed.choice("row", "更正哪一笔", list(first), format_func=lambda i: _words(first[i]))
        right = typed.count("right", "正确的人数（整个登记错了填 0）")
        reason = typed.text("reason", "更正理由（必填）", height=80)
        ready = chosen is not None and right is not None and len(reason) >= 2
        st.button("确认更正", key="thumb_correct", disabled=not ready, on_click=put_right,
                  args=(typed, first[chosen]) if ready else ())  # fmt: skip


def _words(row: SanctionRow) -> str:
    return f"{row.number} {row.kind} {row.stands} 人（{row.document_number}）"


def by_place(rows: tuple[SanctionRow, ...]) -> None:
    """How many people, by place and kind; equal to the figure 问责人数."""
    frame = pd.DataFrame([(row.place, row.kind, row.people) for row in rows], columns=["地方", "方式", "人"])
    table = frame.pivot_table(index="地方", columns="方式", values="人", aggfunc="sum", fill_value=0, margins=True,
                              margins_name="合计")  # fmt: skip
    with st.container(key="people_places"):
        st.table(table.astype(int).astype(str), border="horizontal")


st.html(Path(__file__).with_name("issue.css"))
st.title("移送与问责", anchor=False)
show_notices()
cases(referred_cases(viewer, campaign.id))
sanctions = sanctions_before(viewer, campaign.id)
left, right_side = st.columns([1, 1.4], gap="medium")
with left:
    sanction_form()
with right_side, st.container(border=True, key="box_outcomes"):
    heading("已登记的问责", f"共 {sum(row.people for row in sanctions)} 人")
    if sanctions:
        by_place(sanctions)
        sanction_table(sanctions, numbered=True)
        correction(sanctions)
    else:
        empty("还没有登记问责", "登记以后，人数按地方和方式列在这里。")
keep_typing()
