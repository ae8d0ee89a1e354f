"""移送与问责 of a problem, for whoever sees inside: office, leader, auditor. Units and inspectors find nothing here."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.local_time import day_text
from pages.frame.look import escape
from queries.issue import IssuePage
from queries.referral import ReferralRow, SanctionRow


def inside_panel(issue: IssuePage) -> None:
    """Nothing where there is nothing."""
    if not issue.referrals and not issue.sanctions:
        return
    with st.container(border=True, key="inside"):
        st.markdown("##### 移送与问责　:small[责任单位和检查人员看不到]")
        referral_table(issue.referrals)
        sanction_table(issue.sanctions)


def referral_table(rows: Sequence[ReferralRow]) -> None:
    """Each referral with what came back below it."""
    told: list[tuple[str, str]] = []
    for row in rows:
        waiting = " :orange-badge[等回复]" if row.is_waiting else ""
        what = f"移送**{escape(row.to)}**，{escape(row.document_number)}：{escape(row.ground)}{waiting}"
        told.append((day_text(row.referred_on), what))
        for answer in row.answers:
            number = f"，{escape(answer.document_number)}" if answer.document_number != "—" else ""
            words = f"　**{answer.kind.label}**{number}：{escape(answer.text)}（{escape(answer.by)}登记）"
            told.append((day_text(answer.answered_on), words))
    _table("referrals_told", told)


def sanction_table(rows: Sequence[SanctionRow], numbered: bool = False) -> None:
    """Each document, a correction below what it corrects; `numbered`: with the problem, where they are of several."""
    told = []
    for row in rows:
        if row.corrects_id is not None:
            what = f"　更正上一笔：**{row.people:+d} 人**，理由：{escape(row.reason)}"
        else:
            now = f"，更正后为 **{row.stands} 人**" if row.stands != row.people else ""
            number = f"{escape(row.number)} " if numbered else ""
            what = f"{number}{row.kind} **{row.people} 人**{now}，{escape(row.document_number)}"
        told.append((day_text(row.decided_on), what))
    _table("sanctions_told", told)


def _table(key: str, told: Sequence[tuple[str, str]]) -> None:
    if told:
        with st.container(key=key):
            frame = pd.DataFrame({"内容": [words for _, words in told]}, index=[day for day, _ in told])
            st.table(frame, border="horizontal", hide_header=True)
