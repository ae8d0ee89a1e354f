"""While a browser fetches Streamlit's scripts, seconds on a first visit, the page says so instead of being white."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = b'<div id="root"></div>'
"""Where Streamlit draws; what stands in it before is gone once it does."""
WORDS = """<div id="root"><style>
p.opening{margin:38vh 1rem 0;text-align:center;font:16px sans-serif;color:#33415a}
@media(prefers-color-scheme:dark){body{background:#12171f}p.opening{color:#b9c6d6}}
</style><p class="opening">正在打开销号台，第一次打开要几秒钟…</p></div>""".encode()
REPLACED = (
    (ROOT, WORDS),
    (b'<html lang="en">', b'<html lang="zh-CN">'),
    (b"<title>Streamlit<", "<title>销号台<".encode()),
)


class Opening:
    """`pages`: the addresses where Streamlit answers with its own page."""

    def __init__(self, app: ASGIApp, pages: Iterable[str]) -> None:
        self.app, self.pages = app, frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Plain ASGI; everything but a page passes untouched."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in self.pages:
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Whole(send))


class _Whole:
    """Holds an HTML answer until all of it is there, then sends it with the words in it."""

    def __init__(self, send: Send) -> None:
        self.send, self.body = send, b""
        self.start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_whole(self.start)

    async def _send_whole(self, start: Message) -> None:
        for old, new in REPLACED:
            self.body = self.body.replace(old, new, 1)
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(self.body))
        for name in ("etag", "last-modified"):  # of the file, not of what is sent
            del headers[name]
        await self.send(start)
        await self.send({"type": "http.response.body", "body": self.body})


def _is_html(message: Message) -> bool:
    return message["status"] == 200 and "text/html" in Headers(raw=message["headers"]).get("content-type", "")
