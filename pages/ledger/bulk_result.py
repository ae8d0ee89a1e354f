"""How far an order over many problems is, and what became of each of them."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from actions.bulk import put_away
from models.issue import Verb
from pages.frame.look import escape
from pages.frame.notice import PAGE, attempt, say, show_notices
from pages.frame.who import caller, viewer
from pages.frame.worker import bulk_worker
from queries.bulk import BulkLine, BulkResult, last_bulk
from queries.viewer import Viewer

SHOWN = 5


def bulk_result(person: Viewer, campaign_id: int) -> None:
    """Nothing where nothing was ordered. What went well with all is a toast; what did not stays until it is read."""
    result = last_bulk(person, campaign_id)
    if result is None:
        return
    if not result.has_ended:
        _watch(campaign_id, st.session_state.get(PAGE, ""))
    elif not result.refused:
        attempt(partial(put_away, caller(), result.id))
        say(result.sentence)
        show_notices()
    else:
        _told(result)


@st.fragment(run_every="2s")
def _watch(campaign_id: int, page: str) -> None:
    if st.session_state.get(PAGE, "") != page:
        return
    result = last_bulk(viewer(), campaign_id)
    if result is None or result.has_ended:
        st.rerun()
    bulk_worker().wake()
    with st.container(border=True, key="bulk_watch"):
        total = len(result.lines)
        st.progress(result.tried / total, text=f"正在{result.verb.label} {result.tried} / {total} 件")
        st.caption("可以离开本页或关掉浏览器，会接着办完；回来在这里看每件的结果。")


def _told(result: BulkResult) -> None:
    with st.container(border=True, key="bulk_result"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f":material/checklist: **{result.sentence}**", width="content")
            st.button("知道了", key="bulk_seen", type="tertiary", on_click=_seen, args=(result.id,))
        _table(result.refused[:SHOWN], result.verb)
        rest, done = result.refused[SHOWN:], tuple(line for line in result.lines if line.done)
        for words, lines in ((f"其余没有办的 {len(rest)} 件", rest), (f"办好的 {len(done)} 件", done)):
            if lines:
                with st.expander(words):
                    _table(lines, result.verb)


def _seen(run_id: int) -> None:
    attempt(partial(put_away, caller(), run_id))


def _table(lines: Sequence[BulkLine], verb: Verb) -> None:
    """Number and what became of it."""
    said = [f"已{verb.label}{f'，{line.sentence}' if line.sentence else ''}" if line.done else line.sentence
            for line in lines]  # fmt: skip
    frame = pd.DataFrame({"结果": [escape(words) for words in said]}, index=[line.number for line in lines])
    st.table(frame, border="horizontal", hide_header=True)
