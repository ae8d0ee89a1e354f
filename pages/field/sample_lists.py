"""One town's villages and one village's households in rank, and putting the next in rank in somebody's place."""

from datetime import date

import pandas as pd
import streamlit as st

from actions.sample import replace_household, replace_village
from models.role import Permission
from models.sample import DrawnKind, SampleState
from pages.frame.look import escape, is_phone
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.sample import DrawRow
from queries.sample_list import ListedHousehold, ListedVillage, ListState, households_in_rank, villages_in_rank
from queries.viewer import Viewer

ROW, HEAD, MOST_ROWS = 34, 36, 14
COLOURS = {
    ListState.DONE: "#d3ebdd", ListState.BEGUN: "#d3e3f5", ListState.WAITING: "#fde3b8", ListState.REPLACED: "#e1e6ec",
    ListState.RESERVE: "#f3f6fa",
}  # fmt: skip
REPLACEMENT, MANDATORY = "↑ 递补", "★ 必查"
REPLACED = "_sample_replaced"
REASON = "sample_replace_reason"
WHY_VILLAGE = ("整村搬迁", "道路中断，短期不能通行", "名册里没有农户")
WHY_HOUSEHOLD = ("常年外出，电话不通", "空户，无人居住", "户内人员均已去世", "两次上门拒访")


def village_list(person: Viewer, draw: DrawRow, town_id: int, town: str, today: date) -> None:
    """The villages of a town; the one picked opens its households and may be replaced."""
    rows = villages_in_rank(person, draw.id, town_id, today)
    chosen = sum(row.kind in (DrawnKind.DRAWN, DrawnKind.MANDATORY) for row in rows)
    note = f"必查的在前，其余按散列值从小到大；前 {chosen} 个入选，其后为替补顺序"
    st.markdown(f"##### 二、{escape(town)} 村名单　:gray[:small[{note}]]")
    counts = draw.state is SampleState.ADOPTED
    table = [
        {
            "次序": row.rank, "村": row.village, "散列值前12位": row.hash[:12],
            "情况": _marks(row.state, row.kind, counts),
            "户": f"{row.done}/{row.required}" if counts and row.required else "—", "说明": row.note or "—",
        }
        for row in rows
    ]  # fmt: skip
    at = _pick(table, f"sample_villages_{draw.id}_{town_id}", "村", "村名单")
    listed = [row for row in rows if row.row_id is not None]
    village = rows[at] if at is not None and rows[at].row_id is not None else None
    if village is None:
        if listed:
            st.caption("点一个入选的村，看它的户名单。")
        return
    _village(person, draw, village)


def _village(person: Viewer, draw: DrawRow, village: ListedVillage) -> None:
    assert village.row_id is not None
    stands = draw.state is SampleState.ADOPTED and village.state is not ListState.REPLACED
    may = person.may(Permission.REPLACE) and stands
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{escape(village.village)} 户名单**　:gray[{escape(village.code)}]", width="content")
        if (
            may
            and village.state is ListState.WAITING
            and st.button("替换这个村", icon=":material/swap_horiz:", key="sample_replace_village")
        ):
            _replace_village(village)
    if village.note:
        st.caption(escape(village.note))
    homes = households_in_rank(person, village.row_id)
    if not homes:
        st.caption("名册里没有这个村的农户，没有可查的户。")
        return
    table = [
        {
            "次序": home.rank, "户编号": home.number, "户主": home.head, "散列值前12位": home.hash[:12],
            "情况": _marks(home.state, home.kind, stands), "说明": home.note or "—",
        }
        for home in homes
    ]  # fmt: skip
    at = _pick(table, f"sample_homes_{village.row_id}", "户编号", "户名单")
    home = homes[at] if at is not None else None
    if may and home is not None and home.state is ListState.WAITING:
        if st.button(f"替换 {home.number} 户", icon=":material/swap_horiz:", key="sample_replace_household"):
            _replace_household(home)
    elif may:
        st.caption("点一个未查的户，可以由下一位替补。")


def _marks(state: ListState, kind: DrawnKind | None, counts: bool) -> list[str]:
    """Why it is on the list where that is out of the ordinary, and what became of it."""
    marks = {DrawnKind.REPLACEMENT: [REPLACEMENT], DrawnKind.MANDATORY: [MANDATORY]}.get(kind or DrawnKind.DRAWN, [])
    if state is ListState.WAITING and not counts:
        return marks or ["● 抽中"]
    return [*marks, f"{state.symbol} {state.label}"]


def _pick(table: list[dict[str, object]], key: str, name: str, alt: str) -> int | None:
    """The table, and the row picked. A phone shows what fits."""
    options = list(dict.fromkeys(mark for r in table for mark in r["情况"]))  # type: ignore[attr-defined]
    doubled = any(len(r["情况"]) > 1 for r in table)  # type: ignore[arg-type]
    picked = st.dataframe(
        pd.DataFrame(table), hide_index=True, row_height=ROW, height=HEAD + ROW * min(len(table), MOST_ROWS) + 2,
        key=key, on_select="rerun", selection_mode="single-row", alt=alt,
        column_order=(name, "户", "情况") if is_phone() else None,
        column_config={
            "次序": st.column_config.NumberColumn(width=50),
            "村": st.column_config.TextColumn(width=90),
            "散列值前12位": st.column_config.TextColumn(width=116),
            "情况": st.column_config.MultiselectColumn(
                options=options, color=[_colour(o) for o in options], width=150 if doubled else 84
            ),
            "户": st.column_config.TextColumn("已查户", width=64, help="已查户数/应查户数"),
        },
    ).selection.rows  # fmt: skip
    return picked[0] if picked and picked[0] < len(table) else None


def _colour(mark: str) -> str:
    by_word = {f"{state.symbol} {state.label}": colour for state, colour in COLOURS.items()}
    return by_word.get(mark, "#d3e3f5" if mark == REPLACEMENT else "#eadff5" if mark == MANDATORY else "#d3e3f5")


@st.dialog("替换村")
def _replace_village(village: ListedVillage) -> None:
    assert village.row_id is not None
    st.markdown(
        f"{escape(village.village)}由本镇次序中的下一个备选村替换，替补村的农户用同一种子另抽。"
        "被替换的村仍列在名单里，理由公开。"
    )
    _ask(WHY_VILLAGE, "village", village.row_id, f"已替换{village.village}")


@st.dialog("替换户")
def _replace_household(home: ListedHousehold) -> None:
    st.markdown(f"{escape(home.number)} 户由本村次序中的下一户替换。被替换的户仍列在名单里，理由公开。")
    _ask(WHY_HOUSEHOLD, "household", home.row_id, f"已替换 {home.number} 户")


def _ask(reasons: tuple[str, ...], what: str, row_id: int, done: str) -> None:
    show_notices()
    if st.session_state.pop(REPLACED, False):
        st.rerun()
    st.pills("常见理由", reasons, key=f"{REASON}_pick", on_change=_take_pill)
    st.text_input("理由", key=REASON, max_chars=300, live="600ms", placeholder="写明核实的情况，不写身份证号")
    st.button(
        "确认替换", type="primary", key="sample_replace_confirm", on_click=_replace, args=(what, row_id, done),
        disabled=len(st.session_state.get(REASON, "").strip()) < 2,
    )  # fmt: skip


def _take_pill() -> None:
    st.session_state[REASON] = st.session_state.get(f"{REASON}_pick") or ""


def _replace(what: str, row_id: int, done: str) -> None:
    action = replace_village if what == "village" else replace_household
    reason = st.session_state.get(REASON, "")
    if attempt(lambda: action(caller(), row_id, reason), done) is not None:
        st.session_state[REASON] = ""
        st.session_state[REPLACED] = True
