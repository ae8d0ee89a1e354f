"""The ledger's conditions as widgets. All of them stand in the address, so that a link opens the same list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from models.deadline import Light
from models.issue_word import Handling, IssueSource, IssueStatus
from models.problem_type import problem_types
from pages.frame.look import PHONE, is_phone
from pages.frame.notice import say
from queries.ledger import PAGE_SIZES, LedgerFilter
from queries.ledger_marks import LedgerMark
from queries.ledger_search import LONGEST_SEARCH, NUMBER_OF_A_PERSON, has_number_of_a_person
from queries.ledger_views import OF_ONES_TURN, LedgerView
from queries.region import reporting_units
from queries.unit import towns_in_ledger, units_in_ledger
from queries.viewer import Viewer

SEARCH, AREA, UNIT, STATUS, LIGHT, TYPE, SOURCE = "q", "area", "unit", "status", "light", "type", "source"
HANDLING, MARK = "handling", "mark"
PAGE, SIZE, VIEW = "page", "size", "view"
VIEW_CHOSEN, SHOWN = "ledger_view", "_ledger_shown"
"""Keys in session_state: the view chosen, and how many cards a phone shows."""
LISTS = (AREA, UNIT, STATUS, LIGHT, TYPE, SOURCE, HANDLING, MARK)
_NUMBER = rf"^(?!.*{NUMBER_OF_A_PERSON}).*$"
"""What the address may not hold: a number as long as a person's or an account's."""
NO_NUMBERS = "请不要输入身份证号或银行账号，可以查编号、村名或事实中的字"


@dataclass(frozen=True, slots=True)
class Choices:
    """Label → value of each list, as the viewer's own ledger has them."""

    areas: Mapping[str, tuple[str, int]]
    units: Mapping[str, int]


def choices_for(viewer: Viewer, campaign_id: int) -> Choices:
    """Reporting units and towns under one word 区域; units that hold a problem."""
    units = {unit.id: unit.name for unit in reporting_units()}
    towns = towns_in_ledger(viewer, campaign_id)
    names = [town.name for town in towns]
    present = {town.reporting_unit_id for town in towns}
    areas = {name: ("unit", unit_id) for unit_id, name in units.items() if unit_id in present}
    for town in towns:
        label = town.name if names.count(town.name) == 1 else f"{units[town.reporting_unit_id]} {town.name}"
        areas[label] = ("town", town.id)
    return Choices(areas, {unit.name: unit.id for unit in units_in_ledger(viewer, campaign_id)})


def chosen_view() -> LedgerView:
    """The view of this run: the button pressed, else the one the address names."""
    if VIEW_CHOSEN not in st.session_state:
        asked = {view.label: view for view in LedgerView}.get(st.query_params.get(VIEW, ""), LedgerView.ALL)
        st.session_state[VIEW_CHOSEN] = asked
    return LedgerView(st.session_state[VIEW_CHOSEN])


def view_buttons(viewer: Viewer, counts: Mapping[LedgerView, int]) -> None:
    """The views with their counts; those of one's turn only for whom something can wait at all."""
    shown = [v for v in LedgerView if v not in OF_ONES_TURN or counts[v] or viewer.may(OF_ONES_TURN[v])]
    if chosen_view() not in shown:
        shown.append(chosen_view())
    st.segmented_control(
        "视图", shown, format_func=lambda view: f"{view.label} {counts[view]}", key=VIEW_CHOSEN, required=True,
        on_change=_view_changed, label_visibility="collapsed", wrap=False,
    )  # fmt: skip


def filter_row(viewer: Viewer, campaign_id: int) -> LedgerFilter:
    """Search and lists in a row; on a phone the lists stand behind one button."""
    choices = choices_for(viewer, campaign_id)
    with st.container(horizontal=True, vertical_alignment="center", key="filter_row"):
        typed = st.text_input(
            "搜索", key=SEARCH, bind="query-params", type="search", max_chars=LONGEST_SEARCH,
            validate=(_NUMBER, NO_NUMBERS),
            placeholder="编号、村、事实" if is_phone() else "编号、文号、村、事实中的字", label_visibility="collapsed",
            width="stretch" if is_phone() else 228, on_change=first_page,
        )  # fmt: skip
        if is_phone():
            with st.popover(_narrowing(), icon=":material/tune:"):
                _lists(choices, "stretch")
                _list(SOURCE, "检查方式", [source.label for source in IssueSource], "stretch")
                _list(HANDLING, "办理方式", [track.label for track in Handling], "stretch")
                _more()
        else:
            _lists(choices, 152)
            with st.popover(_more_words(), icon=":material/tune:"):
                _list(SOURCE, "检查方式", [source.label for source in IssueSource], "stretch")
                _list(HANDLING, "办理方式", [track.label for track in Handling], "stretch")
                _more()
            st.button(
                "清除", icon=":material/close:", type="tertiary", on_click=clear, disabled=not _anything(), key="clear"
            )
    return _filter(typed, choices)


def page_size() -> int:
    """Rows a page."""
    asked = st.session_state.get(SIZE)
    return asked if asked in PAGE_SIZES else PAGE_SIZES[0]


def asked_page() -> int:
    """The page of this run: the button pressed, else the one the address names."""
    asked = st.session_state.get(PAGE) or st.query_params.get(PAGE, "1")
    return int(asked) if str(asked).isdecimal() else 1


def clear() -> None:
    """Callback: no conditions at all."""
    st.session_state[VIEW_CHOSEN] = LedgerView.ALL
    st.session_state[SEARCH] = ""
    for key in LISTS:
        st.session_state[key] = []
    _view_changed()


def conditions() -> dict[str, str | list[str]]:
    """What narrows the list now, as the address says it; empty for the whole ledger."""
    found: dict[str, str | list[str]] = {key: list(_chosen(key)) for key in LISTS}
    found[SEARCH] = str(st.session_state.get(SEARCH) or "").strip()
    found[VIEW] = chosen_view().label if chosen_view() is not LedgerView.ALL else ""
    return {key: value for key, value in found.items() if value}


def apply(viewer: Viewer, campaign_id: int, asked: Mapping[str, Any]) -> None:
    """Callback: these conditions and no others. What is not in the viewer's own ledger is left out, and said."""
    choices = choices_for(viewer, campaign_id)
    known = {
        AREA: choices.areas, UNIT: choices.units, STATUS: [s.label for s in IssueStatus],
        LIGHT: [light.label for light in Light], TYPE: [t.label for t in problem_types().values()],
        SOURCE: [source.label for source in IssueSource], HANDLING: [track.label for track in Handling],
        MARK: [mark.label for mark in LedgerMark],
    }  # fmt: skip
    for key in LISTS:
        st.session_state[key] = [label for label in asked.get(key, []) if label in known[key]]
    left_out = [label for key in LISTS for label in asked.get(key, []) if label not in known[key]]
    st.session_state[SEARCH] = asked.get(SEARCH, "")
    st.session_state[VIEW_CHOSEN] = {v.label: v for v in LedgerView}.get(asked.get(VIEW, ""), LedgerView.ALL)
    _view_changed()
    if left_out:
        say(f"您的台账里没有“{'、'.join(left_out)}”，已略去这个条件")


def first_page() -> None:
    """Callback of every condition: another list begins at its beginning."""
    st.session_state[PAGE] = 1
    st.session_state.pop(SHOWN, None)


def address_of(wanted: LedgerFilter) -> dict[str, str | list[str]]:
    """The query that shows this list again, page and all."""
    query: dict[str, str | list[str]] = {key: list(st.session_state.get(key, [])) for key in LISTS}
    if wanted.view is not LedgerView.ALL:
        query[VIEW] = wanted.view.label
    query[SEARCH] = wanted.search
    query[PAGE] = str(st.session_state.get(PAGE, 1))
    query[SIZE] = size_label(page_size())
    return {key: value for key, value in query.items() if value not in ("", [], "1", size_label(PAGE_SIZES[0]))}


def size_label(size: int) -> str:
    """20 件/页."""
    return f"{size} 件/页"


def _lists(choices: Choices, width: int | str) -> None:
    for key, label, options in (
        (AREA, "区域", choices.areas),
        (UNIT, "责任单位", choices.units),
        (STATUS, "状态", [s.label for s in IssueStatus]),
        (LIGHT, "时限灯", [light.label for light in Light]),
        (TYPE, "类型", [t.label for t in problem_types().values()]),
    ):
        _list(key, label, list(options), width)


def _list(key: str, label: str, options: Sequence[str], width: int | str) -> None:
    st.multiselect(
        label, options, key=key, bind="query-params", placeholder=label, label_visibility="collapsed",
        wrap=False, width=width, on_change=first_page, filter_mode="contains", select_all=False,  # type: ignore[arg-type]
    )  # fmt: skip


def _more() -> None:
    _list(MARK, "特征", [mark.label for mark in LedgerMark], "stretch")
    st.toggle("用卡片显示", value=is_phone(), key="as_cards", on_change=_cards_or_table)
    if is_phone():
        st.button("清除全部条件", icon=":material/close:", on_click=clear, disabled=not _anything(), key="clear")


def _cards_or_table() -> None:
    st.session_state[PHONE] = bool(st.session_state.as_cards)


def _view_changed() -> None:
    view = LedgerView(st.session_state[VIEW_CHOSEN])
    if view is LedgerView.ALL:
        st.query_params.pop(VIEW, None)
    else:
        st.query_params[VIEW] = view.label
    first_page()


def _narrowing() -> str:
    count = sum(bool(st.session_state.get(key)) for key in LISTS)
    return f"筛选 {count}" if count else "筛选"


def _more_words() -> str:
    """What is chosen behind the button shows on it."""
    count = sum(bool(st.session_state.get(key) or st.query_params.get(key)) for key in (SOURCE, HANDLING, MARK))
    return f"更多 {count}" if count else "更多"


def _anything() -> bool:
    return (
        bool(st.session_state.get(SEARCH))
        or any(st.session_state.get(k) for k in LISTS)
        or bool(st.query_params.get(VIEW))
    )


def _filter(typed: str | None, choices: Choices) -> LedgerFilter:
    types = {t.label: code for code, t in problem_types().items()}
    areas = [choices.areas[label] for label in _chosen(AREA) if label in choices.areas]
    search = (typed or "").strip()
    if has_number_of_a_person(search):
        st.warning(NO_NUMBERS + "。")
        search = ""
    return LedgerFilter(
        view=chosen_view(),
        search=search,
        reporting_unit_ids=tuple(place for kind, place in areas if kind == "unit"),
        town_ids=tuple(place for kind, place in areas if kind == "town"),
        unit_ids=tuple(choices.units[label] for label in _chosen(UNIT) if label in choices.units),
        statuses=tuple(s for s in IssueStatus if s.label in _chosen(STATUS)),
        lights=tuple(light for light in Light if light.label in _chosen(LIGHT)),
        types=tuple(types[label] for label in _chosen(TYPE) if label in types),
        sources=tuple(source for source in IssueSource if source.label in _chosen(SOURCE)),
        handlings=tuple(track for track in Handling if track.label in _chosen(HANDLING)),
        marks=tuple(mark for mark in LedgerMark if mark.label in _chosen(MARK)),
    )


def _chosen(key: str) -> Iterable[str]:
    return st.session_state.get(key) or ()
