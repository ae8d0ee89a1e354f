"""驾驶舱. Who: those who see the dashboard, each their region. Asked: a place and a day.

Shown: six figures one can open, coverage against the floor, how problems come and go, of which kind, where, and what
changed. Nothing is done here.
"""

from pathlib import Path

import streamlit as st

from models.deadline import Light
from models.refusal import Refused
from models.role import Permission
from pages.frame.campaign import current_campaign
from pages.frame.look import escape
from pages.frame.notice import show_notices
from pages.frame.who import require
from pages.office.coverage_chart import coverage
from pages.office.dashboard_answer import dashboard_answer
from pages.office.dashboard_charts import burn_down_chart, lights_chart, types_chart, weeks_chart
from pages.office.dashboard_panels import panels, short_day, week
from pages.office.dashboard_question import choose
from queries.dashboard import Dashboard

BARS_SHOWN = 8

viewer = require(Permission.SEE_DASHBOARD)
campaign = current_campaign()


def whole(place: str) -> str:
    """全市, as the campaign's place ends."""
    return f"全{place[-1]}" if place[-1:] in ("市", "县", "区", "州") else "全部"


def coming_and_going(found: Dashboard) -> None:
    """The burn-down against the day all should be closed by."""
    plan = "虚线自最高点到清零，" if found.burn_down.has_plan else ""
    st.markdown(f"**未销号问题走势** :gray[:small[件；{plan}红线为期限 {short_day(found.burn_down.rectify_by)}]]")
    if found.burn_down.days:
        burn_down_chart(found.burn_down)
    else:
        nothing("截至当日没有登记的问题", "问题提交编号后，这里显示每天未销号的件数。")


def weeks(found: Dashboard) -> None:
    """What came and what was closed, week by week."""
    st.markdown("**每周登记与销号** :gray[:small[件次；横轴为周一]]")
    if found.weeks:
        weeks_chart(found.weeks)
    else:
        nothing("截至当日没有登记的问题", "登记和销号按周一至周日计。")


def floors(found: Dashboard) -> None:
    """Coverage, once there is a sample to cover."""
    if found.coverage.share_percent:
        coverage(found, question)
    else:
        st.markdown("**覆盖率对底线**")
        nothing("截至当日没有采用的抽样结果", "抽样结果采用后，这里显示村、户覆盖率与底线的差距。")


def kinds(found: Dashboard) -> None:
    """The 14 types."""
    first = [t for t in found.types if t.count][:4]
    share = f"，前 {len(first)} 类占 {int(first[-1].cumulative or 0)}%" if first else ""
    st.markdown(f"**十四类问题** :gray[:small[件数与累计占比{share}]]")
    types_chart(found.types)


def places(found: Dashboard) -> None:
    """Closed, waiting, late, place by place; many towns: those with most overdue."""
    shown = list(found.lights)
    if len(shown) > BARS_SHOWN:
        shown = sorted(shown, key=lambda place: (-place.counts[Light.OVERDUE], -place.total))[:BARS_SHOWN]
    rest = f"；列出 {BARS_SHOWN} 个，超期多的在前，另有 {len(found.lights) - BARS_SHOWN} 个" if len(
        found.lights
    ) > len(shown) else ""  # fmt: skip
    st.markdown(f"**各单位销号与超期** :gray[:small[件{rest}]]")
    if any(place.total for place in shown):
        lights_chart(shown)
    else:
        nothing("截至当日没有登记的问题", "按已销号、审核中、正常、临期、超期列出各单位的件数。")


def nothing(what: str, why: str) -> None:
    """Instead of a chart without anything to draw."""
    with st.container(height=200, border=False, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(f"**{what}**", width="content")
        st.caption(why, width="content")


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
        found = dashboard_answer(viewer, campaign.id, question.region, question.as_of)
    except Refused as refused:
        st.info(str(refused))
        st.stop()
    if not question.place:
        only_place.markdown(f"**{escape(found.place)}**")
    panels(found, question)
    upper, lower = st.columns([1.9, 1.3, 1.0]), st.columns([1.5, 1.6, 1.0])
    with upper[0], st.container(border=True, height="stretch", key="chart_coverage"):
        floors(found)
    with upper[1], st.container(border=True, height="stretch", key="chart_burn_down"):
        coming_and_going(found)
    with upper[2], st.container(border=True, height="stretch", key="chart_weeks"):
        weeks(found)
    with lower[0], st.container(border=True, height="stretch", key="chart_types"):
        kinds(found)
    with lower[1], st.container(border=True, height="stretch", key="chart_lights"):
        places(found)
    with lower[2], st.container(border=True, height="stretch", key="chart_week"):
        week(found, question)
