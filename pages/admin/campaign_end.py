"""收尾: what becomes of the problems that are still open. Each needs its decision before the campaign is archived."""

import streamlit as st

from models.campaign import CampaignState
from models.role import Permission
from pages.ledger.filters import MARK
from queries.campaign import CampaignRow
from queries.carry_over import left_open
from queries.ledger_marks import LedgerMark
from queries.viewer import Viewer

LEDGER = "pages/ledger/ledger.py"


def end_panel(viewer: Viewer, campaign: CampaignRow) -> None:
    """How many were carried over, stay on the list, are undecided; each count opens its list in the ledger."""
    if campaign.state not in (CampaignState.CONCLUDED, CampaignState.ARCHIVED) or not viewer.may(Permission.SEE_LEDGER):
        return
    found = left_open(viewer, campaign.id)
    with st.container(border=True, key="campaign_end"):
        st.markdown("##### 未销号问题的去向")
        if not (found.carried or found.kept or found.undecided):
            st.caption("没有未销号的问题，可以归档。")
            return
        st.caption(
            "每件都要有去向才能归档：结转到另一项专项治理（另给编号，两边互相看得到），或写明情形列入遗留清单。"
            "在台账里勾选，点“结转”，可以一批一批定；也可以在问题页逐件定。"
        )
        for mark, count in (
            (LedgerMark.UNDECIDED, found.undecided), (LedgerMark.CARRIED, found.carried), (LedgerMark.KEPT, found.kept),
        ):  # fmt: skip
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                tint = "red" if mark is LedgerMark.UNDECIDED and count else "gray"
                st.markdown(f":{tint}-badge[{mark.label}]　**{count}** 件", width="content")
                st.button(
                    "看这些", key=f"thumb_end_{mark.value}", type="tertiary", disabled=not count, on_click=_open,
                    args=(mark,),
                )  # fmt: skip


def _open(mark: LedgerMark) -> None:
    st.switch_page(LEDGER, query_params={MARK: mark.label})
