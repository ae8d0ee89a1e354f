"""Coverage against the floor: bullets for villages and households, 逐镇达标 beside 总体达标."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from pages.frame.chart import draw, ink
from pages.office.dashboard_charts import UPPER
from pages.office.dashboard_panels import open_figure
from pages.office.dashboard_question import Question
from queries.coverage import Gap
from queries.dashboard import Dashboard

PLACES_SHOWN, SMALL_BASE = 6, 10
_FIGURES = {
    "村": ("towns_meeting_floor", "village_coverage_rate"),
    "户": ("towns_meeting_household_floor", "household_coverage_rate"),
}
_HEAD = 32


def coverage(found: Dashboard, question: Question) -> None:
    """Both bullets side by side; where there are many places, those with the widest gap."""
    share, places = found.coverage.share_percent, found.coverage.places[:PLACES_SHOWN]
    more = len(found.coverage.places) - len(places)
    rest = f"；只列缺口最大的 {PLACES_SHOWN} 个，另有 {more} 个" if more else ""
    small = "；\\* 基数不足 10，仅供参考" if any(p.villages.total < SMALL_BASE for p in places) else ""
    if any(gap.permille >= share * 10 and not gap.meets_floor for p in places for gap in (p.villages, p.households)):
        rest += "；镇的户底线是各抽中村底线之和"
    st.markdown(f"**覆盖率对 {share}% 底线** :gray[:small[红线为底线；橙色未达标，注明缺数{small}{rest}]]")
    left, right = st.columns(2)
    with left:
        _floors(found, question, "村", found.coverage.villages)
        _bullets([(p.name, p.villages) for p in places], share, "村")
    with right:
        _floors(found, question, "户", found.coverage.households)
        _bullets([(p.name, p.households) for p in places], share, "户")


def _floors(found: Dashboard, question: Question, unit: str, overall: Gap) -> None:
    """One may be met while the other is not."""
    meeting, rate = (found.figures[name] for name in _FIGURES[unit])
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":small[**{unit}** 逐镇达标]", width="content")
        towns = f"{meeting.value}/{found.figures['towns_total'].value} 镇"
        open_figure(meeting, question, f"open_{meeting.name}", towns)
        st.markdown(":small[总体]", width="content")
        open_figure(rate, question, f"open_{rate.name}", f"{rate.text} {_met(overall)}")


def _bullets(places: Sequence[tuple[str, Gap]], share: int, unit: str) -> None:
    """Percent of the whole base; 缺: how many to the floor."""
    c = ink()
    rows = [
        {"place": name, "rate": gap.permille / 10, "words": _words(gap), "state": _met(gap),
         "from": max(gap.permille / 10, share)}
        for name, gap in places
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    ticks = [0, share / 2, share, share * 1.5]
    widest = max(ticks[-1], float(frame["rate"].max()))
    x = alt.X("rate:Q", title=None).scale(domain=[0, widest * 2.1], nice=False)
    x = x.axis(values=ticks, labelExpr="datum.value + '%'")
    y = alt.Y("place:N", title=None, sort=[name for name, _ in places])
    colour = alt.Color("state:N", legend=None).scale(domain=["达标", "未达标"], range=[c.main, c.short])
    titles = {"place": "范围", "words": unit, "state": "底线"}
    tip = [alt.Tooltip(f"{field}:N", title=word) for field, word in titles.items()]
    base = alt.Chart(frame).encode(y=y, tooltip=tip)
    floor = alt.Chart(pd.DataFrame({"floor": [share]})).mark_rule(color=c.rule, strokeWidth=2).encode(x="floor:Q")
    text = base.mark_text(align="left", dx=6, color=c.text).encode(x="from:Q", text="words:N")
    chart = alt.layer(base.mark_bar(size=16).encode(x=x, color=colour), floor, text).properties(height=UPPER - _HEAD)
    said = "；".join(f"{row['place']} {row['words']} {row['state']}" for row in rows)
    draw(chart, f"bullets_{_FIGURES[unit][1]}", f"{unit}覆盖率：{said}")


def _met(gap: Gap) -> str:
    return "达标" if gap.meets_floor else "未达标"


def _words(gap: Gap) -> str:
    short, small = max(0, gap.floor - gap.done), " *" if gap.total < SMALL_BASE else ""
    return f"{gap.permille / 10}% {gap.done:,}/{gap.total:,}{small}" + (f"\u2002缺 {short:,}" if short else "")
