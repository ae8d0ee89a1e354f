"""What the check found: what would come in, every fault with its place, and the button that takes it in."""

import pandas as pd
import streamlit as st

from actions.importing import ImportResult
from actions.job_result import MOST_FAULTS, JobResult
from models.job import JobState
from models.local_time import moment_text
from models.money import yuan
from models.row_fault import RowFault
from pages.frame.look import escape, is_phone
from pages.money.column_match import column_match
from pages.money.register_kind import RegisterKind
from pages.money.register_run import AGAIN, CHECK, TAKE, Flow, fetch_faulty_rows, forget
from queries.job import JobRow

MOST_CARDS = 20


def outcome(flow: Flow) -> None:
    """What became of the last file: why it was refused, or what was taken in."""
    row = flow.row
    if row is None or flow.busy:
        return
    if flow.refused:
        cut_off = row.state is JobState.INTERRUPTED
        (st.warning if cut_off else st.error)(escape(flow.refused), icon=":material/block:")
    if flow.done is not None:
        st.success(_done(flow), icon=":material/check_circle:")
    if flow.refused or flow.done is not None:
        _afterwards(flow, row)


def _afterwards(flow: Flow, row: JobRow) -> None:
    """Which file it was and when; what can still be done with it."""
    ended = f" · {moment_text(row.ended_at)}" if row.ended_at else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{row.verb.label} {escape(row.file_name)}{ended}", width="content")
        with st.container(horizontal=True, width="content", horizontal_alignment="right"):
            if flow.done is not None and flow.found is not None and flow.found.has_workbook:
                _fault_rows(flow)
            if flow.refused and row.has_source:
                key = flow.key("register_again")
                st.button("重新办理", icon=":material/refresh:", key=key, on_click=flow.ask, args=(AGAIN,))
            st.button("知道了", key=flow.key("register_seen"), on_click=forget, args=(flow,))


def preview(flow: Flow) -> None:
    """Nothing before a check."""
    found, row = flow.preview, flow.row
    if found is None or row is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{escape(row.file_name)} · {moment_text(row.ended_at or row.asked_at)} 检查", width="content")
        st.button(
            "不导入了", type="tertiary", icon=":material/close:", key=flow.key("register_seen"), on_click=forget,
            args=(flow,), disabled=flow.busy,
        )  # fmt: skip
    whole = [fault for fault in found.result.faults if fault.row == 0]
    if not found.missing:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(_figures(flow, found.result), width="content")
            if not whole:
                _decision(flow, found.result)
    if whole:
        st.error("\n\n".join(escape(fault.message) for fault in whole), icon=":material/error:")
    rows = [fault for fault in found.result.faults if fault.row]
    if rows:
        _faults(flow, found, rows, len(whole))
    _notices(found.result)
    if found.names:
        column_match(flow, found)


def _figures(flow: Flow, result: ImportResult) -> str:
    """可导入 8 行 · 未变 0 行 · 有误 1 行 · 合计 904.50 元."""
    unit = flow.kind.unit
    faulty = sum(1 for fault in result.faults if fault.row) and result.faulty
    parts = [f"可导入 **{result.good:,}** {unit}", f"未变 **{result.unchanged:,}** {unit}"]
    parts.append(f":red[**有误 {faulty:,} {unit}**]" if faulty else f"有误 0 {unit}")
    if flow.kind is RegisterKind.PAYMENTS:
        parts.append(f"合计 **{yuan(result.total_cents)}** 元")
        if result.good and result.good_cents != result.total_cents:
            parts.append(f"可导入部分 {yuan(result.good_cents)} 元")
    return " · ".join(parts)


def _faults(flow: Flow, found: JobResult, rows: list[RowFault], whole: int) -> None:
    shown = rows[:MOST_CARDS] if is_phone() else rows
    if is_phone():
        for fault in shown:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(f"**{escape(_place(fault))}**　{escape(fault.column)}　:gray[{escape(fault.value or '—')}]")
                st.markdown(escape(fault.message))
    else:
        table = {
            "位置": [_place(f) for f in shown],
            "列": [f.column or "—" for f in shown],
            "所填内容": [f.value or "—" for f in shown],
            "问题和办法": [f.message for f in shown],
        }
        st.dataframe(
            pd.DataFrame(table), hide_index=True, width="stretch", row_height=34, key=flow.key("register_faults"),
            column_config={
                "位置": st.column_config.TextColumn(width=130), "列": st.column_config.TextColumn(width=110),
                "所填内容": st.column_config.TextColumn(width=190),
                "问题和办法": st.column_config.TextColumn(width=760),
            },
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_counted(found.faults - whole, len(shown)), width="content")
        if found.has_workbook:
            _fault_rows(flow)


def _fault_rows(flow: Flow) -> None:
    st.button(
        "下载有误的行", icon=":material/download:", key=flow.key("register_fault_rows"), disabled=flow.busy,
        on_click=fetch_faulty_rows, args=(flow,),
        help="每行写明原因的 Excel，改正后可以直接再导入。含您上传的完整信息，请勿转发。文件保留七天。",
    )  # fmt: skip


def _counted(faults: int, shown: int) -> str:
    if faults <= shown:
        return f"共 {faults:,} 处错误。身份证号、账号已打码。"
    return f"共 {faults:,} 处错误，这里列出前 {shown} 处，下载的文件里有全部。身份证号、账号已打码。"


def _place(fault: RowFault) -> str:
    """名册!F7, or the row where the column has no letter."""
    return f"{fault.sheet}!{fault.letter}{fault.row}" if fault.letter else f"{fault.sheet} 第 {fault.row} 行"


def _notices(result: ImportResult) -> None:
    if not result.notices:
        return
    more = f"{MOST_FAULTS} 条以上" if len(result.notices) >= MOST_FAULTS else f"{len(result.notices)} 条"
    with st.expander(f"提示 {more}，不影响导入", icon=":material/info:", expanded=len(result.notices) <= 3):
        for notice in result.notices[: MOST_CARDS if is_phone() else 50]:
            where = f"{_place(notice)}：" if notice.row else ""
            st.markdown(escape(f"{where}{notice.message}"))


def _decision(flow: Flow, result: ImportResult) -> None:
    """The ticks and the button. Pressed, everything rests until it is done."""
    busy = flow.busy
    side = "left" if is_phone() else "right"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment=side, width="content"):
        if flow.kind is RegisterKind.ROSTER and (flow.as_is or result.faulty):
            st.checkbox(
                "按原样接收不规范的身份证号", value=flow.as_is, key=flow.key("register_as_is"), disabled=busy,
                on_change=_as_is, args=(flow,),
                help="长度、日期或校验位不对的身份证号照原样收下，交叉核对时列出；被 Excel 变成科学计数的仍算错误。",
            )  # fmt: skip
        if result.faulty and result.good:
            st.checkbox(
                f"跳过有误的 {result.faulty:,} {flow.kind.unit}", value=flow.skip, key=flow.key("register_skip"),
                on_change=_skip, args=(flow,), disabled=busy,
            )  # fmt: skip
        if not result.good:
            st.caption(_nothing(result, flow.kind.unit), width="content")
            return
        st.button(
            f"导入 {result.good:,} {flow.kind.unit}", type="primary", icon=":material/upload:", on_click=flow.ask,
            args=(TAKE,), disabled=busy or bool(result.faulty and not flow.skip), key=flow.key("register_take"),
        )  # fmt: skip


def _nothing(result: ImportResult, unit: str) -> str:
    if result.faulty:
        return "没有可以导入的内容。请改正有误的行，再选文件检查。"
    return f"{result.unchanged:,} {unit}都已在库中，没有变动，不需要导入。"


def _as_is(flow: Flow) -> None:
    flow.as_is = bool(st.session_state.get(flow.key("register_as_is")))
    flow.ask(CHECK)


def _skip(flow: Flow) -> None:
    flow.skip = bool(st.session_state.get(flow.key("register_skip")))


def _done(flow: Flow) -> str:
    result, unit = flow.done, flow.kind.unit
    assert result is not None
    money = f"，合计 {yuan(result.good_cents)} 元" if flow.kind is RegisterKind.PAYMENTS else ""
    left_out = f"，跳过有误 {result.faulty:,} {unit}" if result.faulty else ""
    return f"已导入 {result.taken:,} {unit}{money}，未变 {result.unchanged:,} {unit}{left_out}。"
