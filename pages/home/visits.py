"""The inspector's part of the first page: the villages to visit, and the forms to go on with."""

import streamlit as st

from pages.field.household_list import village_words
from pages.frame.look import empty, escape, is_phone
from queries.household import OpenForm, open_forms
from queries.viewer import Viewer
from queries.village_visits import VillagePage, VillageProgress, villages_to_visit

VILLAGES_SHOWN = 3
LIST, FORM, RAISE = "pages/field/households.py", "pages/field/household.py", "pages/ledger/raise_issue.py"


def visits(viewer: Viewer, campaign_id: int) -> bool:
    """The unfinished villages, those begun first, and every open form. True where a form is to be gone on with."""
    forms = open_forms(viewer, campaign_id)
    found = villages_to_visit(viewer, campaign_id, size=VILLAGES_SHOWN, unfinished_only=True)
    if found.total:
        returned = f" · :orange[被退回 {found.households_returned} 户]" if found.households_returned else ""
        st.markdown(f"还有 **{found.total}** 个村 **{found.households_left:,}** 户没完成{returned}")
    listed = {row.village_id for row in found.rows}
    with st.grid("auto", min_column_width=320):
        for row in found.rows:
            _village(row, [f for f in forms if f.village_id == row.village_id][:2])
    for form in [f for f in forms if f.village_id not in listed]:
        _go_on(form, form.place)
    if not found.rows and not forms:
        empty("没有要入户的村", "抽样名单采用以后，您所在专班负责的村列在这里；都已完成的不再列出。", key="villages")
    else:
        _more_villages(found)
    return bool(forms)


def at_the_thumb() -> None:
    """On a phone, what an inspector wants at any moment stands at the bottom."""
    if not is_phone():
        return
    with st.bottom:
        left, right = st.columns(2, wrap=False)
        if left.button("登记问题", key="thumb_raise", icon=":material/flag:", width="stretch"):
            st.switch_page(RAISE)
        if right.button("查户", key="thumb_search", icon=":material/search:", width="stretch"):
            st.switch_page(LIST)


def _more_villages(found: VillagePage) -> None:
    left = found.total - len(found.rows)
    if left > 0 and st.button(f"还有 {left} 个村没完成", key="thumb_more_villages", icon=":material/location_on:"):
        st.switch_page(LIST)


def _village(row: VillageProgress, forms: list[OpenForm]) -> None:
    """A village to visit: how far, and where to go on."""
    with st.container(border=True, key=f"today_village_{row.village_id}"):
        place, words = f"{escape(row.town)} {escape(row.village)}", " · ".join(village_words(row))
        st.markdown(f":material/location_on: **{place}**  \n:gray[{words}]")
        if row.is_begun:
            text = f"户 {row.finished}/{row.required} · 人 {row.people_checked}/{row.people}"
            st.progress(row.finished / row.required if row.required else 0.0, text=text)
        for form in forms:
            _go_on(form)
        begin = "户名单" if row.is_begun else "开始入户"
        if st.button(begin, key=f"thumb_list_{row.village_id}", icon=":material/list:", width="stretch"):
            st.switch_page(LIST, query_params={"village": str(row.village_id)})


def _go_on(form: OpenForm, place: str = "") -> None:
    """继续: 0107 张* (人 2/4); with the village where it does not stand above."""
    if form.return_reason:
        st.markdown(f":orange-badge[:material/reply: 被退回]　{escape(form.return_reason)}")
    words = "修改" if form.return_reason else "继续"
    people = f"人 {form.progress.people_done}/{form.progress.people}"
    where = f"{escape(place)} " if place else ""
    label = f"{words}：{where}{escape(form.number)} {escape(form.head)}（{people}）"
    if st.button(label, key=f"thumb_form_{form.check_id}", type="primary", icon=":material/arrow_forward:",
                 icon_position="right", width="stretch"):  # fmt: skip
        st.switch_page(FORM, query_params={"id": str(form.check_id)})
