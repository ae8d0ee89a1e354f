"""The charts of problems. Each has its numbers written on it; colour repeats what a word or a mark already says."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from models.deadline import Light
from pages.frame.chart import COUNT, MONTH, Picture, ink, letters_on, light_colour, picture
from pages.frame.look import is_phone
from queries.breakdown import LIGHTS, LightCounts, TypeCount
from queries.closures import BurnDown, WeekFlow

UPPER, LOWER = 255, 282
"""Heights in px that leave both rows on a screen of 900."""
WEEKS_SHOWN, BARS_SHOWN = 8, 8


def burn_down(found: BurnDown) -> Picture | None:
    """Open problems by day; the dashed plan to nothing; the red day all should be closed by."""
    if not found.days:
        return None
    c, first, last = ink(), found.days[0], found.days[-1]
    end = max(last.day, found.rectify_by)
    x = alt.X("day:T", title=None).axis(**MONTH).scale(domain=[_moment(first.day), _moment(end)])
    y = alt.Y("open:Q", title=None).axis(**COUNT, grid=True, tickCount=4).scale(domainMin=0)
    tip = [alt.Tooltip("day:T", title="日期", format="%-m月%-d日"), alt.Tooltip("open:Q", title="未销号（件）")]
    drawn = alt.Chart(_points([(d.day, d.open) for d in found.days])).encode(x=x, y=y, tooltip=tip)
    by = alt.Chart(_points([(found.rectify_by, 0)])).mark_rule(color=c.rule, strokeWidth=2).encode(x="day:T")
    layers = [drawn.mark_area(color=c.pale, opacity=0.7), drawn.mark_line(color=c.main, strokeWidth=2), by]
    if found.has_plan and found.peak is not None:
        plan = alt.Chart(_points([(found.peak.day, found.peak.open), (found.rectify_by, 0)]))
        layers.append(plan.mark_line(color=c.muted, strokeDash=[5, 4]).encode(x="day:T", y="open:Q"))
    left = end > first.day and (last.day - first.day) / (end - first.day) < 0.6
    height = last.open if found.behind >= 0 else last.open // 3
    label = alt.Chart(_points([(last.day, height)])).mark_text(
        align="left" if left else "right",
        dx=8 if left else -8,
        dy=-10,
        fontWeight=600,
        color=c.text,
    )
    layers.append(label.encode(x="day:T", y="open:Q", text=alt.value(_open_words(found))))
    return picture(alt.layer(*layers).properties(height=UPPER), f"未销号问题走势：{_open_words(found)}")


def _points(points: list[tuple[date, int]]) -> pd.DataFrame:
    return pd.DataFrame({"day": [pd.Timestamp(day) for day, _ in points], "open": [count for _, count in points]})


def _moment(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _open_words(found: BurnDown) -> str:
    count = f"{found.days[-1].open:,} 件"
    if not found.has_plan:
        return count
    if found.peak == found.days[-1]:
        return f"{count}，为最高点"
    if not found.behind:
        return f"{count}，合乎进度"
    return f"{count}，比进度{'多' if found.behind > 0 else '少'} {abs(found.behind):,}"


def weeks(found: tuple[WeekFlow, ...]) -> Picture | None:
    """Registered and closed, week by week; the last ones."""
    if not found:
        return None
    c, shown = ink(), found[-WEEKS_SHOWN:]
    kinds = ["登记", "销号"]
    rows = [
        {"week": _week_words(w), "what": what, "count": count, "reopened": w.reopened}
        for w in shown
        for what, count in zip(kinds, (w.registered, w.closed), strict=True)
    ]
    x = alt.X("week:N", title=None, sort=[_week_words(w) for w in shown]).axis(labelAngle=0, labelOverlap=False)
    y = alt.Y("count:Q", title=None).axis(None)
    tip = [
        alt.Tooltip("week:N", title="周一"), alt.Tooltip("what:N", title="事项"), alt.Tooltip("count:Q", title="件次"),
        alt.Tooltip("reopened:Q", title="同周回头看重开"),
    ]  # fmt: skip
    side = alt.XOffset("what:N", sort=kinds)
    base = alt.Chart(pd.DataFrame(rows)).encode(x=x, xOffset=side, y=y, tooltip=tip)
    bars = base.mark_bar().encode(color=alt.Color("what:N").scale(domain=kinds, range=[c.pale, c.main]))
    words = "；".join(f"{_week_words(w)} 起登记 {w.registered} 销号 {w.closed}" for w in shown)
    chart = bars + base.mark_text(dy=-7, fontSize=11).encode(text="count:Q")
    return picture(chart.properties(height=UPPER), f"每周登记与销号：{words}")


def _week_words(week: WeekFlow) -> str:
    return f"{week.monday.month}/{week.monday.day}"


def types(found: tuple[TypeCount, ...]) -> Picture:
    """All 14, the empty ones too: a type without problems is an answer."""
    c = ink()
    rows = [{"type": t.label, "count": t.count, "words": _type_words(t)} for t in found]
    widest = max(t.count for t in found) or 1
    x = alt.X("count:Q", title=None).axis(None).scale(domain=[0, widest * (2.4 if is_phone() else 1.5)])
    y = alt.Y("type:N", title=None, sort=[t.label for t in found]).axis(labelOverlap=False)
    tip = [alt.Tooltip("type:N", title="类别"), alt.Tooltip("words:N", title="问题")]
    base = alt.Chart(pd.DataFrame(rows)).encode(x=x, y=y, tooltip=tip)
    text = base.mark_text(align="left", dx=5, fontSize=11, color=c.text).encode(text="words:N")
    words = "；".join(f"{t.label} {t.count} 件" for t in found)
    return picture((base.mark_bar(color=c.main) + text).properties(height=LOWER), f"十四类问题：{words}")


def _type_words(t: TypeCount) -> str:
    return f"{t.count:,} 件 · 累计 {int(t.cumulative or 0)}%" if t.count else "0"


def lights(found: tuple[LightCounts, ...]) -> Picture | None:
    """One bar a place, done first, overdue last; the legend has the marks that print."""
    places = bars_shown(found)
    if not any(place.total for place in places):
        return None
    present = [light for light in LIGHTS if any(place.counts[light] for place in places)]
    names = [f"{light.symbol} {light.label}" for light in present]
    rows = [
        {"place": p.name, "light": name, "order": n, "count": p.counts[light], "letters": letters_on(light)}
        for p in places
        for n, (light, name) in enumerate(zip(present, names, strict=True))
        if p.counts[light]
    ]
    y = alt.Y("place:N", title=None).scale(domain=[p.name for p in places])
    x = alt.X("count:Q", title=None, stack="zero").axis(None)
    colours = alt.Color("light:N", legend=alt.Legend(columns=3 if is_phone() else len(names)))
    colours = colours.scale(domain=names, range=[light_colour(light) for light in present])
    titles = {"place:N": "范围", "light:N": "状态", "count:Q": "件"}
    tip = [alt.Tooltip(field, title=word) for field, word in titles.items()]
    base = alt.Chart(pd.DataFrame(rows)).encode(y=y, order=alt.Order("order:Q"), tooltip=tip)
    middle = alt.X("count:Q", stack="zero", bandPosition=0.5)
    text = base.mark_text().encode(x=middle, text="count:Q", color=alt.Color("letters:N", scale=None), detail="light:N")
    chart = alt.layer(base.mark_bar().encode(x=x, color=colours), text).resolve_scale(color="independent")
    words = "；".join(f"{p.name} 共 {p.total} 件" for p in places)
    return picture(chart.properties(height=LOWER), f"各单位销号与超期：{words}")


def bars_shown(places: tuple[LightCounts, ...]) -> Sequence[LightCounts]:
    """All of few; of many those with most overdue."""
    if len(places) <= BARS_SHOWN:
        return places
    return sorted(places, key=lambda place: (-place.counts[Light.OVERDUE], -place.total))[:BARS_SHOWN]
