"""Forms for a new account and a further role."""

import streamlit as st

import clock
from actions.grant import propose_grant
from actions.people import NewAccount, create_user
from models.region import RegionLevel
from models.role import Role
from pages.admin.account_verbs import kept_password
from pages.frame.look import kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import units
from queries.place_choice import place_choices
from queries.viewer import Viewer

TYPED = ("new_name", "new_person", "new_number", "new_place", "new_village")
CHOSEN = ("new_place", "new_village")


def account_form(person: Viewer) -> None:
    """A person with an account and one role; an existing account gets the role in addition."""
    with st.expander("新建账号，或给已有账号加一项权限", icon=":material/person_add:", **kept_open("new_account")):
        known = {u.code: u.name for u in units(clock.today())}
        st.text_input("账号", key="new_name", live="400ms", help="小写字母开头。已有的账号点“只加权限”")
        st.text_input("姓名", key="new_person")
        st.selectbox("单位", list(known), index=None, format_func=known.get, placeholder="选择单位", key="new_unit")
        st.text_input("工号", key="new_number", placeholder="不填则用账号；同一个人的两个账号填同一工号")
        st.selectbox(
            "权限", list(Role), format_func=lambda r: r.label, index=None, placeholder="选择权限", key="new_role"
        )
        places = place_choices(person, with_units=True)
        st.selectbox("地区", list(places), None, format_func=places.get, placeholder="不选为全部地区；输入镇、村名查找",
                     key="new_place", filter_mode="contains")  # fmt: skip
        villages = place_choices(person, (RegionLevel.VILLAGE,))
        st.selectbox("本人所在村", list(villages), None, format_func=villages.get, key="new_village",
                     placeholder="回避：不检查自己所在的村；可不选", filter_mode="contains")  # fmt: skip
        lacking = not st.session_state.get("new_name") or st.session_state.get("new_role") is None
        with st.container(horizontal=True):
            st.button("新建账号", key="new_account", type="primary", on_click=_create, disabled=lacking)
            st.button("只加权限", key="new_grant", on_click=_propose, disabled=lacking)


def _create() -> None:
    """The second of two clicks finds the account's password waiting to be noted, and only empties the form."""
    state, box = st.session_state, kept_password()
    name = (state.new_name or "").strip().lower()

    def create() -> NewAccount:
        made = create_user(
            caller(), name, state.new_role, state.new_place or None, state.new_unit, state.new_person or None,
            state.new_number or None, state.new_village or None,
        )  # fmt: skip
        box[name] = made.one_time_password
        return made

    if name in box or attempt(create, _said) is not None:
        for key in TYPED:
            state[key] = None if key in CHOSEN else ""


def _said(made: NewAccount) -> str:
    return "账号已建，授权等安全管理员确认" if made.waits_for_confirmation else "账号已建，授权已生效"


def _propose() -> None:
    state = st.session_state
    attempt(
        lambda: propose_grant(caller(), state.new_name, state.new_role, state.new_place or None, state.new_unit),
        lambda waits: "已提出，等安全管理员确认" if waits else "权限已生效",
    )
