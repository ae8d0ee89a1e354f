"""单位: which there are, where they are, what they were called, and what became of those dissolved."""

import streamlit as st

import clock
from models.local_time import day_text, moment_text
from models.role import Permission
from pages.admin.unit_forms import unit_form, unit_verbs
from pages.admin.unit_table import AT, PAGE, WORDS, go, unit_table
from pages.frame.look import empty, escape, kept_open, title, to_first_page
from pages.frame.notice import show_notices
from pages.frame.who import require
from queries.unit_list import UnitLine, unit_changes, unit_page, unit_with

person = require(Permission.MANAGE_PEOPLE)
today = clock.today()
title("单位", right="更名、撤销都按日期记，问题不会自己转走")
show_notices()


def unit_card(unit: UnitLine) -> None:
    """The unit one looks at: what it is today, what may be done, what happened to it."""
    with st.container(border=True, key="unit_card"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            state = f":orange-badge[{escape(unit.state)}]" if unit.state else ":green-badge[√ 在用]"
            st.markdown(f"##### {escape(unit.name)}　{state}", width="content")
            st.button("回到全部单位", type="tertiary", icon=":material/arrow_back:", key="thumb_unit_back",
                      on_click=go, args=("",))  # fmt: skip
        place = escape(unit.region) or "未填"
        st.markdown(
            f"{unit.kind.label}　编号 {escape(unit.code)}　所在地 {place}　"
            f"归 **{escape(unit.reporting_unit) or '市直'}** 填报　登记 {unit.people} 人"
        )
        unit_verbs(person, unit, today)
        changes = unit_changes(person, unit.id)
        if changes:
            with st.expander(f"经过（{len(changes)}）", icon=":material/history:"):
                for row in changes:
                    st.markdown(
                        f"**{day_text(row.day)}**　{row.label}　{escape(row.text)}  \n"
                        f":gray[依据：{escape(row.reason)}　{moment_text(row.recorded_at)} 登记]"
                    )


unit = unit_with(person, st.query_params.get(AT, ""), today)
if unit is not None:
    unit_card(unit)
else:
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.text_input(
            "查找",
            key=WORDS,
            on_change=to_first_page,
            args=(PAGE,),
            placeholder="名称、曾用名或编号",
            type="search",
            label_visibility="collapsed",
            width=320,
        ).strip()
        all_of_them = st.checkbox("也列已撤销的", key="units_dissolved", on_change=to_first_page, args=(PAGE,))
    found = unit_page(person, today, words, int(st.session_state.get(PAGE) or 1), all_of_them)
    if found.rows:
        st.markdown(f"共 **{found.total}** 个单位")
        unit_table(found.rows)
        if found.pages > 1:
            st.pagination(found.pages, key=PAGE, width="content")
    elif words:
        empty("没有符合条件的单位", f"没有名称、曾用名或编号含“{words}”的单位。清空查找框看全部。")
    else:
        empty("还没有单位", "登记以后，问题才能交办给它，人员才能归到它。")
    with st.expander("登记单位", icon=":material/add:", expanded=not found.total, **kept_open("new_unit")):
        unit_form(person)
