"""What can be done to one place: a place below it, a new name, a merge, another reporting unit."""

from datetime import date

import streamlit as st

from actions.region_change import add_region, merge_village, rename_region
from actions.reporting_unit import count_for
from models.region import RegionLevel
from models.role import Permission
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.region import reporting_units
from queries.region_merge import MergeOutlook, merge_outlook
from queries.region_tree import PlaceDetail, villages_beside
from queries.viewer import Viewer

ADD, RENAME, MERGE, COUNT = "增设下级", "更名", "并入其他村", "改归填报单位"
VERB = "region_verb"
KINDS = {RegionLevel.TOWN: ("镇", "乡", "街道"), RegionLevel.VILLAGE: ("村委会", "居委会")}
FIELDS = ("add_code", "add_name", "add_letters", "rename_name", "rename_why", "merge_why", "count_why")


def region_verbs(person: Viewer, place: PlaceDetail, today: date) -> None:
    """One verb at a time, for whoever may; nothing for a place that was merged."""
    if not person.may(Permission.MANAGE_REGIONS) or not place.is_in_force:
        return
    level = place.row.level
    verbs = [] if level is RegionLevel.VILLAGE else [ADD]
    verbs += [RENAME] + ([MERGE] if level is RegionLevel.VILLAGE else [])
    verbs += [COUNT] if level in (RegionLevel.TOWN, RegionLevel.VILLAGE) else []
    verb = st.pills("办理", verbs, key=f"{VERB}_{place.row.code}", label_visibility="collapsed")
    match verb:
        case "增设下级":
            add_form(person, place, today)
        case "更名":
            _rename_form(place, today)
        case "并入其他村":
            _merge_form(person, place, today)
        case "改归填报单位":
            _count_form(place, today)


def add_form(person: Viewer, parent: PlaceDetail | None, today: date) -> None:
    """A place below another, or the city where there is nothing yet."""
    level = RegionLevel.CITY if parent is None else parent.row.level.below
    if level is None or not person.may(Permission.MANAGE_REGIONS):
        return
    with st.container(width=560):
        st.text_input(f"{level.label}的代码", key="add_code", placeholder="统计用区划代码，12 位数字", max_chars=12)
        st.text_input("名称", key="add_name", max_chars=60, placeholder="按批复的全称")
        if level in KINDS:
            st.selectbox("类别", KINDS[level], key="add_kind")
        if level is RegionLevel.COUNTY:
            st.text_input("编号字母", key="add_letters", max_chars=8, placeholder="写进问题编号，例如 SX，定后不改")
        st.date_input("从哪天起", today, key="add_since", format="YYYY-MM-DD")
        parent_code = parent.row.code if parent else None
        st.button("增设", type="primary", key="add_save", on_click=_add, args=(parent_code,),
                  disabled=_lacks("add_code", "add_name"))  # fmt: skip


def _rename_form(place: PlaceDetail, today: date) -> None:
    with st.container(width=560):
        st.caption(f"在更名日期以前登记的问题，台账和经过里仍写“{escape(place.short_name)}”。")
        st.text_input("新名称", key="rename_name", max_chars=60, live="400ms", placeholder=place.row.name)
        if place.row.level in KINDS:
            kinds = KINDS[place.row.level]
            st.selectbox("类别", kinds, kinds.index(place.row.kind) if place.row.kind in kinds else None,
                         key="rename_kind", placeholder="不改")  # fmt: skip
        st.date_input("从哪天起", today, max_value=today, key="rename_day", format="YYYY-MM-DD")
        st.text_input("依据", key="rename_why", max_chars=200, live="400ms", placeholder="批复文号或会议纪要")
        st.button("确认更名", type="primary", key="rename_save", on_click=_rename, args=(place.row.code,),
                  disabled=_lacks("rename_name", "rename_why"))  # fmt: skip


def _merge_form(person: Viewer, place: PlaceDetail, today: date) -> None:
    beside = villages_beside(person, place.row.code)
    with st.container(width=720):
        into = st.selectbox("并入哪个村", list(beside), None, format_func=beside.get, key="merge_into",
                            placeholder="选择合并后的村")  # fmt: skip
        day = st.date_input("从哪天起", today, max_value=today, key="merge_day", format="YYYY-MM-DD")
        if into is None or not isinstance(day, date):
            return
        outlook = merge_outlook(person, place.row.code, into, day, today)
        if outlook.refusal is not None:
            st.warning(outlook.refusal, icon=":material/block:")
            return
        _say(outlook)
        st.text_input("依据", key="merge_why", max_chars=200, live="400ms", placeholder="批复文号或会议纪要")
        st.button(
            f"确认把{place.short_name}并入{beside[into].split(' ')[-1]}", type="primary", key="merge_save",
            icon=":material/merge:", on_click=_merge, args=(place.row.code, into), disabled=_lacks("merge_why"),
        )  # fmt: skip


def _say(outlook: MergeOutlook) -> None:
    for head, lines in (("不变的", outlook.stays), ("以后改的", outlook.goes), ("请随后办理", outlook.to_do)):
        if lines:
            st.markdown(f"**{head}**\n" + "\n".join(f"- {escape(line)}" for line in lines))
    st.caption("合并后不能撤回，请核对后再确认。")


def _count_form(place: PlaceDetail, today: date) -> None:
    units = {u.code: u.name for u in reporting_units()}
    with st.container(width=560):
        st.caption("从那一天起统计归新的填报单位，以前各日的统计和已有的问题不变。")
        st.selectbox("归哪个填报单位", list(units), None, format_func=units.get, key="count_unit", placeholder="选择")
        st.date_input("从哪天起", today, min_value=today, key="count_day", format="YYYY-MM-DD")
        st.text_input("依据", key="count_why", max_chars=200, live="400ms", placeholder="批复文号或会议纪要")
        st.button("确认改归", type="primary", key="count_save", on_click=_count, args=(place.row.code,),
                  disabled=_lacks("count_unit", "count_why"))  # fmt: skip


def _lacks(*keys: str) -> bool:
    return any(not str(st.session_state.get(key) or "").strip() for key in keys)


def _add(parent: str | None) -> None:
    s = st.session_state
    kind, letters = s.get("add_kind") or "", s.get("add_letters") or ""
    made = attempt(
        lambda: add_region(caller(), parent, s.add_code, s.add_name, s.add_since, kind=kind, letters=letters),
        f"已增设 {s.add_name}",
    )
    _done(made is not None, parent)


def _rename(code: str) -> None:
    s = st.session_state

    def act() -> bool:
        rename_region(caller(), code, s.rename_name, s.rename_day, s.rename_why, kind=s.get("rename_kind") or "")
        return True

    _done(attempt(act, f"已更名为 {s.rename_name}"), code)


def _merge(code: str, into: str) -> None:
    s = st.session_state

    def act() -> bool:
        merge_village(caller(), code, into, s.merge_day, s.merge_why)
        return True

    _done(attempt(act, "已合并"), code)


def _count(code: str) -> None:
    s = st.session_state

    def act() -> bool:
        count_for(caller(), code, s.count_unit, s.count_day, s.count_why)
        return True

    _done(attempt(act, "已改归"), code)


def _done(done: bool | None, code: str | None) -> None:
    """After an action the form closes and is empty; after a refusal everything typed stays."""
    if not done:
        return
    st.session_state.pop(f"{VERB}_{code}", None)
    for key in FIELDS:
        st.session_state.pop(key, None)
