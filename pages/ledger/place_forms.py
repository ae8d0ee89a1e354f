"""Fields about the places of a problem: crossed off with a report, found undone, listed, left out, given a unit."""

from datetime import date

import streamlit as st

import clock
from actions import issue_place, rectification
from actions.transaction import Caller
from models.issue_word import IssueStatus
from models.local_time import day_text
from pages.ledger.asking_forms import Missing
from pages.ledger.typed import Typed
from pages.ledger.verb_form import reason_field
from queries.finding import places_for
from queries.issue import IssuePage
from queries.unit import units_to_hold
from queries.viewer import Viewer

ADD, DROP, HAND = "add", "drop", "hand"
_WAYS = {ADD: "增加地点", DROP: "去掉地点", HAND: "指定责任单位和时限"}
UNDONE = "undone"


def report_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """What was done, and which places that finishes."""
    missing = reason_field("进展", 2)(typed, issue, viewer)
    mine = {place.id: place.name for place in issue.places if place.mine}
    if mine:
        typed.several(
            "places",
            "完成了哪几处（没有就不选）",
            list(mine),
            format_func=lambda i: mine[i],
            placeholder="选已经改好的",
        )
        if any(place.mine and not place.evidence for place in issue.places):
            st.caption("各处的佐证在“佐证材料”里按地点上传。")
    return missing


def report(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    done = chosen(typed, "places")
    rectification.report(caller, issue.id, typed.now_text("reason"), version, place_ids=done)
    return f"进展已填报，{len(done)} 处已完成" if done else "进展已填报"


def undone_fields(typed: Typed, issue: IssuePage, label: str) -> None:
    """Which places have to be put right again."""
    names = {place.id: place.name for place in issue.places}
    if names:
        typed.several("undone_places", label, list(names), format_func=lambda i: names[i])


def chosen(typed: Typed, field: str) -> tuple[int, ...]:
    """What stands in a field of several at this moment."""
    return tuple(int(value) for value in typed.now(field, []))


def place_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    """更正 of the places: which way, and what it needs."""
    if issue.status in IssueStatus.held():
        st.caption("已经申请销号，地点不能再改。")
        return ["先退回，再改地点"]
    ways = [ADD] + ([DROP] if issue.places else [])
    ways += [HAND] if issue.places and issue.status is IssueStatus.RECTIFYING else []
    way = typed.one_of("place_way", "怎么改", ways, ADD, format_func=lambda w: _WAYS[w], required=True)
    return {ADD: _add_fields, DROP: _drop_fields, HAND: _hand_fields}[way](typed, issue, viewer)


def change_places(caller: Caller, typed: Typed, issue: IssuePage, version: int | None) -> str:
    """Returns the sentence of the toast."""
    reason, way = typed.now_text("reason"), typed.now("place_way", ADD)
    if way == DROP:
        issue_place.drop_places(caller, issue.id, chosen(typed, "drop_places"), reason, version)
        return "已去掉，原记录留在经过里"
    if way == HAND:
        unit, due = typed.now("place_unit"), typed.now("place_due")
        issue_place.hand_places(
            caller, issue.id, chosen(typed, "hand_places"), int(unit) if unit else None,
            date.fromisoformat(due) if isinstance(due, str) else due, reason, version,
            undone=UNDONE in typed.now("place_undone", []),
        )  # fmt: skip
        return "已指定"
    regions, units = chosen(typed, "add_regions"), chosen(typed, "add_units")
    issue_place.add_places(caller, issue.id, regions, units, reason, version)
    return f"已增加 {len(regions) + len(units)} 处"


def _add_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    held = {place.region_id for place in issue.places}
    places = places_for(viewer, clock.today())
    names = {p.id: p.name for p in places if p.reporting_unit_id == issue.reporting_unit_id and p.id not in held}
    listed = typed.several(
        "add_regions", "增加的村（或整个镇）", list(names), format_func=lambda i: names[i],
        placeholder="输入镇、村的名字查找", select_all=False,
    )  # fmt: skip
    own = {place.unit_id for place in issue.places if place.region_id is None}
    units = {u.id: u.name for u in units_to_hold(viewer, (issue.id,), clock.today()) if u.id not in own}
    listed += typed.several(
        "add_units", "增加的单位（不按村列的，如各代发银行）", list(units), format_func=lambda i: units[i],
        placeholder="输入名称查找", select_all=False,
    )  # fmt: skip
    if not issue.places:
        st.caption(f"本件登记在{issue.found.place}，登记的村自动列为第一处。")
    return [] if listed else ["增加的村或单位"]


def _drop_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    names = {place.id: place.name for place in issue.places if not place.is_done}
    some = typed.several("drop_places", "去掉哪几处", list(names), format_func=lambda i: names[i])
    st.caption("已经完成的和本件登记的村不能去掉。")
    return [] if some else ["去掉哪几处"]


def _due_field(typed: Typed, issue: IssuePage) -> None:
    """A day of its own lies between today and the problem's deadline; past that there is none to give."""
    deadline = issue.duty.deadline
    if deadline is not None and deadline < clock.today():
        st.caption(f"本件时限 {day_text(deadline)} 已过，各处按本件时限。")
        return
    until = f"不填：按本件时限 {day_text(deadline)}" if deadline else "本件无时限，可不填"
    typed.day("place_due", f"时限（{until}）", min_value=clock.today(), max_value=deadline)


def _hand_fields(typed: Typed, issue: IssuePage, viewer: Viewer) -> Missing:
    names = {place.id: place.name for place in issue.places}
    some = typed.several("hand_places", "哪几处", list(names), format_func=lambda i: names[i])
    units = {u.id: u.name for u in units_to_hold(viewer, (issue.id,), clock.today())}
    typed.choice(
        "place_unit", "责任单位", list(units), format_func=lambda i: units[i], placeholder="不选：本件责任单位"
    )
    _due_field(typed, issue)
    done = [place for place in issue.places if place.is_done and place.id in some]
    if done:
        typed.some_of("place_undone", "其中有已完成的", [UNDONE], format_func=lambda _: "重新整改")
    return [] if some else ["哪几处"]
