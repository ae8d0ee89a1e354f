"""What was taken in so far, newest first, with totals; what was withdrawn stays listed and counts no more."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.local_time import moment_text
from models.money import yuan
from pages.frame.look import empty, escape, is_phone
from pages.money.register_kind import RegisterKind
from pages.money.withdrawal import ask_to_withdraw, withdrawal_dialog
from queries.register_import import ImportRow, payment_imports, roster_imports
from queries.viewer import Viewer

CLICKED, ROWS = "import_withdraw", "_import_rows"


def import_list(person: Viewer, kind: RegisterKind, campaign_id: int) -> None:
    """Cards on a phone, else a table; a sentence where there is nothing."""
    rows = (roster_imports if kind is RegisterKind.ROSTER else payment_imports)(person, campaign_id)
    if not rows:
        empty(f"还没有导入过{kind.label}", "在上面选文件，检查无误后导入；导入的每一份都列在这里。", key="imports")
        return
    st.caption(_totals(kind, rows))
    if is_phone():
        for row in rows:
            _card(kind, row)
    else:
        _table(kind, rows)
    withdrawal_dialog(kind, rows)


def _card(kind: RegisterKind, row: ImportRow) -> None:
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{escape(row.file_name)}**")
        st.caption(" · ".join(f"{name} {escape(text)}" for name, text in _cells(kind, row).items() if name != "文件"))
        if row.withdrawn_at is None:
            st.button(
                "撤回这次导入", key=f"thumb_withdraw_{row.id}", icon=":material/undo:", on_click=ask_to_withdraw,
                args=(row.id,), width="stretch",
            )  # fmt: skip


def _table(kind: RegisterKind, rows: Sequence[ImportRow]) -> None:
    st.session_state[ROWS] = [row.id for row in rows]
    cells = [_cells(kind, row) | {"办理": None if row.withdrawn_at else "撤回 ›"} for row in rows]
    st.dataframe(
        pd.DataFrame(cells), hide_index=True, width="stretch", row_height=34, key="import_table", placeholder="—",
        column_config={
            "文件": st.column_config.TextColumn(width=300),
            "状态": st.column_config.TextColumn(width=260),
            "办理": st.column_config.ButtonColumn(width=80, type="tertiary", key=CLICKED, on_click=_clicked),
        },
    )  # fmt: skip


def _clicked() -> None:
    click, ids = st.session_state.get(CLICKED), st.session_state.get(ROWS, [])
    if click is not None and 0 <= click["row"] < len(ids):
        ask_to_withdraw(ids[click["row"]])


def _totals(kind: RegisterKind, rows: Sequence[ImportRow]) -> str:
    kept = [row for row in rows if row.withdrawn_at is None]
    taken, left = sum(row.taken for row in kept), len(rows) - len(kept)
    withdrawn = f"；另有 {left} 次已撤回，不计" if left else ""
    if kind is RegisterKind.ROSTER:
        return f"共 {len(kept)} 次导入，新增或更新 {taken:,} 行{withdrawn}"
    cents = sum(row.total_cents or 0 for row in kept)
    return f"共 {len(kept)} 次导入，{taken:,} 笔，合计 {yuan(cents)} 元{withdrawn}"


def _cells(kind: RegisterKind, row: ImportRow) -> dict[str, str]:
    """Texts: a column of numbers would be cut into groups otherwise than the sentence above it."""
    cells = {"导入时间": moment_text(row.recorded_at), "文件": row.file_name}
    if kind is RegisterKind.ROSTER:
        cells |= {"新增或更新": f"{row.taken:,} 行", "未变": f"{row.unchanged or 0:,} 行"}
    else:
        cells |= {"导入": f"{row.taken:,} 笔", "合计（元）": yuan(row.total_cents or 0)}
    return cells | {"跳过有误": f"{row.faulty:,} {kind.unit}", "导入人": row.recorded_by, "状态": _state(row)}


def _state(row: ImportRow) -> str:
    if row.withdrawn_at is None:
        return "√ 在用"
    return f"× 已撤回 {moment_text(row.withdrawn_at)} {row.withdrawn_by}：{row.withdrawn_reason}"
