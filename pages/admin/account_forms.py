"""Forms for a new account and a further role."""

import streamlit as st

import clock
from actions.grant import propose_grant
from actions.people import NewAccount, create_user
from models.role import Role
from pages.admin.account_verbs import kept_password
from pages.frame.look import kept_open
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.people import units
from queries.region import reporting_units

TYPED = ("new_name", "new_person", "new_number", "new_place", "new_village")


def account_form() -> None:
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
        st.text_input("地区编号", key="new_place", placeholder="不填为全部地区", help=_places())
        st.text_input("本人所在村的 12 位代码", key="new_village", placeholder="回避：不检查自己所在的村；可不填")
        lacking = not st.session_state.get("new_name") or st.session_state.get("new_role") is None
        with st.container(horizontal=True):
            st.button("新建账号", key="new_account", type="primary", on_click=_create, disabled=lacking)
            st.button("只加权限", key="new_grant", on_click=_propose, disabled=lacking)


def _places() -> str:
    codes = "、".join(f"{u.name} {u.code.removesuffix('000000')}" for u in reporting_units())
    return f"填报单位：{codes or '还没有导入区划'}。镇、村填 12 位代码。"


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
            state[key] = ""


def _said(made: NewAccount) -> str:
    return "账号已建，授权等安全管理员确认" if made.waits_for_confirmation else "账号已建，授权已生效"


def _propose() -> None:
    state = st.session_state
    attempt(
        lambda: propose_grant(caller(), state.new_name, state.new_role, state.new_place or None, state.new_unit),
        lambda waits: "已提出，等安全管理员确认" if waits else "权限已生效",
    )
