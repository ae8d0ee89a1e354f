"""屡查屡犯: the earlier problems that one repeats, on its own page and while one is being raised."""

from datetime import date

import streamlit as st

from models.local_time import day_text
from pages.frame.look import escape, table_words
from pages.ledger.kept_list import open_issue
from pages.ledger.typed import Typed
from queries.line_finding import LineFinding
from queries.repeat import RepeatRow, Repeats, repeats_of_finding
from queries.viewer import Viewer

COMMON = "pages/ledger/common_one.py"
SHOWN_AT_FIRST = 5


def repeat_badge(repeats: Repeats) -> str:
    """Markdown for the line of badges."""
    return f":orange-badge[:material/repeat: 屡查屡犯，此前 {repeats.total} 件]"


def common_link(common: tuple[int, str] | None) -> None:
    """The common problem it stands under, if it does."""
    if common is not None:
        number, name = common
        st.page_link(
            COMMON, label=f"列入共性问题 {number}：{escape(name)} ›", icon=":material/hub:",
            query_params={"number": str(number)},
        )  # fmt: skip


def repeat_panel(repeats: Repeats, common: tuple[int, str] | None) -> None:
    """The common problem, and the latest of what is repeated, each a link; nothing where there is none."""
    common_link(common)
    if not repeats.total:
        return
    with st.container(border=True, key="repeats"):
        st.markdown(f"##### 屡查屡犯　:small[此前已交办过 {repeats.total} 件]")
        for row in repeats.rows[:SHOWN_AT_FIRST]:
            _row(row)
        rest = repeats.rows[SHOWN_AT_FIRST:]
        if rest:
            with st.expander(f"再看 {len(rest)} 件"):
                for row in rest:
                    _row(row)
        if repeats.seen > len(repeats.rows):
            st.caption(f"共 {repeats.seen} 件，列出最近登记的 {len(repeats.rows)} 件。")
        if repeats.elsewhere:
            st.caption(f"另有 {repeats.elsewhere} 件不在您的权限范围内，只告诉件数。")


def repeat_hint(viewer: Viewer, typed: Typed, line: LineFinding | None, today: date) -> None:
    """While a problem is being raised: said, and nothing is refused for it."""
    found = repeats_of_finding(
        viewer, typed.now("region_id", None), typed.now("type_code", None), typed.now("item_code", None),
        line.check_line_id if line else None, today,
    )  # fmt: skip
    if not found.total:
        return
    last = found.rows[0]
    more = f"等 {found.total} 件" if found.total > 1 else ""
    st.info(
        f"屡查屡犯：此前已交办过 {escape(last.number)}{more}，与本件{last.words}"
        f"（{day_text(last.registered_on)}登记，{last.status.label}）。请核对是不是同一件事；不是的，照常提交。",
        icon=":material/repeat:",
    )


def _row(row: RepeatRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"thumb_repeat_{row.issue_id}"):
        st.button(
            f"{row.number} ›", type="tertiary", key=f"open_repeat_{row.issue_id}", on_click=open_issue,
            args=(row.issue_id,),
        )  # fmt: skip
        said = f"{row.words} · {day_text(row.registered_on)}登记 · {table_words(row.status)} · {row.campaign}"
        st.caption(escape(said), width="stretch")
