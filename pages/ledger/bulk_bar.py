"""With rows ticked, the summary line becomes this bar: how many, and what can be done with all of them."""

from dataclasses import replace

import streamlit as st

import clock
from models.bulk import BULK_VERBS, MOST
from models.campaign import CampaignState
from models.issue import Verb
from pages.frame.campaign import current_campaign
from pages.ledger.bulk_dialog import ask_many
from pages.ledger.export_menu import export_menu
from queries.bulk import picks_of
from queries.ledger import LedgerFilter, LedgerPage
from queries.viewer import Viewer

GENERATION, ALL = "_ledger_generation", "_ledger_all"
"""Keys in session_state: counts up to untick all rows; the list of which all rows were picked, with them."""
Picks = tuple[tuple[int, int], ...]


def picked(wanted: LedgerFilter, ticked: Picks) -> Picks:
    """The problems picked, with the versions on screen: the rows ticked, or the whole list where that was asked for."""
    whole = st.session_state.get(ALL)
    if whole is not None and (whole[0] != wanted or not ticked):
        st.session_state.pop(ALL)
        whole = None
    return ticked if whole is None else whole[1]


def bulk_bar(viewer: Viewer, campaign_id: int, wanted: LedgerFilter, found: LedgerPage, picks: Picks) -> None:
    """已选 3 件 · 催办 · 交办 · 导出所选 · 取消选择: the verbs one holds at all; the rules decide on each problem."""
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="bulk_words"):
        st.markdown(f"已选 **{len(picks)}** 件", width="content")
        if len(picks) == len(found.rows) < found.total:
            whole = f"选中全部 {found.total} 件" if found.total <= MOST else f"选中前 {MOST} 件"
            st.button(
                whole, icon=":material/done_all:", type="tertiary", key="pick_all", on_click=_pick_all,
                args=(viewer, campaign_id, wanted),
            )  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="right", width="content", key="bulk_verbs"):
        for verb in _verbs(viewer):
            st.button(
                verb.label, icon=f":material/{verb.icon}:", key=f"bulk_{verb.value}", on_click=ask_many,
                args=(verb, picks),
            )  # fmt: skip
        export_menu(viewer, campaign_id, replace(wanted, ids=tuple(issue_id for issue_id, _ in picks)), "导出所选")
        st.button("取消选择", icon=":material/close:", on_click=untick, key="untick")


def _verbs(viewer: Viewer) -> list[Verb]:
    """What the person may do to many; 结转 only at the campaign's end."""
    ends = current_campaign().state is CampaignState.CONCLUDED
    return [verb for verb in BULK_VERBS if viewer.may(verb.permission) and (ends or verb is not Verb.CARRY_OVER)]


def untick() -> None:
    """Callback: no row is picked any more."""
    st.session_state.pop(ALL, None)
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1


def _pick_all(viewer: Viewer, campaign_id: int, wanted: LedgerFilter) -> None:
    st.session_state[ALL] = (wanted, picks_of(viewer, campaign_id, wanted, clock.today(), MOST))
