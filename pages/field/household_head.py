"""The top of a household form: whose it is, whether it is saved, how far it is."""

import streamlit as st

from models.household_check import CheckStatus
from models.local_time import local
from pages.field.typed import unsaved_fields
from pages.frame.look import escape
from queries.household_check import CheckView, PersonView


def saved_badge(view: CheckView) -> str:
    """Whether what is on screen is on the server: 10:42 已存."""
    if unsaved_fields(view.id):
        return ":orange-badge[:material/cloud_off: 未保存，联网后重试]"
    if view.saved_at is None:
        return ":gray-badge[:material/cloud: 还没有填写]"
    return f":green-badge[:material/cloud_done: {local(view.saved_at):%H:%M} 已存]"


def heading(view: CheckView) -> None:
    """Whose household, where; is it saved, or where does it stand."""
    head = view.head_person
    state = {CheckStatus.SUBMITTED: ("green", "task_alt"), CheckStatus.RETURNED: ("orange", "reply")}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False,
                      key="household_head"):  # fmt: skip
        where = f"本村第 {view.position}/{view.siblings} 户" if view.position else "不在现行抽样名单"
        whose = f"户主 {escape(head.name)}" if head else "没有成员"
        place = f"{escape(view.town)} {escape(view.village)} · {escape(view.number)} 户"
        details = " · ".join(filter(None, (whose, escape(view.group), where)))
        st.markdown(f"**{place}**  \n:small[:gray[{details}]]")
        colour, icon = state.get(view.status, ("blue", "edit_note"))
        badge = saved_badge(view) if view.may_edit else f":{colour}-badge[:material/{icon}: {view.status.label}]"
        st.markdown(badge, width="content")


def progress_line(view: CheckView) -> None:
    """Persons, items, and the visit itself: full only when all of it is there."""
    done = view.progress
    parts, of = done.items_done + view.visit_is_told, done.items + 1
    st.progress(parts / of, text=f"{done.text} · 入户情况{'已填' if view.visit_is_told else '未填'}")


def person_words(person: PersonView) -> str:
    """On the pill of a person: ticked when verified; who has nothing to be verified is not ticked."""
    name = escape(person.name)
    if not person.lines:
        return f"{name}（无项目）"
    return f":material/check: {name}" if person.is_done else name
