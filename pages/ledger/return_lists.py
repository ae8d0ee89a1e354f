"""The cells of a returned ledger: changes problem by problem, conflicts and refused ones apart."""

from itertools import groupby

import pandas as pd
import streamlit as st

from actions.ledger_result import LedgerResult, ShownChange, ShownClash
from models.row_fault import RowFault
from pages.frame.look import escape, is_phone
from pages.ledger.kept_list import Origin, open_from
from pages.ledger.return_flow import ReturnFlow
from pages.money.register_run import fetch_faulty_rows

STEP = 20
HERE = Origin("台账回填", "pages/ledger/ledger_return.py")


def lists(flow: ReturnFlow, told: LedgerResult) -> None:
    """Conflicts, refused cells, changes, and what else there is to know."""
    if told.clashes:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            words = f"**冲突 {told.clash_count:,} 处**　:gray[导出后系统里有人改过同一格，没有收；请看过再改]"
            st.markdown(words, width="content")
            if not told.fault_count and flow.preview is not None:
                workbook_button(flow)
        for clash in told.clashes[:STEP]:
            _clash(flow, clash)
        _more(told.clash_count)
    rows = [fault for fault in told.result.faults if fault.row]
    if rows:
        _faults(flow, told, rows)
    if told.changes:
        _changes(flow, told)
    for notice in told.result.notices:
        st.caption(f":material/info: {escape(notice.message)}")


def _clash(flow: ReturnFlow, clash: ShownClash) -> None:
    with st.container(border=True, gap="xxsmall"):
        _heading(flow, clash.issue_id, clash.number, f"clash_{clash.header}", clash.header)
        st.markdown(f":gray[系统里现在（{escape(clash.by)} {clash.at}）]　{escape(clash.there)}")
        st.markdown(f":gray[您的表里]　{escape(clash.here)}")


def _heading(flow: ReturnFlow, issue_id: int, number: str, key: str, words: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            number, type="tertiary", key=flow.key(f"open_{key}_{issue_id}"), on_click=open_from, args=(HERE, issue_id),
            disabled=flow.busy, help="打开这件问题",
        )  # fmt: skip
        if words:
            st.markdown(f"**{words}**", width="content")


def _faults(flow: ReturnFlow, told: LedgerResult, rows: list[RowFault]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**不能收 {told.fault_count:,} 处**　:gray[没有收；其余不受影响]", width="content")
        if told.has_workbook and flow.preview is not None:
            workbook_button(flow)
    if is_phone():
        for fault in rows[:STEP]:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(
                    f"**{escape(fault.reference)}**　{escape(fault.column)}　:gray[{escape(fault.value or '—')}]"
                )
                st.markdown(escape(fault.message))
        _more(told.fault_count)
        return
    table = {
        "位置": [f"{f.letter}{f.row}" for f in rows], "列": [f.column or "—" for f in rows],
        "所填内容": [f.value or "—" for f in rows], "为什么不收": [f.message for f in rows],
    }  # fmt: skip
    widths = {"位置": 80, "列": 120, "所填内容": 240, "为什么不收": 760}
    st.dataframe(
        pd.DataFrame(table), hide_index=True, width="stretch", row_height=34, key=flow.key("faults"),
        column_config={name: st.column_config.TextColumn(width=width) for name, width in widths.items()},
    )  # fmt: skip


def workbook_button(flow: ReturnFlow) -> None:
    st.button(
        "下载没有收的行", icon=":material/download:", key=flow.key("fault_rows"), disabled=flow.busy,
        on_click=fetch_faulty_rows, args=(flow,), help="每行写明原因的 Excel，冲突也在内；改正后可以再导回。保留七天。",
    )  # fmt: skip


def _changes(flow: ReturnFlow, told: LedgerResult) -> None:
    """Problem by problem: old → new."""
    verb = "已收" if flow.done is not None else "要收"
    st.markdown(f"**{verb} {told.change_count:,} 处**　:gray[原来 → 改为；姓名和号码已打码]")
    problems = [(number, list(some)) for number, some in groupby(told.changes, key=lambda c: (c.issue_id, c.number))]
    shown = flow.shown or STEP
    for (issue_id, number), changes in problems[:shown]:
        with st.container(border=True, gap="xxsmall"):
            _heading(flow, issue_id, number, "change", changes[0].verb)
            for change in changes:
                _change(change)
    if len(problems) > shown:
        st.button(
            f"再看 {min(STEP, len(problems) - shown)} 件", on_click=_show_more, args=(flow,), key=flow.key("more")
        )
    elif told.change_count > len(told.changes):
        st.caption(f"这里列出前 {len(told.changes):,} 处；收进的是全部 {told.change_count:,} 处。")


def _change(change: ShownChange) -> None:
    old, new = escape(change.old) or "无", escape(change.new) or "无"
    if is_phone():
        st.markdown(f"**{change.header}**　:gray[{old}]　→　{new}")
        return
    name, before, after = st.columns([1, 3, 5])
    name.markdown(f":gray[{change.header}]")
    before.markdown(f":gray[{old}]")
    after.markdown(f"→　{new}")


def _show_more(flow: ReturnFlow) -> None:
    flow.shown = (flow.shown or STEP) + STEP


def _more(count: int) -> None:
    if count > STEP:
        st.caption(f"这里列出前 {STEP} 处，共 {count:,} 处，下载的文件里有全部。")
