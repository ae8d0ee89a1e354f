"""Who is still to be visited: both floors, the towns with the widest gap first, what the visits found."""

from datetime import date

import pandas as pd
import streamlit as st

from models.interval import CONFIDENCE_LABEL
from models.sample import SampleState
from pages.field.sample_lists import village_list
from pages.frame.look import empty, is_phone
from queries.coverage import Coverage, Gap, TownCoverage, household_coverage, village_coverage
from queries.error_rate import ErrorRate, error_rates
from queries.sample import DrawRow
from queries.sample_list import towns_of_draw
from queries.viewer import Viewer

MOST_ROWS = 14
ROW, HEAD = 34, 36


def gaps(person: Viewer, campaign_id: int, draw: DrawRow, today: date) -> None:
    """For the draw that counts: coverage and lists. For any other: the lists alone."""
    if draw.state is not SampleState.ADOPTED:
        _drawn_only(person, draw, today)
        return
    villages = village_coverage(person, campaign_id, today)
    households = household_coverage(person, campaign_id, today)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(summary(villages, "村") + "  \n" + summary(households, "户"), width="content")
        unit = st.segmented_control(
            "看村还是看户", ("村", "户"), default="村", required=True, key="sample_unit", format_func="看{}".format,
            label_visibility="collapsed",
        )  # fmt: skip
    left, right = st.columns((11, 10))
    with left:
        town = _pick_town(households if unit == "户" else villages, unit or "村")
    with right:
        if town is not None:
            village_list(person, draw, *town, today)
    _rates(error_rates(person, campaign_id, today))


def summary(found: Coverage, unit: str) -> str:
    """村：逐镇达标 15/18 · 总体 105/343 = 30.6% · 应查 111 已查 105 · 缺 6 村."""
    all_ = found.overall
    missing = f":red[**缺 {all_.missing:,} {unit}**]" if all_.missing else "无缺口"
    floor = "达标" if found.meets_overall else f"未到 {found.share_percent}%"
    return (
        f"**{unit}**　逐镇达标 **{found.towns_meeting}/{len(found.towns)}** · 总体 **{all_.done:,}/{all_.total:,} = "
        f"{percent(all_)}** {floor} · 应查 **{all_.required:,}** 已查 **{all_.done:,}** · {missing}"
    )


def percent(gap: Gap) -> str:
    """One decimal, cut; — without a base."""
    return f"{gap.permille // 10}.{gap.permille % 10}%" if gap.total else "—"


def verdict(gap: Gap) -> str:
    """Symbol and word: the floor, and what mandatory units still miss above it."""
    if not gap.meets_floor:
        return f"▲ 缺 {gap.missing:,}"
    return f"△ 必查缺 {gap.missing:,}" if gap.missing else "√ 达标"


def _pick_town(found: Coverage, unit: str) -> tuple[int, str] | None:
    """The table of towns; id and name of the one picked, at first the one with the widest gap."""
    st.markdown("##### 一、各镇缺口　:gray[:small[缺口大的在前，点一行看村名单]]")
    if not found.towns:
        empty("您的范围内没有抽中的村", "名单只显示您负责的地区。")
        return None
    if is_phone():
        words = {t.town_id: f"{t.town}　{verdict(t.gap)}（{t.gap.done}/{t.gap.required}）" for t in found.towns}
        town_id = st.selectbox("镇办", list(words), key="sample_town", format_func=words.__getitem__)
        return next((t.town_id, t.town) for t in found.towns if t.town_id == town_id)
    verdicts = list(dict.fromkeys(verdict(t.gap) for t in found.towns))
    picked = st.dataframe(
        pd.DataFrame([_town_row(t) for t in found.towns]), hide_index=True, row_height=ROW, key=f"sample_towns_{unit}",
        height=table_height(len(found.towns)), on_select="rerun", selection_mode="single-row",
        selection_default={"selection": {"rows": [0]}}, alt="各镇缺口",
        column_config={
            "总数": st.column_config.NumberColumn(f"{unit}总数", width=64),
            "已查率": st.column_config.ProgressColumn(
                f"已查率（底线 {found.share_percent}%）", min_value=0, max_value=100, format="%.1f%%", width=150
            ),
            "判定": st.column_config.MultiselectColumn("判定", options=verdicts, color=[_colour(v) for v in verdicts]),
        },
    ).selection.rows  # fmt: skip
    town = found.towns[picked[0] if picked and picked[0] < len(found.towns) else 0]
    return town.town_id, town.town


def _town_row(town: TownCoverage) -> dict[str, object]:
    gap = town.gap
    return {
        "镇办": town.town, "总数": gap.total, "应查": gap.required, "已查": gap.done, "缺口": gap.missing,
        "已查率": gap.permille / 10, "判定": [verdict(gap)],
    }  # fmt: skip


def _colour(word: str) -> str:
    return {"▲": "#f8d4d0", "△": "#fde3b8", "√": "#d3ebdd"}[word[0]]


def table_height(rows: int) -> int:
    """All rows where they fit, else a window of `MOST_ROWS`."""
    return HEAD + ROW * min(rows, MOST_ROWS) + 2


def _drawn_only(person: Viewer, draw: DrawRow, today: date) -> None:
    towns = towns_of_draw(person, draw.id)
    if not towns:
        empty("您的范围内没有抽中的村", "名单只显示您负责的地区。")
        return
    left, right = st.columns((11, 10))
    with left:
        st.markdown("##### 一、各镇抽中　:gray[:small[点一行看村名单]]")
        rows = [{"镇办": t.town, "抽中村": t.villages, "抽中户": t.households} for t in towns]
        picked = st.dataframe(
            pd.DataFrame(rows), hide_index=True, row_height=ROW, height=table_height(len(rows)), on_select="rerun",
            selection_mode="single-row", selection_default={"selection": {"rows": [0]}}, alt="各镇抽中",
            key=f"sample_drawn_{draw.id}",
        ).selection.rows  # fmt: skip
    with right:
        town = towns[picked[0] if picked and picked[0] < len(towns) else 0]
        village_list(person, draw, town.town_id, town.town, today)


def _rates(rates: tuple[ErrorRate, ErrorRate]) -> None:
    """What the visits found, drawn and mandatory apart."""
    st.markdown("##### 三、查出差错　:gray[:small[只算已查户里有结论的项；必查户不是随机抽取，不推算区间]]")
    rows = [
        {
            "": rate.label, "已查户": f"{rate.households:,}", "有差错户": f"{rate.wrong_households:,}",
            "差错户率": _rate(rate.wrong_households, rate.households),
            CONFIDENCE_LABEL: (rate.interval.text + (" *" if rate.interval.small_base else "")) if rate.interval
            else "—",
            "核对项": f"{rate.lines:,}", "有差错项": f"{rate.wrong_lines:,}",
            "差错项率": _rate(rate.wrong_lines, rate.lines),
        }
        for rate in rates
    ]  # fmt: skip
    table = pd.DataFrame(rows).set_index("")
    st.table(table.T if is_phone() else table, border="horizontal", alt="查出差错")
    if any(rate.interval and rate.interval.small_base for rate in rates):
        st.caption("* 已查户不足 10 户，区间很宽，不宜引用。")


def _rate(wrong: int, base: int) -> str:
    return f"{wrong * 1000 // base // 10}.{wrong * 1000 // base % 10}%" if base else "—"
