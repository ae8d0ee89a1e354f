"""Reporting units 填报单位: which there are, what counts for each, and a new zone beside the counties."""

from datetime import date

import pandas as pd
import streamlit as st

from actions.reporting_unit import create_reporting_unit
from models.role import Permission
from pages.frame.look import empty, escape, is_phone, kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.region_tree import ReportingUnitPlaces, reporting_unit_places
from queries.viewer import Viewer

FIELDS = ("zone_code", "zone_name", "zone_letters")


def reporting_units_part(person: Viewer, today: date) -> None:
    """In the office's fixed order."""
    rows = reporting_unit_places(person, today)
    st.caption("功能区与县（市、区）并列填报。哪个镇、村归谁统计，在“区划”里打开那个镇、村改。")
    if rows:
        _table(rows)
    else:
        empty("还没有填报单位", "导入或增设县（市、区）以后，县随它自己填报；功能区在下面新建。", key="reporting")
    if person.may(Permission.MANAGE_REGIONS):
        with st.expander("新建功能区填报单位", icon=":material/add:", **kept_open("new_zone")), st.container(width=560):
            st.text_input("代号", key="zone_code", max_chars=8, placeholder="字母开头，例如 ZGX")
            st.text_input("名称", key="zone_name", max_chars=60, placeholder="例如 高新区")
            st.text_input("编号字母", key="zone_letters", max_chars=8, placeholder="写进问题编号；不填则用代号")
            lacks = not (st.session_state.get("zone_code") and st.session_state.get("zone_name"))
            st.button("新建", type="primary", key="zone_save", on_click=_create, disabled=lacks)


def _table(rows: tuple[ReportingUnitPlaces, ...]) -> None:
    if is_phone():
        for r in rows:
            with st.container(border=True, key=f"card_{r.code}"):
                st.markdown(f"**{escape(r.name)}**　:gray[{escape(r.abbreviation)}]")
                st.caption(escape("、".join(r.places)) or "还没有镇、村归它统计")
        return
    st.dataframe(
        pd.DataFrame([
            {"填报单位": r.name, "代号": r.code, "编号字母": r.abbreviation,
             "归它统计的县、镇、村": "、".join(r.places) or "—"}
            for r in rows
        ]),
        hide_index=True, width="stretch", row_height=34, height="content", key="reporting_rows", alt="填报单位",
    )  # fmt: skip


def _create() -> None:
    s = st.session_state
    made = attempt(
        lambda: create_reporting_unit(caller(), s.zone_code, s.zone_name, s.zone_letters or ""),
        f"已新建 {s.zone_name}，请在“区划”里把镇、村归给它",
    )
    if made is not None:
        for key in FIELDS:
            s[key] = ""
