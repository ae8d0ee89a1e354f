"""Give evidence: choose what it is, choose the file; it is kept at once."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from actions.evidence import add_evidence
from files.evidence import LARGEST_BYTES
from models.evidence import EvidenceKind, EvidencePurpose
from pages.frame.notice import attempt
from pages.frame.who import caller
from queries.issue import IssuePage

GENERATION = "_evidence_generation"
"""Key in session_state: a new one empties the uploader once the file is kept."""
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
    st.file_uploader(
        "选择文件", type=TAKEN, accept_multiple_files=True, key=f"evidence_file_{key}_{generation}",
        max_upload_size=LARGEST_BYTES // 1_048_576, on_change=_keep, args=(issue.id, purpose, key, generation),
        label_visibility="collapsed",
    )  # fmt: skip
    st.caption("照片（JPG、PNG、WebP）、PDF、Word、Excel，每个不超过 30 MB；选好即存，只增不删。")


def _keep(issue_id: int, purpose: EvidencePurpose, key: str, generation: int) -> None:
    state = st.session_state
    kind: EvidenceKind = state[f"evidence_kind_{key}"]
    caption = str(state.get(f"evidence_caption_{key}", ""))
    for file in state.get(f"evidence_file_{key}_{generation}") or []:
        give = partial(
            add_evidence, caller(), issue_id=issue_id, kind=kind, purpose=purpose, data=file.getvalue(), caption=caption
        )
        if attempt(give, lambda given: given.sentence) is None:
            break
    state[GENERATION] = generation + 1
