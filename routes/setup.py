"""`/setup`: the first administrator, on the server's own browser, with the code from the owner's file. Once."""

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import clock
from actions.first_admin import SETUP, FirstAdmin, create_first_admin
from actions.signin import SigninRefused, folded
from actions.transaction import Caller
from files.storage import Storage
from models.refusal import Refused
from queries.schema_state import SchemaState, schema_state
from queries.signin import SESSION_COOKIE, has_users
from routes.address import client_address, is_behind_tls, is_from_this_machine, is_same_origin
from routes.device import device_words
from routes.form_token import is_ours, keep, nonce_of, sealed
from routes.plain_page import BRAND, plain_page, sentence_page

PATH = "/setup"
GUIDE = "/guide"
_MOST_BYTES = 8_000


async def setup(request: Request) -> Response:
    """GET shows the form, POST makes the account and signs it in. Elsewhere than on the server: one sentence."""
    state = await run_in_threadpool(schema_state)
    if state is not SchemaState.READY:
        return sentence_page("暂时打不开", state.sentence, status=503, refresh_seconds=5)
    if await run_in_threadpool(has_users):
        return RedirectResponse("/signin", 303)
    if not is_from_this_machine(request):
        return sentence_page(
            "还没有账号", "第一个系统管理员要在服务器本机的浏览器里建立。建好以后，各台电脑就可以在这里登录。",
            status=403, link="/signin",
        )  # fmt: skip
    if request.method != "POST":
        return await run_in_threadpool(_page, request, {}, "", 200)
    if not is_same_origin(request) or int(request.headers.get("content-length") or 0) > _MOST_BYTES:
        return sentence_page("没有建立", "这次提交不是从本系统的页面发出的，已拒绝。", status=403, link=PATH)
    sent = {key: str(value) for key, value in (await request.form(max_files=0, max_fields=10)).items()}
    return await run_in_threadpool(_make, request, sent)


def _make(request: Request, sent: dict[str, str]) -> Response:
    if not is_ours(request, sent.get("token", "")):
        return _page(request, sent, "页面放得太久，已刷新，请再提交一次。", 403)
    asked = FirstAdmin(
        sent.get("code", ""), folded(sent.get("username", "")), sent.get("person", ""), sent.get("password", ""),
        sent.get("again", ""),
    )  # fmt: skip
    door = Caller(clock.now(), clock.today(), clock.wall(), terminal=SETUP)
    try:
        token = create_first_admin(door, asked, (client_address(request)[:60] or None, _device(request)))
    except SigninRefused as refused:
        return _page(request, sent, str(refused), 429 if refused.must_wait else 401)
    except Refused as refused:
        return _page(request, sent, str(refused), 400)
    response = RedirectResponse(GUIDE, 303, {"Cache-Control": "no-store"})
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="lax", secure=is_behind_tls(request))
    return response


def _device(request: Request) -> str | None:
    return device_words(request.headers.get("user-agent", ""))[:40] or None


def _page(request: Request, sent: dict[str, str], error: str, status: int) -> Response:
    nonce = nonce_of(request)
    response = plain_page("首次设置", _form(sent, sealed(nonce), error), status=status)
    keep(response, request, nonce, PATH)
    return response


def _form(sent: dict[str, str], token: str, error: str) -> str:
    said = f'<p class="err" role="alert"><span aria-hidden="true">▲</span><span>{escape(error)}</span></p>'
    kept = {key: escape(sent.get(key, "")) for key in ("code", "username", "person")}
    return f"""<form class="card" method="post" action="{PATH}" autocomplete="off">{BRAND}
<p class="sub">首次设置：建立第一个系统管理员</p>{said if error else ""}
<input type="hidden" name="token" value="{token}">
<label for="c">设置码</label><input id="c" name="code" autocapitalize="none" spellcheck="false" maxlength="40" required
 value="{kept["code"]}" placeholder="例如 abcd-efgh-jkmn"{"" if kept["code"] else " autofocus"}>
<p class="sub">设置码在启动程序的窗口里，也在本机文件 {escape(str(Storage.setup_code()))} 里，
只有启动程序的人能读。</p>
<label for="u">账号</label><input id="u" name="username" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="30" required value="{kept["username"]}" placeholder="小写字母开头，例如 sun.li">
<label for="n">姓名</label><input id="n" name="person" maxlength="40" required value="{kept["person"]}">
<label for="p">密码</label><input id="p" name="password" type="password" autocomplete="new-password"
 maxlength="200" required>
<label for="q">再输一次密码</label><input id="q" name="again" type="password" autocomplete="new-password"
 maxlength="200" required>
<button>建立并登录</button>
<p class="help">密码至少 10 位，字母、数字或符号混用。<br>
设置码只能用一次，有了账号即失效；这次设置记入操作记录。</p></form>"""
