"""Cards of villages and households: large enough for a thumb, the same on every screen."""

import streamlit as st

from actions.household_check import open_check
from models.sample import DrawnKind
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.household import HouseholdRow, VisitState
from queries.village_visits import VillageProgress


def village_card(village: VillageProgress) -> None:
    """One village: how many of how many, and in."""
    with st.container(border=True, key=f"village_{village.village_id}"):
        st.markdown(f":material/location_on: **{escape(village.town)} {escape(village.village)}**")
        if not village.required:
            st.caption("没有抽中户")
            return
        if others := _other_words(village):
            st.caption(" · ".join(others))
        text = f"户 {village.finished}/{village.required} · 人 {village.people_checked}/{village.people}"
        st.progress(village.finished / village.required, text=text)
        if st.button("户名单", icon=":material/list:", key=f"thumb_village_{village.village_id}", width="stretch"):
            st.query_params["village"] = str(village.village_id)
            st.rerun()


def village_words(village: VillageProgress) -> list[str]:
    """应入 18 户 · 已完成 6 户 · 替补 1 户, in words without zeros."""
    if not village.required:
        return ["没有抽中户"]
    words = [f"应入 {village.required} 户", f"已完成 {village.finished} 户" if village.is_begun else "未开始"]
    return words + _other_words(village)


def _other_words(village: VillageProgress) -> list[str]:
    """填写中 1 户 · 已替换 1 户: what the bar of done and due does not say."""
    counted = (
        (village.open, "填写中"),
        (village.returned, "被退回"),
        (village.not_met, "未见到"),
        (village.replaced, "已替换"),
    )
    return [f"{what} {count} 户" for count, what in counted if count]


def household_card(row: HouseholdRow, opened_key: str) -> None:
    """One household: whose, how far, and the one thing to do with it."""
    with st.container(border=True, key=f"household_{row.household_id}"):
        kind = "" if row.kind is DrawnKind.DRAWN else f":gray-badge[{row.kind.label}]　"
        st.markdown(
            f"**{escape(row.number)}** {escape(row.head) or '无成员'}　{kind}"
            f":{row.state.badge}-badge[:material/{row.state.icon}: {row.state.label}]  \n:gray[{_detail(row)}]"
        )
        if row.state is VisitState.REPLACED:
            st.caption(f"由 {escape(row.replaced_by)} 户替补：{escape(row.reason)}")
        elif row.may_open or row.check_id is not None:
            _way_in(row, opened_key)


def _detail(row: HouseholdRow) -> str:
    code = f"代号 {row.pseudonym}" if "*" in row.head else ""
    match row.state:
        case VisitState.NOT_MET if row.outcome is not None:
            how_far = f"{row.people} 人 · {row.outcome.label}"
        case VisitState.TO_VISIT | VisitState.REPLACED:
            how_far = f"{row.people} 人 · {row.progress.items} 项"
        case _:
            how_far = row.progress.text
    return " · ".join(filter(None, (code, escape(row.group), how_far)))


def _way_in(row: HouseholdRow, opened_key: str) -> None:
    words = {VisitState.TO_VISIT: "开始入户", VisitState.OPEN: "继续填写", VisitState.RETURNED: "修改后再提交"}
    label = words.get(row.state, "查看") if row.may_open else "查看"
    kind = "primary" if label in ("继续填写", "修改后再提交") else "secondary"
    st.button(label, key=f"thumb_open_{row.household_id}", type=kind, width="stretch", on_click=go_in,
              args=(row.household_id, row.check_id, opened_key))  # fmt: skip


def go_in(household_id: int, check_id: int | None, opened_key: str) -> None:
    """Open the form of a household, beginning it if nobody has; the page goes there on its next run."""
    st.session_state[opened_key] = check_id or attempt(lambda: open_check(caller(), household_id))
