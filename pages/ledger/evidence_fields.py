"""Give evidence: choose what it is, choose the file; it is kept at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from actions.evidence import EvidenceGiven, add_evidence
from files.evidence import LARGEST_BYTES
from models.evidence import EvidenceKind, EvidencePurpose
from models.refusal import Refused, SignedOut
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.issue import IssuePage

T = TypeVar("T")
GENERATION = "_evidence_generation"
"""Key in session_state: a new one empties the uploader once the file is kept."""
FAULTS = "_evidence_faults"
"""Key in session_state: what is said beside the uploader once."""
TAKEN = ["jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx"]


def give_evidence(
    issue: IssuePage, purpose: EvidencePurpose, kinds: Sequence[EvidenceKind] = tuple(EvidenceKind), place: str = "page"
) -> None:
    """Kind, caption, file. Saved as soon as a file is chosen; the same file twice is refused."""
    key, generation = f"{place}_{issue.id}", st.session_state.get(GENERATION, 0)
    left, right = st.columns([2, 3])
    with left:
        st.selectbox("佐证种类", kinds, format_func=lambda k: k.label, key=f"evidence_kind_{key}")
    with right:
        hint = "如：银行回单 12 笔，不写姓名"
        st.text_input("说明（可不填）", key=f"evidence_caption_{key}", max_chars=120, placeholder=hint)
    _place_field(issue, key)
    st.file_uploader(
        "选择文件", type=TAKEN, accept_multiple_files=True, key=f"evidence_file_{key}_{generation}",
        max_upload_size=LARGEST_BYTES // 1_048_576, on_change=_keep, args=(issue.id, purpose, key, generation),
        label_visibility="collapsed",
    )  # fmt: skip
    say_faults(key)
    st.caption("照片（JPG、PNG、WebP）、PDF、Word、Excel，每个不超过 30 MB；选好即存，只增不删。")


def _place_field(issue: IssuePage, key: str) -> None:
    """Of several places, which one it proves."""
    names = {place.id: place.name for place in issue.places if place.provable}
    if not names:
        return
    options = [*([None] if issue.proves_whole else []), *names]
    st.selectbox("哪一处", options, format_func=lambda i: names.get(i, "整件"), key=f"evidence_place_{key}")


def say_faults(place: str) -> None:
    """Beside the uploader of that place, and at no other: which file was not taken, and why."""
    for fault in st.session_state.pop(FAULTS, {}).get(place, []):
        st.error(fault, icon=":material/block:")


def _keep(issue_id: int, purpose: EvidencePurpose, key: str, generation: int) -> None:
    state = st.session_state
    kind: EvidenceKind = state[f"evidence_kind_{key}"]
    caption = str(state.get(f"evidence_caption_{key}", ""))
    place = state.get(f"evidence_place_{key}")
    give = partial(
        add_evidence, caller(), issue_id=issue_id, kind=kind, purpose=purpose, caption=caption, place_id=place
    )
    chosen = Chosen(f"evidence_file_{key}_{generation}", GENERATION, generation)
    keep_each(chosen, lambda data: give(data=data), given_words, key)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of files: the uploader's key, and the counter in session_state that its next key is made of."""

    uploader: str
    counter: str
    generation: int


def keep_each(chosen: Chosen, take: Callable[[bytes], T], words: Callable[[list[T]], str], place: str) -> None:
    """Take every file that can be taken; the others are named with the reason, beside the uploader, which is emptied.

    The browser may tell the same choice twice: it is taken once.
    """
    if st.session_state.get(chosen.counter, 0) != chosen.generation:
        return
    files: Sequence[UploadedFile] = st.session_state.get(chosen.uploader) or []
    faults: list[str] = []

    def take_all() -> list[T]:
        taken = []
        for file in files:
            try:
                taken.append(take(file.getvalue()))
            except SignedOut:
                raise
            except Refused as fault:
                faults.append(f"{file.name}：{fault}")
        return taken

    attempt(take_all, words)
    st.session_state[FAULTS] = {place: faults}
    st.session_state[chosen.counter] = chosen.generation + 1


def given_words(given: list[EvidenceGiven]) -> str:
    """The toast; a file that serves another problem too is said first."""
    doubtful = [one.sentence for one in given if one.also_in]
    return doubtful[0] if doubtful else f"已存 {len(given)} 份佐证" if given else ""
