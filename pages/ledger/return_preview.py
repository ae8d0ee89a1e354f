"""What a returned ledger comes to, before and after; the button that takes it in."""

import streamlit as st

from actions.ledger_result import LedgerResult
from models.job import JobState
from models.local_time import moment_text
from models.role import Role
from pages.frame.look import escape
from pages.ledger.return_flow import ReturnFlow
from pages.ledger.return_lists import lists, workbook_button
from pages.money.register_run import AGAIN, TAKE, forget
from queries.viewer import Viewer


def outcome(flow: ReturnFlow) -> None:
    """What became of the last file."""
    row, told = flow.row, flow.told
    if row is None or flow.busy or not (flow.refused or flow.done is not None):
        return
    if flow.refused:
        cut_off = row.state is JobState.INTERRUPTED
        (st.warning if cut_off else st.error)(escape(flow.refused), icon=":material/block:")
    elif told is not None:
        st.success(_done(told), icon=":material/check_circle:")
    ended = f" · {moment_text(row.ended_at)}" if row.ended_at else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{row.verb.label} {escape(row.file_name)}{ended}", width="content")
        with st.container(horizontal=True, width="content", horizontal_alignment="right"):
            if told is not None and told.has_workbook and not flow.refused:
                workbook_button(flow)
            if flow.refused and row.has_source:
                st.button(
                    "重新办理", icon=":material/refresh:", key=flow.key("again"), on_click=flow.ask, args=(AGAIN,)
                )
            st.button("知道了", key=flow.key("seen"), on_click=forget, args=(flow,))
    if told is not None and flow.done is not None:
        lists(flow, told)


def preview(viewer: Viewer, flow: ReturnFlow) -> None:
    """Nothing before a check."""
    told, row = flow.preview, flow.row
    if told is None or row is None or flow.refused or flow.done is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{escape(row.file_name)} · {moment_text(row.ended_at or row.asked_at)} 检查", width="content")
        st.button(
            "不收了", type="tertiary", icon=":material/close:", key=flow.key("seen"), on_click=forget, args=(flow,),
            disabled=flow.busy,
        )  # fmt: skip
    whole = [fault for fault in told.result.faults if fault.row == 0]
    if whole:
        st.error("\n\n".join(escape(fault.message) for fault in whole), icon=":material/error:")
    else:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_figures(told), width="content")
            _decision(flow, told)
        if told.changes:
            st.caption(_consequence(viewer))
    lists(flow, told)


def _figures(told: LedgerResult) -> str:
    """可收 3 件（5 处） · 未变 20 件 · 冲突 1 件 · 不能收 2 件."""
    found = told.result
    parts = [f"可收 **{found.good:,}** 件（**{told.change_count:,}** 处）", f"未变 **{found.unchanged:,}** 件"]
    parts.append(f":orange[**冲突 {found.conflicts:,} 件**]" if found.conflicts else "冲突 0 件")
    parts.append(f":red[**不能收 {found.faulty:,} 件**]" if found.faulty else "不能收 0 件")
    return " · ".join(parts)


def _consequence(viewer: Viewer) -> str:
    """What taking it means for the person."""
    if Role.OFFICE in viewer.roles:
        return "收进后每处记一次“更正”，理由是文件名；您成为这些问题本轮的经手人，不能再验收或审批它们。"
    return "收进后每件记一次“填报进展”，改前改后都留在办理记录里。"


def _decision(flow: ReturnFlow, told: LedgerResult) -> None:
    """The tick and the button. Pressed, everything rests until it is done."""
    found = told.result
    if not found.good:
        st.caption(
            "没有可以收的改动。" if found.faulty or found.conflicts else "和导出时一样，没有改动。", width="content"
        )
        return
    apart = found.faulty + found.conflicts > 0
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        if apart:
            st.checkbox(
                "冲突和不能收的除外，其余都收", value=flow.skip, key=flow.key("skip"), on_change=_skip, args=(flow,),
                disabled=flow.busy,
            )  # fmt: skip
        st.button(
            f"收进 {told.change_count:,} 处改动", type="primary", icon=":material/download_done:", on_click=flow.ask,
            args=(TAKE,), disabled=flow.busy or (apart and not flow.skip), key=flow.key("take"),
        )  # fmt: skip


def _skip(flow: ReturnFlow) -> None:
    flow.skip = bool(st.session_state.get(flow.key("skip")))


def _done(told: LedgerResult) -> str:
    found = told.result
    left = [f"{word} {n:,} 件" for n, word in ((found.conflicts, "冲突"), (found.faulty, "不能收")) if n]
    rest = f"；没有收：{'、'.join(left)}" if left else ""
    return f"已收进 {found.taken:,} 件（{told.change_count:,} 处），未变 {found.unchanged:,} 件{rest}。"
