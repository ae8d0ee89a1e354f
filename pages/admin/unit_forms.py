"""A new unit, and what can be done to one: a new name, another place, its end with a successor."""

from datetime import date

import streamlit as st

from actions.unit import attach_unit, create_unit, dissolve_unit, rename_unit
from models.unit import UnitKind
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import units
from queries.place_choice import place_choices
from queries.region import reporting_units
from queries.unit_list import UnitLine, dissolution
from queries.viewer import Viewer

RENAME, ATTACH, DISSOLVE = "更名", "改所在地", "撤销"
NOBODY = "没有承接单位"
TYPED = ("unit_code", "unit_name", "unit_place", "unit_new_name", "unit_why", "unit_successor")


def unit_form(person: Viewer) -> None:
    """A unit that can be held responsible, or sends people."""
    known = {u.code: u.name for u in reporting_units()}
    with st.container(width=560):
        st.text_input(
            "单位编号", key="unit_code", max_chars=30, live="400ms", placeholder="本系统内不重复，例如 CZS-01"
        )
        st.text_input("单位全称", key="unit_name", max_chars=80, live="400ms")
        st.selectbox("类别", list(UnitKind), format_func=lambda k: k.label, key="unit_kind")
        st.selectbox("归属填报单位", list(known), None, format_func=known.get, placeholder="市直单位不选",
                     key="unit_reporting")  # fmt: skip
        _place_choice(person, "unit_place")
        st.button("登记", type="primary", key="unit_save", on_click=_create, disabled=_lacks("unit_code", "unit_name"))


def unit_verbs(person: Viewer, unit: UnitLine, today: date) -> None:
    """One verb at a time; nothing for a unit that is dissolved."""
    if not unit.is_in_force:
        return
    verb = st.pills("办理", [RENAME, ATTACH, DISSOLVE], key=f"unit_verb_{unit.code}", label_visibility="collapsed")
    with st.container(width=640):
        match verb:
            case "更名":
                _rename_form(unit, today)
            case "改所在地":
                _attach_form(person, unit)
            case "撤销":
                _dissolve_form(person, unit, today)


def _rename_form(unit: UnitLine, today: date) -> None:
    st.caption(f"已交办给“{escape(unit.name)}”的问题，台账里的责任单位仍写当时的名称；权限、账号不变。")
    st.text_input("新名称", key="unit_new_name", max_chars=80, live="400ms", placeholder=unit.name)
    st.date_input("从哪天起", today, max_value=today, key="unit_day", format="YYYY-MM-DD")
    _why()
    st.button("确认更名", type="primary", key="unit_rename", on_click=_rename, args=(unit.code,),
              disabled=_lacks("unit_new_name", "unit_why"))  # fmt: skip


def _place_choice(person: Viewer, key: str) -> None:
    places = place_choices(person)
    st.selectbox(
        "所在镇、村", list(places), None, format_func=places.get, key=key, filter_mode="contains",
        placeholder="可不选；输入镇、村名查找",
    )  # fmt: skip


def _attach_form(person: Viewer, unit: UnitLine) -> None:
    known = {u.code: u.name for u in reporting_units()}
    codes = list(known)
    st.caption("从今天起，它能自查登记哪里的问题、能接哪里的问题，都按新的所在地。已在办的问题不变。")
    st.session_state.setdefault("attach_place", unit.region_code or None)
    _place_choice(person, "attach_place")
    at = codes.index(unit.reporting_code) if unit.reporting_code in codes else None
    st.selectbox("归属填报单位", codes, at, format_func=known.get, placeholder="市直单位不选", key="attach_reporting")
    _why()
    st.button("确认更改", type="primary", key="unit_attach", on_click=_attach, args=(unit.code,),
              disabled=_lacks("unit_why"))  # fmt: skip


def _dissolve_form(person: Viewer, unit: UnitLine, today: date) -> None:
    hanging = dissolution(person, unit.id)
    others = {u.code: u.name for u in units(today) if u.code != unit.code} | {NOBODY: NOBODY}
    st.markdown("\n".join(f"- {line}" for line in (
        f"整改中的 {hanging.open_issues} 件问题仍在它名下，不会自己转走；每一件都会提示办公室改派。"
        if hanging.open_issues else "它名下没有整改中的问题。",
        *([f"待验收、待审批的 {hanging.waiting_issues} 件照常办；退回时再改派。"] if hanging.waiting_issues else []),
        f"{hanging.people} 名人员、{hanging.grants} 项经办权限仍在，请在“人员与账号”里收回，或为承接单位另行授权。",
        "以后不能再向它交办。",
    )))  # fmt: skip
    st.selectbox(
        "由谁承接", list(others), None, format_func=others.get, placeholder="选择承接单位", key="unit_successor"
    )
    st.date_input("从哪天起撤销", today, max_value=today, key="unit_day", format="YYYY-MM-DD")
    _why()
    st.button(f"确认撤销{unit.name}", type="primary", key="unit_dissolve", on_click=_dissolve, args=(unit.code,),
              disabled=_lacks("unit_successor", "unit_why"))  # fmt: skip


def _why() -> None:
    st.text_input("依据", key="unit_why", max_chars=200, live="400ms", placeholder="文号或会议纪要")


def _lacks(*keys: str) -> bool:
    return any(not str(st.session_state.get(key) or "").strip() for key in keys)


def _create() -> None:
    s = st.session_state
    place, reporting = s.unit_place, s.unit_reporting
    made = attempt(
        lambda: create_unit(caller(), s.unit_code, s.unit_name, s.unit_kind, place, reporting),
        f"已登记 {s.unit_name}",
    )
    _clear(made is not None, "")


def _rename(code: str) -> None:
    s = st.session_state

    def act() -> bool:
        rename_unit(caller(), code, s.unit_new_name, s.unit_day, s.unit_why)
        return True

    _clear(attempt(act, f"已更名为 {s.unit_new_name}"), code)


def _attach(code: str) -> None:
    s = st.session_state

    def act() -> bool:
        attach_unit(caller(), code, s.attach_place, s.attach_reporting, s.unit_why)
        return True

    _clear(attempt(act, "所在地已更改"), code)


def _dissolve(code: str) -> None:
    s = st.session_state
    successor = None if s.unit_successor == NOBODY else s.unit_successor

    def act() -> bool:
        dissolve_unit(caller(), code, s.unit_day, successor, s.unit_why)
        return True

    _clear(attempt(act, "已撤销，名下整改中的问题请办公室改派"), code)


def _clear(done: bool | None, code: str) -> None:
    """After an action the form closes and is empty; after a refusal everything typed stays."""
    if done:
        for key in (f"unit_verb_{code}", *TYPED, "attach_place", "attach_reporting"):
            st.session_state.pop(key, None)
