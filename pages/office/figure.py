"""指标明细. Who: those who see the dashboard, each their region. Asked by the address: a figure, a place, a day.

Shown: the figure, its definition, and the rows it counts, masked. Rows of problems open the problem.
"""

import pandas as pd
import streamlit as st

import clock
from models.refusal import Refused
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, is_phone, title
from pages.frame.who import require
from pages.ledger.kept_list import Origin, open_from
from pages.office.dashboard_question import asked_in_address
from queries.figure import FigureRows, Slice
from queries.figures import FIGURES, figure_rows

PAGE, PAGE_SIZE, OPENED, SHOWN = "page", 50, "figure_opened", "_figure_issues"
DASHBOARD = "pages/office/dashboard.py"

viewer = require(Permission.SEE_DASHBOARD)
campaign = current_campaign()
name, question = asked_in_address(viewer)


def asked_page() -> int:
    """The page of this run: the button pressed, else the one the address names."""
    asked = st.session_state.get(PAGE) or st.query_params.get(PAGE, "1")
    return max(1, int(asked)) if str(asked).isdecimal() else 1


def rows_of(page: int) -> FigureRows:
    """One page of the rows."""
    part = Slice((page - 1) * PAGE_SIZE, PAGE_SIZE)
    return figure_rows(viewer, campaign.id, clock.today(), name, question.region or None, question.as_of, part)


def pages_of(found: FigureRows) -> int:
    """How many pages there are."""
    return -(-found.total // PAGE_SIZE)


def table(found: FigureRows) -> None:
    """Text as it is; the number of a problem opens it."""
    frame = pd.DataFrame([list(row) for row in found.rows], columns=list(found.headers))
    columns = {}
    if found.issue_ids:
        st.session_state[SHOWN] = found.issue_ids
        frame[found.headers[0]] = [f"{row[0]} ›" for row in found.rows]
        columns[found.headers[0]] = st.column_config.ButtonColumn(
            width=140, pinned=True, type="tertiary", alignment="left", key=OPENED, on_click=open_clicked
        )
    for header in found.headers:
        if header.endswith(("（元）", "（日历日）")):
            columns[header] = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        frame, hide_index=True, row_height=34, height=36 + 34 * len(frame), column_config=columns, key="figure_rows",
        placeholder="—", alt=found.figure.label,
    )  # fmt: skip


def cards(found: FigureRows) -> None:
    """The same, one below the other, for a phone."""
    for n, row in enumerate(found.rows):
        with st.container(border=True, gap="xsmall", key=f"card_{n}"):
            st.markdown(f"**{escape(row[0])}** {escape(row[1])}")
            st.caption(" · ".join(f"{h} {escape(v)}" for h, v in zip(found.headers[2:], row[2:], strict=True)))
            if found.issue_ids:
                st.button("查看问题", key=f"thumb_open_{n}", on_click=open_issue, args=(found.issue_ids[n],))


def open_clicked() -> None:
    """Callback of the table's buttons."""
    click, ids = st.session_state.get(OPENED), st.session_state.get(SHOWN, ())
    if click is not None and 0 <= click["row"] < len(ids):
        open_issue(ids[click["row"]])


def open_issue(issue_id: int) -> None:
    """Callback: to the problem itself."""
    address = {key: st.query_params.get_all(key) for key in st.query_params}
    open_from(Origin("指标明细", "pages/office/figure.py", address), issue_id)


st.page_link(DASHBOARD, label="返回驾驶舱", icon=":material/arrow_back:", query_params=question.address())
if name not in FIGURES:
    title("没有这个指标")
    st.write("链接里的指标名称不对，请从驾驶舱点数字进来。")
    st.stop()
try:
    found = rows_of(asked_page())
    if not found.rows and found.total:
        found = rows_of(pages_of(found))
except Refused as refused:
    title(FIGURES[name].label)
    st.info(str(refused))
    st.stop()
title(f"{found.figure.label}　{found.figure.text}", f"{escape(found.place)} · {question.as_of_words}")
st.write(f"口径：{escape(found.figure.definition)}")
if not found.total:
    empty("没有这样的行", "截至这一天，这个指标在这个范围内没有可列的明细。")
elif is_phone():
    cards(found)
else:
    table(found)
if pages_of(found) > 1:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"明细共 {found.total:,} 行，每页 {PAGE_SIZE} 行", width="content")
        st.pagination(pages_of(found), key=PAGE, bind="query-params")
elif found.total:
    st.caption(f"明细共 {found.total:,} 行")
