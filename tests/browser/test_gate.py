"""The gate: what the server answers to whoever has no session, or comes from somewhere else."""

import http.client
import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from actions.demonstration import DEMO_PASSWORD, DEMO_USERS
from actions.signin import sign_out_everywhere
from models.database import Database
from queries.signin import SESSION_COOKIE
from tests.browser.conftest import PASSWORD, RunningApp

pytestmark = pytest.mark.browser


def ask(app: RunningApp, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
    """A request with nothing a browser would add."""
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    response.read_text = response.read().decode(errors="replace")  # type: ignore[attr-defined]
    return response


@pytest.mark.parametrize(
    "path",
    [
        "/media/0123.png",
        "/_stcore/stream",
        "/_stcore/metrics",
        "/component/x/y",
        "/evidence/1",
        "/_stcore/upload_file/a/b",
    ],
)
def test_nothing_but_pages_is_even_explained_without_a_session(app: RunningApp, path: str) -> None:
    assert ask(app, "GET", path, Accept="text/html").status == 401


@pytest.mark.parametrize("path", ["/", "/ledger?status=open"])
def test_a_page_without_a_session_leads_to_signing_in(app: RunningApp, path: str) -> None:
    answer = ask(app, "GET", path)
    assert answer.status == 303
    assert str(answer.headers["location"]).startswith("/signin")


def test_a_forged_cookie_opens_nothing(app: RunningApp) -> None:
    assert ask(app, "GET", "/media/1", Cookie=f"{SESSION_COOKIE}=guessed").status == 401


def test_a_session_that_was_ended_opens_nothing(app: RunningApp) -> None:
    token = app.mint("unit2")
    assert ask(app, "GET", "/", Cookie=f"{SESSION_COOKIE}={token}").status == 200
    sign_out_everywhere(app.built.caller("unit2"))
    assert ask(app, "GET", "/", Cookie=f"{SESSION_COOKIE}={token}").status == 303


def form_of(app: RunningApp) -> tuple[dict[str, str], str]:
    """The fields of a fresh sign-in form and the cookie that belongs to it."""
    answer = ask(app, "GET", "/signin")
    page = str(answer.read_text)  # type: ignore[attr-defined]
    token = page.split('name="token" value="')[1].split('"')[0]
    return {"token": token, "next": "/", "username": "office", "password": PASSWORD}, str(
        answer.headers["set-cookie"]
    ).split(";")[0]


def post(app: RunningApp, fields: dict[str, str], cookie: str, origin: str) -> int:
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Origin": origin}
    return ask(app, "POST", "/signin", urlencode(fields), **headers).status


def test_the_form_itself_is_accepted(app: RunningApp) -> None:
    fields, cookie = form_of(app)
    assert post(app, fields, cookie, app.url) == 303


def test_a_form_from_another_site_is_refused(app: RunningApp) -> None:
    fields, cookie = form_of(app)
    assert post(app, fields, cookie, "https://evil.example") == 403
    assert post(app, fields, cookie, "null") == 403


def test_a_form_without_our_token_is_refused(app: RunningApp) -> None:
    fields, cookie = form_of(app)
    assert post(app, {**fields, "token": "0" * 64}, cookie, app.url) == 403
    assert post(app, fields, "", app.url) == 403


def test_a_change_sent_from_another_site_is_refused_even_with_a_session(app: RunningApp) -> None:
    cookie = f"{SESSION_COOKIE}={app.mint('office')}"
    assert ask(app, "POST", "/evidence/1", Cookie=cookie, Origin="https://evil.example").status == 403


def socket_status(app: RunningApp, cookie: str | None, origin: str | None = None) -> int:
    """101 when the websocket opens, else the refusal."""
    headers = {"Cookie": cookie} if cookie else {}
    address = app.url.replace("http://", "ws://") + "/_stcore/stream"
    try:
        with connect(address, additional_headers=headers, origin=origin or app.url, open_timeout=20):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_a_websocket_needs_a_session_that_ever_was(app: RunningApp) -> None:
    assert socket_status(app, None) == 403
    assert socket_status(app, f"{SESSION_COOKIE}=guessed") == 403
    token = app.mint("far_unit")
    assert socket_status(app, f"{SESSION_COOKIE}={token}") == 101
    sign_out_everywhere(app.built.caller("far_unit"))
    assert socket_status(app, f"{SESSION_COOKIE}={token}") == 101


def test_a_websocket_from_another_site_is_refused(app: RunningApp) -> None:
    assert socket_status(app, f"{SESSION_COOKIE}={app.mint('office')}", "https://evil.example") == 403


def test_an_open_tab_of_an_ended_session_is_sent_to_sign_in(app: RunningApp, signed_in: Callable[..., Page]) -> None:
    page = signed_in("other_unit", "/account")
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    sign_out_everywhere(app.built.caller("other_unit"))
    page.get_by_label("新密码", exact=True).fill("x")
    page.get_by_label("新密码", exact=True).press("Enter")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()


def test_health_is_open_and_says_only_that(app: RunningApp) -> None:
    answer = ask(app, "GET", "/healthz")
    assert answer.status == 200
    assert json.loads(answer.read_text) == {"status": "ok", "database": "READY"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/signin", "/", "/healthz", "/static/x.js"])
def test_every_answer_carries_the_headers(app: RunningApp, path: str) -> None:
    headers = ask(app, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_sign_in_page_loads_nothing_and_runs_nothing(app: RunningApp) -> None:
    assert (
        ask(app, "GET", "/signin")
        .headers["content-security-policy"]
        .startswith("default-src 'none'; style-src 'sha256-")
    )


def test_an_address_that_is_no_page_is_answered_in_chinese(app: RunningApp, signed_in: Callable[..., Page]) -> None:
    page = signed_in("office", "/nothing-here")
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()


def test_the_cookie_is_secure_behind_tls(app: RunningApp) -> None:
    answer = ask(app, "GET", "/signin", X_Forwarded_Proto="https")
    assert "Secure" in str(answer.headers["set-cookie"])
    assert "Secure" not in str(ask(app, "GET", "/signin").headers["set-cookie"])


def test_a_real_campaign_lists_no_account_on_the_sign_in_page(app: RunningApp) -> None:
    assert "演示数据" not in str(ask(app, "GET", "/signin").read_text)  # type: ignore[attr-defined]


def test_the_demonstration_lists_its_accounts_on_the_server_itself_only(app: RunningApp) -> None:
    _demonstration(1)
    try:
        page = str(ask(app, "GET", "/signin").read_text)  # type: ignore[attr-defined]
        assert "只在本机打开时列出" in page
        assert all(f'user={name}"' in page for name in DEMO_USERS)
        through_a_proxy = ask(app, "GET", "/signin", X_Forwarded_For="192.0.2.7")
        by_name = ask(app, "GET", "/signin", Host="xiaohaotai.example")
        for elsewhere in (through_a_proxy, by_name):
            assert DEMO_PASSWORD not in str(elsewhere.read_text)  # type: ignore[attr-defined]
    finally:
        _demonstration(0)


def _demonstration(is_demonstration: int) -> None:
    with Database.writers() as session:
        session.execute(sa.text("update campaign set is_demonstration = :it"), {"it": is_demonstration})
        session.commit()
