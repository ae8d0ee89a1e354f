"""追缴补发. Who: those who see the dashboard, each their region. Asked: a place and a day.

Shown: what is due, done and still open in each of the three directions, by place, and the problems whose money is not
settled yet, closed ones too. Nothing is done here: money is recorded on its problem.
"""

import pandas as pd
import streamlit as st

import clock
from models.issue_money import Direction
from models.money import yuan
from models.refusal import Refused
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape, is_phone
from pages.frame.who import require
from pages.home.panels import panel_row
from pages.home.state import figure_panel
from pages.office.dashboard_question import choose
from pages.office.figure_list import asked_rows, figure_list
from queries.figure import Figure, FigureRows, Slice
from queries.figures import figure_rows, figures
from queries.money_owed import PlaceMoney, money_by_place

NAMES = (
    "money_to_recover_cents", "money_recovered_cents", "money_open_recover_cents", "money_to_pay_cents",
    "money_paid_cents", "money_open_pay_cents", "money_remitted_cents", "money_open_remit_cents", "issues_partial",
)  # fmt: skip
HERE = "pages/money/owed.py"


def open_figures(found: dict[str, Figure]) -> None:
    """What is still open, each with what is due and done."""

    def amount(name: str) -> str:
        return yuan(int(found[name].value or 0))

    words = {
        "money_open_recover_cents": f"应 {amount('money_to_recover_cents')}，已 {amount('money_recovered_cents')} 元",
        "money_open_pay_cents": f"应 {amount('money_to_pay_cents')}，已 {amount('money_paid_cents')} 元",
        "money_open_remit_cents": f"已缴库 {amount('money_remitted_cents')} 元",
        "issues_partial": "已销号，钱还没办清",
    }
    panel_row([figure_panel(found[name], words[name], question) for name in words], on_a_phone=2)


def by_place(places: tuple[PlaceMoney, ...]) -> None:
    """One row a place; on a phone only what is open."""
    remit = Direction.REMIT
    columns = {
        "应追缴": [p.money.to_recover for p in places], "已追缴": [p.money.recovered for p in places],
        "未追缴": [p.open_recover for p in places], "应补发": [p.money.to_pay for p in places],
        "已补发": [p.money.paid for p in places], "未补发": [p.open_pay for p in places],
        "应缴库": [p.money.due(remit) for p in places], "已缴库": [p.money.remitted for p in places],
        "未缴库": [p.money.open(remit) for p in places],
    }  # fmt: skip
    shown = {head: cents for head, cents in columns.items() if head.startswith("未") or not is_phone()}
    texts = {head: [in_bold(value, head) for value in cents] for head, cents in shown.items()}
    st.markdown("##### 各地　:gray[:small[元，查否的不计]]")
    with st.container(key="money_places"):
        st.table(pd.DataFrame(texts, index=[escape(p.name) for p in places]), border="horizontal")


def in_bold(cents: int, head: str) -> str:
    """What is still to move stands out."""
    return f"**{yuan(cents)}**" if cents and head.startswith("未") else yuan(cents)


def rows(part: Slice) -> FigureRows:
    """A part of the problems whose money is not settled."""
    return figure_rows(viewer, campaign.id, today, "issues_owing", region, question.as_of, part)


viewer = require(Permission.SEE_DASHBOARD)
campaign, today = current_campaign(), clock.today()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("追缴补发", anchor=False, width="content")
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        question = choose(viewer, "全部")
region = question.region or None
try:
    found = asked_rows(rows)
except Refused as refused:
    st.info(str(refused))
    st.stop()
open_figures(figures(viewer, campaign.id, today, region, question.as_of, NAMES))
places = money_by_place(viewer, campaign.id, today, region, question.as_of)
if places:
    by_place(places)
st.markdown(f"##### {found.figure.label}　{found.figure.text}")
st.caption(found.figure.definition)
if found.total:
    figure_list(found, "追缴补发", HERE)
else:
    empty("没有未办清的钱", "截至这一天，应追缴、应补发和追回应缴库的都已办清。")
