"""The four states of a campaign: what each means, and the step to the next one."""

import streamlit as st

from actions.campaign import set_state
from models.campaign import CampaignState
from models.campaign_work import ALLOWED, MEANINGS, NEXT, CampaignWork, is_back
from models.local_time import moment_text
from pages.admin.campaign_edit import follow
from pages.frame.look import escape
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller
from queries.campaign import CampaignRow, campaign_history

OPEN = "_state_asked"
"""Key in session_state: the campaign's id, its version on screen and the state it is to go to."""


def state_panel(row: CampaignRow, may_move: bool) -> None:
    """Where the campaign stands, what every state means, the steps that are open."""
    with st.container(border=True, key="campaign_state"):
        st.markdown("##### 状态")
        for state in CampaignState:
            st.markdown(f"{_mark(state, row.state)}　{MEANINGS[state]}")
        with st.container(horizontal=True):
            for at, state in enumerate(NEXT[row.state] if may_move else ()):
                word = f"退回“{state.label}”" if is_back(row.state, state) else f"转为“{state.label}”"
                kind = "primary" if at == 0 and not is_back(row.state, state) else "secondary"
                st.button(word, key=f"state_{state.value}", type=kind, on_click=_ask, args=(row, state))
        _history(row.id)
    if OPEN in st.session_state and st.session_state[OPEN][0] == row.id:
        state = st.session_state[OPEN][2]
        st.dialog(f"{row.code} 转为“{state.label}”", on_dismiss=_close)(_body)(row, state)


def _mark(state: CampaignState, now: CampaignState) -> str:
    return f":blue-badge[◆ {state.label}，现在]" if state is now else f":gray-badge[◇ {state.label}]"


def _history(campaign_id: int) -> None:
    rows = campaign_history(campaign_id)
    if not rows:
        return
    with st.expander(f"变更记录（{len(rows)}）"):
        for change in rows:
            why = f"，理由：{escape(change.reason)}" if change.reason else ""
            st.markdown(f":gray[{moment_text(change.recorded_at)}　{escape(change.by)}]　{escape(change.what)}{why}")


def _ask(row: CampaignRow, state: CampaignState) -> None:
    st.session_state[OPEN] = (row.id, row.version, state)
    st.session_state.state_reason = ""


def _body(row: CampaignRow, state: CampaignState) -> None:
    if OPEN not in st.session_state:
        st.rerun()
    show_notices()
    st.markdown(f"**{state.label}**：{MEANINGS[state]}。")
    ends = [w.label for w in CampaignWork if w in ALLOWED[row.state] - ALLOWED[state]]
    begins = [w.label for w in CampaignWork if w in ALLOWED[state] - ALLOWED[row.state]]
    for word, works in (("之后不能再", ends), ("之后可以", begins)):
        if works:
            st.markdown(f"{word}：{'、'.join(works)}。")
    if is_back(row.state, state):
        st.text_area("理由（必填，不少于 5 个字）", key="state_reason", max_chars=300, height=90)
    st.button(f"确认转为“{state.label}”", key="state_confirm", type="primary", on_click=_confirm)


def _confirm() -> None:
    if OPEN not in st.session_state:
        return  # the second of two clicks
    campaign_id, version, state = st.session_state[OPEN]
    reason = st.session_state.get("state_reason") or ""
    moved = attempt(lambda: set_state(caller(), campaign_id, state, version, reason) or True, f"已转为“{state.label}”")
    if moved:
        follow(campaign_id, version)
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
