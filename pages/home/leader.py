"""The leader's answer on one screen: where we are, who is behind, what is overdue; each number opens its rows."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import clock
from models.issue_word import short_number
from models.money import wan
from pages.frame.look import escape, is_phone, light_badge
from pages.home.panels import ISSUE, LEDGER, heading, line, panel_row, work_row
from pages.home.state import figure_panel
from pages.office.dashboard_panels import open_figure
from pages.office.dashboard_question import Question
from queries.audit import audit_head
from queries.dashboard import scope_of
from queries.ledger import LedgerFilter, ledger_top
from queries.ledger_views import LedgerView
from queries.overview import BY_PLACE, Overview, PlaceFigures, overview
from queries.viewer import Viewer

KEPT = timedelta(minutes=30)
OVERDUE_SHOWN = 5
HEADS = {"issues_open": "未销号", "issues_overdue": "超期", "longest_overdue_days": "最长超期",
         "closure_rate": "销号率", "village_coverage_rate": "村覆盖率"}  # fmt: skip
ON_A_PHONE = ("issues_open", "issues_overdue", "closure_rate")


def kept_overview(viewer: Viewer, campaign_id: int) -> Overview:
    """Kept by what decides it; every change moves the record's head."""
    today = clock.today()
    return _overview(viewer, scope_of(viewer), campaign_id, today, str(audit_head()))


@st.cache_data(ttl=KEPT, max_entries=200, show_spinner="正在汇总…")
def _overview(_viewer: Viewer, scope: tuple[str, ...], campaign_id: int, today: date, head: str) -> Overview:
    return overview(_viewer, campaign_id, today)


def where_we_are(found: Overview, today: date) -> None:
    """Six figures."""
    f = found.whole
    longest = f["longest_overdue_days"].value
    rows = (
        ("issues_open", f"共登记 {f['issues_total'].value:,} 件"),
        ("issues_overdue", f"▲ 最长 {longest} 天" if longest else "没有超期的"),
        ("closure_rate", f"已销号 {f['issues_closed'].value:,} 件"),
        ("money_recovered_cents", f"应追缴 {_wan(f['money_to_recover_cents'].value)}"),
        ("villages_checked", f"应查 {f['villages_required'].value:,} 村"),
        ("households_checked", f"应查 {f['households_required'].value:,} 户"),
    )
    panel_row([figure_panel(f[name], words, Question("", "", today)) for name, words in rows])


def who_is_behind(found: Overview, today: date) -> None:
    """Each place with its own figures; on a phone the three that matter most."""
    if not found.places:
        return
    with st.container(border=True, key="box_places"):
        left_out = f"，另有 {found.towns_left_out} 个镇未列" if found.towns_left_out else ""
        heading("各地进度", f"点数字看明细{left_out}")
        names = ON_A_PHONE if is_phone() else BY_PLACE
        for column, head in zip(_columns(names), ("", *(HEADS[name] for name in names)), strict=True):
            column.markdown(f":gray[:small[{head}]]")
        for place in found.places:
            with st.container(key=f"work_place_{place.code}"):
                columns = _columns(names)
                columns[0].markdown(f"**{escape(place.name)}**")
                for column, name in zip(columns[1:], names, strict=True):
                    with column:
                        _figure(place, name, today)


def _columns(names: Sequence[str]) -> list[DeltaGenerator]:
    return st.columns(len(names) + 1, vertical_alignment="center", wrap=not is_phone(), gap="xsmall")


def most_overdue(viewer: Viewer, campaign_id: int, today: date) -> None:
    """The longest overdue, with who has them."""
    top = ledger_top(viewer, campaign_id, LedgerFilter(LedgerView.OVERDUE), today, OVERDUE_SHOWN)
    if not top.total:
        return
    with st.container(border=True, key="box_overdue"):
        heading("超期最久的", f"前 {len(top.rows)} 件，共 {top.total:,} 件")
        for row in top.rows:
            first = f"{light_badge(row.light)} **{escape(row.title)}**"
            second = escape(f"{short_number(row.number)} · {row.responsible_unit} · 责任人 {row.person_in_charge}")
            work_row(f"overdue_{row.id}", first, second, "查看", partial(_open, row.id))
        if top.total > len(top.rows):
            line("overdue_all", "", f"全部 {top.total:,} 件超期的 ›", LEDGER, {"view": LedgerView.OVERDUE.label})


def _open(issue_id: int) -> None:
    st.switch_page(ISSUE, query_params={"id": str(issue_id)})


def _figure(place: PlaceFigures, name: str, today: date) -> None:
    question = Question(place.code, place.name, today)
    red = name in ("issues_overdue", "longest_overdue_days")
    open_figure(place.figures[name], question, f"open_{place.code}_{name}", red=red)


def _wan(value: int | float | None) -> str:
    return wan(int(value or 0)).replace(" ", "")
