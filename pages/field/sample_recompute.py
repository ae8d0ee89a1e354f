"""For whoever does not believe us: the lists, the ten lines, a check here and now, the workbook."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

import clock
from actions.sample_export import FrameList, export_frame_list, export_sample
from actions.transaction import Caller
from files.export_level import ExportLevel
from models.draw import Rounding
from models.role import Permission
from pages.frame.look import escape
from pages.frame.who import caller
from queries.sample import DrawRow, FrameRow
from queries.sample_check import verify_draw
from queries.viewer import Viewer

DOCS = Path(__file__).parent.parent.parent / "docs"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def recompute_button(person: Viewer, draw: DrawRow, frame: FrameRow) -> None:
    """Opens the explanation."""
    if st.button("怎样自己复算", icon=":material/calculate:", key="sample_recompute"):
        _explain(person, draw, frame)


@st.dialog("怎样自己复算", width="large")
def _explain(person: Viewer, draw: DrawRow, frame: FrameRow) -> None:
    st.markdown(f"第 {draw.number} 次抽样，种子 `{draw.seed.replace('`', ' ')}`，{escape('；'.join(frame.rule))}。")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("在本系统里复算一次", icon=":material/refresh:", key="sample_verify"):
            with st.spinner("正在从种子和清单重抽"):
                check = verify_draw(draw.id)
            (st.success if check.ok else st.error)(check.summary)
            for sentence in check.findings[:20]:
                st.write(escape(sentence))
    if person.is_everywhere(Permission.SEE_SAMPLE) and person.may(Permission.EXPORT):
        _lists(frame)
    else:
        st.caption("清单包含全部地区，请向领导小组办公室索取。")
    if frame.share_percent != 30:
        st.info(f"本次比例是 {frame.share_percent}%，请把脚本开头的两个数改成 {frame.share_percent}, 100。")
    if Rounding.UP.label not in frame.rule[0]:
        st.info("本次不是向上取整，脚本里应抽数的算法请照下文“规则”改。")
    page = (DOCS / "verify-a-draw.md").read_text(encoding="utf-8").partition("\n")[2]
    st.markdown(re.sub(r"(?m)^## (.*)$", r"**\1**", page))  # headings of a dialog are smaller than its text


def _lists(frame: FrameRow) -> None:
    sizes = {
        FrameList.VILLAGES: frame.villages, FrameList.HOUSEHOLDS: frame.households,
        FrameList.MANDATORY_VILLAGES: frame.mandatory_villages,
        FrameList.MANDATORY_HOUSEHOLDS: frame.mandatory_households,
    }  # fmt: skip
    who = caller()
    with st.container(horizontal=True):
        for which, size in sizes.items():
            if size:
                st.download_button(
                    f"{which.file_name}（{size:,} 行）", _later(who, _list_maker(frame.id, which)),
                    file_name=which.file_name, mime="text/plain", on_click="ignore", icon=":material/download:",
                    key=f"sample_list_{which.name}",
                )  # fmt: skip
        st.download_button(
            "verify_draw.py", (DOCS / "verify_draw.py").read_bytes(), file_name="verify_draw.py",
            mime="text/x-python", on_click="ignore", icon=":material/download:", key="sample_script",
        )  # fmt: skip


def export_button(person: Viewer, draw: DrawRow, campaign_name: str) -> None:
    """The workbook at the level chosen. Each download is in the log."""
    if not person.may(Permission.EXPORT):
        return
    who = caller()
    with st.popover("导出名单与抽样框", icon=":material/download:", key="sample_export"):
        _download(who, draw, campaign_name, ExportLevel.UNIT)
        _download(who, draw, campaign_name, ExportLevel.PUBLIC, disabled=draw.released_at is None)
        if draw.released_at is None:
            st.caption("名单公布以后才能导出公开版。")
        if person.may(Permission.EXPORT_INTERNAL):
            purpose = st.text_input("内部版的用途", key="sample_purpose", max_chars=100, live="600ms")
            _download(who, draw, campaign_name, ExportLevel.INTERNAL, purpose, disabled=len(purpose.strip()) < 2)


def _download(
    who: Caller, draw: DrawRow, campaign_name: str, level: ExportLevel, purpose: str = "", disabled: bool = False
) -> None:
    st.download_button(
        level.label, _later(who, lambda now: _workbook(now, draw.id, level, purpose)),
        file_name=f"{campaign_name}第{draw.number}次抽样_{level.label}.xlsx", mime=XLSX, on_click="ignore",
        disabled=disabled, width="stretch", key=f"sample_export_{level.value}",
    )  # fmt: skip


def _list_maker(frame_id: int, which: FrameList) -> Callable[[Caller], bytes]:
    return lambda now: export_frame_list(now, frame_id, which)


def _workbook(now: Caller, sample_id: int, level: ExportLevel, purpose: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.xlsx"
        export_sample(now, sample_id, path, level, purpose)
        return path.read_bytes()


def _later(who: Caller, make: Callable[[Caller], bytes]) -> Callable[[], bytes]:
    """Made when clicked, without cookies: the session is the one that saw the page, the moment the click's."""
    return lambda: make(replace(who, now=clock.now(), today=clock.today(), wall=clock.wall()))
