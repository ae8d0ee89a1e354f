"""The file, what must be said with it, and the button that checks it."""

import streamlit as st

from files.storage import Storage
from models.money import NotMoney, parse_yuan, yuan
from pages.money.register_kind import RegisterKind
from pages.money.register_run import CHECK, Flow, forget

MEGABYTE = 1024 * 1024


def register_form(flow: Flow) -> None:
    """One row: file, control total of payments, 检查文件. Everything rests while work is under way."""
    st.html("<style>[class*=st-key-register_file] [data-testid=stFileUploaderDropzone] button p::after"
            '{content:"选择文件"}</style>')  # fmt: skip
    busy, limit = flow.busy, max(1, Storage.max_upload_bytes // MEGABYTE)
    columns = st.columns([5, 2, 1.2] if flow.kind is RegisterKind.PAYMENTS else [7, 1.2], vertical_alignment="bottom")
    with columns[0]:
        upload = st.file_uploader(
            f"文件　:gray[{flow.kind.formats}，不超过 {limit} MB]", key=flow.upload_key,
            max_upload_size=limit, on_change=forget, args=(flow,), disabled=busy,
        )  # fmt: skip
        flow.upload = upload
    total_said = _total(flow, columns[1], busy) if flow.kind is RegisterKind.PAYMENTS else True
    with columns[-1]:
        st.button(
            "检查文件", type="secondary" if flow.upload is None and flow.preview else "primary",
            icon=":material/fact_check:", width="stretch", on_click=flow.ask, args=(CHECK,),
            disabled=busy or not flow.can_check or not total_said,
            key=flow.key("register_check"),
        )  # fmt: skip


def _total(flow: Flow, column: "st.delta_generator.DeltaGenerator", busy: bool) -> bool:
    """控制总额 in 元, read as it is typed. Whether it can be used."""
    key = flow.key("register_total")
    if key not in st.session_state and flow.total_cents is not None:
        st.session_state[key] = yuan(flow.total_cents)
    with column:
        typed = st.text_input(
            "控制总额（元）", key=key, live="400ms", placeholder="如 12345.67，照汇总单填", disabled=busy, max_chars=20,
            autocomplete="off",
        )  # fmt: skip
    if not (typed or "").strip():
        flow.total_cents = None
        return False
    try:
        flow.total_cents = parse_yuan(typed)
    except NotMoney as error:
        flow.total_cents = None
        column.caption(f":red[{error}]")
        return False
    return True
