"""The visit itself: what became of it, when, with whom, photos, and what is still missing."""

from datetime import date
from typing import Any

import streamlit as st

from actions.evidence import add_evidence
from models.check_form import LONGEST_INTERVIEWEE
from models.evidence import EvidenceKind, EvidencePurpose
from models.household_check import VisitOutcome
from models.refusal import Refused, SignedOut
from pages.field.photos import photo_strip
from pages.field.typed import seeded, standing
from pages.frame.look import escape
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.household_check import CheckView


def visit_form(view: CheckView, today: date) -> None:
    """入户情况: outcome, day, who was spoken to, the second inspector, photos."""
    st.markdown("**入户情况**")
    with st.container(border=True, key=f"visit_{view.id}"):
        _outcome(view)
        if view.head.outcome is not None and not view.head.outcome.is_finished:
            st.info("没有见到群众的，不核对补贴：提交时不带各项结论，这一户不计入已检查。", icon=":material/info:")
        _day(view, today)
        _second(view)
        key = seeded(view.id, "interviewee", view.head.interviewee)
        st.text_input(
            "受访人", key=key, live="600ms",
            max_chars=LONGEST_INTERVIEWEE, placeholder="本人，或与户主的关系；不写姓名",
        )  # fmt: skip
    _photos(view)
    _missing(view)


def _outcome(view: CheckView) -> None:
    st.pills(
        "入户结果", [outcome.value for outcome in VisitOutcome],
        key=seeded(view.id, "outcome", view.head.outcome.value if view.head.outcome else None),
        format_func=lambda o: VisitOutcome(o).label,
        required=True,
    )  # fmt: skip


def _day(view: CheckView, today: date) -> None:
    st.date_input(
        "入户日期", value=None, key=seeded(view.id, "visited_on", standing(view)["visited_on"]), format="YYYY-MM-DD",
        max_value=today,
    )  # fmt: skip


def _second(view: CheckView) -> None:
    names = {c.person_id: c.name for c in view.companions}
    if not names:
        st.warning(
            "本专班没有可以同行的另一人（本村人须回避），请领导小组办公室调整专班。", icon=":material/group_off:"
        )
        return
    stands = view.head.second_inspector_id if view.head.second_inspector_id in names else None
    st.pills(
        "同行检查人员", list(names), key=seeded(view.id, "second", stands), format_func=lambda p: names[p],
        required=True,
    )  # fmt: skip


def _photos(view: CheckView) -> None:
    counter = f"photo_round_{view.id}"
    key = f"photos_{view.id}_{st.session_state.setdefault(counter, 0)}"
    shown = f"已有 {len(view.photos)} 张" if view.photos else "可拍存折、卡、公示栏，能证明问题的都算佐证"
    st.file_uploader(
        f"照片　:gray[{shown}]", type=["jpg", "jpeg", "png", "webp", "pdf"], accept_multiple_files=True, key=key,
        on_change=_keep_photos, args=(view.id, key, counter),
    )  # fmt: skip
    photo_strip(view.photos)
    if view.photos:
        st.caption("照片选好即存，只增不删。传错了的，补传对的，并在那一项的“说明”里写一句。")


def _keep_photos(check_id: int, key: str, counter: str) -> None:
    """Each chosen file becomes evidence; the uploader's key moves on, so that its memory is given back."""
    files = st.session_state.get(key) or []
    attempt(lambda: _keep_each(check_id, files), lambda sentence: sentence)
    st.session_state[counter] += 1


def _keep_each(check_id: int, files: list[Any]) -> str:
    """What to say. A file that is refused does not keep the others out."""
    refused, given = [], []
    for at, file in enumerate(files, start=1):
        try:
            given.append(
                add_evidence(
                    caller(), kind=EvidenceKind.PHOTO, purpose=EvidencePurpose.FINDING, data=file.getvalue(),
                    check_id=check_id,
                )
            )  # fmt: skip
        except SignedOut:
            raise
        except Refused as fault:
            refused.append(f"第 {at} 个文件：{fault}")
    if refused:
        raise Refused("".join(refused) + (f"其余 {len(given)} 个已存好。" if given else ""))
    return given[0].sentence if len(given) == 1 else f"{len(given)} 个文件已存好"


def _missing(view: CheckView) -> None:
    if not view.missing:
        st.success("各项都已填好，可以提交。", icon=":material/task_alt:")
        return
    rows = "\n".join(f"- {escape(phrase)}" for phrase in view.missing)
    with st.container(border=True, key=f"missing_{view.id}"):
        st.markdown(f"**提交前还缺 {len(view.missing)} 处**\n{rows}")
