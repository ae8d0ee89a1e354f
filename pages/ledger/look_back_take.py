"""接收: which closed problems of an earlier campaign this one looks at again: those ticked, or all that the filter has.

Who: office, within its region.
"""

import pandas as pd
import streamlit as st

import clock
from actions.look_back import take_over
from models.problem_type import problem_types
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, title
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from queries.look_back import Source, TakeFilter, sources, takeable, takeable_ids
from queries.unit import units_in_ledger

LIST, SIZE = "pages/ledger/look_back.py", 50
GENERATION = "_take_generation"
"""Key in session_state: a new one unticks all rows once they were taken."""

viewer = require(Permission.TAKE_BACK)
campaign, today = current_campaign(), clock.today()


def asked_source(found: tuple[Source, ...]) -> Source:
    """Which earlier campaign."""
    by_id = {source.id: source for source in found}
    chosen = st.selectbox(
        "从哪次专项治理",
        list(by_id),
        format_func=lambda i: f"{by_id[i].name}（已销号未接收 {by_id[i].left} 件）",
        key="source",
    )
    return by_id[chosen]


def asked_filter(source: Source) -> TakeFilter:
    """By type and responsible unit."""
    types = problem_types()
    units = {unit.id: unit.name for unit in units_in_ledger(viewer, source.id)}
    left, right = st.columns(2)
    codes = left.multiselect("类别", list(types), format_func=lambda c: f"{c} {types[c].label}", key="take_types")
    held = right.multiselect("责任单位", list(units), format_func=lambda i: units[i], key="take_units")
    return TakeFilter(tuple(codes), tuple(held))


def take(source: Source, ids: tuple[int, ...]) -> None:
    """Callback: take them over."""
    done = attempt(lambda: take_over(caller(), campaign.id, source.id, ids), lambda n: f"已接收 {n} 件，可以去核查了")
    if done is not None:
        st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1


st.page_link(LIST, label="返回回头看", icon=":material/arrow_back:")
title("接收回头看问题", escape(campaign.name))
st.caption("只有已收尾或归档的专项治理、已销号的问题可以接收；同一件只接收一次。")
show_notices()
found = sources(viewer, campaign.id)
if not found:
    empty("没有可以接收的专项治理", "以往的专项治理转为“收尾”或“归档”以后，才能接收它的问题。", key="sources")
    st.stop()
source = asked_source(found)
wanted = asked_filter(source)
asked = st.session_state.get("page") or 1
rows, total = takeable(viewer, campaign.id, source.id, wanted, asked, SIZE)
if not rows:
    empty("没有可以接收的问题", "换一个条件，或者都已经接收了。", key="takeable")
    st.stop()
frame = pd.DataFrame(
    {
        "编号": [row.number for row in rows],
        "问题": [row.title for row in rows],
        "类别": [problem_types()[row.type_code].label for row in rows],
        "地点": [row.place for row in rows],
        "责任单位": [row.responsible_unit for row in rows],
        "销号日期": [row.closed_on for row in rows],
    }
)
ticked = st.dataframe(
    frame, hide_index=True, row_height=34, on_select="rerun", selection_mode="multi-row", placeholder="—",
    key=f"take_rows_{st.session_state.get(GENERATION, 0)}_{asked}", height=36 + 34 * min(len(rows), 11),
)  # fmt: skip
chosen = tuple(rows[n].issue_id for n in ticked["selection"]["rows"] if n < len(rows))
with st.container(horizontal=True, vertical_alignment="center"):
    st.button(f"接收所选 {len(chosen)} 件", type="primary", disabled=not chosen, key="thumb_take", on_click=take,
              args=(source, chosen))  # fmt: skip
    st.button(f"接收全部 {total} 件", key="thumb_take_all", on_click=lambda: take(
        source, takeable_ids(viewer, campaign.id, source.id, wanted)))  # fmt: skip
if total > SIZE:
    st.pagination(-(-total // SIZE), key="page")
