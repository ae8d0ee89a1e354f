"""One household 一户一表: what was due, paid and said, person by person, and what the inspectors conclude."""

from pathlib import Path

import streamlit as st

import clock
from models.refusal import Refused
from models.role import Permission
from pages.field.household_bar import VISIT, WIDTH, bar, step_key, steps
from pages.field.household_cards import add_missing_item, item_card, person_line
from pages.field.household_head import heading, person_words, progress_line
from pages.field.household_record import record
from pages.field.household_visit import visit_form
from pages.field.typed import begin, keep_up, save_again, too_late, unsaved_fields
from pages.field.way_on import way_on
from pages.frame.campaign import current_campaign
from pages.frame.look import empty, escape
from pages.frame.notice import say, show_notices
from pages.frame.who import require_any
from queries.campaign import subsidy_items
from queries.household_check import CheckView, check_form

HERE = Path(__file__).parent
person = require_any(Permission.FILL_CHECK, Permission.SEE_CHECKS)
campaign, today = current_campaign(), clock.today()
asked = st.query_params.get("id", "")
check_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


def to_list(village_id: int | None = None) -> None:
    """Back to the households of the village."""
    query = {"village": str(village_id)} if village_id else {}
    st.switch_page("pages/field/households.py", query_params=query)


def fill(view: CheckView) -> None:
    """The form, one person at a time."""
    if view.return_reason:
        st.warning(f"办公室退回：{escape(view.return_reason)}", icon=":material/reply:")
    if any(not unsaved.is_wrong for unsaved in unsaved_fields(view.id).values()):
        st.button("重试保存", icon=":material/cloud_upload:", key="save_again", on_click=save_again, args=(view.id,))
    progress_line(view)
    key, order = step_key(view), steps(view)
    if st.session_state.get(key) not in order:
        st.session_state[key] = next((p.member_id for p in view.people if not p.is_done), order[0])
    names = {p.member_id: person_words(p) for p in view.people} | {VISIT: ":material/door_front: 入户情况"}
    step = st.pills("核对到谁", order, key=key, format_func=lambda s: names[s], required=True, wrap=False,
                    label_visibility="collapsed")  # fmt: skip
    who = next((p for p in view.people if p.member_id == step), None)
    if who is None:
        visit_form(view, today)
    else:
        person_line(who)
        for line in who.lines:
            item_card(view.id, line)
        add_missing_item(view, who, campaign, subsidy_items(), today)
    bar(view, step)


try:
    form = check_form(person, check_id, today)
except Refused as refused:
    empty("没有找到这一户", str(refused), key="no_form")
    if st.button("回到户名单", icon=":material/arrow_back:", key="no_form_back"):
        to_list()
    st.stop()

if form.may_edit:
    rescued = begin(person, form.id)
    if rescued:
        say(f"登录过期前最后填的 {rescued} 项已补存")
    if keep_up(form) or rescued:
        form = check_form(person, check_id, today)
else:
    too_late(form)
with st.container(horizontal_alignment="center").container(width=WIDTH, key="household_form"):
    with st.container(key="unseen_form"):
        st.html(HERE / "form.css")
        st.html(f"<script>{(HERE / 'form.js').read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)
    show_notices()
    heading(form)
    if form.may_edit:
        fill(form)
    else:
        record(form, person)
        way_on(person, campaign.id, form)
    if st.button("本村户名单", icon=":material/arrow_back:", type="tertiary", key="back_to_list"):
        to_list(form.village_id)
