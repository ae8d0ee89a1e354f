"""The rows a figure counts, a page at a time: a table or cards, whose problems open. One list to a page of the menu."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.frame.look import escape, is_phone
from pages.ledger.kept_list import Origin, open_from
from queries.figure import FigureRows, Slice

PAGE, PAGE_SIZE, OPENED, SHOWN = "page", 50, "figure_opened", "_figure_issues"


def asked_rows(rows: Callable[[Slice], FigureRows]) -> FigureRows:
    """The page of the list that is asked for; the last one where the list became shorter. Raises what `rows` raises."""
    asked = st.session_state.get(PAGE) or st.query_params.get(PAGE, "1")
    found = rows(_slice(max(1, int(asked)) if str(asked).isdecimal() else 1))
    return rows(_slice(_pages(found))) if not found.rows and found.total else found


def figure_list(found: FigureRows, origin: str, page: str) -> None:
    """The list itself and the way through its pages; `origin`, `page`: where a problem opened from here leads back."""
    st.session_state[SHOWN] = (found.issue_ids, origin, page)
    if is_phone():
        _cards(found)
    else:
        _table(found)
    if _pages(found) > 1:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(f"明细共 {found.total:,} 行，每页 {PAGE_SIZE} 行", width="content")
            st.pagination(_pages(found), key=PAGE, bind="query-params")
    elif found.total:
        st.caption(f"明细共 {found.total:,} 行")


def _slice(page: int) -> Slice:
    return Slice((page - 1) * PAGE_SIZE, PAGE_SIZE)


def _pages(found: FigureRows) -> int:
    return -(-found.total // PAGE_SIZE)


def _table(found: FigureRows) -> None:
    """Text as it is; the number of a problem opens it."""
    frame = pd.DataFrame([list(row) for row in found.rows], columns=list(found.headers))
    columns = {}
    if found.issue_ids:
        frame[found.headers[0]] = [f"{row[0]} ›" for row in found.rows]
        columns[found.headers[0]] = st.column_config.ButtonColumn(
            width=140, pinned=True, type="tertiary", alignment="left", key=OPENED, on_click=_open_clicked
        )
    for header in found.headers:
        if header.endswith(("（元）", "（日历日）")):
            columns[header] = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        frame, hide_index=True, row_height=34, height=36 + 34 * len(frame), column_config=columns, key="figure_rows",
        placeholder="—", alt=found.figure.label,
    )  # fmt: skip


def _cards(found: FigureRows) -> None:
    """The same, one below the other, for a phone."""
    for n, row in enumerate(found.rows):
        with st.container(border=True, gap="xsmall", key=f"card_{n}"):
            st.markdown(f"**{escape(row[0])}** {escape(row[1])}")
            st.caption(" · ".join(f"{h} {escape(v)}" for h, v in zip(found.headers[2:], row[2:], strict=True)))
            if found.issue_ids:
                st.button("查看问题", key=f"thumb_open_{n}", on_click=_open, args=(n,))


def _open_clicked() -> None:
    click = st.session_state.get(OPENED)
    if click is not None:
        _open(click["row"])


def _open(row: int) -> None:
    ids, origin, page = st.session_state.get(SHOWN, ((), "", ""))
    if 0 <= row < len(ids):
        address = {key: st.query_params.get_all(key) for key in st.query_params}
        open_from(Origin(origin, page, address), ids[row])
