"""回头看: what looking again found, on the problem's own page."""

import streamlit as st

from models.local_time import day_text
from pages.frame.look import escape
from queries.look_back import CheckRow


def verdict_badge(check: CheckRow) -> str:
    """Markdown: symbol, word and tint."""
    return f":{check.verdict.badge}-badge[{check.verdict.symbol} {check.verdict.label}]"


def look_back_panel(checks: tuple[tuple[str, CheckRow], ...]) -> None:
    """Each word on it, the latest first; nothing where nobody looked."""
    if not checks:
        return
    with st.container(border=True, key="look_backs"):
        st.markdown("##### 回头看")
        for campaign, check in checks:
            st.markdown(f"{verdict_badge(check)} {escape(check.finding)}")
            said = f"{day_text(check.looked_on)} · {check.how.label} · {check.who} · {campaign}"
            st.caption(escape(said))
