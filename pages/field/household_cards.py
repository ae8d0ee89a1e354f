"""One person of a household form: who it is, and a card for each item."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from models.check_form import LONGEST_NOTE, FormLine, LineKey
from models.household_check import VERDICT_LABELS, Verdict
from models.money import yuan
from pages.field.typed import key_of, put, seeded, unsaved_fields
from pages.frame.look import escape
from queries.campaign import CampaignRow, SubsidyItemRow
from queries.household_check import CheckView, PersonView

ALL_VERDICTS = [verdict.value for verdict in Verdict]


def person_line(person: PersonView) -> None:
    """Name, relation, sex, age; number and card below."""
    age = f"{person.age} 岁" if person.age is not None else ""
    who = " · ".join(filter(None, (f"**{escape(person.name)}**", escape(person.relation), person.sex, age)))
    card = f"{person.account_kind or '卡'}尾号 {person.account[-4:]}" if person.account else "未登记账号"
    code = f"代号 {person.pseudonym}" if "*" in person.name else ""
    known = " · ".join(filter(None, (escape(person.id_number) or "无身份证号", card, code)))
    st.markdown(f"{who}  \n:small[:gray[{known}]]")


def item_card(check_id: int, line: FormLine) -> None:
    """One item × year: due, received, said, and the verdict."""
    with st.container(border=True, key=f"card_{check_id}_{line.key.field('card')}"):
        count = f" · {line.payments} 笔" if line.payments else ""
        waiting = "　:orange-badge[○ 待核]" if line.verdict is None else ""
        st.markdown(f"**{escape(line.item_name)}** :gray[{line.key.year}年{count}]{waiting}")
        if line.is_extra:
            _extra(check_id, line)
            return
        with st.container(horizontal=True, wrap=False, key=f"amounts_{check_id}_{line.key.field('card')}"):
            amount("清册应发", line.listed_cents)
            amount("到账实发", line.received_cents)
            _said(check_id, line)
        _fault(check_id, line.key.field("said"))
        field = line.key.field("verdict")
        key = seeded(check_id, field, line.verdict.value if line.verdict else None)
        st.pills(
            "结论", ALL_VERDICTS, key=key, format_func=lambda v: VERDICT_LABELS[Verdict(v)],
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        if line.verdict not in (None, Verdict.MATCHES) or line.note:
            _note(check_id, line)


def amount(label: str, cents: int | None) -> None:
    """A third of a card's width: what it is, and how much; 未说明 for None."""
    st.markdown(f":small[:gray[{label}]]  \n**{'未说明' if cents is None else yuan(cents)}**", width="stretch")


def _said(check_id: int, line: FormLine) -> None:
    field = line.key.field("said")
    key = seeded(check_id, field, line.said_cents)
    st.text_input(
        "群众自述（元）",
        key=key,
        placeholder="问群众",
        live="600ms",
        width="stretch",
    )


def _note(check_id: int, line: FormLine) -> None:
    field = line.key.field("note")
    must = line.verdict is Verdict.UNREACHED
    st.text_input(
        "未核实的原因（必填）" if must else "说明", key=seeded(check_id, field, line.note), live="600ms",
        max_chars=LONGEST_NOTE,
        placeholder="为什么没有核实到" if must else "差在哪里、群众怎么说",
    )  # fmt: skip
    if line.is_flagged:
        st.caption(":material/flag: 提交后可登记为问题，事实由这一行带出。")


def _fault(check_id: int, field: str) -> None:
    unsaved = unsaved_fields(check_id).get(key_of(check_id, field))
    if unsaved is not None:
        st.caption(f":orange[:material/error: {escape(unsaved.fault)}]")


def _extra(check_id: int, line: FormLine) -> None:
    st.markdown(f":orange-badge[:material/flag: {Verdict.ENTITLED_BUT_MISSING.label}]　:gray[没有发放记录]")
    _note(check_id, line)
    st.button(
        "删除这一项", key=f"drop_{check_id}_{line.key.field('card')}", type="tertiary", icon=":material/delete:",
        on_click=_drop, args=(check_id, line.key),
    )  # fmt: skip


def _drop(check_id: int, key: LineKey) -> None:
    for part in ("note", "said", "verdict"):
        put(check_id, key.field(part), None, erase=True)


def add_missing_item(
    view: CheckView, person: PersonView, campaign: CampaignRow, items: Sequence[SubsidyItemRow], today: date
) -> None:
    """应享未享: an item the person should have and there is no payment of."""
    if not person.lines:
        with st.container(border=True):
            st.markdown("**无发放记录**")
            st.caption("清册和发放登记里没有这个人的补贴，没有要核对的项目。如应享未享，请在下面添加。")
    names = {item.code: item.name for item in items}
    with st.expander("添加应享未享的项目", icon=":material/add:"):
        item_key, year_key = f"missing_item_{view.id}_{person.member_id}", f"missing_year_{view.id}_{person.member_id}"
        st.selectbox(
            "补贴项目",
            list(names),
            index=None,
            key=item_key,
            format_func=lambda c: names[c],
            placeholder="请选择补贴项目",
        )
        st.pills("年度", list(range(campaign.year_to, campaign.year_from - 1, -1)), key=year_key,
                 format_func=lambda y: f"{y}年")  # fmt: skip
        chosen = st.session_state.get(item_key) and st.session_state.get(year_key)
        st.button(
            "添加", key=f"add_{view.id}_{person.member_id}", disabled=not chosen, on_click=_add,
            args=(view, person, item_key, year_key),
        )  # fmt: skip


def _add(view: CheckView, person: PersonView, item_key: str, year_key: str) -> None:
    key = LineKey(person.member_id, st.session_state[item_key], st.session_state[year_key])
    if all(line.key != key for line in person.lines):
        put(view.id, key.field("verdict"), Verdict.ENTITLED_BUT_MISSING.value)
    st.session_state[item_key] = None
