"""The gate before everything, for requests and websockets: no session, no answer."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

import clock
from queries.schema_state import SchemaState, is_database_gone
from queries.signin import is_alive, is_known_token
from routes.address import is_same_origin
from routes.plain_page import sentence_page
from routes.table import ROUTES
from routes.who import hashed_token

OPEN = ("/signin", "/setup", "/healthz", "/_stcore/health", "/_stcore/host-config")
OPEN_BELOW = ("/static/",)
"""Streamlit's own scripts and styles: the same for everybody, nothing of ours in them."""
_SAFE = ("GET", "HEAD", "OPTIONS")


class Gate:
    """`pages` are the addresses of pages: who asks for one without a session is sent to sign in and back."""

    def __init__(self, app: ASGIApp, pages: Iterable[str]) -> None:
        self.app, self.pages = app, frozenset(pages)
        self.known = self.pages | {route.path for route in ROUTES if isinstance(route, Route)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Plain ASGI, so that websockets pass here too."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            response = await self._refusal(Request(scope))
            await (response or self.app)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        if path in OPEN or path.startswith(OPEN_BELOW):
            return None
        try:
            alive = await run_in_threadpool(is_alive, hashed_token(request), clock.wall())
        except Exception as error:
            if not is_database_gone(error):
                raise
            return sentence_page("暂时打不开", SchemaState.UNREACHABLE.sentence, status=503, refresh_seconds=5)
        if not alive:
            return self._to_signin(request)
        if request.method not in _SAFE and not is_same_origin(request):
            return PlainTextResponse("这次提交不是从本系统的页面发出的，已拒绝。", 403)
        return self._not_found(request)

    def _to_signin(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD") or request.url.path not in self.pages:
            return PlainTextResponse("请先登录。", 401, {"Cache-Control": "no-store"})
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = "/signin" if here == "/" else f"/signin?next={quote(here, safe='')}"
        return RedirectResponse(target, 303, {"Cache-Control": "no-store"})

    def _not_found(self, request: Request) -> Response | None:
        """Streamlit answers any address with its page and then says so in English; we say it first."""
        path = request.url.path
        asks_for_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if asks_for_page and re.fullmatch(r"/(?!_)[^/.]+", path) and path not in self.known:
            return sentence_page("没有这个页面", "地址可能有误，或者页面已改名。", status=404)
        return None

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A dead session's socket passes: its tab would otherwise try to connect for ever, while the page sends it to
        sign in. Without a cookie that ever was ours there is no tab to be kind to."""
        if await self._may_connect(HTTPConnection(scope)):
            await self.app(scope, receive, send)
        else:
            await WebSocket(scope, receive, send).close(code=1008)

    async def _may_connect(self, connection: HTTPConnection) -> bool:
        try:
            return await run_in_threadpool(is_known_token, hashed_token(connection))
        except Exception as error:
            if not is_database_gone(error):
                raise
            return False
