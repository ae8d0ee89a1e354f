"""Fields several verbs share: a unit to hold it, a limit, one field to correct."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

import clock
from models.deadline import COUNTING_CONVENTION, DeadlineKind, DeadlineRule, day_note
from models.issue_word import Severity
from models.local_time import day_text
from models.money import yuan
from models.problem_type import UPWARD_TYPE, problem_types
from models.refusal import Refused
from models.unit import UnitKind
from pages.ledger.typed import Typed
from queries.calendar import working_calendar
from queries.campaign import subsidy_items
from queries.issue import IssuePage
from queries.issue_history import FIELD_LABELS
from queries.issue_values import correctable_values
from queries.unit import units_to_hold
from queries.viewer import Viewer

AMOUNTS = ("amount_cents", "to_recover_cents", "to_pay_cents")
COUNTS = ("households", "persons")
DAYS = ("found_on", "document_on")
PLACES = "places"
LONG_TEXTS = ("facts", "measures", "rule_mended", "remark")


def unit_fields(
    typed: Typed, issue_ids: Sequence[int], viewer: Viewer, but: int | None = None, kind: UnitKind | None = None
) -> list[str]:
    """Unit, leader, person; returns what is still missing. Only units that may hold every one of the problems."""
    names = {unit.id: unit.name for unit in units_to_hold(viewer, issue_ids, clock.today(), kind) if unit.id != but}
    unit = typed.choice(
        "unit", "责任单位（必填）", list(names), format_func=lambda i: names[i], placeholder="输入名称查找"
    )
    st.caption("只列能承办本件的单位。")
    left, right = st.columns(2)
    with left:
        leader = typed.line("leader", "责任领导（必填）", max_chars=40, placeholder="姓名（职务）")
    with right:
        person = typed.line("person", "责任人（必填）", max_chars=40, placeholder="姓名")
    return [word for word, given in (("责任单位", unit), ("责任领导", leader), ("责任人", person)) if not given]


def limit_fields(typed: Typed, type_code: str) -> list[str]:
    """The limit and the day it comes to; P107 has none."""
    if type_code == UPWARD_TYPE:
        st.caption("P107 是政策本身的问题，没有整改时限，以“已向上级反映”为结果。")
        return []
    kinds = [DeadlineKind.WORKDAYS.value, DeadlineKind.CALENDAR_DAYS.value, DeadlineKind.DATE.value]
    left, right = st.columns(2)
    with left:
        kind = typed.one_of("kind", "时限算法", kinds, "W", format_func=lambda k: DeadlineKind(k).label, required=True)
    with right:
        if kind == DeadlineKind.DATE.value:
            typed.day("until", "整改时限", min_value=clock.today())
        else:
            typed.count("days", "天数", 15, least=1, max_value=999)
    rule = limit_of(typed, type_code)
    if rule is None:
        return ["时限"]
    calendar = working_calendar()
    due = rule.due(clock.today(), calendar)
    note = due.note if rule.on is None else day_note(rule.on, calendar)
    st.markdown(f"时限至 **{day_text(due.on)}**（{rule.text()}）" + (f"，{note}" if note else ""))
    st.caption(COUNTING_CONVENTION)
    return []


def limit_of(typed: Typed, type_code: str) -> DeadlineRule | None:
    """The rule as it stands in the fields; None while it is incomplete."""
    if type_code == UPWARD_TYPE:
        return DeadlineRule.none()
    kind, days, until = typed.now("kind", "W"), typed.now("days", 15), typed.now("until")
    if kind == DeadlineKind.DATE.value:
        day = date.fromisoformat(until) if isinstance(until, str) else until
        return DeadlineRule.by(day) if day else None
    return DeadlineRule(DeadlineKind(kind), days=int(days)) if days else None


def required_limit(typed: Typed, type_code: str) -> DeadlineRule:
    """The same in a callback. Raises Refused."""
    rule = limit_of(typed, type_code)
    if rule is None:
        raise Refused("请给出整改时限。")
    return rule


def correction_fields(
    typed: Typed, issue: IssuePage, viewer: Viewer, place_fields: Callable[[Typed, IssuePage, Viewer], list[str]]
) -> list[str]:
    """Which field, what it says now, what it should say; the places have fields of their own."""
    stands = correctable_values(viewer, issue.id)
    options = [*stands, PLACES] if stands else []
    field = typed.choice("field", "更正哪一项", options, format_func=lambda f: FIELD_LABELS[f])
    if field is None:
        return ["更正哪一项"]
    if field == PLACES:
        return place_fields(typed, issue, viewer)
    st.caption(f"现在是：{_words(field, stands[field])}")
    _value_field(typed, field, stands)
    return [] if corrected_value(typed, field) is not None or field in LONG_TEXTS[2:] else ["新值"]


def corrected_value(typed: Typed, field: str) -> Any:
    """The new value of a field in the field's own type; None while nothing stands there."""
    value = typed.now(f"value_{field}")
    if field in AMOUNTS and value is not None:
        return typed.now_cents(f"value_{field}")
    if field == "severity" and value is not None:
        return Severity(value)
    if field in DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _value_field(typed: Typed, field: str, stands: Mapping[str, Any]) -> None:
    name, label, now = f"value_{field}", "改为", stands[field]
    if field in AMOUNTS:
        typed.cents(name, "改为（元）", yuan(now or 0))
    elif field in COUNTS:
        typed.count(name, label, now)
    elif field in DAYS:
        typed.day(name, label, now, max_value=clock.today())
    elif field == "severity":
        typed.one_of(name, label, [s.value for s in Severity], now.value, format_func=lambda s: Severity(s).label)
    elif field == "type_code":
        types = problem_types()
        typed.choice(name, label, list(types), now, format_func=lambda code: f"{code} {types[code].label}")
    elif field == "item_code":
        items = {item.code: item.name for item in subsidy_items()}
        typed.choice(name, label, list(items), now, format_func=lambda code: f"{code} {items[code]}")
    elif field in LONG_TEXTS:
        typed.text(name, label, now or "", height=140)
    else:
        typed.line(name, label, now or "", max_chars=120)


def _words(field: str, value: Any) -> str:
    if value is None:
        return "（含个人信息，此处不显示，请整段重写）" if field in ("facts", "title", "measures") else "无"
    if field in AMOUNTS:
        return f"{yuan(value)} 元"
    if field == "type_code":
        return f"{value} {problem_types()[value].label}"
    if isinstance(value, date):
        return day_text(value)
    return value.label if isinstance(value, Severity) else str(value) or "无"
