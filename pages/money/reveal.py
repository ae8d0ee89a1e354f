"""查看完整信息: a person of the roster, masked, and whole to those who say why. For any page that shows a person."""

import streamlit as st

from actions.identity import LEAST_REASON, LONGEST_REASON, RevealedIdentity, reveal
from models.refusal import Refused
from pages.frame.look import escape
from pages.frame.notice import attempt, show_notices
from pages.frame.who import caller, viewer
from queries.identity import MaskedIdentity, masked_identity

ASKED, SHOWN, REASON = "_reveal_asked", "_reveal_shown", "reveal_reason"
"""Keys in session_state: whose dialog is open, what it shows until it is closed, the reason as typed."""


def reveal_button(member_id: int, label: str = "查看完整信息") -> None:
    """A button for whoever may see this person whole, and its dialog; nothing for anybody else."""
    try:
        card = masked_identity(viewer(), member_id)
    except Refused:
        return
    if not card.may_reveal:
        return
    st.button(label, icon=":material/visibility:", key=f"reveal_{member_id}", on_click=_ask, args=(member_id,))
    if st.session_state.get(ASKED) == member_id:
        _dialog(card)


def _ask(member_id: int) -> None:
    close()
    st.session_state[ASKED] = member_id


def close() -> None:
    """Nothing of what was shown stays with the tab."""
    for key in (ASKED, SHOWN, REASON):
        st.session_state.pop(key, None)


@st.dialog("查看完整信息", icon=":material/visibility:", on_dismiss=close)
def _dialog(card: MaskedIdentity) -> None:
    if st.session_state.get(ASKED) != card.member_id:
        st.rerun()
    shown = st.session_state.get(SHOWN)
    if isinstance(shown, RevealedIdentity):
        st.table(_whole(card, shown), border="horizontal")
        st.caption("请勿拍照、转发。本次查看已记入操作记录。")
        st.button("关闭", on_click=close, key="reveal_close", type="primary")
        return
    st.table(_masked(card), border="horizontal")
    show_notices()
    st.text_input(
        "查看理由", key=REASON, live="400ms", max_chars=LONGEST_REASON, placeholder="如：群众来电核对账号",
        help="谁、何时、看了谁、为什么，都会记入操作记录。",
    )  # fmt: skip
    ready = len(str(st.session_state.get(REASON) or "").strip()) >= LEAST_REASON
    st.caption(f"至少 {LEAST_REASON} 个字；会与您的姓名、时间一起记入操作记录。")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("取消", on_click=close, key="reveal_cancel")
        st.button(
            "确认查看", type="primary", disabled=not ready, on_click=_reveal, args=(card.member_id,),
            key="reveal_confirm",
        )  # fmt: skip


def _reveal(member_id: int) -> None:
    """One entry a look: the second of two clicks finds it shown."""
    if st.session_state.get(ASKED) != member_id or SHOWN in st.session_state:
        return
    reason = str(st.session_state.get(REASON) or "")
    shown = attempt(lambda: reveal(caller(), member_id, reason))
    if shown is not None:
        st.session_state[SHOWN] = shown


def _masked(card: MaskedIdentity) -> dict[str, str]:
    return {
        "姓名": f"{escape(card.name)}（代号 {card.pseudonym}，{escape(card.relation)}）",
        "户": f"{escape(card.village)} {escape(card.household_number)}",
        "身份证号": escape(card.id_number) or "—",
        "银行账号": escape(card.account_no) or "—",
        "联系电话": escape(card.phone) or "—",
    }


def _whole(card: MaskedIdentity, shown: RevealedIdentity) -> dict[str, str]:
    return {
        "姓名": f"{escape(shown.name)}（{escape(card.relation)}）",
        "户": f"{escape(card.village)} {escape(card.household_number)}",
        "身份证号": escape(shown.id_number) or "—",
        "银行账号": escape(shown.account_no) or "—",
        "联系电话": escape(shown.phone) or "—",
        "住址": escape(shown.address) or "—",
    }
