"""One file on its way in: chosen, checked, looked at, taken. The work is a job's: it goes on whoever leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from actions.header_mapping import require_distinct
from actions.importing import ImportResult
from actions.job import check_again, check_file, do_again, faulty_rows_to_fetch, put_away, take_file
from actions.job_result import JobResult
from actions.job_work import JobOptions
from models.job import JobKind, JobState, JobVerb
from pages.frame.notice import attempt
from pages.frame.who import caller, viewer
from pages.frame.worker import worker
from pages.ledger.export_menu import FETCH
from pages.money.register_kind import RegisterKind
from queries.job import JobRow, last_job

CHECK, TAKE, AGAIN = "check", "take", "again"
PATIENCE_SECONDS = 3.0
"""So long a page waits for a small file, before it shows how far a large one is."""
_WORDS = {CHECK: "正在检查文件，还没有写入…", TAKE: "正在导入…", AGAIN: "正在重新办理…"}


@dataclass(slots=True)
class Flow:
    """Where a file stands. The server knows it (`row`); the tab keeps only what is being chosen and typed.

    `generation` gives a new file new widgets; `uploads` counts up to let go of uploaded bytes the server has.
    """

    kind: RegisterKind | JobKind
    campaign_id: int = 0
    generation: int = 0
    uploads: int = 0
    upload: Any = None
    total_cents: int | None = None
    as_is: bool = False
    skip: bool = False
    mapping: Mapping[str, str] | None = None
    job: str = ""
    row: JobRow | None = None
    seen: int = -1

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"{name}_{self.kind.value}_{self.generation}"

    @property
    def upload_key(self) -> str:
        """The uploader's key."""
        return f"register_file_{self.kind.value}_{self.uploads}"

    @property
    def busy(self) -> bool:
        """Something was asked for and has not ended: every widget rests."""
        return bool(self.job) or (self.row is not None and not self.row.state.has_ended)

    @property
    def found(self) -> JobResult | None:
        """What the last job found; None before, and where it failed."""
        return JobResult.unpacked(self.row.result) if self.row is not None and self.row.result is not None else None

    @property
    def preview(self) -> JobResult | None:
        """What would come in, while that is the question: after a check, or an import that was refused for faults."""
        found, row = self.found, self.row
        if found is None or row is None or not row.has_source:
            return None
        return None if self.has_other_total else found

    @property
    def has_other_total(self) -> bool:
        """The control total now typed is not the one the payments the server has were checked against."""
        row = self.row
        if row is None or not row.has_source or self.kind is not RegisterKind.PAYMENTS:
            return False
        return bool(row.options["control_total_cents"] != self.total_cents)

    @property
    def refused(self) -> str:
        """Why the last job came to nothing."""
        return self.row.sentence if self.row is not None and self.row.state is not JobState.DONE else ""

    @property
    def done(self) -> ImportResult | None:
        """What was taken in."""
        found, row = self.found, self.row
        taken = row is not None and row.verb is JobVerb.TAKE and row.state is JobState.DONE
        return found.result if taken and found is not None and not found.result.is_refused else None

    @property
    def can_check(self) -> bool:
        """A file was chosen, or the one the server has is to be compared with another total."""
        return self.upload is not None or self.has_other_total

    def ask(self, job: str) -> None:
        """Callback of a button: what the next run does, once however often it is pressed."""
        if not self.busy and (job != TAKE or self.preview is not None):
            self.job = job

    def options(self, layout: tuple[str, ...] = ()) -> JobOptions:
        """What the person ticked, typed and matched."""
        return JobOptions(self.skip, self.as_is, self.total_cents or 0, self.mapping, layout)


def flow_here(kind: RegisterKind) -> Flow:
    """The flow of a kind in this tab, as it was last looked at."""
    flow = st.session_state.setdefault(f"_flow_{kind.value}", Flow(kind))
    assert isinstance(flow, Flow)
    return flow


def flow_of(kind: RegisterKind, campaign_id: int) -> Flow:
    """The flow of a kind in this tab, as the server knows it now."""
    flow = flow_here(kind)
    flow.campaign_id = 0 if kind is RegisterKind.REGIONS else campaign_id
    look_again(flow)
    return flow


def look_again(flow: Flow) -> None:
    """The flow as the server knows it now."""
    _look(flow)
    if flow.row is not None and flow.row.id != flow.seen:
        _first_sight(flow, flow.row)


def _look(flow: Flow) -> bool:
    """What the server says now; whether nothing is under way."""
    flow.row = last_job(viewer(), JobKind(flow.kind), flow.campaign_id or None)
    return not flow.busy


def _first_sight(flow: Flow, row: JobRow) -> None:
    """Another browser, or the day after: ticks and total as they were given. After an import all begins anew."""
    if flow.done is not None:
        flow.generation += flow.seen != -1
        flow.total_cents, flow.skip, flow.as_is, flow.mapping = None, False, False, None
    elif flow.seen == -1:
        flow.total_cents, flow.as_is = row.options["control_total_cents"] or None, row.options["accept_as_is"]
        flow.mapping = row.options["mapping"]
    flow.seen = row.id if row.state.has_ended else flow.seen


def forget(flow: Flow) -> None:
    """Callback: put away what the last job found; another file, or the person has read it."""
    flow.skip, flow.as_is, flow.mapping = False, False, None
    row = flow.row
    if row is not None and row.state.has_ended:
        attempt(lambda: put_away(caller(), row.id) or True)


def run_job(flow: Flow) -> None:
    """Last of the page: hand to the worker what a button asked for, with everything drawn at rest, then draw anew."""
    job = flow.job
    if not job:
        return
    with st.spinner(_WORDS[job]):
        # The flow is told before Streamlit is spoken to again: a click elsewhere interrupts there.
        flow.job = ""
        if attempt(lambda: _hand_over(flow, job)) is not None:
            person, kind, campaign_id = viewer(), JobKind(flow.kind), flow.campaign_id or None
            worker().wake()
            worker().wait(lambda: _ended(last_job(person, kind, campaign_id)), PATIENCE_SECONDS)
    st.rerun()


def _ended(row: JobRow | None) -> bool:
    return row is None or row.state.has_ended


def _hand_over(flow: Flow, job: str) -> int:
    if job == CHECK and flow.upload is not None:
        upload, kind = flow.upload, JobKind(flow.kind)
        started = check_file(caller(), kind, flow.campaign_id, upload, upload.name, flow.options())
        flow.upload, flow.uploads = None, flow.uploads + 1
        return started
    assert flow.row is not None
    if job == CHECK:
        layout = flow.found.names if flow.found else ()
        return check_again(caller(), flow.row.id, flow.options(layout))
    if job == TAKE:
        return take_file(caller(), flow.row.id, flow.skip)
    return do_again(caller(), flow.row.id)


def match_columns(flow: Flow, chosen: Mapping[str, str]) -> None:
    """Callback: check again with the columns as the person matched them."""
    if attempt(lambda: require_distinct(chosen) or True):
        flow.mapping = dict(chosen)
        flow.ask(CHECK)


def fetch_faulty_rows(flow: Flow) -> None:
    """Callback: the workbook of faulty rows is sent to the browser."""
    row = flow.row
    if row is not None:
        st.session_state[FETCH] = attempt(lambda: faulty_rows_to_fetch(caller(), row.id))
