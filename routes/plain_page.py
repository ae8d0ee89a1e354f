"""A page without Streamlit: sign-in, and what is said when there is no way to the pages. Needs no script at all."""

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28" aria-hidden="true">'
    '<rect x="1" y="1" width="26" height="26" rx="3" fill="#9d2a20"/>'
    '<path d="M8 9h9M8 14h6M8 19h4" stroke="#fff" stroke-width="2" stroke-linecap="round"/>'
    '<path d="M14.5 19.5l3 3 6-8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"'
    ' stroke-linejoin="round"/></svg>'
)
BRAND = f'<div class="brand">{MARK}<b>销号台</b></div>'
_SHELL = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">{refresh}<title>{title} · 销号台</title>
<link rel="icon" href="data:image/svg+xml;base64,{icon}"><style>{style}</style></head>
<body><main>{body}</main><footer>{footer}</footer></body></html>"""


def plain_page(
    title: str, body: str, *, status: int = 200, footer: str = "内部系统，操作留痕", refresh_seconds: int = 0
) -> HTMLResponse:
    """`body` and `footer` are HTML, already escaped. With `refresh_seconds` the page asks again by itself."""
    refresh = f'<meta http-equiv="refresh" content="{refresh_seconds}">' if refresh_seconds else ""
    icon = base64.b64encode(MARK.encode()).decode()
    page = _SHELL.format(title=escape(title), body=body, footer=footer, refresh=refresh, icon=icon, style=_style())
    return HTMLResponse(page, status, {"Content-Security-Policy": _policy(), "Cache-Control": "no-store"})


def sentence_page(title: str, sentence: str, *, status: int, refresh_seconds: int = 0, link: str = "/") -> HTMLResponse:
    """One sentence and the way on."""
    way = "" if refresh_seconds else f'<a class="button" href="{escape(link)}">回到首页</a>'
    body = f'<div class="card">{BRAND}<h1>{escape(title)}</h1><p class="sub">{escape(sentence)}</p>{way}</div>'
    return plain_page(title, body, status=status, refresh_seconds=refresh_seconds)


@cache
def _style() -> str:
    return (Path(__file__).parent / "plain.css").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
