"""The places there are: towns and villages of each reporting unit."""

import pandas as pd
import streamlit as st

import clock
from pages.frame.look import empty, escape, is_phone
from queries.region import unit_totals
from queries.viewer import Viewer


def region_list(person: Viewer) -> None:
    """In the offices' fixed order."""
    st.markdown("**现有区划**")
    rows = unit_totals(clock.today())
    if not rows:
        empty("还没有区划", "先导入区划（市、县、镇、村），再导入功能区，然后才能导入名册。", key="regions")
        return
    st.caption(f"共 {len(rows)} 个填报单位，{sum(r.towns for r in rows)} 个镇，{sum(r.villages for r in rows)} 个村")
    if is_phone():
        for row in rows:
            st.markdown(f"**{escape(row.name)}**　{row.towns} 个镇，{row.villages} 个村")
        return
    st.dataframe(
        pd.DataFrame([{"填报单位": r.name, "镇（办）": r.towns, "村（居）": r.villages} for r in rows]),
        hide_index=True, width=560, row_height=34, key="region_table",
    )  # fmt: skip
