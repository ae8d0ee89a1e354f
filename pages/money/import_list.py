"""What was taken in so far, newest first, with totals."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.local_time import moment_text
from models.money import yuan
from pages.frame.look import empty, escape, is_phone
from pages.money.register_kind import RegisterKind
from queries.register_import import ImportRow, payment_imports, roster_imports
from queries.viewer import Viewer


def import_list(person: Viewer, kind: RegisterKind, campaign_id: int) -> None:
    """Cards on a phone, else a table; a sentence where there is nothing."""
    rows = (roster_imports if kind is RegisterKind.ROSTER else payment_imports)(person, campaign_id)
    if not rows:
        empty(f"还没有导入过{kind.label}", "在上面选文件，检查无误后导入；导入的每一份都列在这里。", key="imports")
        return
    st.caption(_totals(kind, rows))
    if is_phone():
        for row in rows:
            with st.container(border=True, gap="xxsmall"):
                st.markdown(f"**{escape(row.file_name)}**")
                st.caption(" · ".join(f"{name} {text}" for name, text in _cells(kind, row).items() if name != "文件"))
        return
    st.dataframe(
        pd.DataFrame([_cells(kind, row) for row in rows]), hide_index=True, width="stretch", row_height=34,
        key="import_table", column_config={"文件": st.column_config.TextColumn(width=360)},
    )  # fmt: skip


def _totals(kind: RegisterKind, rows: Sequence[ImportRow]) -> str:
    taken = sum(row.taken for row in rows)
    if kind is RegisterKind.ROSTER:
        return f"共 {len(rows)} 次导入，新增或更新 {taken:,} 行"
    return f"共 {len(rows)} 次导入，{taken:,} 笔，合计 {yuan(sum(row.total_cents or 0 for row in rows))} 元"


def _cells(kind: RegisterKind, row: ImportRow) -> dict[str, str]:
    """Texts: a column of numbers would be cut into groups otherwise than the sentence above it."""
    cells = {"导入时间": moment_text(row.recorded_at), "文件": row.file_name}
    if kind is RegisterKind.ROSTER:
        cells |= {"新增或更新": f"{row.taken:,} 行", "未变": f"{row.unchanged or 0:,} 行"}
    else:
        cells |= {"导入": f"{row.taken:,} 笔", "合计（元）": yuan(row.total_cents or 0)}
    return cells | {"跳过有误": f"{row.faulty:,} {kind.unit}", "导入人": row.recorded_by}
