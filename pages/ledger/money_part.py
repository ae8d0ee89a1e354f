"""钱: both directions and the treasury, what is due, done and open; every movement with its voucher below."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.local_time import day_text, local_day
from models.money import yuan
from pages.frame.look import escape
from queries.issue import IssuePage
from queries.issue_money import MoneyLine, MovementRow


def money_part(issue: IssuePage, phone: bool) -> None:
    """What stands in 发现了什么 of the money; nothing where none is due."""
    lines = [line for line in (*issue.money, issue.treasury) if line.due_cents or line.done_cents]
    if not lines:
        st.caption("本件不涉及追缴或补发。")
        return
    st.markdown("##### 钱：两个方向")
    if phone:
        words = [
            f"{line.label} **{yuan(line.due_cents)}**，已办 {yuan(line.done_cents)} {_badge(line)}" for line in lines
        ]
        st.markdown("  \n".join(words))
    else:
        _table((*issue.money, issue.treasury) if issue.treasury in lines else issue.money)
    if issue.movements:
        with st.expander(f"逐笔登记 {len(issue.movements)} 笔", icon=":material/receipt_long:"):
            _movements(issue.movements)
    if issue.is_partial:
        st.markdown(f":orange[:material/info: 部分整改销号：{escape(issue.partial_reason) or '未写理由'}]")
    elif issue.partial_reason:
        st.caption(f"销号时钱未办清（{escape(issue.partial_reason)}），现已全部办清。")


def _table(lines: Sequence[MoneyLine]) -> None:
    frame = pd.DataFrame(
        {
            "方向": [line.label for line in lines],
            "应办（元）": [yuan(line.due_cents) for line in lines],
            "已办（元）": [yuan(line.done_cents) for line in lines],
            "未办（元）": [f"**{yuan(line.open_cents)}**" if line.open_cents else "0.00" for line in lines],
            "状态": [_badge(line) for line in lines],
            "凭证": [escape("、".join(line.vouchers)) or "—" for line in lines],
        }
    )
    with st.container(key="money"):
        st.table(frame, border="horizontal", hide_index=True)


def _movements(rows: Sequence[MovementRow]) -> None:
    """One a line: a correction under what it corrects, with its reason; a voucher of two problems is said."""
    told = [_told(row) for row in rows]
    index = [day_text(row.moved_on) for row in rows]
    with st.container(key="movements"):
        st.table(pd.DataFrame({"逐笔": told}, index=index), border="horizontal", hide_header=True)


def _told(row: MovementRow) -> str:
    by = f"{escape(row.by)}，{day_text(local_day(row.recorded_at))}登记"
    if row.corrects_id is not None:
        return f"　更正上一笔：**{yuan(row.amount_cents)} 元**，理由：{escape(row.reason)}（{by}）"
    now = f"，更正后为 **{yuan(row.stands_cents)} 元**" if row.stands_cents != row.amount_cents else ""
    source = "，出自追回的钱" if row.is_reissued else ""
    named = "、".join(escape(number) for number in row.also_in) or "另一条问题"
    twice = f" :red[▲ 凭证还登记在 {named}]" if row.also_elsewhere else ""
    what = f"{row.direction.label} **{yuan(row.amount_cents)} 元**{now}{source}"
    return f"{what}，凭证 {escape(row.voucher)}（{by}）{twice}"


def _badge(line: MoneyLine) -> str:
    if not line.due_cents:
        return ":gray-badge[无]"
    colour, icon = ("green", "check_circle") if not line.open_cents else ("red", "pending")
    return f":{colour}-badge[:material/{icon}: {line.state}]"
