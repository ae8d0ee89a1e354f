"""One dress for all charts: fonts, axes, colours with fixed meanings. Colour is never the only signal."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from models.deadline import Light

FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
SIZE = 12
"""Letters in px; a projector enlarges the whole page."""
DAY = {"format": "%-m月%-d日", "labelOverlap": "greedy"}
MONTH = {"format": "%-m月", "tickCount": "month"}
COUNT = {"format": ",d", "tickMinStep": 1}


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of one appearance. `rule`: a floor or a deadline; `short`: below its floor."""

    text: str
    muted: str
    grid: str
    main: str
    pale: str
    rule: str
    short: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart drawn: its Vega-Lite, and what it shows in words. Drawing costs more than a page: pictures are kept."""

    spec: dict[str, Any]
    words: str


LIGHT_PAGE = Ink("#1b2430", "#5c6878", "#e3e8ee", "#1b4f8f", "#d5e0ed", "#b3261e", "#d98e04")
DARK_PAGE = Ink("#e3e9f0", "#9fb0c3", "#2c3847", "#79aee8", "#2b3d55", "#ef8a80", "#e8a552")
LIGHT_INK = {
    Light.CLOSED: ("#1d5a3f", "#8ed8b4"), Light.REVIEW: ("#477ab0", "#5a9cf0"), Light.NORMAL: ("#8fa6c2", "#6d84a0"),
    Light.SOON: ("#d98e04", "#e8a552"), Light.OVERDUE: ("#9d1c16", "#f0766a"),
    Light.NOT_STARTED: ("#d3dae3", "#364353"),
}  # fmt: skip
"""Fixed meanings, on a light and on a dark page; never used for categories."""
WHITE_LETTERS = (Light.CLOSED, Light.REVIEW, Light.OVERDUE)
"""Lights dark enough on a light page to carry white numbers."""


def is_dark() -> bool:
    """Whether the person reads on a dark page."""
    return bool(st.context.theme.type == "dark")


def ink() -> Ink:
    """The colours of the page as it is now."""
    return DARK_PAGE if is_dark() else LIGHT_PAGE


def light_colour(light: Light) -> str:
    """The colour of a light on the page as it is now."""
    return LIGHT_INK[light][is_dark()]


def letters_on(light: Light) -> str:
    """The colour of a number written on a light."""
    return ("#12171f" if light is not Light.NOT_STARTED else DARK_PAGE.text) if is_dark() else (
        "#ffffff" if light in WHITE_LETTERS else LIGHT_PAGE.text
    )  # fmt: skip


def _dressed(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    c = ink()
    return (
        chart.configure(font=FONT, background="transparent", padding={"left": 2, "right": 6, "top": 4, "bottom": 2})
        .configure_view(strokeWidth=0)
        .configure_axis(
            labelFontSize=SIZE, titleFontSize=SIZE, labelColor=c.text, titleColor=c.muted, labelLimit=SIZE * 13,
            titleFontWeight="normal", gridColor=c.grid, domain=False, ticks=False, labelPadding=6,
        )
        .configure_axisY(grid=False)
        .configure_legend(
            labelFontSize=SIZE, titleFontSize=SIZE, orient="top", title=None, symbolType="square", labelColor=c.text,
            offset=4, columnPadding=12,
        )
        .configure_text(fontSize=SIZE, color=c.text)
        .configure_scale(bandPaddingInner=0.3, bandPaddingOuter=0.15)
    )  # fmt: skip


def picture(chart: alt.TopLevelMixin, words: str) -> Picture:
    """The last call on every chart. `words`: what it shows, for those who cannot see it."""
    return Picture(_dressed(chart).to_dict(), words)


def show(drawn: Picture, key: str) -> None:
    """Put a picture on the page."""
    st.vega_lite_chart(spec=drawn.spec, width="stretch", theme=None, key=key, alt=drawn.words)
