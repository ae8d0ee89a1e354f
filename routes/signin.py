"""The sign-in form: plain HTML, so that the cookie can be HttpOnly and the form works without any script."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import clock
from actions.demonstration import DEMO_PASSWORD, DEMO_USERS
from actions.signin import DOOR, SigninRefused, folded, sign_in
from actions.transaction import Caller
from queries.campaign import current_campaign
from queries.people import DemonstrationAccount, demonstration_accounts
from queries.schema_state import SchemaState, schema_state
from queries.signin import SESSION_COOKIE, has_users, is_alive
from routes.address import client_address, is_behind_tls, is_from_this_machine, is_same_origin, local_path
from routes.device import device_words
from routes.form_token import is_ours, keep, nonce_of, sealed
from routes.plain_page import BRAND, plain_page, sentence_page
from routes.who import hashed_token

_MOST_BYTES = 8_000


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form when it is shown."""

    next_path: str
    name: str = ""
    error: str = ""


async def signin(request: Request) -> Response:
    """GET shows the form, POST signs in."""
    state = await run_in_threadpool(schema_state)
    if state is not SchemaState.READY:
        return sentence_page("暂时打不开", state.sentence, status=503, refresh_seconds=5)
    return await (_post(request) if request.method == "POST" else _get(request))


async def _get(request: Request) -> Response:
    if not await run_in_threadpool(has_users):
        return RedirectResponse("/setup", 303, {"Cache-Control": "no-store"})
    next_path = local_path(request.query_params.get("next"))
    if await run_in_threadpool(is_alive, hashed_token(request), clock.wall()):
        return RedirectResponse(next_path, 303)
    form = Form(next_path, folded(request.query_params.get("user", "")))
    return await run_in_threadpool(_page, request, form, 200)


async def _post(request: Request) -> Response:
    if not is_same_origin(request):
        return sentence_page("没有登录", "这次登录不是从本系统的登录页发出的，已拒绝。", status=403, link="/signin")
    if int(request.headers.get("content-length") or 0) > _MOST_BYTES:
        return sentence_page("没有登录", "提交的内容过长，已拒绝。", status=413, link="/signin")
    sent = {key: str(value) for key, value in (await request.form(max_files=0, max_fields=10)).items()}
    return await run_in_threadpool(_sign_in, request, sent)


def _sign_in(request: Request, sent: dict[str, str]) -> Response:
    form = Form(local_path(sent.get("next")), folded(sent.get("username", "")))
    if not is_ours(request, sent.get("token", "")):
        return _page(request, Form(form.next_path, form.name, "页面放得太久，已刷新，请再登录一次。"), 403)
    door = Caller(clock.now(), clock.today(), clock.wall(), terminal=DOOR)
    try:
        token = sign_in(door, form.name, sent.get("password", ""), client_address(request), _device(request))
    except SigninRefused as refused:
        return _page(request, Form(form.next_path, form.name, str(refused)), 429 if refused.must_wait else 401)
    response = RedirectResponse(form.next_path, 303, {"Cache-Control": "no-store"})
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="lax", secure=is_behind_tls(request))
    return response


def _device(request: Request) -> str:
    return device_words(request.headers.get("user-agent", ""))


def _page(request: Request, form: Form, status: int) -> Response:
    nonce = nonce_of(request)
    campaign = current_campaign()
    accounts = demonstration_accounts(DEMO_USERS) if is_from_this_machine(request) else ()
    place = f"{campaign.place} · " if campaign else ""
    body = _form(form, sealed(nonce), accounts)
    response = plain_page("登录", body, status=status, footer=escape(f"{place}内部系统，操作留痕"))
    keep(response, request, nonce, "/signin")
    return response


def _form(form: Form, token: str, accounts: tuple[DemonstrationAccount, ...]) -> str:
    error = (
        f'<p class="err" role="alert"><span aria-hidden="true">▲</span><span>{escape(form.error)}</span></p>'
        if form.error
        else ""
    )
    at_name, at_password = ("", " autofocus") if form.name else (" autofocus", "")
    return f"""<form class="card" method="post" action="/signin" autocomplete="on">{BRAND}
<p class="sub">惠民惠农财政补贴资金“一卡通”专项治理</p>{error}
<input type="hidden" name="token" value="{token}"><input type="hidden" name="next" value="{escape(form.next_path)}">
<label for="u">账号</label><input id="u" name="username" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="40" required value="{escape(form.name)}"{at_name}>
<label for="p">密码</label><input id="p" name="password" type="password" autocomplete="current-password"
 maxlength="200" required{at_password}>
<button>登录</button>
<p class="help">忘记密码：请本单位管理员重置。<br>30 分钟不操作自动退出，已填内容不会丢失。</p>
{_demonstration(form, accounts)}</form>"""


def _demonstration(form: Form, accounts: tuple[DemonstrationAccount, ...]) -> str:
    if not accounts:
        return ""
    lines = "".join(
        f'<li><a href="/signin?{escape(urlencode({"next": form.next_path, "user": a.name}))}">{escape(a.name)}'
        f"<span>{escape(a.role)}</span></a></li>"
        for a in accounts
    )
    return (
        f'<p class="help">演示数据。点一个账号填入，密码都是 <code>{DEMO_PASSWORD}</code>。只在本机打开时列出。</p>'
        f'<ul class="demo">{lines}</ul>'
    )
