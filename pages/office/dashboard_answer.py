"""The dashboard's answer, kept: a rerun of the page asks the record only for its head."""

from datetime import date, timedelta

import streamlit as st

import clock
from queries.audit import audit_head
from queries.dashboard import Dashboard, dashboard, scope_of
from queries.viewer import Viewer

KEPT = timedelta(minutes=30)


def dashboard_answer(viewer: Viewer, campaign_id: int, region: str, as_of: date) -> Dashboard:
    """Kept by what decides it: the viewer's places, the question, the record's last entry, which every change moves.

    A day before yesterday is closed and does not depend on it. Raises Refused.
    """
    today = clock.today()
    head = "" if as_of < today - timedelta(days=1) else str(audit_head())
    return _answer(viewer, scope_of(viewer), campaign_id, region, as_of, today, head)


@st.cache_data(ttl=KEPT, max_entries=200, show_spinner="正在汇总…")
def _answer(
    _viewer: Viewer, scope: tuple[str, ...], campaign_id: int, region: str, as_of: date, today: date, head: str
) -> Dashboard:
    return dashboard(_viewer, campaign_id, today, region or None, as_of)
