"""移送详情. Who: discipline, problems of its region referred to 纪委监委. Asked by the address: the referral.

Shown: what was found, masked, why it was referred, the papers that came with it. Done: the reply, sanctions.
"""

from html import escape as html_escape
from pathlib import Path

import streamlit as st

from models.local_time import day_text
from models.refusal import NotFoundOrNotYours
from models.role import Permission
from pages.frame.look import escape, status_badge
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require
from pages.ledger.inside_panel import referral_table, sanction_table
from pages.ledger.issue_facts import GALLERY
from pages.ledger.referral_forms import give_reply, give_sanction, reply_texts, sanction_texts
from pages.ledger.typed import Typed, keep_typing
from pages.ledger.verb_dialog import still_missing
from queries.referral import Paper, ReferredCase, referred_case

LIST = "pages/ledger/referrals.py"

viewer = require(Permission.SANCTION)


def asked_case() -> ReferredCase:
    """The one the address names. Says the same of an unknown one and of another region's, and stops."""
    asked = st.query_params.get("id", "")
    try:
        return referred_case(viewer, int(asked) if asked.isdecimal() and len(asked) < 18 else 0)
    except NotFoundOrNotYours as refused:
        st.title("打不开这次移送", anchor=False)
        st.write(str(refused))
        st.page_link(LIST, label="返回移送与问责", icon=":material/arrow_back:")
        st.stop()


def paper(found: Paper) -> str:
    """A picture, or a word to click."""
    shown = f'<img class="picture" src="/evidence/{found.id}?size=480" alt="{html_escape(found.caption)}">'
    picture = shown if found.is_image else '<span class="picture">文档</span>'
    words = html_escape(f"{found.kind} {found.caption}")
    return (
        f'<figure><a href="/evidence/{found.id}" target="_blank">{picture}<figcaption>{words}</figcaption></a></figure>'
    )


def act_reply(typed: Typed) -> None:
    """Callback."""
    if attempt(lambda: give_reply(caller(), typed, case.issue.id, case.referral.id, case.issue.version), str):
        typed.clear()


def act_sanction(typed: Typed) -> None:
    """Callback."""
    if attempt(lambda: give_sanction(caller(), typed, case.issue.id, case.issue.version), str):
        typed.clear()


case = asked_case()
st.html(Path(__file__).with_name("issue.css"))
st.page_link(LIST, label="返回移送与问责", icon=":material/arrow_back:")
st.title(escape(case.title), anchor=False)
st.markdown(f"`{case.issue.number}` {status_badge(case.issue.status)} :gray-badge[{escape(case.issue.type_label)}]")
show_notices()
left, right = st.columns([1.6, 1], gap="medium")
with left, st.container(border=True, key="found"):
    st.markdown("##### 移送的问题")
    st.markdown(escape(case.facts).replace("\n", "  \n"))
    st.caption(escape(case.issue.place))
    referral_table((case.referral,))
with left, st.container(border=True, key="papers"):
    st.markdown(f"##### 随附材料　:small[共 {len(case.papers)} 份]")
    if case.papers:
        st.html(f'{GALLERY}<div class="evidence">{"".join(map(paper, case.papers))}</div>')
    else:
        st.caption("移送时没有附材料。")
with right, st.container(border=True, key="reply"):
    st.markdown("##### 登记回复" if case.referral.is_waiting else "##### 补充回复")
    typed = Typed.form(viewer, "referral", case.referral.id, "reply")
    missing = reply_texts(typed)
    still_missing(missing)
    st.button("确认登记回复", type="primary" if case.referral.is_waiting else "secondary", key="thumb_reply",
              disabled=bool(missing), on_click=act_reply, args=(typed,), width="stretch")  # fmt: skip
with right, st.container(border=True, key="sanctions"):
    st.markdown("##### 问责")
    if case.sanctions:
        sanction_table(case.sanctions)
    given = Typed.form(viewer, "referral", case.referral.id, "sanction")
    lacking = sanction_texts(given)
    still_missing(lacking)
    st.button("确认登记问责", key="thumb_sanction", disabled=bool(lacking), on_click=act_sanction, args=(given,),
              width="stretch")  # fmt: skip
    st.caption(f"移送于 {day_text(case.referral.referred_on)}；只登记人数，不写姓名。")
keep_typing()
