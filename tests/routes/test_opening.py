"""What a browser shows while it fetches the scripts of the pages."""

import asyncio
from pathlib import Path
from typing import Any

import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Route

from routes.opening import REPLACED, Opening
from tests.event_loop import awaited

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"


def get(path: str) -> tuple[dict[bytes, bytes], str]:
    """Streamlit's own page, as a browser gets it at that address."""
    routes = [Route(there, lambda _: FileResponse(PAGE)) for there in ("/", "/static/index.html")]
    app = Starlette(routes=routes, middleware=[Middleware(Opening, pages=["/"])])
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"accept-encoding", b"gzip")], "app": app}  # fmt: skip
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return await asyncio.Event().wait()  # type: ignore[return-value]  # the browser waits

    async def send(message: Any) -> None:
        said.append(message)

    awaited(app(scope, receive, send))
    return dict(said[0]["headers"]), b"".join(m.get("body", b"") for m in said[1:]).decode()


def test_the_first_page_says_that_it_opens_until_streamlit_draws() -> None:
    headers, text = get("/")
    assert "正在打开销号台" in text and int(headers[b"content-length"]) == len(text.encode())
    assert "正在打开" not in get("/static/index.html")[1]
    assert all(PAGE.read_bytes().count(old) == 1 for old, _ in REPLACED), "a newer Streamlit writes its page otherwise"
