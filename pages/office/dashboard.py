"""驾驶舱. Who: those who see the dashboard, each their region. Asked: a place and a day.

Shown: six figures one can open, coverage against the floor, how problems come and go, of which kind, where, and what
changed. Nothing is done here.
"""

from pathlib import Path

import streamlit as st

from models.refusal import Refused
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.chart import Picture, show
from pages.frame.look import escape
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.office.coverage_chart import legend
from pages.office.dashboard_answer import dashboard_answer
from pages.office.dashboard_charts import bars_shown
from pages.office.dashboard_panels import floors, panels, short_day, week
from pages.office.dashboard_question import choose

NO_PROBLEMS = "截至当日没有登记的问题"


def chart(name: str, title: str, words: str, drawn: Picture | None, nothing: str = NO_PROBLEMS, why: str = "") -> None:
    """One panel: what it shows, what the marks mean, the picture; or why there is none."""
    with st.container(border=True, height="stretch", key=f"chart_{name}"):
        st.markdown(f"**{title}** :gray[:small[{words}]]" if words else f"**{title}**")
        if drawn is not None:
            show(drawn, name)
            return
        with st.container(height=200, border=False, vertical_alignment="center", horizontal_alignment="center"):
            st.markdown(f"**{nothing}**", width="content")
            st.caption(why, width="content")


def whole(place: str) -> str:
    """全市, as the campaign's place ends."""
    return f"全{place[-1]}" if place[-1:] in ("市", "县", "区", "州") else "全部"


def kinds() -> str:
    """How much the four largest of the 14 types are together."""
    first = [t for t in found.types if t.count][:4]
    return f"件数与累计占比，前 {len(first)} 类占 {int(first[-1].cumulative or 0)}%" if first else "件数与累计占比"


def line() -> str:
    """What the lines of the burn-down mean."""
    plan = "虚线自最高点到清零，" if found.burn_down.has_plan else ""
    return f"件；{plan}红线为期限 {short_day(found.burn_down.rectify_by)}"


def bars() -> str:
    """Which places the bars leave out."""
    left_out = len(found.lights) - len(bars_shown(found.lights))
    return f"件，按整改时限；超期多的在前，另有 {left_out} 个未列" if left_out else "件，按整改时限"


def coverage() -> None:
    """Villages and households beside each other, each with both ways to meet the floor."""
    with st.container(border=True, height="stretch", key="chart_coverage"):
        st.markdown(f"**覆盖率对 {found.coverage.share_percent}% 底线** :gray[:small[{legend(found.coverage)}]]")
        for column, unit, drawn in zip(st.columns(2), "村户", (pictures.villages, pictures.households), strict=True):
            with column:
                floors(found, question, unit)
                if drawn is not None:
                    show(drawn, f"bullets_{unit}")


viewer = require(Permission.SEE_DASHBOARD)
campaign = current_campaign()
st.html(Path(__file__).parent / "dashboard.css")
with st.container(key="dashboard"):
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="dashboard_head"
    ):
        st.title("驾驶舱", anchor=False, width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            only_place = st.container(width="content")
            question = choose(viewer, whole(campaign.place))
    show_notices()
    try:
        found, pictures = dashboard_answer(viewer, campaign.id, question.region, question.as_of)
    except Refused as refused:
        st.info(str(refused))
        st.stop()
    if not question.place:
        only_place.markdown(f"**{escape(found.place)}**")
    panels(found, question)
    upper, lower = st.columns([1.9, 1.3, 1.0]), st.columns([1.5, 1.6, 1.0])
    with upper[0]:
        if found.coverage.share_percent:
            coverage()
        else:
            why = "抽样结果采用后，这里显示村、户覆盖率与底线的差距。"
            chart("coverage", "覆盖率对底线", "", None, "截至当日没有采用的抽样结果", why)
    with upper[1]:
        chart("burn_down", "未销号问题走势", line(), pictures.burn_down, why="提交编号后，这里显示每天未销号的件数。")
    with upper[2]:
        chart("weeks", "每周登记与销号", "件次；横轴为周一", pictures.weeks, why="登记和销号按周一至周日计。")
    with lower[0]:
        chart("types", "十四类问题", kinds(), pictures.types)
    with lower[1]:
        chart("lights", "各单位销号与超期", bars(), pictures.lights, why="按已销号、审核中、正常、临期、超期列出。")
    with lower[2], st.container(border=True, height="stretch", key="chart_week"):
        week(found, question)
