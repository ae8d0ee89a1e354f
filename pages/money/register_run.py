"""One file on its way in: chosen, checked, looked at, taken. The work itself is the actions'."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from actions.faulty_rows import faulty_rows_to_fetch
from actions.header_mapping import remember_mapping, require_distinct
from actions.importing import ImportResult
from actions.payment import PaymentOptions
from actions.payment import read_and_take as take_payments
from actions.region import import_regions
from actions.roster import RosterOptions
from actions.roster import read_and_take as take_roster
from files.header_candidates import candidate_headers
from files.headers import HeaderMatch
from files.incoming_file import incoming_file
from files.storage import Storage
from models.refusal import Refused, SignedOut
from pages.frame.notice import attempt
from pages.frame.who import caller, viewer
from pages.ledger.export_menu import FETCH
from pages.money.register_kind import RegisterKind
from queries.header_mapping import remembered_mapping

MOST_FAULTS = 200
"""Faults kept for the screen; the workbook of faulty rows has them all."""
CHECK, TAKE, FAULTS = "check", "take", "faults"
_WORDS = {
    CHECK: "正在检查文件，还没有写入。行数多时要一两分钟…",
    TAKE: "正在导入。可以等着，也可以先去别的页面，结果记在下面的导入记录里…",
    FAULTS: "正在整理有误的行…",
}


@dataclass(slots=True)
class Preview:
    """What a check found. `result` has the first faults only; `faults` counts all of them."""

    result: ImportResult
    faults: int
    names: tuple[str, ...]
    """Column names of the file, for matching by hand; empty where columns are not matched."""
    columns: Mapping[str, str]
    """Standard header → header as written, as the check read them."""
    missing: tuple[str, ...]
    offered: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Flow:
    """Where a file stands, kept for the tab. `generation` lets go of the uploaded bytes when it counts up."""

    kind: RegisterKind
    generation: int = 0
    upload: Any = None
    total_cents: int | None = None
    as_is: bool = False
    skip: bool = False
    mapping: Mapping[str, str] | None = None
    layout: tuple[str, ...] = ()
    job: str = ""
    preview: Preview | None = None
    refused: str = ""
    done: ImportResult | None = None

    def key(self, name: str) -> str:
        """A widget's key: a new file has new widgets."""
        return f"{name}_{self.kind.value}_{self.generation}"

    def forget(self) -> None:
        """Another file: nothing of the former one is on screen."""
        self.preview, self.refused, self.mapping, self.layout = None, "", None, ()
        self.done, self.job, self.skip = None, "", False

    def ask(self, job: str) -> None:
        """Callback of a button: what the next run does, once however often it is pressed."""
        if not self.job and (job != TAKE or self.preview is not None):
            self.job = job


def flow_of(kind: RegisterKind) -> Flow:
    """The flow of a kind in this tab."""
    found = st.session_state.setdefault(f"_flow_{kind.value}", Flow(kind))
    assert isinstance(found, Flow)
    return found


def run_job(flow: Flow, campaign_id: int) -> None:
    """Last of the page: do what a button asked for, with everything drawn disabled, then draw anew."""
    job = flow.job
    if not job:
        return
    with st.spinner(_WORDS[job]):
        # The flow is told before Streamlit is spoken to again: a click elsewhere interrupts there.
        attempt(lambda: _work(flow, job, campaign_id))
        flow.job = ""
    st.rerun()


def _work(flow: Flow, job: str, campaign_id: int) -> None:
    if flow.upload is None:
        flow.job = ""
        return
    try:
        if job == CHECK:
            _check(flow, campaign_id)
        elif job == TAKE:
            _take(flow, campaign_id)
        else:
            st.session_state[FETCH] = _faults(flow, campaign_id)
    except SignedOut:
        raise
    except Refused as refused:
        flow.preview, flow.refused = None, str(refused)
    finally:
        flow.job = ""


def options_of(flow: Flow, dry_run: bool) -> RosterOptions | PaymentOptions:
    """What the person ticked and typed."""
    if flow.kind is RegisterKind.ROSTER:
        return RosterOptions(dry_run, flow.skip, flow.as_is, flow.mapping)
    return PaymentOptions(flow.total_cents or 0, dry_run, flow.skip, flow.mapping)


def _check(flow: Flow, campaign_id: int) -> None:
    flow.refused, flow.done, flow.preview = "", None, None
    with incoming_file(flow.upload) as path:
        result, headers = _read(flow, campaign_id, path, dry_run=True)
        register = flow.kind.register
        if register is None:
            flow.preview = Preview(_short(result), len(result.faults), (), {}, (), {})
            return
        if flow.mapping is None:
            flow.layout = _names(headers) or candidate_headers(path, flow.upload.name, Storage.max_upload_bytes)
            kept = remembered_mapping(viewer(), register, flow.layout)
            if kept and (headers is None or any(headers.mapping.get(s) != h for s, h in kept.items())):
                flow.mapping = kept
                result, headers = _read(flow, campaign_id, path, dry_run=True)
        elif headers is not None and not headers.missing:
            remember_mapping(caller(), register, flow.layout, flow.mapping)
    flow.preview = Preview(
        _short(result), len(result.faults), flow.layout, headers.mapping if headers else {},
        headers.missing if headers else register.needed, headers.offered if headers else {},
    )  # fmt: skip


def _take(flow: Flow, campaign_id: int) -> None:
    with incoming_file(flow.upload) as path:
        result, _ = _read(flow, campaign_id, path, dry_run=False)
    if result.is_refused:
        # Somebody changed the record since the check: what stands now is shown.
        flow.preview = replace(flow.preview, result=_short(result), faults=len(result.faults)) if flow.preview else None
        return
    flow.forget()
    flow.done, flow.upload = _short(result), None
    flow.generation += 1


def _faults(flow: Flow, campaign_id: int) -> str:
    with incoming_file(flow.upload) as path:
        return faulty_rows_to_fetch(caller(), campaign_id, path, flow.upload.name, options_of(flow, dry_run=True))


def _read(flow: Flow, campaign_id: int, path: Any, *, dry_run: bool) -> tuple[ImportResult, HeaderMatch | None]:
    who, name = caller(), flow.upload.name
    if flow.kind is RegisterKind.REGIONS:
        return import_regions(who, path, name, dry_run=dry_run, skip_faulty=flow.skip), None
    options = options_of(flow, dry_run)
    if isinstance(options, RosterOptions):
        result, roster = take_roster(who, campaign_id, path, name, options)
        return result, roster.headers
    result, payments = take_payments(who, campaign_id, path, name, options)
    return result, payments.headers


def match_columns(flow: Flow, chosen: Mapping[str, str]) -> None:
    """Callback: check again with the columns as the person matched them."""
    if attempt(lambda: require_distinct(chosen) or True):
        flow.mapping = dict(chosen)
        flow.ask(CHECK)


def _names(headers: HeaderMatch | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*headers.mapping.values(), *headers.unknown))) if headers else ()


def _short(result: ImportResult) -> ImportResult:
    """Small enough to be kept with the tab."""
    return replace(result, faults=result.faults[:MOST_FAULTS], notices=result.notices[:MOST_FAULTS])
