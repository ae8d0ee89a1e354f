"""How far long work is: one's own, or somebody else's that comes first. Looked at anew every two seconds."""

import streamlit as st

from models.job import JobKind
from pages.frame.look import escape
from pages.frame.notice import PAGE
from pages.frame.who import viewer
from pages.frame.worker import worker
from pages.money.register_run import Flow
from queries.job import JobAhead, job_ahead, last_job

STAY = "可以离开本页或关掉浏览器，回来在这里看结果"
LISTED = "；完成的也列在下面的导入记录里"


def under_way(flow: Flow) -> None:
    """Nothing where nothing is under way."""
    if job_ahead(viewer()) is not None:
        _watch(flow.kind.value, flow.campaign_id, st.session_state.get(PAGE, ""))


@st.fragment(run_every="2s")
def _watch(kind: str, campaign_id: int, page: str) -> None:
    if st.session_state.get(PAGE, "") != page:
        return
    person = viewer()
    ahead, own = job_ahead(person), last_job(person, JobKind(kind), campaign_id or None)
    mine = own is not None and not own.state.has_ended
    if ahead is None or not (mine or not ahead.is_own):
        st.rerun()
    worker().wake()
    with st.container(border=True, key="job_watch"):
        if ahead.is_own and mine and own is not None:
            st.markdown(f"**正在{own.verb.label} {escape(own.file_name)}**")
        else:
            after = "，您的文件排在后面，会接着办" if mine else "。您也可以现在选文件，会排在后面办"
            st.markdown(f"**{escape(ahead.person)}正在{ahead.verb.label}{ahead.kind.label}**{after}。")
        _bar(ahead)
        if mine:
            st.caption(f"{STAY}{'' if kind == JobKind.LEDGER else LISTED}。")


def _bar(ahead: JobAhead) -> None:
    """正在读取 45,000 / 200,000 行."""
    far = ahead.progress
    if far is None:
        st.progress(0.0, text="等待开始")
        return
    unit = ahead.kind.unit
    if not far.total:
        st.progress(0.0, text=f"{far.step}{f' {far.done:,} {unit}' if far.done else ''}…")
        return
    st.progress(min(far.done / far.total, 1.0), text=f"{far.step} {min(far.done, far.total):,} / {far.total:,} {unit}")
