"""操作记录: who did what, newest first; the head of the day; and the proof that nothing was altered."""

import streamlit as st

from actions.verification import verify_record
from models.local_time import moment_text
from models.role import Permission
from pages.frame.look import empty, title
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, require_any
from queries.audit import Head, Verification, audit_head
from queries.audit_log import recent_entries

RESULT, PAGE, WORDS, HEAD = "audit_result", "audit_page", "audit_words", "audit_head"

person = require_any(Permission.SEE_AUDIT, Permission.VERIFY_AUDIT)
head = audit_head()
title("操作记录", right=f"共 {head.seq} 条，只增不改")
show_notices()


def run_verification() -> None:
    """The button: recompute everything, against a head from paper where one was typed."""
    st.session_state.pop(RESULT, None)
    typed = str(st.session_state.get(HEAD) or "").strip()
    try:
        head = Head.parse(typed) if typed else None
    except ValueError as wrong:
        st.session_state[RESULT] = str(wrong)
        return
    result = attempt(lambda: verify_record(caller(), head))
    if result is not None:
        st.session_state[RESULT] = result


def show_result(result: Verification | str) -> None:
    """One sentence, and each disagreement below it."""
    if isinstance(result, str):
        st.error(result, icon=":material/edit:")
    elif result.ok:
        st.success(result.summary, icon=":material/verified:")
    else:
        st.error(result.summary, icon=":material/gpp_bad:")
        st.table({"不符之处": [finding.sentence for finding in result.findings]}, hide_index=True)


if person.may(Permission.VERIFY_AUDIT):
    with st.container(border=True):
        st.markdown("**今日校验头**　抄下或打印留存；以后用它可以发现记录被截断或整体改写。")
        st.code(str(head), language=None, wrap_lines=True)
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        left.text_input("与以前留存的校验头比对（可不填）", key=HEAD, placeholder="序号 散列值，照纸上原样输入")
        right.button("校验全部记录", key="verify", type="primary", width="stretch", on_click=run_verification)
        if RESULT in st.session_state:
            show_result(st.session_state[RESULT])

if person.may(Permission.SEE_AUDIT):
    words = st.text_input(
        "查找", key=WORDS, bind="query-params", placeholder="登录名、问题编号或做了什么", type="search",
        label_visibility="collapsed", width=320, on_change=lambda: st.session_state.pop(PAGE, None),
    )  # fmt: skip
    found = recent_entries(person, int(st.session_state.get(PAGE) or 1), words)
    if found.rows:
        st.dataframe(
            [
                {
                    "序号": r.seq, "时间": moment_text(r.recorded_at), "何人": r.actor, "做了什么": r.action,
                    "对什么": r.subject, "说明": r.detail, "散列值": r.hash[:16],
                }
                for r in found.rows
            ],
            hide_index=True, width="stretch", row_height=34, height="content", key="audit_rows",
        )  # fmt: skip
        if found.pages > 1:
            st.pagination(found.pages, key=PAGE, width="content")
    else:
        empty(
            "没有符合条件的记录",
            f"没有“{words}”的操作记录。清空查找框看全部。" if words else "您的范围内还没有操作记录。",
        )
