"""The six figures at the top and the changes of seven days: numbers one can open."""

from datetime import date, timedelta

import streamlit as st

from models.local_time import day_text
from models.money import wan
from pages.frame.look import escape
from pages.office.coverage_chart import met
from pages.office.dashboard_question import FIGURE_PAGE, Question
from queries.dashboard import Dashboard
from queries.figure import Figure

NO_SAMPLE = "还没有采用的抽样结果"


def panels(found: Dashboard, question: Question) -> None:
    """Six in a row; below one another on a phone."""
    f = found.figures
    row = (
        (f"检查村数 / 应查 {f['villages_required'].value:,}", "villages_checked", _villages(found)),
        (f"入户户数 / 应查 {f['households_required'].value:,}", "households_checked", _households(found)),
        ("未销号问题", "issues_open", _open(found)),
        ("超期问题", "issues_overdue", _overdue(found)),
        ("销号率（不含不成立）", "closure_rate", _closure(found)),
        (f"已追缴 / 应追缴 {_yuan(f['money_to_recover_cents'])}", "money_recovered_cents", _money(found)),
    )
    for column, (label, name, words) in zip(st.columns(6), row, strict=True):
        with column, st.container(border=True, height="stretch", key=f"panel_{name}"):
            st.markdown(f":gray[:small[{label}]]")
            open_figure(f[name], question, f"fig_{name}", red=name == "issues_overdue")
            st.markdown(f":gray[:small[{escape(words)}]]")


def open_figure(figure: Figure, question: Question, key: str, text: str = "", red: bool = False) -> None:
    """A figure as a link to the rows it counts; `red` where it is more than nothing."""
    shown = text or (wan(int(figure.value or 0)) if figure.unit == "分" else figure.text)
    with st.container(key=key, width="content"):
        st.page_link(
            FIGURE_PAGE, label=f":red[{shown}]" if red and figure.value else shown, icon=":material/chevron_right:",
            icon_position="right", query_params=question.figure_address(figure.name), help=figure.definition,
        )  # fmt: skip


def week(found: Dashboard, question: Question) -> None:
    """Each change with its reason, and what it was in the seven days before."""
    since = found.as_of - timedelta(days=6)
    st.markdown(f"**近七天变化** :gray[:small[{short_day(since)}—{short_day(found.as_of)}；括号内为前七天]]")
    for change in found.changes:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            note = f" :gray[:small[{escape(change.note)}]]" if change.note else ""
            st.markdown(f"{change.figure.label.removeprefix('近七天')}{note}", width="stretch")
            text = f"{change.figure.text}（{change.before:,}）"
            red = change.figure.name == "overdue_since_week"
            open_figure(change.figure, question, f"open_{change.figure.name}", text, red)


def floors(found: Dashboard, question: Question, unit: str) -> None:
    """逐镇达标 and 总体达标, of villages or households: one may be met while the other is not."""
    names = ("towns_meeting_floor", "village_coverage_rate")
    if unit == "户":
        names = ("towns_meeting_household_floor", "household_coverage_rate")
    meeting, rate = (found.figures[name] for name in names)
    overall = found.coverage.villages if unit == "村" else found.coverage.households
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":small[**{unit}** 逐镇达标]", width="content")
        towns = f"{meeting.value}/{found.figures['towns_total'].value} 镇"
        open_figure(meeting, question, f"open_{meeting.name}", towns)
        st.markdown(":small[总体]", width="content")
        open_figure(rate, question, f"open_{rate.name}", f"{rate.text} {met(overall)}")


def short_day(day: date) -> str:
    """9月16日."""
    return day_text(day).split("年")[1]


def _villages(d: Dashboard) -> str:
    if not d.coverage.share_percent:
        return NO_SAMPLE
    meeting, towns = d.figures["towns_meeting_floor"].value, d.figures["towns_total"].value
    return f"逐镇达标 {meeting}/{towns} 镇 · 缺口 {d.coverage.villages.missing:,} 村"


def _households(d: Dashboard) -> str:
    if not d.coverage.share_percent:
        return NO_SAMPLE
    return f"户覆盖 {d.figures['household_coverage_rate'].text} · {_since(d.change('households_checked'))}"


def _open(d: Dashboard) -> str:
    changes = {c.figure.name: c.figure.value for c in d.changes}
    new, closed = changes["submitted_in_week"], changes["closures_in_week"]
    return f"{_since(d.change('issues_open'))} · 新增 {new} 销号 {closed}"


def _overdue(d: Dashboard) -> str:
    longest = d.figures["longest_overdue_days"].value
    return (f"▲ 最长 {longest} 天 · " if longest else "") + _since(d.change("issues_overdue"))


def _closure(d: Dashboard) -> str:
    f = d.figures
    return f"{f['issues_closed'].value:,}/{f['issues_total'].value:,} 件 · 按期 {f['issues_closed_on_time'].value:,} 件"


def _money(d: Dashboard) -> str:
    return f"补发 {_yuan(d.figures['money_paid_cents'])}/{_yuan(d.figures['money_to_pay_cents'])}"


def _yuan(figure: Figure) -> str:
    return wan(int(figure.value or 0)).replace(" ", "")


def _since(change: float) -> str:
    return f"较七天前 {'+' if change > 0 else '−'}{abs(change):,g}" if change else "与七天前持平"
