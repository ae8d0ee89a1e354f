"""指标明细. Who: those who see the dashboard, each their region. Asked by the address: a figure, a place, a day.

Shown: the figure, its definition, and the rows it counts, masked. Rows of problems open the problem.
"""

import streamlit as st

import clock
from models.refusal import Refused
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, title
from pages.frame.who import require
from pages.office.dashboard_question import asked_in_address
from pages.office.figure_list import asked_rows, figure_list
from queries.figure import FigureRows, Slice
from queries.figures import FIGURES, figure_rows

DASHBOARD = "pages/office/dashboard.py"

viewer = require(Permission.SEE_DASHBOARD)
campaign = current_campaign()
name, question = asked_in_address(viewer)


def rows(part: Slice) -> FigureRows:
    """A part of the rows."""
    return figure_rows(viewer, campaign.id, clock.today(), name, question.region or None, question.as_of, part)


st.page_link(DASHBOARD, label="返回驾驶舱", icon=":material/arrow_back:", query_params=question.address())
if name not in FIGURES:
    title("没有这个指标")
    st.write("链接里的指标名称不对，请从驾驶舱点数字进来。")
    st.stop()
try:
    found = asked_rows(rows)
except Refused as refused:
    title(FIGURES[name].label)
    st.info(str(refused))
    st.stop()
title(f"{found.figure.label}　{found.figure.text}", f"{escape(found.place)} · {question.as_of_words}")
st.write(f"口径：{escape(found.figure.definition)}")
if found.total:
    figure_list(found, "指标明细", "pages/office/figure.py")
else:
    empty("没有这样的行", "截至这一天，这个指标在这个范围内没有可列的明细。")
