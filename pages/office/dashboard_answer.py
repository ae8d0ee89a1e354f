"""The dashboard's answer, kept: a rerun of the page asks the record only for its head, and draws nothing anew."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

import clock
from pages.frame.chart import Picture, is_dark
from pages.frame.look import is_phone
from pages.office.coverage_chart import bullets
from pages.office.dashboard_charts import burn_down, lights, types, weeks
from queries.audit import audit_head
from queries.dashboard import Dashboard, dashboard, scope_of
from queries.viewer import Viewer

KEPT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The charts of one answer, None where there is nothing to draw."""

    villages: Picture | None
    households: Picture | None
    burn_down: Picture | None
    weeks: Picture | None
    types: Picture
    lights: Picture | None


def dashboard_answer(viewer: Viewer, campaign_id: int, region: str, as_of: date) -> tuple[Dashboard, Pictures]:
    """Kept by what decides it: the viewer's places, the question, the record's head, which every change moves.

    A day before yesterday is closed and does not depend on it. Raises Refused.
    """
    today = clock.today()
    head = "" if as_of < today - timedelta(days=1) else str(audit_head())
    asked = (scope_of(viewer), campaign_id, region, as_of, today, head)
    found = _answer(viewer, *asked)
    return found, _pictures(found, *asked, is_dark(), is_phone())


@st.cache_data(ttl=KEPT, max_entries=200, show_spinner="正在汇总…")
def _answer(
    _viewer: Viewer, scope: tuple[str, ...], campaign_id: int, region: str, as_of: date, today: date, head: str
) -> Dashboard:
    return dashboard(_viewer, campaign_id, today, region or None, as_of)


@st.cache_data(ttl=KEPT, max_entries=400, show_spinner=False)
def _pictures(
    _found: Dashboard, scope: tuple[str, ...], campaign_id: int, region: str, as_of: date, today: date, head: str,
    dark: bool, phone: bool,
) -> Pictures:  # fmt: skip
    return Pictures(
        bullets(_found.coverage, "村"), bullets(_found.coverage, "户"), burn_down(_found.burn_down),
        weeks(_found.weeks), types(_found.types), lights(_found.lights),
    )  # fmt: skip
