"""The threads of a process that do long work. They never speak to Streamlit: pages ask the record how far it is."""

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import streamlit as st
from starlette.applications import Starlette

import clock
from actions import bulk, job
from actions.transaction import Caller
from pages.frame.incident import incident

log = logging.getLogger("xiaohaotai")
TRY_AGAIN_SECONDS = 5.0
"""After a fault of the work itself, such as a database that is away."""


Settle = Callable[[Caller], None]
RunNext = Callable[[Callable[[int | None], Caller], Callable[[BaseException], str]], bool]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


class Worker:
    """Sleeps until woken, then works until nothing waits. A daemon: what the end of the process cuts off is undone."""

    def __init__(self, name: str, settle: Settle, run_next: RunNext) -> None:
        self._settle, self._run_next = settle, run_next
        self._asked, self._ended = threading.Event(), threading.Condition()
        self._settled = False
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def wake(self) -> None:
        """There may be something to do."""
        self._asked.set()

    def wait(self, has_ended: Callable[[], bool], seconds: float) -> None:
        """Until a job ended, at most so long: a small file is done before anybody would watch it."""
        with self._ended:
            self._ended.wait_for(has_ended, seconds)

    def _run(self) -> None:
        self._asked.set()
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._work()
            except Exception as error:
                log.warning("long work rests: %s", type(error).__name__)
                self._settled = False
                threading.Timer(TRY_AGAIN_SECONDS, self._asked.set).start()

    def _work(self) -> None:
        if not self._settled:
            self._settle(caller_of(None))
            self._settled = True
        while self._run_next(caller_of, incident):
            with self._ended:
                self._ended.notify_all()


def caller_of(user_id: int | None) -> Caller:
    """The person a job is done as; None: the worker itself, for its own bookkeeping."""
    if user_id is None:
        return Caller(clock.now(), clock.today(), clock.wall(), terminal="worker")
    return Caller(clock.now(), clock.today(), clock.wall(), user_id=user_id)


@st.cache_resource(show_spinner=False)
def worker() -> Worker:
    """The process's worker over files, started by whoever asks first."""
    return Worker("long-work", job.settle, job.run_next)


@st.cache_resource(show_spinner=False)
def bulk_worker() -> Worker:
    """The one over many problems: it does not wait behind an import."""
    return Worker("bulk-work", bulk.settle, bulk.run_next)


def working(opened: Lifespan) -> Lifespan:
    """The server's lifespan with the worker in it: what was cut off is marked before anybody looks."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened(app):
            worker()
            bulk_worker()
            yield

    return lifespan
