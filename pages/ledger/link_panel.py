"""关联问题: split from and into, merged; of what was merged into this one, its facts, money and evidence."""

import streamlit as st

from models.money import yuan
from pages.frame.look import escape, status_badge
from pages.ledger.issue_facts import gallery
from pages.ledger.kept_list import open_issue
from queries.issue import IssuePage
from queries.issue_link import LinkRow


def link_panel(issue: IssuePage) -> None:
    """Nothing for a problem that has to do with no other."""
    if not issue.links:
        return
    with st.container(border=True, key="links"):
        st.markdown("##### 关联问题")
        for number, link in enumerate(issue.links):
            with st.container(horizontal=True, vertical_alignment="center", key=f"link_{number}"):
                st.markdown(f"{link.words} {status_badge(link.status)} {escape(link.title)}", width="stretch")
                if link.issue_id is not None:
                    st.button(f"{link.number} ›", type="tertiary", key=f"thumb_open_link_{number}",
                              on_click=open_issue, args=(link.issue_id,))  # fmt: skip
                else:
                    st.caption(link.number, width="content")
            if link.facts:
                _merged(link)


def _merged(link: LinkRow) -> None:
    """What was recorded of a problem that goes on in this one."""
    with st.expander(f"{link.number} 原来的内容"):
        st.markdown(escape(link.facts).replace("\n", "  \n"))
        amounts = (
            ("涉及金额", link.amount_cents), ("应追缴", link.to_recover_cents), ("应补发", link.to_pay_cents),
        )  # fmt: skip
        words = " · ".join(f"{word} {yuan(cents)} 元" for word, cents in amounts if cents)
        st.caption(f"并案前：{words or '不涉及金额'}；佐证 {len(link.evidence)} 份")
        if link.evidence:
            st.html(gallery(link.evidence, {}))
