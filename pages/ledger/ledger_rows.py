"""The ledger's rows: a table on a desk, cards on a phone."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from models.deadline import Light
from models.issue_word import IssueStatus
from models.money import yuan
from pages.frame.look import escape, light_badge, status_badge, table_words
from pages.ledger.kept_list import open_issue
from queries.ledger import LedgerRow

ROWS, TABLE, OPENED = "_ledger_rows", "ledger_table", "ledger_opened"
ROW_HEIGHT, HEAD_HEIGHT = 34, 36
_STATUS_TINTS = {
    IssueStatus.DRAFT: "#edf0f4", IssueStatus.REGISTERED: "#e6dcf3", IssueStatus.RECTIFYING: "#d3e3f5",
    IssueStatus.ACCEPTANCE: "#fbedb5", IssueStatus.APPROVAL: "#ffe2bd", IssueStatus.CLOSED: "#d5ebdf",
    IssueStatus.DISMISSED: "#e4e8ee",
}  # fmt: skip
"""A step darker than the badges: a ticked row is tinted like one."""
_LIGHT_TINTS = {
    Light.OVERDUE: "#fbdfdb", Light.REVIEW_MISSED: "#fbdfdb", Light.SOON: "#ffedd2", Light.REVIEW: "#dbe8f7",
    Light.NORMAL: "#edf0f4", Light.NOT_STARTED: "#f3f5f8", Light.CLOSED: "#dcefe4", Light.DISMISSED: "#edf0f4",
}  # fmt: skip

_MARK_TINTS = {"申辩待答复": "#ffedd2", "直查直办": "#dbe8f7", "已结转": "#e4e8ee", "列入遗留清单": "#e4e8ee"}
"""The other marks are 挂牌督办 and what is missing there: red."""
MARKS = "特征"


def table(rows: Sequence[LedgerRow], generation: int) -> tuple[tuple[int, int], ...]:
    """The table; the rows ticked, each with its version. A new `generation` unticks them."""
    st.session_state[ROWS] = [row.id for row in rows]
    statuses = {table_words(row.status): _STATUS_TINTS[row.status] for row in rows}
    lights = {table_words(row.light): _LIGHT_TINTS[row.light.light] for row in rows}
    marks = {mark: _MARK_TINTS.get(mark, "#fbdfdb") for row in rows for mark in row.marks}
    ticked = st.dataframe(
        _frame(rows), key=f"{TABLE}_{generation}", on_select="rerun", selection_mode="multi-row", row_height=ROW_HEIGHT,
        height=HEAD_HEIGHT + ROW_HEIGHT * len(rows), hide_index=True, placeholder="—", alt="整改台账",
        column_config={
            "问题编号": st.column_config.ButtonColumn(
                width=138, pinned=True, type="tertiary", alignment="left", key=OPENED, on_click=_open_clicked
            ),
            "问题事实": st.column_config.TextColumn(width=(236 if _shows_acts(rows) else 272) - (92 if marks else 0)),
            "类型": st.column_config.TextColumn(width=104 if marks else 136),
            "我最近办的": st.column_config.TextColumn(width=172),
            "区域": st.column_config.TextColumn(width=124),
            "责任单位": st.column_config.TextColumn(width=126),
            "责任人": st.column_config.TextColumn(width=74),
            "金额(元)": st.column_config.TextColumn(width=98, alignment="right"),
            "状态": st.column_config.MultiselectColumn(width=98, options=list(statuses), color=list(statuses.values())),
            "时限": st.column_config.MultiselectColumn(width=126, options=list(lights), color=list(lights.values())),
            MARKS: st.column_config.MultiselectColumn(width=124, options=list(marks), color=list(marks.values())),
            "整改时限": st.column_config.DateColumn(width=100, format="YYYY-MM-DD"),
            "退回": st.column_config.NumberColumn(width=54),
        },
    )  # fmt: skip
    return tuple((rows[n].id, rows[n].version) for n in ticked.selection.rows if n < len(rows))


def cards(rows: Sequence[LedgerRow]) -> None:
    """One card a problem, the fact largest, the whole width for a thumb."""
    for row in rows:
        with st.container(border=True, key=f"card_{row.id}", gap="xsmall"):
            marks = "".join(f" :{'orange' if mark in _MARK_TINTS else 'red'}-badge[{mark}]" for mark in row.marks)
            st.markdown(f"{status_badge(row.status)} {light_badge(row.light)}{marks}")
            st.markdown(f"**{escape(row.title)}**")
            amount = f" · {yuan(row.amount_cents)} 元" if row.amount_cents else ""
            due = f" · 时限 {row.deadline:%m-%d}" if row.deadline else ""
            act = f"  \n我最近办的：{escape(row.last_act)}" if row.last_act else ""
            where = f"{escape(row.type_label)} · {escape(row.town)}{_crossed(row)}{amount}"
            st.caption(f"{where}  \n{escape(_holder(row))}{due}{act}")
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.caption(row.number, width="content")
                st.button("查看", key=f"thumb_open_{row.id}", on_click=open_issue, args=(row.id,))


def _frame(rows: Sequence[LedgerRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "问题编号": [f"{row.number} ›" for row in rows],
            "问题事实": [row.title for row in rows],
            **_type_or_act(rows),
            "区域": [
                f"{row.town}{_crossed(row)}" if row.places else f"{row.reporting_unit} {row.town}" for row in rows
            ],
            "责任单位": [row.responsible_unit for row in rows],
            "责任人": [row.person_in_charge for row in rows],
            "金额(元)": [yuan(row.amount_cents) if row.amount_cents else "—" for row in rows],
            "状态": [[table_words(row.status)] for row in rows],
            "时限": [[table_words(row.light)] for row in rows],
            **({MARKS: [list(row.marks) for row in rows]} if any(row.marks for row in rows) else {}),
            "整改时限": [row.deadline for row in rows],
            "退回": pd.array([row.returns or None for row in rows], dtype="Int64"),
        }
    )


def _crossed(row: LedgerRow) -> str:
    """3/7处: of several places how many are done."""
    return f" {row.places}处" if row.places else ""


def _type_or_act(rows: Sequence[LedgerRow]) -> dict[str, list[str]]:
    """The type, or in 我经办的 what one did last and when."""
    if _shows_acts(rows):
        return {"我最近办的": [row.last_act for row in rows]}
    return {"类型": [row.type_label for row in rows]}


def _shows_acts(rows: Sequence[LedgerRow]) -> bool:
    return any(row.last_act for row in rows)


def _holder(row: LedgerRow) -> str:
    return " · ".join(part for part in (row.responsible_unit, row.person_in_charge) if part != "—") or "尚未交办"


def _open_clicked() -> None:
    click, ids = st.session_state.get(OPENED), st.session_state.get(ROWS, [])
    if click is not None and 0 <= click["row"] < len(ids):
        open_issue(ids[click["row"]])
