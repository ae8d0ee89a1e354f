"""The list of units: a table on a desk, cards on a phone; a name opens the unit."""

import pandas as pd
import streamlit as st

from pages.frame.look import escape, is_phone
from queries.unit_list import UnitLine

AT, WORDS, PAGE = "unit", "unit_words", "unit_page"
OPENED, CODES = "unit_opened", "_unit_codes"
"""Keys in session_state: the name clicked, the codes of the rows on screen."""


def go(code: str) -> None:
    """Open a unit, or the whole list."""
    if code:
        st.query_params[AT] = code
    else:
        st.query_params.pop(AT, None)


def unit_table(rows: tuple[UnitLine, ...]) -> None:
    """As many rows as a page has, none hidden behind a second scrollbar."""
    st.session_state[CODES] = [r.code for r in rows]
    if is_phone():
        for row in rows:
            with st.container(border=True, horizontal=True, vertical_alignment="center",
                              horizontal_alignment="distribute", key=f"card_{row.code}"):  # fmt: skip
                st.markdown(f"**{escape(row.name)}**  \n:gray[{escape(row.state or row.kind.label)}]", width="content")
                st.button("查看", key=f"thumb_open_{row.code}", on_click=go, args=(row.code,))
        return
    name = st.column_config.ButtonColumn(
        type="tertiary", alignment="left", width="medium", key=OPENED, on_click=_clicked
    )
    st.dataframe(
        pd.DataFrame([_line(r) for r in rows]), column_config={"名称": name}, hide_index=True, width="stretch",
        row_height=34, height="content", key=f"unit_rows_{rows[0].code}_{len(rows)}", alt="单位",
    )  # fmt: skip


def _line(row: UnitLine) -> dict[str, str]:
    return {
        "名称": f"{row.name} ›", "编号": row.code, "类别": row.kind.label, "所在地": row.region or "—",
        "填报单位": row.reporting_unit or "市直", "人数": str(row.people) if row.people else "—",
        "情况": row.state or "√ 在用",
    }  # fmt: skip


def _clicked() -> None:
    click, codes = st.session_state.get(OPENED), st.session_state.get(CODES, [])
    if click is not None and 0 <= click["row"] < len(codes):
        go(codes[click["row"]])
