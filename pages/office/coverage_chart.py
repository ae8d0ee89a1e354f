"""Coverage against the floor: bullets for villages and households, 逐镇达标 beside 总体达标."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pages.frame.chart import Picture, ink, picture
from pages.office.dashboard_charts import UPPER
from queries.coverage import Gap
from queries.place_coverage import PlaceCoverage, SampleCoverage

PLACES_SHOWN, SMALL_BASE = 6, 10
_HEAD = 32


def bullets(found: SampleCoverage, unit: str) -> Picture | None:
    """One bar a place, percent of the whole base; 缺: how many to the floor. `unit`: 村 or 户."""
    if not found.places:
        return None
    gaps = [(p.name, p.villages if unit == "村" else p.households) for p in places_shown(found)]
    rows = [
        {"place": name, "rate": gap.permille / 10, "words": _words(gap), "state": met(gap),
         "from": max(gap.permille / 10, found.share_percent)}
        for name, gap in gaps
    ]  # fmt: skip
    said = "；".join(f"{row['place']} {row['words']} {row['state']}" for row in rows)
    return picture(_bars(rows, found.share_percent, unit).properties(height=UPPER - _HEAD), f"{unit}覆盖率：{said}")


def places_shown(found: SampleCoverage) -> Sequence[PlaceCoverage]:
    """All of few; of many those with the widest gap."""
    return found.places[:PLACES_SHOWN]


def legend(found: SampleCoverage) -> str:
    """What the reader has to know: of the colours, of a small base, of floors that are sums, of places left out."""
    places = places_shown(found)
    gaps = [gap for p in places for gap in (p.villages, p.households)]
    words = ["红线为底线", "橙色未达标，注明缺数"]
    if any(p.villages.total < SMALL_BASE for p in places):
        words.append("\\* 基数不足 10，仅供参考")
    if any(gap.permille >= found.share_percent * 10 and not gap.meets_floor for gap in gaps):
        words.append("镇的户底线是各抽中村底线之和")
    if len(found.places) > len(places):
        words.append(f"只列缺口最大的 {len(places)} 个，另有 {len(found.places) - len(places)} 个")
    return "；".join(words)


def met(gap: Gap) -> str:
    """达标 or 未达标."""
    return "达标" if gap.meets_floor else "未达标"


def _bars(rows: list[dict[str, object]], share: int, unit: str) -> alt.LayerChart:
    c, frame = ink(), pd.DataFrame(rows)
    ticks = [0, share / 2, share, share * 1.5]
    widest = max(ticks[-1], float(frame["rate"].max()))
    x = alt.X("rate:Q", title=None).scale(domain=[0, widest * 2.1], nice=False)
    x = x.axis(values=ticks, labelExpr="datum.value + '%'")
    y = alt.Y("place:N", title=None, sort=[row["place"] for row in rows])
    colour = alt.Color("state:N", legend=None).scale(domain=["达标", "未达标"], range=[c.main, c.short])
    titles = {"place": "范围", "words": unit, "state": "底线"}
    tip = [alt.Tooltip(f"{field}:N", title=word) for field, word in titles.items()]
    base = alt.Chart(frame).encode(y=y, tooltip=tip)
    floor = alt.Chart(pd.DataFrame({"floor": [share]})).mark_rule(color=c.rule, strokeWidth=2).encode(x="floor:Q")
    text = base.mark_text(align="left", dx=6, color=c.text).encode(x="from:Q", text="words:N")
    return alt.layer(base.mark_bar(size=16).encode(x=x, color=colour), floor, text)


def _words(gap: Gap) -> str:
    short, small = max(0, gap.floor - gap.done), " *" if gap.total < SMALL_BASE else ""
    return f"{gap.permille / 10}% {gap.done:,}/{gap.total:,}{small}" + (f"\u2002缺 {short:,}" if short else "")
