"""Which column of the file is which, where the names do not say it; remembered for the next file of this layout."""

import streamlit as st

from actions.job_result import JobResult
from pages.frame.look import is_phone
from pages.money.register_run import Flow, match_columns

NO_COLUMN = "（没有这一列）"


def column_match(flow: Flow, found: JobResult) -> None:
    """Open where a needed column is missing; else folded, for whoever wants another one taken."""
    register = flow.kind.register
    assert register is not None
    title = f"缺少 {len(found.missing)} 个必需的列，请指明是哪一列" if found.missing else "列的对应关系"
    with st.expander(title, icon=":material/view_column:", expanded=bool(found.missing), key=flow.key("match_box")):
        if found.mapping and not found.missing:
            st.caption("按您上次为这种表格指定的对应关系读取。")
        else:
            st.caption("每一项都选文件里的哪一列。同样表头的文件下次自动照此读取。带 * 的必须有。")
        standards = sorted(register.headers, key=lambda s: (s not in found.missing, s not in register.needed))
        columns = st.columns(1 if is_phone() else 4)
        for at, standard in enumerate(standards):
            with columns[at % len(columns)]:
                _choice(flow, found, standard, standard in register.needed)
        st.button(
            "按此对应重新检查", type="primary" if found.missing else "secondary",
            icon=":material/refresh:", key=flow.key("match_again"), disabled=flow.busy, on_click=_again,
            args=(flow, standards),
        )  # fmt: skip


def _choice(flow: Flow, found: JobResult, standard: str, needed: bool) -> None:
    options = [NO_COLUMN, *found.names]
    likely = (found.columns or {}).get(standard) or next(iter((found.offered or {}).get(standard, ())), NO_COLUMN)
    key = flow.key(f"match_{standard}")
    if key not in st.session_state:
        st.session_state[key] = likely if likely in options else NO_COLUMN
    st.selectbox(f"{standard} \\*" if needed else standard, options, key=key, disabled=flow.busy)


def _again(flow: Flow, standards: list[str]) -> None:
    chosen = {s: str(st.session_state.get(flow.key(f"match_{s}"), NO_COLUMN)) for s in standards}
    match_columns(flow, {s: header for s, header in chosen.items() if header != NO_COLUMN})
