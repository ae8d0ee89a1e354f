"""The tree of places: the way down to where one is, and the places inside."""

import pandas as pd
import streamlit as st

from pages.frame.look import escape, is_phone
from queries.region_tree import RegionRow

AT, WORDS, PAGE = "at", "region_words", "region_page"
OPENED, CODES = "region_opened", "_region_codes"
"""Keys in session_state: the name clicked, the codes of the rows on screen."""


def go(code: str) -> None:
    """Open a place; what was searched and paged is left behind."""
    st.session_state[WORDS], st.session_state[PAGE] = "", 1
    if code:
        st.query_params[AT] = code
    else:
        st.query_params.pop(AT, None)


def region_way(steps: tuple[RegionRow, ...]) -> None:
    """Where one is in the tree, each step a way back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="region_way"):
        st.button("全部", type="tertiary", key="thumb_way_top", on_click=go, args=("",))
        for step in steps:
            st.markdown(":gray[›]", width="content")
            st.button(escape(step.name), type="tertiary", key=f"thumb_way_{step.code}", on_click=go, args=(step.code,))


def region_table(rows: tuple[RegionRow, ...]) -> None:
    """Names are the way down."""
    st.session_state[CODES] = [r.code for r in rows]
    if is_phone():
        for row in rows:
            _card(row)
        return
    name = st.column_config.ButtonColumn(
        type="tertiary", alignment="left", width="medium", key=OPENED, on_click=_clicked
    )
    st.dataframe(
        pd.DataFrame([_line(r) for r in rows]), column_config={"名称": name}, hide_index=True, width="stretch",
        row_height=34, height="content", key=f"region_rows_{rows[0].code}_{len(rows)}", alt="区划",
    )  # fmt: skip


def _line(row: RegionRow) -> dict[str, str]:
    return {
        "名称": f"{row.name} ›", "代码": row.code, "级别": row.level.label, "类别": row.kind or "—",
        "上级": row.above or "—", "下辖": str(row.inside) if row.inside else "—", "情况": row.state or "√ 在用",
    }  # fmt: skip


def _card(row: RegionRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute",
                      key=f"card_{row.code}"):  # fmt: skip
        st.markdown(f"**{escape(row.name)}**　:gray[{escape(row.state or row.level.label)}]", width="content")
        st.button("查看", key=f"thumb_open_{row.code}", on_click=go, args=(row.code,))


def _clicked() -> None:
    click, codes = st.session_state.get(OPENED), st.session_state.get(CODES, [])
    if click is not None and 0 <= click["row"] < len(codes):
        go(codes[click["row"]])
